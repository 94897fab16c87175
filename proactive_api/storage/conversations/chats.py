"""Proactive chats as the API writes and reads them; their figures come from ``conversations``."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Optional, Tuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from proactive_api.lifecycle.folding import holds
from proactive_api.lifecycle.markdown import Spans, Words
from proactive_api.lifecycle.values import ChannelType, IfActive, SuggestedReply
from proactive_api.storage.reports.filters import Filter, campaigns, outcome, period
from proactive_api.storage.sql import paging
from proactive_api.storage.sql import tables as t

_chats, _people, _figures = t.proactive_chats, t.recipients, t.conversations
_NOT_RESPONDED = "not_responded"
#: As many campaigns' names as a search looks through, and as a condition can list on both databases.
MOST_NAMES = 30_000

# Statements are made once: making one costs more than running it.
_BLANK = {column.name: None for column in _chats.c}
_ADD = sa.insert(_chats)
_OPEN = (
    sa.select(_figures.c.id).where(_figures.c.sender_id == sa.bindparam("sender"), _figures.c.status == "open").limit(1)
)
# From one name to the next: the names are few, the chats are not.
_CAMPAIGNS = sa.text(
    "WITH RECURSIVE names(name) AS (SELECT min(campaign) FROM proactive_chats UNION ALL"
    " SELECT (SELECT min(c.campaign) FROM proactive_chats c WHERE c.campaign > names.name)"
    " FROM names WHERE names.name IS NOT NULL)"
    " SELECT name FROM names WHERE name IS NOT NULL LIMIT :most"
)
_JOINED = sa.select(*_chats.c, *_people.c, *_figures.c).select_from(
    _chats.join(_people, _people.c.id == _chats.c.recipient_id).outerjoin(
        _figures, _figures.c.id == _chats.c.conversation_id
    )
)


@dataclass(frozen=True)
class NewChat:
    """A send as it is accepted. Times and durations are seconds, times UTC.

    Args:
        id: see ``new_id``; suggested replies' tracked links depend on it.
        message: the words, variables filled in; or else ``intent`` and ``entities``.
        message_literal: the parts of them that are no Markdown.
        delivery_status: ``queued`` or ``skipped``.
        not_before: when to decide again; ``wait_reason`` says what it waits for.
    """

    id: str
    recipient_id: str
    channel: ChannelType
    if_active: IfActive
    message: Optional[str] = None
    intent: Optional[str] = None
    entities: Mapping[str, Any] = field(default_factory=dict)
    suggested_replies: tuple[SuggestedReply, ...] = ()
    campaign: Optional[str] = None
    auto_close_timeout: Optional[float] = None
    scheduled_at: Optional[float] = None
    not_before: float = 0.0
    wait_reason: Optional[str] = None
    delivery_status: str = "queued"
    skip_reason: Optional[str] = None
    encoding: Optional[str] = None
    segments: Optional[int] = None
    message_literal: Spans = ()

    @property
    def words(self) -> Optional[Words]:
        """The message, knowing its literal parts."""
        return None if self.message is None else Words(self.message, self.message_literal)


@dataclass(frozen=True)
class Author:
    """Who sent a chat. ``kind``: ``user`` or ``api_key``; ``name`` is the one that they had then."""

    kind: str
    id: str
    name: str


@dataclass(frozen=True)
class Chat:
    """A chat's row, its recipient's, and its conversation's, ``None`` before it was sent."""

    chat: Mapping[str, Any]
    recipient: Mapping[str, Any]
    figures: Optional[Mapping[str, Any]]


def new_id() -> str:
    """An id for a chat, which is its conversation's too."""
    return str(uuid.uuid4())


