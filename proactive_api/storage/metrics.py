"""Figures over many chats and conversations. A rate's two numbers always come from one query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, Mapping, Optional, Tuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from proactive_api.storage import tables as t
from proactive_api.storage.chats import Filter, period

_chats, _figures = t.proactive_chats, t.conversations


@dataclass(frozen=True)
class Spread:
    """How long something took, seconds: half took at most ``median``, nine in ten at most ``p90``."""

    count: int
    median: Optional[float]
    p90: Optional[float]


def sends(conn: Connection, wanted: Filter) -> Mapping[str, int]:
    """Proactive chats created in the period: in all, by delivery status, sent, responded.

    ``sent`` counts those that the carrier took, whatever it told of them later.
    """
    sent = _chats.c.sent_at.is_not(None)
    responded = sa.and_(sent, _figures.c.response_status == "responded")
    statuses = ("queued", "sending", "delivered", "failed", "skipped")
    wanted_sums = {name: _chats.c.delivery_status == name for name in statuses}
    counts = [
        _count(name, condition) for name, condition in {**wanted_sums, "sent": sent, "responded": responded}.items()
    ]
    joined = _chats.outerjoin(_figures, _figures.c.id == _chats.c.conversation_id)
    query = sa.select(sa.func.count().label("total"), *counts).select_from(joined)
    return _one(conn, query.where(*_same(wanted, _chats), *period(_chats.c.created_at, wanted)))


def conversations(conn: Connection, wanted: Filter, handed_over: Optional[bool] = None) -> Mapping[str, Any]:
    """Conversations started in the period: in all, closed, handed over, rated, and by score.

    Args:
        handed_over: only those that a human took over, or only those that none did.
    """
    scores = [_count(f"score_{score}", _figures.c.csat == score) for score in range(1, 6)]
    query = sa.select(
        sa.func.count().label("total"),
        _count("closed", _figures.c.status == "closed"),
        _count("handed_over", _figures.c.handed_over_at.is_not(None)),
        _count("rated", _figures.c.csat.is_not(None)),
        sa.func.avg(sa.cast(_figures.c.csat, sa.Float)).label("average"),
        *scores,
    )
    return _one(conn, query.where(*_started(wanted, handed_over)))


def first_response(conn: Connection, wanted: Filter) -> Spread:
    """Time from the proactive message to the first response."""
    took = _figures.c.responded_at - _figures.c.started_at
    return _spread(conn, took, (*_started(wanted, None), _figures.c.started_by == "business"))


def resolution(conn: Connection, wanted: Filter, handed_over: Optional[bool] = None) -> Spread:
    """Time from the first response to closing."""
    return _spread(conn, _figures.c.resolution_time, _started(wanted, handed_over))


def _spread(conn: Connection, value: Any, conditions: Tuple[Any, ...]) -> Spread:
    """Nearest-rank percentiles, in a form that both databases know."""
    measured = value.label("value")
    rank, total = sa.func.row_number().over(order_by=value), sa.func.count().over()
    ranked = (
        sa.select(measured, rank.label("rank"), total.label("total")).where(*conditions, value.is_not(None)).subquery()
    )
    wanted_ranks = sa.or_(_covers(ranked, 5), _covers(ranked, 9))
    query = sa.select(ranked.c.value, ranked.c.total).where(wanted_ranks)
    rows = conn.execute(query.order_by(ranked.c.rank)).all()
    return Spread(rows[0].total, rows[0].value, rows[-1].value) if rows else Spread(0, None, None)


def _covers(ranked: Any, tenths: int) -> Any:
    """The row with the lowest rank that has so many tenths of all rows up to it."""
    needed = ranked.c.total * tenths
    return sa.and_(ranked.c.rank * 10 >= needed, (ranked.c.rank - 1) * 10 < needed)


def _started(wanted: Filter, handed_over: Optional[bool]) -> Tuple[Any, ...]:
    conditions = [*_same(wanted, _figures), *period(_figures.c.started_at, wanted)]
    if handed_over is not None:
        conditions.append(
            _figures.c.handed_over_at.is_not(None) if handed_over else _figures.c.handed_over_at.is_(None)
        )
    return tuple(conditions)


def _same(wanted: Filter, table: sa.Table) -> Tuple[Any, ...]:
    pairs = ((wanted.channel_type, table.c.channel_type), (wanted.campaign, table.c.campaign))
    return tuple(column == value for value, column in pairs if value is not None)


def _count(name: str, condition: Any) -> Any:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0).label(name)


def _one(conn: Connection, query: Any) -> Dict[str, Any]:
    return dict(conn.execute(query).mappings().one())
