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

from proactive_api.lifecycle.values import ChannelType, DeliveryStatus, FrequencyCap, SuggestedReply
from proactive_api.storage.queues.receipts import Receipt, record
from proactive_api.storage.sql import tables as t

#: Seconds that a claim holds without being renewed.
LEASE = 20.0

_chats = t.proactive_chats
_SENT_COLUMNS = ("conversation_id", "delivery_status", "carrier_sid", "sent_at", "delivered_at", "error_code")


@dataclass(frozen=True)
class Claim:
    """A right to send one chat, valid while its attempt is the row's."""

    chat_id: str
    sender_id: str
    attempt: int
    in_doubt: bool


@dataclass(frozen=True)
class Send:
    """All that a connector needs to send one chat. Times are seconds UTC."""

    id: str
    attempt: int
    delivery_status: str
    conversation_id: str
    recipient_id: str
    sender_id: str
    channel_type: str
    campaign: Optional[str]
    message: Optional[str]
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
    plain.update(entities=json.loads(row.entities or "{}"), suggested_replies=replies)
    opted_out = row.opted_out_at is not None or row.consent is False
    return Send(**plain, opted_out=opted_out, consent_asked=row.consent_asked_at is not None)


@dataclass(frozen=True)
class Sent:
    """An effect: the carrier took a chat's words, and the tracker says so in this same transaction.

    Args:
        status: the carrier's word for it.
        at: when, seconds UTC.
    """

    chat_id: str
    conversation_id: str
    sender_id: str
    sid: str
    status: str
    at: float

    def __call__(self, conn: Connection) -> None:
        """Write that one chat was sent."""
        self.together(conn, [self])

    @staticmethod
    def together(conn: Connection, sent: Sequence[Sent]) -> None:
        """Write that many chats were sent, in a few statements for all."""
        # A receipt can be faster than the carrier's answer: what it said is in the rows that come back.
        news = [(Receipt(one.sid, one.status, None, one.at, one.chat_id), one.sender_id) for one in sent]
        carried = record(conn, news)
        conn.execute(_MARK_SENT, [_sent_values(one, carried[one.sid]) for one in sent])


@dataclass(frozen=True)
class Posted:
    """An effect: a chat's words are in the messenger's conversation, whether or not anybody is there to see them.

    Args:
        at: when, seconds UTC.
    """

    chat_id: str
    conversation_id: str
    at: float

    def __call__(self, conn: Connection) -> None:
        """Write that one chat was posted."""
        self.together(conn, [self])

    @staticmethod
    def together(conn: Connection, posted: Sequence[Posted]) -> None:
        """Write that many chats were posted, in one statement."""
        conn.execute(_MARK_POSTED, [{"chat": p.chat_id, "conversation": p.conversation_id, "at": p.at} for p in posted])


_MARK_POSTED = (
    sa.update(_chats)
    .where(_chats.c.id == sa.bindparam("chat"))
    .values(
        conversation_id=sa.bindparam("conversation"),
        delivery_status=DeliveryStatus.SENT.value,
        sent_at=sa.bindparam("at"),
        lease_until=None,
    )
)


def _of(*sender_ids: str) -> Tuple[Any, Any]:
    # The index is on the recipient.
    return _chats.c.recipient_id.in_([_recipient(one) for one in sender_ids]), _chats.c.sender_id.in_(sender_ids)


def _recipient(sender_id: str) -> str:
    """A tracker's name ends in the recipient's id."""
    return sender_id.partition(".")[2]


def mark_shown(conn: Connection, sender_id: str, said_until: float, now: float) -> None:
    """Chats of this conversation whose words were said up to then (seconds UTC) have been seen."""
    mark_shown_to_many(conn, [(sender_id, said_until, now)])


def mark_shown_to_many(conn: Connection, shown: Sequence[Tuple[str, float, float]]) -> None:
    """Chats of many conversations have been seen: ``(sender_id, said_until, now)`` of each, seconds UTC."""
    names = ("sender", "said_until", "now", "recipient")
    conn.execute(_MARK_SHOWN, [dict(zip(names, (*one, _recipient(one[0])), strict=True)) for one in shown])