def add(
    conn: Connection, chat: NewChat, recipient: Mapping[str, Any], now: float, author: Optional[Author] = None
) -> Chat:
    """Accept a send. From here on it is not lost."""
    row: Dict[str, Any] = {**_BLANK, **stored(chat)}
    if author is not None:
        row.update(sent_by_kind=author.kind, sent_by_id=author.id, sent_by_name=author.name)
    sender_id = f"{chat.channel.value}.{chat.recipient_id}"
    row.update(conversation_id=chat.id, sender_id=sender_id, created_at=now, attempt=0, tries=0)
    conn.execute(_ADD, row)
    return Chat(row, recipient, None)


def stored(chat: NewChat) -> Dict[str, Any]:
    """A chat's columns, as far as what was asked for decides them."""
    row: Dict[str, Any] = dict(chat.__dict__)
    row["channel_type"] = row.pop("channel").value
    row["if_active"] = chat.if_active.value
    row["suggested_replies"] = json.dumps([reply.to_dict() for reply in chat.suggested_replies])
    row["message_literal"] = json.dumps(chat.message_literal) if chat.message_literal else None
    row["entities"] = json.dumps(chat.entities) if chat.intent else None
    return row


def get(conn: Connection, chat_id: str, lock: bool = False) -> Optional[Chat]:
    """The chat with this id.

    Args:
        lock: whether nobody else may change its row until the transaction ends.
    """
    query = _JOINED.where(_chats.c.id == chat_id)
    row = conn.execute(query.with_for_update(of=_chats) if lock else query).first()
    return _chat(row) if row is not None else None


def find(conn: Connection, wanted: Filter, limit: int, after: Optional[paging.Cursor] = None) -> paging.Page[Chat]:
    """Chats that pass the filter, the latest created first."""
    page = paging.fetch(conn, _JOINED.where(*_conditions(wanted)), _chats.c.created_at, _chats.c.id, limit, after)
    return paging.Page([_chat(row) for row in page.rows], page.next_cursor)


def has_open_conversation(conn: Connection, sender_id: str) -> bool:
    """Whether this person has one open on this channel."""
    return conn.execute(_OPEN, {"sender": sender_id}).first() is not None


def _chat(row: Row) -> Chat:
    chat, recipient, figures = (columns(row, table) for table in (_chats, _people, _figures))
    return Chat(chat, recipient, figures if figures["id"] is not None else None)


def columns(row: Row, table: sa.Table) -> Mapping[str, Any]:
    """The part of a joined row that is one table's."""
    return {column.name: row._mapping[column] for column in table.c}


def names_of_campaigns(conn: Connection, limit: int) -> List[str]:
    """Each campaign's name once, in order; reads one row of the index for each name."""
    return list(conn.execute(_CAMPAIGNS, {"most": limit}).scalars())


def campaigns_holding(conn: Connection, part: str) -> Tuple[str, ...]:
    """The names of the campaigns that have ``part`` in them, whatever its case and accents."""
    return tuple(name for name in conn.execute(_CAMPAIGNS, {"most": MOST_NAMES}).scalars() if holds(name, part))


def _conditions(wanted: Filter) -> List[Any]:
    sent = None if wanted.sent is None else _chats.c.sent_at.is_not(None) == wanted.sent
    pairs = (
        (wanted.channel_type, _chats.c.channel_type),
        (wanted.campaign, _chats.c.campaign),
        (wanted.recipient_id, _chats.c.recipient_id),
        (wanted.delivery_status, _chats.c.delivery_status),
        (wanted.skip_reason, _chats.c.skip_reason),
    )
    plain = [column == value for value, column in pairs if value is not None]
    plain += campaigns(_chats.c.campaign, wanted)
    if wanted.response_status is not None:
        # Not by coalesce(): PostgreSQL would not know how many there are. What was not sent has no conversation.
        same = _figures.c.response_status == wanted.response_status
        plain.append(sa.or_(same, _figures.c.id.is_(None)) if wanted.response_status == _NOT_RESPONDED else same)
    return plain + period(_chats.c.created_at, wanted) + outcome(wanted) + ([] if sent is None else [sent])
