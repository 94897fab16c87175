"""What the carrier has, by its own words: its answers and its delivery receipts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, List, Optional, Sequence, Tuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from proactive_api.lifecycle.delivery import advance
from proactive_api.lifecycle.senders import recipient_of
from proactive_api.lifecycle.values import DeliveryStatus
from proactive_api.storage.sql import tables as t
from proactive_api.storage.sql.writing import insert_missing, upsert

_chats = t.proactive_chats
_messages = t.carrier_messages
_MOVED_COLUMNS = ("delivery_status", "delivered_at", "error_code", "error_message")


@dataclass(frozen=True)
class Receipt:
    """One delivery receipt. ``chat_id`` came with its address; ``sentence`` explains the error."""

    sid: str
    status: str
    error_code: Optional[int]
    at: float
    chat_id: Optional[str] = None
    sentence: Optional[str] = None


def known_for_sender(conn: Connection, sender_id: str, since: float) -> List[Row]:
    """Messages known to be with the carrier for this conversation since then."""
    mine = sa.and_(_messages.c.sender_id == sender_id, _messages.c.updated_at >= since)
    return list(conn.execute(sa.select(_messages).where(mine)))


def known_for_chat(conn: Connection, chat_id: str) -> Optional[Row]:
    """What a receipt already told about a chat whose sender died before it could write."""
    return conn.execute(sa.select(_messages).where(_messages.c.chat_id == chat_id)).first()


def note_accepted(
    conn: Connection, sid: str, status: str, now: float, *, sender_id: Optional[str], chat_id: Optional[str] = None
) -> None:
    """Remember that the carrier has a message, so that it is never taken for another one."""
    record(conn, [(Receipt(sid, status, None, now, chat_id), sender_id)])


def record_receipts(engine: Engine, receipts: List[Receipt]) -> List[Optional[Exception]]:
    """Take delivery receipts: late, doubled or out of order, the status only moves forward."""
    with engine.begin() as conn:
        record(conn, [(receipt, None) for receipt in receipts])
        _move_chats(conn, receipts)
    return [None for _ in receipts]


def record(conn: Connection, news: Sequence[Tuple[Receipt, Optional[str]]]) -> Dict[str, Dict[str, Any]]:
    """Fold news, each with its tracker where that is known, into the carrier's rows; returns those by sid."""
    sids = sorted({receipt.sid for receipt, _ in news})
    # Made before they are read: two who hear of a message at once must meet at its row.
    insert_missing(conn, _messages, [{"sid": sid, "status": "queued", "updated_at": 0.0} for sid in sids])
    query = sa.select(_messages).where(_messages.c.sid.in_(sids)).order_by(_messages.c.sid).with_for_update()
    rows = {row.sid: dict(row._mapping) for row in conn.execute(query)}
    for receipt, sender_id in news:
        row = rows[receipt.sid]
        reached = advance(DeliveryStatus(row["status"]), receipt.status)
        fresh = {"chat_id": receipt.chat_id, "sender_id": sender_id, "error_code": receipt.error_code}
        row.update({name: value for name, value in fresh.items() if value is not None})
        row.update(status=reached.value, updated_at=receipt.at)
    upsert(conn, _messages, list(rows.values()))
    return rows


def addressee(conn: Connection, receipt: Receipt) -> Optional[Tuple[str, Optional[float]]]:
    """Whose message a receipt is about, and when it was handed over (seconds UTC); ``None`` if that is not known.

    The chat may stand in the receipt's address, or have the message; else it is an answer or a human's words.
    """
    mine = sa.or_(_chats.c.id == receipt.chat_id, _chats.c.carrier_sid == receipt.sid)
    handed_over = sa.func.coalesce(_chats.c.sent_at, _chats.c.claimed_at)
    chat = conn.execute(sa.select(_chats.c.recipient_id, handed_over).where(mine)).first()
    if chat is not None:
        return (chat[0], chat[1])
    row = conn.execute(sa.select(_messages).where(_messages.c.sid == receipt.sid)).first()
    recipient_id = recipient_of(row.sender_id) if row is not None and row.sender_id else ""
    return (recipient_id, row.updated_at) if row is not None and recipient_id else None


def _move_chats(conn: Connection, receipts: Sequence[Receipt]) -> None:
    """The chats follow, once their trackers know of the messages; ``dispatch.Sent`` does so for what came earlier."""
    news: Dict[str, List[Receipt]] = {}
    for receipt in receipts:
        news.setdefault(receipt.sid, []).append(receipt)
    known = _chats.c.carrier_sid.in_(list(news)), _chats.c.delivery_status.in_(("sent", "delivered"))
    chats = conn.execute(sa.select(_chats).where(*known).order_by(_chats.c.id).with_for_update()).all()
    moved = [_moved(chat, news[chat.carrier_sid]) for chat in chats]
    if moved:
        conn.execute(_MOVE, moved)


_MOVE = (
    sa.update(_chats)
    .where(_chats.c.id == sa.bindparam("chat"))
    .values({name: sa.bindparam(f"new_{name}") for name in _MOVED_COLUMNS})
)


def _moved(chat: Row, receipts: Sequence[Receipt]) -> Dict[str, Any]:
    values = {f"new_{name}": chat._mapping[name] for name in _MOVED_COLUMNS}
    status = DeliveryStatus(chat.delivery_status)
    for receipt in receipts:
        before, status = status, advance(status, receipt.status)
        if status is not before and status is DeliveryStatus.DELIVERED:
            values["new_delivered_at"] = receipt.at
        if status is not before and status is DeliveryStatus.FAILED:
            values.update(new_error_code=receipt.error_code, new_error_message=receipt.sentence)
    return {**values, "chat": chat.id, "new_delivery_status": status.value}