_MARK_SHOWN = (
    sa.update(_chats)
    .where(_chats.c.recipient_id == sa.bindparam("recipient"), _chats.c.sender_id == sa.bindparam("sender"))
    .where(_chats.c.delivery_status == "sent", _chats.c.sent_at <= sa.bindparam("said_until"))
    .values(delivery_status="delivered", delivered_at=sa.bindparam("now"))
)


_MARK_SENT = (
    sa.update(_chats)
    .where(_chats.c.id == sa.bindparam("chat"))
    .values({name: sa.bindparam(f"new_{name}") for name in _SENT_COLUMNS})
    .values(lease_until=None)
)


def _sent_values(one: Sent, carried: Mapping[str, Any]) -> Dict[str, Any]:
    reached = at_least_sent(DeliveryStatus(carried["status"]))
    return {
        "chat": one.chat_id,
        "new_conversation_id": one.conversation_id,
        "new_delivery_status": reached.value,
        "new_carrier_sid": one.sid,
        "new_sent_at": one.at,
        "new_delivered_at": one.at if reached is DeliveryStatus.DELIVERED else None,
        "new_error_code": carried["error_code"],
    }


def at_least_sent(reached: DeliveryStatus) -> DeliveryStatus:
    """A message that the carrier holds counts as sent, even before its own receipts say so."""
    early = (DeliveryStatus.QUEUED, DeliveryStatus.SENDING)
    return DeliveryStatus.SENT if reached in early else reached


def mark_failed(conn: Connection, chat_id: str, code: Optional[int], sentence: str) -> None:
    """It did not and will not go out."""
    _end(conn, chat_id, delivery_status="failed", error_code=code, error_message=sentence)


def mark_skipped(conn: Connection, chat_id: str, reason: str) -> None:
    """It must not go out."""
    _end(conn, chat_id, delivery_status="skipped", skip_reason=reason, wait_reason=None)


def _end(conn: Connection, chat_id: str, **values: Any) -> None:
    unfinished = _chats.c.delivery_status.in_(("queued", "sending"))
    conn.execute(sa.update(_chats).where(_chats.c.id == chat_id, unfinished).values(lease_until=None, **values))


def release(
    conn: Connection, chat_id: str, not_before: float, *, wait_reason: Optional[str] = None, in_doubt: bool = False
) -> None:
    """Let it wait. ``in_doubt`` keeps the memory that the carrier may have it."""
    values: Dict[str, Any] = {"delivery_status": "queued", "not_before": not_before, "wait_reason": wait_reason}
    if not in_doubt:
        values["claimed_at"] = None
    mine = sa.and_(_chats.c.id == chat_id, _chats.c.delivery_status.in_(("queued", "sending")))
    conn.execute(sa.update(_chats).where(mine).values(lease_until=None, **values))


def never_arrived(conn: Connection, chat_id: str) -> bool:
    """Whether the carrier took a chat's opening and then could not deliver it."""
    query = sa.select(_chats.c.id).where(_chats.c.id == chat_id, _chats.c.delivery_status == "failed")
    return conn.execute(query).first() is not None


def expire_all(conn: Connection, now: float, channel: ChannelType) -> None:
    """Only for a server that knows it is alone: whatever is held was held by its dead predecessor."""
    held = sa.and_(_chats.c.delivery_status == "sending", _chats.c.channel_type == channel.value)
    conn.execute(sa.update(_chats).where(held).values(lease_until=now - 1))


def end_wait_for_closing(conn: Connection, sender_ids: Sequence[str]) -> None:
    """Sends that waited for these conversations to close need not wait for the next sweep."""
    if sender_ids:
        waiting = sa.and_(_chats.c.delivery_status == "queued", _chats.c.wait_reason == "open_conversation")
        conn.execute(sa.update(_chats).where(*_of(*sender_ids), waiting).values(not_before=0.0, wait_reason=None))
