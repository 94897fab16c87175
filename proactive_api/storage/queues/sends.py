"""Sends on their way: claimed with a lease, settled by the connector, never lost, never doubled.

The rows are the truth. A row in ``sending`` whose lease ran out was perhaps handed to the
carrier (``claimed_at`` says since when): whoever claims it next must ask before sending.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Collection, Dict, List, Mapping, Optional, Sequence, Tuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from proactive_api.lifecycle.markdown import Words, read_spans
from proactive_api.lifecycle.senders import recipient_of
from proactive_api.lifecycle.values import ChannelType, FrequencyCap, SuggestedReply
from proactive_api.storage.sql import tables as t

#: Seconds that a claim holds without being renewed.
LEASE = 20.0

_chats = t.proactive_chats


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

    On PostgreSQL the rows stay locked for this transaction, and rows locked by others are passed over.
    """
    waiting = sa.and_(_chats.c.delivery_status == "queued", _chats.c.not_before <= now)
    abandoned = sa.and_(_chats.c.delivery_status == "sending", _chats.c.lease_until < now)
    query = sa.select(_chats).where(sa.or_(waiting, abandoned)).order_by(_chats.c.not_before, _chats.c.created_at)
    return list(conn.execute(query.limit(limit).with_for_update(skip_locked=True)))


def in_flight(conn: Connection, now: float) -> int:
    """How many sends are held by a living connector."""
    held = sa.and_(_chats.c.delivery_status == "sending", _chats.c.lease_until >= now)
    return int(conn.execute(sa.select(sa.func.count()).select_from(_chats).where(held)).scalar() or 0)


def claim(conn: Connection, rows: Sequence[Row], now: float) -> List[Claim]:
    """Take rows from ``due`` for sending."""
    claims = [Claim(row.id, row.sender_id, row.attempt + 1, row.claimed_at is not None) for row in rows]
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


def recent(conn: Connection, recipient_id: str, cap: Optional[FrequencyCap], now: float) -> Sequence[float]:
    """When this person got proactive messages, as far back as the frequency cap looks; seconds UTC."""
    if cap is None:
        return ()
    at = sa.func.coalesce(_chats.c.sent_at, _chats.c.claimed_at)
    mine = _chats.c.recipient_id == recipient_id, _chats.c.delivery_status.in_(("sending", "sent", "delivered"))
    return tuple(conn.execute(sa.select(at).where(*mine, at > now - cap.per_seconds)).scalars())


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
    conn: Connection, chat_id: str, not_before: float, *, wait_reason: Optional[str] = None, in_doubt: bool = False
) -> None:
    """Let it wait. ``in_doubt`` keeps the memory that the carrier may have it."""
    values: Dict[str, Any] = {"delivery_status": "queued", "not_before": not_before, "wait_reason": wait_reason}
    if not in_doubt:
        values["claimed_at"] = None
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
