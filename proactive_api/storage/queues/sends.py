"""Sends on their way: claimed with a lease, settled by the connector, never lost, never doubled.

The rows are the truth. Before the carrier is asked to take a message, the row says so (``asked_at``). Until the answer
is written down the send is in doubt: whoever claims it next must find out what became of it before sending it again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Collection, Dict, List, Mapping, Optional, Sequence, Tuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from proactive_api.lifecycle.markdown import Words, read_spans
from proactive_api.lifecycle.senders import recipient_of
from proactive_api.lifecycle.values import ChannelType, FrequencyCap, SuggestedReply
from proactive_api.storage.sql import tables as t

#: Seconds that a claim holds without being renewed.
LEASE = 20.0

_chats = t.proactive_chats
#: Written out, not bound: SQLite takes a partial index only for a condition that it can read.
_WAITING = _chats.c.delivery_status == sa.literal_column("'queued'")
_HELD = _chats.c.delivery_status == sa.literal_column("'sending'")


@dataclass(frozen=True)
class Claim:
    """A right to send one chat, valid while its attempt is the row's."""

    chat_id: str
    sender_id: str
    attempt: int
    in_doubt: bool


@dataclass(frozen=True)
class Send:
    """All that a connector needs to send one chat. Times are seconds UTC; ``message`` knows its literal parts."""

    id: str
    attempt: int
    delivery_status: str
    conversation_id: str
    recipient_id: str
    sender_id: str
    channel_type: str
    campaign: Optional[str]
    message: Optional[Words]
    intent: Optional[str]
    entities: Mapping[str, Any]
    suggested_replies: Tuple[SuggestedReply, ...]
    if_active: str
    auto_close_timeout: Optional[float]
    claimed_at: Optional[float]
    asked_at: Optional[float]
    tries: int
    phone_number: Optional[str]
    opted_out: bool
    consent: Optional[bool]
    consent_asked: bool
    created_at: float = 0.0
    scheduled_at: Optional[float] = None

    @property
    def due_at(self) -> float:
        """When it was to go out, unless something held it back."""
        return max(self.created_at, self.scheduled_at or 0.0)


def due(conn: Connection, now: float, limit: int) -> List[Row]:
    """Chats to look at now: waiting ones whose time has come, and those whose lease ran out.

    Those that somebody left behind come first: they were due before the others. Two questions, because each has an
    index that holds nothing else. On PostgreSQL the rows stay locked for this transaction, and rows locked by others
    are passed over.
    """
    abandoned = sa.select(_chats).where(_HELD, _chats.c.lease_until < now).order_by(_chats.c.lease_until)
    waiting = sa.select(_chats).where(_WAITING, _chats.c.not_before <= now)
    waiting = waiting.order_by(_chats.c.not_before, _chats.c.created_at)
    rows = list(conn.execute(abandoned.limit(limit).with_for_update(skip_locked=True)))
    if len(rows) < limit:
        rows += conn.execute(waiting.limit(limit - len(rows)).with_for_update(skip_locked=True))
    return rows


def in_flight(conn: Connection, now: float) -> int:
    """How many sends are held by a living connector."""
    held = sa.select(sa.func.count()).select_from(_chats).where(_HELD, _chats.c.lease_until >= now)
    return int(conn.execute(held).scalar() or 0)


def claim(conn: Connection, rows: Sequence[Row], now: float) -> List[Claim]:
    """Take rows from ``due`` for sending."""
    claims = [Claim(row.id, row.sender_id, row.attempt + 1, row.asked_at is not None) for row in rows]
    if claims:
        statement = sa.update(_chats).where(_chats.c.id == sa.bindparam("chat"))
        statement = statement.values(
            delivery_status="sending",
            wait_reason=None,
            attempt=sa.bindparam("number"),
            lease_until=now + LEASE,
            claimed_at=sa.func.coalesce(_chats.c.claimed_at, now),
        )
        conn.execute(statement, [{"chat": one.chat_id, "number": one.attempt} for one in claims])
    return claims


def mark_asked(engine: Engine, asked: Sequence[Tuple[Send, float]]) -> List[bool]:
    """Write down that the carrier is about to be asked to take these sends: each with the time, seconds UTC.

    Returns:
        For each, whether its holder still holds it. Who was overtaken must not ask.
    """
    names = ("chat", "number", "now")
    with engine.begin() as conn:
        conn.execute(_MARK_ASKED, [dict(zip(names, (send.id, send.attempt, at), strict=True)) for send, at in asked])
        query = sa.select(_chats.c.id, _chats.c.attempt).where(_chats.c.id.in_([send.id for send, _ in asked]))
        held = {(row.id, row.attempt) for row in conn.execute(query.where(_chats.c.delivery_status == "sending"))}
    return [(send.id, send.attempt) in held for send, _ in asked]


_MARK_ASKED = (
    sa.update(_chats)
    .where(_chats.c.id == sa.bindparam("chat"), _chats.c.attempt == sa.bindparam("number"))
    .where(_chats.c.delivery_status == "sending")
    .values(asked_at=sa.bindparam("now"))
)


