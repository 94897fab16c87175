"""Tickets for human agents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Optional, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from proactive_api.storage.conversations.chats import columns
from proactive_api.storage.sql import paging
from proactive_api.storage.sql import tables as t
from proactive_api.storage.sql.writing import upsert

#: Seconds for which somebody who typed is shown as typing.
TYPING_LASTS = 6.0

_tickets, _people, _figures, _typing = t.handoffs, t.recipients, t.conversations, t.handoff_typing
#: Seconds: later than any message.
_FAR = 1e11


@dataclass(frozen=True)
class HandoffRow:
    """A ticket's row, its recipient's, and the campaign of its conversation."""

    ticket: Mapping[str, Any]
    recipient: Mapping[str, Any]
    campaign: Optional[str]


@dataclass(frozen=True)
class Wanted:
    """Which tickets to list, and in which order; ``assignee`` is a name or an id."""

    status: Optional[str] = None
    assignee: Optional[str] = None
    assignee_id: Optional[str] = None
    unassigned: bool = False
    unread_first: bool = False


@dataclass(frozen=True)
class Typing:
    """Who is writing, and until when that is taken to be so, seconds UTC."""

    name: str
    until: float


def get(conn: Connection, handoff_id: str, lock: bool = False) -> Optional[HandoffRow]:
    """The ticket with this id.

    Args:
        lock: whether nobody else may change it until the transaction ends.
    """
    query = _query().where(_tickets.c.id == handoff_id)
    row = conn.execute(query.with_for_update(of=_tickets) if lock else query).first()
    return _row(row) if row is not None else None


def find(
    conn: Connection, wanted: Wanted, limit: int, after: Optional[paging.Cursor] = None
) -> paging.Page[HandoffRow]:
    """Tickets that pass the filter, the latest opened first, or those first that wait for an answer."""
    query = _query().where(*_conditions(wanted))
    at: Any = _tickets.c.opened_at
    if wanted.unread_first:
        # One number to page by: what waits for an answer is later than anything that does not.
        at = (_tickets.c.last_message_at + sa.case((_tickets.c.unread, _FAR), else_=0.0)).label("attention")
        query = query.add_columns(at)
    page = paging.fetch(conn, query, at, _tickets.c.id, limit, after)
    return paging.Page([_row(row) for row in page.rows], page.next_cursor)


def _conditions(wanted: Wanted) -> List[Any]:
    conditions: List[Any] = [] if wanted.status is None else [_tickets.c.status == wanted.status]
    if wanted.assignee is not None:
        conditions.append(sa.or_(_tickets.c.assignee == wanted.assignee, _tickets.c.assignee_id == wanted.assignee))
    if wanted.assignee_id is not None:
        conditions.append(_tickets.c.assignee_id == wanted.assignee_id)
    if wanted.unassigned:
        conditions.append(_tickets.c.assignee.is_(None))
    return conditions


def assign(conn: Connection, handoff_id: str, assignee: Optional[str], assignee_id: Optional[str] = None) -> None:
    """Give a ticket to somebody, or to nobody; the caller has locked it."""
    mine = sa.update(_tickets).where(_tickets.c.id == handoff_id)
    conn.execute(mine.values(assignee=assignee, assignee_id=assignee_id if assignee is not None else None))


def note_typing(conn: Connection, handoff_id: str, typist_id: str, name: str, now: float) -> None:
    """Somebody is writing an answer; it is true for a few seconds."""
    conn.execute(sa.delete(_typing).where(_typing.c.handoff_id == handoff_id, _typing.c.until <= now))
    row = {"handoff_id": handoff_id, "typist_id": typist_id, "name": name, "until": now + TYPING_LASTS}
    upsert(conn, _typing, [row])


def typing(conn: Connection, handoff_ids: Sequence[str], but: str, now: float) -> Dict[str, Typing]:
    """Who is writing in these tickets, the latest of several.

    Args:
        but: the id of somebody who need not be told that they are.
    """
    mine = sa.and_(_typing.c.handoff_id.in_(handoff_ids), _typing.c.until > now, _typing.c.typist_id != but)
    rows = conn.execute(sa.select(_typing).where(mine).order_by(_typing.c.until))
    return {row.handoff_id: Typing(row.name, row.until) for row in rows}


def unassign_all(conn: Connection, assignee_id: str) -> None:
    """Give the open tickets of somebody who went away back to all."""
    theirs = sa.and_(_tickets.c.status == "open", _tickets.c.assignee_id == assignee_id)
    conn.execute(sa.update(_tickets).where(theirs).values(assignee=None, assignee_id=None))


def _query() -> Any:
    joined = _tickets.join(_people, _people.c.id == _tickets.c.recipient_id)
    joined = joined.outerjoin(_figures, _figures.c.id == _tickets.c.conversation_id)
    return sa.select(*_tickets.c, *_people.c, _figures.c.campaign).select_from(joined)


def _row(row: Row) -> HandoffRow:
    return HandoffRow(columns(row, _tickets), columns(row, _people), row._mapping[_figures.c.campaign])
