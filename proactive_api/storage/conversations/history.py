"""What was said in somebody's conversations, in pages, and how much of it they have not read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Dict, List, Optional, Tuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from proactive_api.lifecycle.facts import REACTION_SLOT
from proactive_api.lifecycle.reading import product_metadata
from proactive_api.storage.sql import tables as t

#: A stored event and its id.
Numbered = Tuple[int, Dict[str, Any]]

_events, _cursors = t.events, t.visitor_cursors
_SAID = _events.c.type_name.in_(("user", "bot"))


@dataclass(frozen=True)
class Page:
    """Some of what was said, oldest first.

    Args:
        more: whether there are earlier things.
        starts: when each of the person's conversations began (seconds UTC), and its id; oldest first.
        reactions: those given since the first of it.
    """

    said: List[Numbered]
    more: bool
    starts: List[Tuple[float, str]]
    reactions: List[Dict[str, Any]]


@dataclass(frozen=True)
class Welcome:
    """What a person finds who opens the messenger."""

    page: Page
    unread: int
    nickname: Optional[str]


def welcome(conn: Connection, sender_id: str, recipient_id: str, limit: int) -> Welcome:
    """All that a widget shows at once: the latest page, how much of it is new, and the person's name."""
    latest = page(conn, sender_id, limit)
    return Welcome(latest, unread(conn, sender_id, _read_id(conn, sender_id)), _nickname(conn, recipient_id))


def page(conn: Connection, sender_id: str, limit: int, before: Optional[int] = None) -> Page:
    """The latest things said before an event."""
    mine = [_events.c.sender_id == sender_id, _SAID]
    if before is not None:
        mine.append(_events.c.id < before)
    query = sa.select(_events.c.id, _events.c.data).where(*mine).order_by(_events.c.id.desc()).limit(limit + 1)
    rows = conn.execute(query).all()
    said = [(row.id, json.loads(row.data)) for row in reversed(rows[:limit])]
    if not said:
        return Page([], False, [], [])
    return Page(said, len(rows) > limit, conversation_starts(conn, sender_id), reactions(conn, sender_id, said[0][0]))


def not_shown(engine: Engine, sender_ids: List[str]) -> List[List[Numbered]]:
    """What the business said to each of these and nobody has been shown, oldest first."""
    found: Dict[str, List[Numbered]] = {sender_id: [] for sender_id in sender_ids}
    joined = _events.outerjoin(_cursors, _cursors.c.sender_id == _events.c.sender_id)
    query = sa.select(_events.c.sender_id, _events.c.id, _events.c.data).select_from(joined)
    query = query.where(_events.c.sender_id.in_(sender_ids), _events.c.type_name == "bot")
    query = query.where(_events.c.id > sa.func.coalesce(_cursors.c.shown_id, 0)).order_by(_events.c.id)
    with engine.connect() as conn:
        for row in conn.execute(query):
            found[row.sender_id].append((row.id, json.loads(row.data)))
    return [found[sender_id] for sender_id in sender_ids]


def reactions(conn: Connection, sender_id: str, since: int) -> List[Dict[str, Any]]:
    """The reactions given after an event, oldest first."""
    mine = _events.c.sender_id == sender_id, _events.c.type_name == "slot", _events.c.action_name == REACTION_SLOT
    query = sa.select(_events.c.data).where(*mine, _events.c.id >= since).order_by(_events.c.id)
    return [json.loads(data) for data in conn.execute(query).scalars()]


def conversation_starts(conn: Connection, sender_id: str) -> List[Tuple[float, str]]:
    """When each conversation of this person began (seconds UTC), and its id; oldest first."""
    figures = t.conversations
    query = sa.select(figures.c.started_at, figures.c.id).where(figures.c.sender_id == sender_id)
    return [(row.started_at, row.id) for row in conn.execute(query.order_by(figures.c.first_event))]


def unread(conn: Connection, sender_id: str, read_id: int) -> int:
    """How many messages of the business the person has not read."""
    mine = _events.c.sender_id == sender_id, _events.c.type_name == "bot", _events.c.id > read_id
    return int(conn.execute(sa.select(sa.func.count()).select_from(_events).where(*mine)).scalar() or 0)


def said_at(conn: Connection, sender_id: str, event_id: int) -> Optional[float]:
    """When this was said (seconds UTC), ``None`` if it was not said in this conversation."""
    mine = _events.c.id == event_id, _events.c.sender_id == sender_id, _SAID
    return conn.execute(sa.select(_events.c.timestamp).where(*mine)).scalar()


def human_name(conn: Connection, sender_id: str, since: float) -> Optional[str]:
    """Who of the humans spoke last since then (seconds UTC)."""
    mine = _events.c.sender_id == sender_id, _events.c.type_name == "bot", _events.c.timestamp >= since
    query = sa.select(_events.c.data).where(*mine).order_by(_events.c.id.desc()).limit(20)
    names = (product_metadata(json.loads(data)).get("human_agent") for data in conn.execute(query).scalars())
    return next((str(name) for name in names if name), None)


def _read_id(conn: Connection, sender_id: str) -> int:
    return conn.execute(sa.select(_cursors.c.read_id).where(_cursors.c.sender_id == sender_id)).scalar() or 0


def _nickname(conn: Connection, recipient_id: str) -> Optional[str]:
    return conn.execute(sa.select(t.recipients.c.nickname).where(t.recipients.c.id == recipient_id)).scalar()
