"""How far a person in the messenger got: what their widgets showed, and what they read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterable, List, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from proactive_api.storage.conversations.history import said_at
from proactive_api.storage.queues import outcomes
from proactive_api.storage.sql import tables as t
from proactive_api.storage.sql.writing import insert_for

#: Seconds without a sign of life after which a widget counts as gone.
SOCKET_SECONDS = 30.0

_cursors, _sockets = t.visitor_cursors, t.plain_sockets


@dataclass(frozen=True)
class Cursor:
    """The last event shown to a person, and the last one read."""

    shown_id: int = 0
    read_id: int = 0


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
    outcomes.mark_shown(conn, sender_id, at, now)
    return True


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


def note_shown(engine: Engine, shown: Sequence[Shown]) -> List[bool]:
    """Move the cursors of those who have such a widget open; what they were sent is delivered. Whether each has one."""
    with engine.begin() as conn:
        there = [one for one in shown if one.sure or _has_plain(conn, one)]
        if there:
            conn.execute(_SHOWN, [{"sender": one.sender_id, "event": one.event_id} for one in there])
            outcomes.mark_shown_to_many(conn, [(one.sender_id, one.said_at, one.at) for one in there])
    return [one in there for one in shown]


_SHOWN = sa.text(
    "INSERT INTO visitor_cursors (sender_id, shown_id, read_id) VALUES (:sender, :event, 0)"
    " ON CONFLICT (sender_id) DO UPDATE SET shown_id = excluded.shown_id"
    " WHERE visitor_cursors.shown_id < excluded.shown_id"
)


def _has_plain(conn: Connection, shown: Shown) -> bool:
    fresh = _sockets.c.sender_id == shown.sender_id, _sockets.c.seen_at > shown.at - SOCKET_SECONDS
    return conn.execute(sa.select(_sockets.c.socket_id).where(*fresh).limit(1)).first() is not None
