"""Tickets for human agents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Mapping, Optional

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from proactive_api.storage import paging
from proactive_api.storage import tables as t
from proactive_api.storage.chats import columns

_tickets, _people, _figures = t.handoffs, t.recipients, t.conversations


@dataclass(frozen=True)
class HandoffRow:
    """A ticket's row, its recipient's, and the campaign of its conversation."""

    ticket: Mapping[str, Any]
    recipient: Mapping[str, Any]
    campaign: Optional[str]


def get(conn: Connection, handoff_id: str, lock: bool = False) -> Optional[HandoffRow]:
    """The ticket with this id.

    Args:
        lock: whether nobody else may change it until the transaction ends.
    """
    query = _query().where(_tickets.c.id == handoff_id)
    row = conn.execute(query.with_for_update(of=_tickets) if lock else query).first()
    return _row(row) if row is not None else None


def find(
    conn: Connection, status: Optional[str], limit: int, after: Optional[paging.Cursor] = None
) -> paging.Page[HandoffRow]:
    """Tickets of this status, or all, the latest opened first."""
    query = _query() if status is None else _query().where(_tickets.c.status == status)
    page = paging.fetch(conn, query, _tickets.c.opened_at, _tickets.c.id, limit, after)
    return paging.Page([_row(row) for row in page.rows], page.next_cursor)


def assign(conn: Connection, handoff_id: str, assignee: Optional[str]) -> bool:
    """Give an open ticket to somebody, or to nobody; ``False`` if somebody else has it, or it is not open."""
    free = sa.or_(_tickets.c.assignee.is_(None), _tickets.c.assignee == assignee, sa.literal(assignee is None))
    mine = sa.and_(_tickets.c.id == handoff_id, _tickets.c.status == "open", free)
    return bool(conn.execute(sa.update(_tickets).where(mine).values(assignee=assignee)).rowcount)


def release(conn: Connection, assignee_id: str) -> None:
    """Give the open tickets of somebody who went away back to all."""
    theirs = sa.and_(_tickets.c.status == "open", _tickets.c.assignee_id == assignee_id)
    conn.execute(sa.update(_tickets).where(theirs).values(assignee=None, assignee_id=None))


def _query() -> Any:
    joined = _tickets.join(_people, _people.c.id == _tickets.c.recipient_id)
    joined = joined.outerjoin(_figures, _figures.c.id == _tickets.c.conversation_id)
    return sa.select(*_tickets.c, *_people.c, _figures.c.campaign).select_from(joined)


def _row(row: Row) -> HandoffRow:
    return HandoffRow(columns(row, _tickets), columns(row, _people), row._mapping[_figures.c.campaign])
