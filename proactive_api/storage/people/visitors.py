"""People in the messenger: who they are, what they have not seen yet, how far they read."""

from __future__ import annotations

import hashlib
import json
import uuid
from dataclasses import dataclass
from typing import Any, Dict, Iterable, List, Optional, Sequence, Tuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from proactive_api.lifecycle.facts import REACTION_SLOT
from proactive_api.lifecycle.reading import product_metadata
from proactive_api.storage.people import recipients
from proactive_api.storage.queues import sends
from proactive_api.storage.sql import tables as t
from proactive_api.storage.sql.writing import insert_for

#: A stored event and its id.
Numbered = Tuple[int, Dict[str, Any]]

#: Seconds without a sign of life after which a widget counts as gone.
SOCKET_SECONDS = 30.0

_events, _cursors, _sockets, _sessions = t.events, t.visitor_cursors, t.plain_sockets, t.visitor_sessions
_SAID = _events.c.type_name.in_(("user", "bot"))


@dataclass(frozen=True)
class Cursor:
    """The last event shown to a person, and the last one read."""

    shown_id: int = 0
    read_id: int = 0


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


def recipient_of_token(conn: Connection, user_id: str, nickname: Optional[str], now: float) -> str:
    """The id of the recipient whom a token names; made at first contact (spec section 2)."""
    known = recipients.find(conn, user_id=user_id)
    if known is None:
        try:
            known = recipients.create(conn, {"user_id": user_id, "nickname": nickname}, now)
        except recipients.Taken:  # by another tab, in this very moment
            known = recipients.find(conn, user_id=user_id)
    assert known is not None
    return known.id


def recipients_of_users(engine: Engine, user_ids: List[str]) -> List[Optional[str]]:
    """The ids of the recipients with these user IDs; ``None`` where there is none."""
    people = t.recipients.c
    with engine.connect() as conn:
        rows = conn.execute(sa.select(people.user_id, people.id).where(people.user_id.in_(user_ids)))
        ids = {row.user_id: row.id for row in rows}
    return [ids.get(user_id) for user_id in user_ids]


def anonymous_recipient(conn: Connection, session_id: str, now: float) -> str:
    """The id of the recipient whom this secret leads to; a random one at first sight."""
    secret = hashlib.sha256(session_id.encode()).hexdigest()
    fresh = {"session_hash": secret, "recipient_id": str(uuid.uuid4()), "last_seen_at": now}
    insert = insert_for(conn, _sessions).values(**fresh)
    seen = insert.on_conflict_do_update(index_elements=["session_hash"], set_={"last_seen_at": now})
    conn.execute(seen)
    query = sa.select(_sessions.c.recipient_id).where(_sessions.c.session_hash == secret)
    return str(conn.execute(query).scalar_one())


def ensure_recipient(conn: Connection, recipient_id: str, now: float) -> None:
    """An anonymous visitor wrote: from now on there is a recipient."""
    row = {"id": recipient_id, "attributes": "{}", "created_at": now, "updated_at": now}
    conn.execute(insert_for(conn, t.recipients).values(**row).on_conflict_do_nothing())


def nickname(conn: Connection, recipient_id: str) -> Optional[str]:
    """What the person is called, if that is known."""
    return conn.execute(sa.select(t.recipients.c.nickname).where(t.recipients.c.id == recipient_id)).scalar()


def welcome(conn: Connection, sender_id: str, recipient_id: str, limit: int) -> Welcome:
    """All that a widget shows at once: the latest page, how much of it is new, and the person's name."""
    latest = page(conn, sender_id, limit)
    return Welcome(latest, unread(conn, sender_id, cursor(conn, sender_id).read_id), nickname(conn, recipient_id))


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


def cursor(conn: Connection, sender_id: str) -> Cursor:
    """How far the person got."""
    row = conn.execute(sa.select(_cursors).where(_cursors.c.sender_id == sender_id)).first()
    return Cursor(row.shown_id, row.read_id) if row is not None else Cursor()


