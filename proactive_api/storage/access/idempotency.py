"""Requests that were answered already, and how (spec section 2, "Idempotency")."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Optional

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from proactive_api.storage.sql import tables as t
from proactive_api.storage.sql.writing import insert_for

#: How long an answer is remembered, seconds.
WINDOW = 86400.0

_records = t.idempotency_keys

# Statements are made once: making one costs more than running it.
_MINE = sa.and_(_records.c.api_key_id == sa.bindparam("whose"), _records.c.key == sa.bindparam("which"))
_FORGET = sa.delete(_records).where(_MINE, _records.c.created_at <= sa.bindparam("before"))
_KNOWN = sa.select(_records).where(_MINE)
_FINISH = sa.update(_records).where(_MINE).values(status=sa.bindparam("as"), response=sa.bindparam("told"))


class Reused(Exception):
    """The same key came with another request."""


@dataclass(frozen=True)
class FirstAnswer:
    """What the first request with this key was answered."""

    status: int
    response: str


def fingerprint(*parts: Any) -> str:
    """What makes two requests the same: their JSON, whatever its order and blanks."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def claim(conn: Connection, api_key_id: str, key: str, body_hash: str, now: float) -> Optional[FirstAnswer]:
    """Take a key for this transaction; whoever asks for it meanwhile waits until the transaction ends.

    Returns:
        The first answer if there was one; ``None`` if the caller is the first and must ``finish``.

    Raises:
        Reused: if the key belongs to another request.
    """
    mine = {"whose": api_key_id, "which": key}
    conn.execute(_FORGET, {**mine, "before": now - WINDOW})
    row = {"api_key_id": api_key_id, "key": key, "body_hash": body_hash, "status": 0, "response": "", "created_at": now}
    if conn.execute(insert_for(conn, _records).on_conflict_do_nothing(), row).rowcount:
        return None
    known = conn.execute(_KNOWN, mine).one()
    if known.body_hash != body_hash:
        raise Reused(key)
    return FirstAnswer(known.status, known.response)


def finish(conn: Connection, api_key_id: str, key: str, status: int, response: str) -> None:
    """Remember the answer, in the transaction of what it tells about."""
    conn.execute(_FINISH, {"whose": api_key_id, "which": key, "as": status, "told": response})
