"""A person erased: their row and all that was said, planned, counted and remembered about them."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from proactive_api.storage.people.recipients import Recipient
from proactive_api.storage.sql import recipient_words
from proactive_api.storage.sql import tables as t

_recipients = t.recipients


def is_being_sent_to(conn: Connection, recipient_id: str) -> bool:
    """Whether a connector holds a message to this person; none can take one until the transaction ends."""
    chats = t.proactive_chats
    mine = sa.and_(chats.c.recipient_id == recipient_id, chats.c.delivery_status.in_(("queued", "sending")))
    held = conn.execute(sa.select(chats.c.delivery_status).where(mine).with_for_update()).scalars()
    return "sending" in set(held)


def erase(conn: Connection, recipient: Recipient) -> None:
    """Forget a person: their row and all that was said, planned, counted and remembered about them."""
    senders = [f"{channel}.{recipient.id}" for channel in ("sms", "messenger")]
    chats = sa.select(t.proactive_chats.c.id).where(t.proactive_chats.c.recipient_id == recipient.id)
    conn.execute(sa.delete(t.links).where(t.links.c.chat_id.in_(chats)))
    tickets = sa.select(t.handoffs.c.id).where(t.handoffs.c.sender_id.in_(senders))
    conn.execute(sa.delete(t.handoff_typing).where(t.handoff_typing.c.handoff_id.in_(tickets)))
    conn.execute(sa.delete(t.handoff_views).where(t.handoff_views.c.handoff_id.in_(tickets)))
    for table in (t.carrier_messages, t.commands, t.events, t.trackers, t.conversations, t.handoffs, t.proactive_chats):
        conn.execute(sa.delete(table).where(table.c.sender_id.in_(senders)))
    conn.execute(sa.delete(t.consent_changes).where(t.consent_changes.c.recipient_id == recipient.id))
    conn.execute(sa.delete(t.visitor_cursors).where(t.visitor_cursors.c.sender_id.in_(senders)))
    conn.execute(sa.delete(t.visitor_sessions).where(t.visitor_sessions.c.recipient_id == recipient.id))
    numbers = [*senders, recipient.id, recipient.phone_number]
    conn.execute(sa.delete(t.inbound_messages).where(t.inbound_messages.c.sender.in_(n for n in numbers if n)))
    # First answers are kept for repeated requests, and hold the person's name and number.
    conn.execute(sa.delete(t.idempotency_keys).where(t.idempotency_keys.c.response.contains(recipient.id)))
    recipient_words.forget(conn, recipient.id)
    conn.execute(sa.delete(_recipients).where(_recipients.c.id == recipient.id))