def move_cursor(conn: Connection, sender_id: str, now: float, *, shown: int = 0, read: int = 0) -> bool:
    """The person saw or read on; a cursor only moves forward. Whether it did."""
    known = cursor(conn, sender_id)
    at = said_at(conn, sender_id, max(shown, read))
    if at is None or (shown <= known.shown_id and read <= known.read_id):
        return False
    values = {"shown_id": max(known.shown_id, shown, read), "read_id": max(known.read_id, read)}
    insert = insert_for(conn, _cursors).values(sender_id=sender_id, **values)
    conn.execute(insert.on_conflict_do_update(index_elements=["sender_id"], set_=values))
    sends.mark_shown(conn, sender_id, at, now)
    return True


def said_at(conn: Connection, sender_id: str, event_id: int) -> Optional[float]:
    """When this was said (seconds UTC), ``None`` if it was not said in this conversation."""
    mine = _events.c.id == event_id, _events.c.sender_id == sender_id, _SAID
    return conn.execute(sa.select(_events.c.timestamp).where(*mine)).scalar()


# -- widgets that cannot say what they showed ---------------------------------------------------


def plain_connected(conn: Connection, socket_id: str, sender_id: str, now: float) -> None:
    """A widget that cannot say what it showed has connected."""
    row = {"socket_id": socket_id, "sender_id": sender_id, "seen_at": now}
    insert = insert_for(conn, _sockets).values(**row)
    conn.execute(insert.on_conflict_do_update(index_elements=["socket_id"], set_=row))


def plain_gone(conn: Connection, socket_id: str) -> None:
    """Such a widget has gone."""
    conn.execute(sa.delete(_sockets).where(_sockets.c.socket_id == socket_id))


def plain_alive(conn: Connection, socket_ids: Iterable[str], now: float) -> None:
    """These are still there; forget those of servers that died."""
    conn.execute(sa.update(_sockets).where(_sockets.c.socket_id.in_(list(socket_ids))).values(seen_at=now))
    conn.execute(sa.delete(_sockets).where(_sockets.c.seen_at < now - 10 * SOCKET_SECONDS))


def plain_forget_all(conn: Connection) -> None:
    """Only for a server that knows it is alone: its predecessor's widgets are gone with it."""
    conn.execute(sa.delete(_sockets))


@dataclass(frozen=True)
class Shown:
    """What the widgets of a person just got, that cannot say so themselves.

    Args:
        said_at, at: when it was said and when it got there, seconds UTC.
        sure: whether one of them is known to be there; else the rows of all servers say.
    """

    sender_id: str
    event_id: int
    said_at: float
    at: float
    sure: bool


def note_shown(engine: Engine, shown: Sequence[Shown]) -> List[None]:
    """Move the cursors of those who have such a widget open; what they were sent is delivered."""
    with engine.begin() as conn:
        there = [one for one in shown if one.sure or _has_plain(conn, one)]
        if there:
            conn.execute(_SHOWN, [{"sender": one.sender_id, "event": one.event_id} for one in there])
            sends.mark_shown_to_many(conn, [(one.sender_id, one.said_at, one.at) for one in there])
    return [None for _ in shown]


_SHOWN = sa.text(
    "INSERT INTO visitor_cursors (sender_id, shown_id, read_id) VALUES (:sender, :event, 0)"
    " ON CONFLICT (sender_id) DO UPDATE SET shown_id = excluded.shown_id"
    " WHERE visitor_cursors.shown_id < excluded.shown_id"
)


def _has_plain(conn: Connection, shown: Shown) -> bool:
    fresh = _sockets.c.sender_id == shown.sender_id, _sockets.c.seen_at > shown.at - SOCKET_SECONDS
    return conn.execute(sa.select(_sockets.c.socket_id).where(*fresh).limit(1)).first() is not None


def human_name(conn: Connection, sender_id: str, since: float) -> Optional[str]:
    """Who of the humans spoke last since then (seconds UTC)."""
    mine = _events.c.sender_id == sender_id, _events.c.type_name == "bot", _events.c.timestamp >= since
    query = sa.select(_events.c.data).where(*mine).order_by(_events.c.id.desc()).limit(20)
    names = (product_metadata(json.loads(data)).get("human_agent") for data in conn.execute(query).scalars())
    return next((str(name) for name in names if name), None)
