"""The sending rules applied to rows: which of the due ones may go out now."""

from __future__ import annotations

from typing import Any, Dict, List, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from proactive_api.lifecycle.phone import default_timezone
from proactive_api.lifecycle.sending import Candidate, Skip, Wait, decide
from proactive_api.lifecycle.values import ChannelType, IfActive, Settings
from proactive_api.storage import settings as stored_settings
from proactive_api.storage.queues import sends
from proactive_api.storage.queues.sends import Claim
from proactive_api.storage.sql import tables as t

_chats = t.proactive_chats


def claim_due(conn: Connection, now: float, limit: int) -> Dict[str, List[Claim]]:
    """Claim due sends that the rules let go, by channel; the others wait or are skipped with their reason.

    Whether a conversation is open is decided later, by the connector, under the conversation's lock.
    """
    rows = sends.due(conn, now, limit)
    if not rows:
        return {}
    settings = stored_settings.load(conn)
    people = _recipients(conn, rows)
    go = [row for row in rows if _may_go(conn, row, people[row.recipient_id], settings, now)]
    channels = {row.id: row.channel_type for row in go}
    claims: Dict[str, List[Claim]] = {}
    for claim in sends.claim(conn, go, now):
        claims.setdefault(channels[claim.chat_id], []).append(claim)
    return claims


def _recipients(conn: Connection, rows: Sequence[Row]) -> Dict[str, Row]:
    ids = list({row.recipient_id for row in rows})
    return {row.id: row for row in conn.execute(sa.select(t.recipients).where(t.recipients.c.id.in_(ids)))}


def _may_go(conn: Connection, row: Row, person: Row, settings: Settings, now: float) -> bool:
    if row.claimed_at is not None:
        return True  # the carrier may have it already: settle it, whatever the rules say now
    decision = decide(now, candidate(conn, row, person, settings, now), settings)
    if isinstance(decision, Skip):
        sends.mark_skipped(conn, row.id, decision.reason)
        return False
    if isinstance(decision, Wait):
        sends.put_back(conn, row.id, decision.until, wait_reason=decision.reason)
        return False
    return True


def candidate(conn: Connection, row: Any, person: Any, settings: Settings, now: float) -> Candidate:
    """What the rules must know of one send."""
    phone = person.phone_number
    return Candidate(
        channel=ChannelType(row.channel_type),
        opted_out=person.opted_out_at is not None or person.consent is False,
        has_phone=phone is not None,
        timezone=person.timezone or (default_timezone(phone) if phone else None),
        recent_sends=recent_sends(conn, row.recipient_id, settings, now),
        has_open_conversation=False,
        if_active=IfActive(row.if_active),
        not_before=row.scheduled_at,
    )


def recent_sends(conn: Connection, recipient_id: str, settings: Settings, now: float) -> Sequence[float]:
    """When this person got proactive messages, as far back as the frequency cap looks."""
    cap = settings.frequency_cap
    if cap is None:
        return ()
    sent = sa.select(sa.func.coalesce(_chats.c.sent_at, _chats.c.claimed_at)).where(
        _chats.c.recipient_id == recipient_id,
        _chats.c.delivery_status.in_(("sending", "sent", "delivered")),
        sa.func.coalesce(_chats.c.sent_at, _chats.c.claimed_at) > now - cap.per_seconds,
    )
    return tuple(conn.execute(sent).scalars())
