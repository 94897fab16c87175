"""What is deleted in time because nobody can ask for it any more."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from proactive_api.storage.sql import tables as t

#: An ``Idempotency-Key`` counts this long, seconds (spec section 2).
IDEMPOTENCY_SECONDS = 86400.0
#: A carrier repeats a webhook for hours, not for days.
INBOUND_SECONDS = 7 * 86400.0
#: Receipts of a message stop long before.
CARRIED_SECONDS = 30 * 86400.0


def tidy(conn: Connection, now: float) -> None:
    """Delete what is out of date: repeated keys, handled webhooks, old receipts, finished commands, silent visitors."""
    conn.execute(sa.delete(t.idempotency_keys).where(t.idempotency_keys.c.created_at < now - IDEMPOTENCY_SECONDS))
    conn.execute(sa.delete(t.inbound_messages).where(t.inbound_messages.c.done_at < now - INBOUND_SECONDS))
    conn.execute(sa.delete(t.carrier_messages).where(t.carrier_messages.c.updated_at < now - CARRIED_SECONDS))
    sessions, people = t.visitor_sessions, t.recipients
    wrote = sa.exists().where(people.c.id == sessions.c.recipient_id)
    conn.execute(sa.delete(sessions).where(sessions.c.last_seen_at < now - CARRIED_SECONDS, ~wrote))
    # What a human agent said in vain is a part of the transcript.
    in_vain = sa.and_(t.commands.c.kind == "human_message", t.commands.c.status == "failed")
    conn.execute(sa.delete(t.commands).where(t.commands.c.done_at < now - CARRIED_SECONDS, ~in_vain))