def cancel(conn: Connection, chat_id: str, reason: str) -> bool:
    """Keep it from going out, unless a worker took it: of the two, the first one to change the row wins."""
    ended = {"delivery_status": "skipped", "skip_reason": reason, "wait_reason": None}
    return bool(conn.execute(sa.update(_chats).where(*_untouched(chat_id)).values(**ended)).rowcount)


def change(conn: Connection, chat_id: str, values: Mapping[str, Any]) -> bool:
    """Change it, unless a worker took it.

    Args:
        values: its columns.
    """
    return bool(conn.execute(sa.update(_chats).where(*_untouched(chat_id)).values(**values)).rowcount)


def _untouched(chat_id: str) -> Tuple[Any, ...]:
    """It waits, and no try can have brought it to the carrier."""
    return _chats.c.id == chat_id, _chats.c.delivery_status == "queued", _chats.c.claimed_at.is_(None)


def recent(
    conn: Connection, recipient_id: str, cap: Optional[FrequencyCap], now: float, *, but_not: Optional[str] = None
) -> Sequence[float]:
    """When this person got proactive messages, as far back as the frequency cap looks; seconds UTC.

    Args:
        but_not: a chat that does not count.
    """
    if cap is None:
        return ()
    at = sa.func.coalesce(_chats.c.sent_at, _chats.c.claimed_at)
    mine = _chats.c.recipient_id == recipient_id, _chats.c.delivery_status.in_(("sending", "sent", "delivered"))
    query = sa.select(at).where(*mine, at > now - cap.per_seconds)
    return tuple(conn.execute(query if but_not is None else query.where(_chats.c.id != but_not)).scalars())


def renew(conn: Connection, chat_ids: Collection[str], now: float) -> None:
    """Keep the leases of sends that are still under way."""
    mine = sa.and_(_chats.c.id.in_(list(chat_ids)), _chats.c.delivery_status == "sending")
    conn.execute(sa.update(_chats).where(mine).values(lease_until=now + LEASE))


def load(conn: Connection, chat_ids: Sequence[str]) -> List[Send]:
    """The sends with these ids, as they are now."""
    query = sa.select(_chats, t.recipients.c.phone_number, t.recipients.c.opted_out_at, t.recipients.c.consent)
    query = query.add_columns(t.recipients.c.consent_asked_at)
    query = query.join(t.recipients, t.recipients.c.id == _chats.c.recipient_id).where(_chats.c.id.in_(chat_ids))
    return [_send(row) for row in conn.execute(query)]


def _send(row: Row) -> Send:
    plain = {name: row._mapping[name] for name in Send.__dataclass_fields__ if name in row._fields}
    replies = tuple(SuggestedReply.from_dict(raw) for raw in json.loads(row.suggested_replies or "[]"))
    literal = read_spans(json.loads(row.message_literal or "null"))
    plain["message"] = None if row.message is None else Words(row.message, literal)
    plain.update(entities=json.loads(row.entities or "{}"), suggested_replies=replies)
    opted_out = row.opted_out_at is not None or row.consent is False
    return Send(**plain, opted_out=opted_out, consent_asked=row.consent_asked_at is not None)


def _of(*sender_ids: str) -> Tuple[Any, Any]:
    # The index is on the recipient.
    return _chats.c.recipient_id.in_([recipient_of(one) for one in sender_ids]), _chats.c.sender_id.in_(sender_ids)


def release(
    conn: Connection,
    chat_id: str,
    not_before: float,
    *,
    wait_reason: Optional[str] = None,
    in_doubt: bool = False,
    tried: bool = False,
) -> None:
    """Let it wait.

    Args:
        not_before: until then, seconds UTC.
        in_doubt: keeps the memory that the carrier may have it.
        tried: counts as a try that the carrier did not take.
    """
    values: Dict[str, Any] = {"delivery_status": "queued", "not_before": not_before, "wait_reason": wait_reason}
    if not in_doubt:
        values.update(claimed_at=None, asked_at=None)
    if tried:
        values["tries"] = _chats.c.tries + 1
    mine = sa.and_(_chats.c.id == chat_id, _chats.c.delivery_status.in_(("queued", "sending")))
    conn.execute(sa.update(_chats).where(mine).values(lease_until=None, **values))


def expire_all(conn: Connection, now: float, channel: ChannelType) -> None:
    """Only for a server that knows it is alone: whatever is held was held by its dead predecessor."""
    held = sa.and_(_chats.c.delivery_status == "sending", _chats.c.channel_type == channel.value)
    conn.execute(sa.update(_chats).where(held).values(lease_until=now - 1))


def end_wait_for_closing(conn: Connection, sender_ids: Sequence[str]) -> None:
    """Sends that waited for these conversations to close need not wait for the next sweep."""
    if sender_ids:
        waiting = sa.and_(_chats.c.delivery_status == "queued", _chats.c.wait_reason == "open_conversation")
        conn.execute(sa.update(_chats).where(*_of(*sender_ids), waiting).values(not_before=0.0, wait_reason=None))
