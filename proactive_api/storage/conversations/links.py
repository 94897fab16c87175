"""Tracked links: short addresses that tell which chat's link was opened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from proactive_api.storage.sql import tables as t
from proactive_api.storage.sql.writing import insert_for


@dataclass(frozen=True)
class Link:
    """What a token stands for; ``opened`` once a person has opened it."""

    token: str
    url: str
    title: str
    chat_id: str
    conversation_id: str
    sender_id: str
    opened: bool


def remember(conn: Connection, token: str, chat_id: str, title: str, url: str) -> None:
    """Keep a link before its address leaves. Safe to repeat."""
    values = {"token": token, "chat_id": chat_id, "title": title, "url": url}
    conn.execute(insert_for(conn, t.links).values(**values).on_conflict_do_nothing())


def find(conn: Connection, token: str) -> Optional[Link]:
    """The link behind a token, ``None`` for one that we never gave out."""
    chats = t.proactive_chats
    query = sa.select(t.links, chats.c.conversation_id, chats.c.sender_id).join(chats, chats.c.id == t.links.c.chat_id)
    row = conn.execute(query.where(t.links.c.token == token)).first()
    if row is None:
        return None
    opened = row.opened_at is not None
    return Link(row.token, row.url, row.title, row.chat_id, row.conversation_id, row.sender_id, opened)


def note_opening(conn: Connection, token: str, now: float) -> bool:
    """A person opened it; whether it is the first time."""
    first = sa.and_(t.links.c.token == token, t.links.c.opened_at.is_(None))
    return bool(conn.execute(sa.update(t.links).where(first).values(opened_at=now)).rowcount)
