"""The words under which people are found, written with their rows."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from proactive_api.lifecycle.searching import words_of
from proactive_api.storage.sql import tables as t

#: What of somebody's row is searched.
SEARCHED = ("user_id", "nickname", "phone_number")
#: Rows that are read, and whose words are written, in one go.
BATCH = 2000

_words, _people = t.recipient_words, t.recipients
_BLANK = dict.fromkeys(SEARCHED)
# Statements are made once: making one costs more than running it.
_FORGET = sa.delete(_words).where(_words.c.recipient_id == sa.bindparam("who"))
_ADD = sa.insert(_words)
_NEXT = sa.select(_people.c.id, _people.c.created_at, *(_people.c[name] for name in SEARCHED)).order_by(_people.c.id)


def keep(conn: Connection, recipient: Mapping[str, Any]) -> None:
    """Let somebody new be found.

    Args:
        recipient: their row, as far as it is searched, its ``id`` and ``created_at``.
    """
    _insert(conn, _rows(recipient))


def renew(conn: Connection, recipient: Mapping[str, Any]) -> None:
    """Let somebody be found by what they are called now, and not by what they were."""
    forget(conn, recipient["id"])
    keep(conn, recipient)


def forget(conn: Connection, recipient_id: str) -> None:
    """Let nobody find this person."""
    conn.execute(_FORGET, {"who": recipient_id})


def fill(conn: Connection) -> None:
    """Write everybody's words into the empty table."""
    last = ""
    while True:
        people = conn.execute(_NEXT.where(_people.c.id > last).limit(BATCH)).mappings().all()
        if not people:
            return
        _insert(conn, [row for person in people for row in _rows(person)])
        last = people[-1]["id"]


def _insert(conn: Connection, rows: List[Dict[str, Any]]) -> None:
    if rows:
        conn.execute(_ADD, rows)


def _rows(recipient: Mapping[str, Any]) -> List[Dict[str, Any]]:
    names = {**_BLANK, **{name: recipient[name] for name in SEARCHED if name in recipient}}
    found = words_of(names["user_id"], names["nickname"], names["phone_number"])
    whose = {"recipient_id": recipient["id"], "created_at": recipient["created_at"]}
    return [{**whose, "word": word, "kind": kind} for word, kind in found]
