"""Conversations as the API reads them, whoever started them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Optional

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from proactive_api.storage.conversations.chats import columns
from proactive_api.storage.reports.filters import Filter, campaigns, outcome, period
from proactive_api.storage.sql import paging
from proactive_api.storage.sql import tables as t

_figures, _people = t.conversations, t.recipients


@dataclass(frozen=True)
class ConversationRow:
    """A conversation's row and its recipient's."""

    figures: Mapping[str, Any]
    recipient: Mapping[str, Any]


def get(conn: Connection, conversation_id: str, lock: bool = False) -> Optional[ConversationRow]:
    """The conversation with this id.

    Args:
        lock: whether nobody else may change it until the transaction ends.
    """
    query = _query().where(_figures.c.id == conversation_id)
    row = conn.execute(query.with_for_update(of=_figures) if lock else query).first()
    return _row(row) if row is not None else None


def find(
    conn: Connection, wanted: Filter, limit: int, after: Optional[paging.Cursor] = None
) -> paging.Page[ConversationRow]:
    """Conversations that pass the filter, the latest started first."""
    query = _query().where(*_conditions(wanted))
    page = paging.fetch(conn, query, _figures.c.started_at, _figures.c.id, limit, after)
    return paging.Page([_row(row) for row in page.rows], page.next_cursor)


def event_data(conn: Connection, conversation_id: str) -> List[Dict[str, Any]]:
    """The stored Rasa events of one conversation, oldest first."""
    mine = conn.execute(sa.select(_figures).where(_figures.c.id == conversation_id)).first()
    if mine is None:
        return []
    later = sa.select(sa.func.min(_figures.c.first_event)).where(
        _figures.c.sender_id == mine.sender_id, _figures.c.first_event > mine.first_event
    )
    end = conn.execute(later).scalar()
    query = sa.select(t.events.c.data).where(t.events.c.sender_id == mine.sender_id).order_by(t.events.c.id)
    # SQLite takes an offset only with a limit; -1 is none there, NULL is none on PostgreSQL.
    limit = end - mine.first_event if end is not None else (-1 if conn.dialect.name == "sqlite" else None)
    return [json.loads(data) for data in conn.execute(query.offset(mine.first_event).limit(limit)).scalars()]


def _query() -> Any:
    joined = _figures.join(_people, _people.c.id == _figures.c.recipient_id)
    return sa.select(*_figures.c, *_people.c).select_from(joined)


def _row(row: Row) -> ConversationRow:
    return ConversationRow(columns(row, _figures), columns(row, _people))


def _conditions(wanted: Filter) -> List[Any]:
    names = ("channel_type", "campaign", "recipient_id", "response_status")
    pairs = ((getattr(wanted, name), _figures.c[name]) for name in names)
    same = [column == value for value, column in pairs if value is not None]
    same += campaigns(_figures.c.campaign, wanted)
    return same + period(_figures.c.started_at, wanted) + outcome(wanted)
