"""What the business asks of a conversation; ``command_queue`` carries it to a connector."""

from __future__ import annotations

import json
import uuid
from typing import Any, Collection, Mapping, Optional

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from proactive_api.storage import tables as t
from proactive_api.storage.figures import insert_for

_commands = t.commands


def enqueue(
    conn: Connection,
    *,
    kind: str,
    conversation_id: str,
    sender_id: str,
    payload: Mapping[str, Any],
    dedup_key: Optional[str],
    now: float,
) -> Optional[str]:
    """Ask for something to be done in a conversation.

    Args:
        kind: ``human_message``, ``close`` or ``return_to_agent``.
        dedup_key: what must not be asked for twice; ``None`` is no such thing. What failed may be asked for again.
        now: seconds UTC.

    Returns:
        The command's id; ``None`` if it was asked for already.
    """
    if dedup_key is not None:
        failed = sa.and_(_commands.c.dedup_key == dedup_key, _commands.c.status == "failed")
        conn.execute(sa.update(_commands).where(failed).values(dedup_key=None))
    row = {
        "id": str(uuid.uuid4()),
        "kind": kind,
        "conversation_id": conversation_id,
        "sender_id": sender_id,
        "payload": json.dumps(payload),
        "dedup_key": dedup_key,
        "status": "queued",
        "attempt": 0,
        "not_before": 0.0,
        "created_at": now,
    }
    done = conn.execute(insert_for(conn, _commands).values(**row).on_conflict_do_nothing())
    return str(row["id"]) if done.rowcount else None


def is_pending(conn: Connection, conversation_id: str, kinds: Collection[str]) -> bool:
    """Whether one of these kinds was asked of the conversation and is still to be done."""
    query = sa.select(_commands.c.id).where(
        _commands.c.conversation_id == conversation_id,
        _commands.c.kind.in_(list(kinds)),
        _commands.c.status.in_(("queued", "sending")),
    )
    return conn.execute(query.limit(1)).first() is not None
