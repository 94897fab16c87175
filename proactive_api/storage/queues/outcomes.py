"""What became of a send: taken by the carrier, posted, shown, failed or skipped. A lease ends with each of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, Mapping, Optional, Sequence, Tuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from proactive_api.lifecycle.senders import recipient_of
from proactive_api.lifecycle.values import DeliveryStatus
from proactive_api.storage.queues.receipts import Receipt, record
from proactive_api.storage.sql import tables as t

_chats = t.proactive_chats
_SENT_COLUMNS = ("conversation_id", "delivery_status", "carrier_sid", "sent_at", "delivered_at", "error_code")


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


def mark_shown(conn: Connection, sender_id: str, said_until: float, now: float) -> None:
    """Chats of this conversation whose words were said up to then (seconds UTC) have been seen."""
    mark_shown_to_many(conn, [(sender_id, said_until, now)])


def mark_shown_to_many(conn: Connection, shown: Sequence[Tuple[str, float, float]]) -> None:
    """Chats of many conversations have been seen: ``(sender_id, said_until, now)`` of each, seconds UTC."""
    names = ("sender", "said_until", "now", "recipient")
    conn.execute(_MARK_SHOWN, [dict(zip(names, (*one, recipient_of(one[0])), strict=True)) for one in shown])


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


def never_arrived(conn: Connection, chat_id: str) -> bool:
    """Whether the carrier took a chat's opening and then could not deliver it."""
    query = sa.select(_chats.c.id).where(_chats.c.id == chat_id, _chats.c.delivery_status == "failed")
    return conn.execute(query).first() is not None
