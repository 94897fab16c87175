"""Which chats or conversations somebody wants to see, as conditions; lists and figures share them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, List, Optional, Tuple

import sqlalchemy as sa

from proactive_api.storage.sql import tables as t
from proactive_api.storage.sql.counters import UNRESOLVED

_figures = t.conversations


@dataclass(frozen=True)
class Filter:
    """Which chats, or conversations, to list; ``None`` is any. Times are seconds UTC, ``until`` is excluded.

    Args:
        campaigns: any of these names; none of them passes where it is empty.
        sent: whether the carrier took it; for chats only, as are ``delivery_status`` and ``skip_reason``.
        resolved: whether it was responded to and closed, and the person did not say otherwise.
        rated: whether there is a CSAT score.
        first_response_over: seconds from the opening to the first response, excluded; ``..._up_to`` is included.
        resolution_over: seconds from the first response to closing, in the same way.
    """

    since: Optional[float] = None
    until: Optional[float] = None
    channel_type: Optional[str] = None
    campaign: Optional[str] = None
    campaigns: Optional[Tuple[str, ...]] = None
    recipient_id: Optional[str] = None
    delivery_status: Optional[str] = None
    skip_reason: Optional[str] = None
    sent: Optional[bool] = None
    status: Optional[str] = None
    response_status: Optional[str] = None
    started_by: Optional[str] = None
    closed_reason: Optional[str] = None
    handed_over: Optional[bool] = None
    resolved: Optional[bool] = None
    rated: Optional[bool] = None
    csat: Optional[int] = None
    first_response_over: Optional[float] = None
    first_response_up_to: Optional[float] = None
    resolution_over: Optional[float] = None
    resolution_up_to: Optional[float] = None


def period(at: Any, wanted: Filter) -> List[Any]:
    """The conditions that keep ``at`` within the filter's period."""
    since = [at >= wanted.since] if wanted.since is not None else []
    return since + ([at < wanted.until] if wanted.until is not None else [])


def campaigns(column: Any, wanted: Filter) -> List[Any]:
    """The condition that a campaign's name is one of the filter's ``campaigns``."""
    return [column.in_(wanted.campaigns)] if wanted.campaigns is not None else []


def outcome(wanted: Filter) -> List[Any]:
    """The conditions on what became of a conversation; a chat that was not sent has none."""
    c = _figures.c
    conditions = [
        getattr(c, name) == getattr(wanted, name)
        for name in ("status", "started_by", "closed_reason", "csat")
        if getattr(wanted, name) is not None
    ]
    asked = ((wanted.handed_over, c.handed_over_at), (wanted.rated, c.csat))
    conditions += [column.is_not(None) if yes else column.is_(None) for yes, column in asked if yes is not None]
    if wanted.resolved is not None:
        conditions.append(resolved() if wanted.resolved else sa.not_(sa.func.coalesce(resolved(), sa.false())))
    took = c.responded_at - c.started_at
    conditions += _between(took, wanted.first_response_over, wanted.first_response_up_to)
    return conditions + _between(c.resolution_time, wanted.resolution_over, wanted.resolution_up_to)


def resolved() -> Any:
    """Whether a conversation counts as resolved."""
    return sa.and_(_figures.c.resolution_time.is_not(None), _figures.c.closed_reason.not_in(UNRESOLVED))


def _between(value: Any, over: Optional[float], up_to: Optional[float]) -> List[Any]:
    lower = [value > over] if over is not None else []
    return lower + ([value <= up_to] if up_to is not None else [])
