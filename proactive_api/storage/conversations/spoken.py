"""What was said in a conversation, how far each message of the business got, and what a human said in vain."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any, Dict, List, Mapping, Optional, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from proactive_api.lifecycle.carrier_errors import explain
from proactive_api.lifecycle.delivery import retry_may_help
from proactive_api.lifecycle.transcript import Entry, transcript, with_unsaid
from proactive_api.lifecycle.values import ChannelType, DeliveryStatus
from proactive_api.storage.conversations.conversations import event_data
from proactive_api.storage.queues import commands
from proactive_api.storage.queues.outcomes import at_least_sent
from proactive_api.storage.sql import tables as t

_chats, _messages, _cursors, _events = t.proactive_chats, t.carrier_messages, t.visitor_cursors, t.events


@dataclass(frozen=True)
class Spoken:
    """A message, and the row of the proactive chat whose words it is."""

    entry: Entry
    chat: Optional[Mapping[str, Any]] = None


def spoken(conn: Connection, conversation_id: str, channel: str) -> List[Spoken]:
    """All of a conversation, oldest first.

    Args:
        channel: the conversation's.
    """
    # The queue is read before the tracker: what is said in between is in both, never in neither.
    waiting = commands.human_words(conn, conversation_id)
    said = transcript(event_data(conn, conversation_id), channel)
    chats = _chats_of(conn, said)
    reached = _Reached(conn, conversation_id, said)
    entries = with_unsaid([reached.delivered(entry, chats) for entry in said], _unsaid(conn, conversation_id, waiting))
    return [Spoken(entry, chats.get(entry.chat_id or "")) for entry in entries]


def _chats_of(conn: Connection, said: Sequence[Entry]) -> Dict[str, Mapping[str, Any]]:
    ids = {entry.chat_id for entry in said if entry.chat_id is not None}
    if not ids:
        return {}
    return {row.id: dict(row._mapping) for row in conn.execute(sa.select(_chats).where(_chats.c.id.in_(ids)))}


class _Reached:
    """How far messages got: by the carrier's receipts, or by what widgets showed."""

    def __init__(self, conn: Connection, conversation_id: str, said: Sequence[Entry]) -> None:
        sids = [entry.carrier_id for entry in said if entry.carrier_id is not None]
        query = sa.select(_messages).where(_messages.c.sid.in_(sids))
        self._carried: Dict[str, Row] = {row.sid: row for row in conn.execute(query)} if sids else {}
        by_human = any(entry.sender == "human_agent" for entry in said)
        self._shown_until = _shown_until(conn, conversation_id) if by_human else None

    def delivered(self, entry: Entry, chats: Mapping[str, Mapping[str, Any]]) -> Entry:
        """The same message with its delivery, where that is known."""
        chat = chats.get(entry.chat_id or "")
        if chat is not None:
            status = DeliveryStatus(chat["delivery_status"])
            return _with(entry, status, chat["error_code"], chat["error_message"])
        if entry.sender != "human_agent":
            return entry
        row = self._carried.get(entry.carrier_id or "")
        if row is not None:
            return _with(entry, at_least_sent(DeliveryStatus(row.status)), row.error_code)
        if self._shown_until is None:
            return entry
        seen = entry.at <= self._shown_until
        return replace(entry, delivery=DeliveryStatus.DELIVERED if seen else DeliveryStatus.SENT)


def _with(entry: Entry, status: DeliveryStatus, code: Optional[int], sentence: Optional[str] = None) -> Entry:
    if status is not DeliveryStatus.FAILED:
        return replace(entry, delivery=status)
    known = sentence or (explain(code, None).sentence if code is not None else "The message could not be delivered.")
    return replace(entry, delivery=status, error_code=code, error=known)


def _shown_until(conn: Connection, conversation_id: str) -> Optional[float]:
    """When the last message was said that the person has seen in the messenger; ``None`` by SMS."""
    query = sa.select(t.conversations.c.sender_id, t.conversations.c.channel_type)
    mine = conn.execute(query.where(t.conversations.c.id == conversation_id)).first()
    if mine is None or mine.channel_type != ChannelType.MESSENGER.value:
        return None
    joined = _events.join(_cursors, _cursors.c.shown_id == _events.c.id)
    at = sa.select(_events.c.timestamp).select_from(joined).where(_cursors.c.sender_id == mine.sender_id)
    return conn.execute(at).scalar() or 0.0


def _unsaid(conn: Connection, conversation_id: str, waiting: Sequence[Row]) -> List[Entry]:
    if not waiting:
        return []
    person = conn.execute(_WHO, {"conversation": conversation_id}).first()
    return [_wanted(row, person) for row in waiting]


_WHO = (
    sa.select(t.recipients.c.phone_number, t.recipients.c.opted_out_at, t.recipients.c.consent)
    .add_columns(t.handoffs.c.status, t.handoffs.c.channel_type)
    .select_from(t.handoffs.join(t.recipients, t.recipients.c.id == t.handoffs.c.recipient_id))
    .where(t.handoffs.c.conversation_id == sa.bindparam("conversation"))
    .order_by(t.handoffs.c.opened_at.desc())
    .limit(1)
)


def _wanted(row: Row, person: Optional[Row]) -> Entry:
    payload = json.loads(row.payload)
    words = Entry("human_agent", str(payload.get("text", "")), row.created_at, payload.get("name"), id=row.id)
    if row.status != "failed":
        return replace(words, delivery=DeliveryStatus.SENDING)
    helps = person is not None and retry_may_help(
        row.error_code,
        with_human=person.status == "open",
        opted_out=person.opted_out_at is not None or person.consent is False,
        reachable=person.phone_number is not None or person.channel_type != ChannelType.SMS.value,
    )
    failed = DeliveryStatus.FAILED
    return replace(words, delivery=failed, error_code=row.error_code, error=row.error, can_retry=helps)
