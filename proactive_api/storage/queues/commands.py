"""Commands on their way to a connector: claimed with a lease like sends, done exactly once."""

from __future__ import annotations

import json
import math
import uuid
from dataclasses import dataclass
from typing import Any, Collection, List, Mapping, Optional, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from proactive_api.storage.sql import tables as t
from proactive_api.storage.sql.writing import insert_for

#: Seconds that a claim holds.
LEASE = 60.0

_commands = t.commands


@dataclass(frozen=True)
class Command:
    """What the business asks of one conversation. ``in_doubt``: an earlier try may have said its words."""

    id: str
    kind: str
    conversation_id: str
    sender_id: str
    payload: Mapping[str, Any]
    attempt: int
    claimed_at: float

    @property
    def in_doubt(self) -> bool:
        """Whether an earlier try may have said its words."""
        return self.attempt > 1


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
        now: seconds UTC. Of two requests, the one that came first may be asked second, after waiting for a lock: what
            is asked later counts as later.

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
        "created_at": _after_others(conn, sender_id, now),
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


def add_due_closings(conn: Connection, now: float, limit: int = 100) -> int:
    """Ask for the closing of conversations whose time has come; found by the index on ``auto_close_at``."""
    figures = t.conversations
    query = sa.select(figures.c.id, figures.c.sender_id, figures.c.auto_close_at)
    asked = sa.select(_commands.c.id).where(
        _commands.c.conversation_id == figures.c.id,
        _commands.c.kind == "close",
        _commands.c.status.in_(("queued", "sending")),
    )
    query = query.where(figures.c.auto_close_at <= now, ~asked.exists()).order_by(figures.c.auto_close_at).limit(limit)
    rows = [_closing(row, now) for row in conn.execute(query)]
    if rows:
        conn.execute(insert_for(conn, _commands).on_conflict_do_nothing(), rows)
    return len(rows)


def _closing(row: Row, now: float) -> Mapping[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "kind": "close",
        "conversation_id": row.id,
        "sender_id": row.sender_id,
        "payload": json.dumps({"reason": "auto"}),
        "dedup_key": f"auto:{row.id}:{row.auto_close_at!r}",
        "status": "queued",
        "attempt": 0,
        "not_before": 0.0,
        "created_at": now,
    }


def claim(conn: Connection, now: float, limit: int) -> List[Row]:
    """Take commands that wait, or whose connector died, oldest first.

    None is taken while an earlier one of its conversation is under way or waits for a carrier that did not answer:
    a human agent's words come in their order, and before the closing that was asked for after them.
    """
    waiting = sa.and_(_commands.c.status == "queued", _commands.c.not_before <= now)
    abandoned = sa.and_(_commands.c.status == "sending", _commands.c.lease_until < now)
    query = sa.select(_commands.c.id, _commands.c.sender_id).where(sa.or_(waiting, abandoned), ~_held_up(now))
    rows = conn.execute(query.order_by(_commands.c.created_at).limit(limit).with_for_update(skip_locked=True)).all()
    if rows:
        mine = sa.update(_commands).where(_commands.c.id.in_([row.id for row in rows]))
        claimed_at = sa.func.coalesce(_commands.c.claimed_at, now)
        conn.execute(
            mine.values(
                status="sending", attempt=_commands.c.attempt + 1, lease_until=now + LEASE, claimed_at=claimed_at
            )
        )
    return list(rows)


def _held_up(now: float) -> Any:
    earlier = _commands.alias("earlier")
    under_way = sa.and_(earlier.c.status == "sending", earlier.c.lease_until >= now)
    put_back = sa.and_(earlier.c.status == "queued", earlier.c.not_before > now)
    before = earlier.c.sender_id == _commands.c.sender_id, earlier.c.created_at < _commands.c.created_at
    return sa.select(earlier.c.id).where(*before, sa.or_(under_way, put_back)).exists()


def load(conn: Connection, ids: Sequence[str]) -> List[Command]:
    """Claimed commands that are still to be done, oldest first."""
    query = sa.select(_commands).where(_commands.c.id.in_(ids), _commands.c.status == "sending")
    return [
        Command(r.id, r.kind, r.conversation_id, r.sender_id, json.loads(r.payload), r.attempt, r.claimed_at)
        for r in conn.execute(query.order_by(_commands.c.created_at))
    ]


def still_held(conn: Connection, command: Command) -> bool:
    """Whether this try is the one that counts."""
    query = sa.select(_commands.c.attempt).where(_commands.c.id == command.id, _commands.c.status == "sending")
    return conn.execute(query).scalar() == command.attempt


def next_in_line(conn: Connection, command: Command) -> bool:
    """Whether no earlier command of the conversation is still to be done."""
    unfinished = _commands.c.sender_id == command.sender_id, _commands.c.status.in_(("queued", "sending"))
    query = sa.select(_commands.c.id).where(*unfinished).order_by(_commands.c.created_at, _commands.c.id)
    return conn.execute(query.limit(1)).scalar() == command.id


def human_words(conn: Connection, conversation_id: str) -> List[Row]:
    """What human agents asked to be said in a conversation and is not said, oldest first."""
    query = sa.select(_commands).where(
        _commands.c.conversation_id == conversation_id,
        _commands.c.kind == "human_message",
        _commands.c.status != "done",
    )
    return list(conn.execute(query.order_by(_commands.c.created_at)))


def retry(conn: Connection, command_id: str, conversation_id: str, now: float) -> bool:
    """Ask once more for words that were not said, after all that waits; whether there are any that failed.

    Whoever says them looks first whether the carrier has them: an answer that got lost may have been a yes.
    """
    row = conn.execute(sa.select(_commands.c.sender_id).where(_commands.c.id == command_id)).first()
    if row is None:
        return False
    mine = sa.update(_commands).where(
        _commands.c.id == command_id,
        _commands.c.conversation_id == conversation_id,
        _commands.c.kind == "human_message",
        _commands.c.status == "failed",
    )
    again = {"status": "queued", "attempt": 1, "not_before": 0.0, "done_at": None, "error": None, "error_code": None}
    return bool(conn.execute(mine.values(created_at=_after_others(conn, row.sender_id, now), **again)).rowcount)


def _after_others(conn: Connection, sender_id: str, now: float) -> float:
    """When something was asked for: later than all that its conversation waits for."""
    unfinished = _commands.c.sender_id == sender_id, _commands.c.status.in_(("queued", "sending"))
    latest = conn.execute(sa.select(sa.func.max(_commands.c.created_at)).where(*unfinished)).scalar()
    return now if latest is None else max(now, math.nextafter(latest, math.inf))


def finish(
    conn: Connection, command_id: str, now: float, error: Optional[str] = None, code: Optional[int] = None
) -> None:
    """It is done, or will never be: ``error`` says why, ``code`` is the carrier's if it has one."""
    status = "failed" if error else "done"
    done = sa.update(_commands).where(_commands.c.id == command_id)
    conn.execute(done.values(status=status, done_at=now, lease_until=None, error=error, error_code=code))


def release(conn: Connection, command_id: str, not_before: float) -> None:
    """Try again from then on."""
    later = sa.update(_commands).where(_commands.c.id == command_id)
    conn.execute(later.values(status="queued", not_before=not_before, lease_until=None))
