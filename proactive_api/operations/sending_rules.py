"""The sending rules asked about rows: the only place that asks them (spec section 2).

They are asked three times about the same send, because time passes between: when it is accepted, when the worker
claims it, and by the connector under the conversation's lock, where alone it is certain whether a conversation is open.
"""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Protocol, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from proactive_api.lifecycle.phone import default_timezone
from proactive_api.lifecycle.sending import Candidate, Decision, Skip, Wait, decide, decide_under_lock
from proactive_api.lifecycle.values import ChannelType, IfActive, Settings
from proactive_api.storage import settings as stored_settings
from proactive_api.storage.conversations import chats
from proactive_api.storage.conversations.chats import NewChat
from proactive_api.storage.people.recipients import Recipient
from proactive_api.storage.queues import outcomes, sends
from proactive_api.storage.queues.sends import Claim, Send
from proactive_api.storage.sql import tables as t

__all__ = ["Decision", "claim_due", "decide_again", "decide_new", "decide_now"]


class _Person(Protocol):
    """What the rules look at in a recipient, be it a value or a row."""

    @property
    def phone_number(self) -> Optional[str]: ...

    @property
    def timezone(self) -> Optional[str]: ...

    @property
    def opted_out_at(self) -> Optional[float]: ...

    @property
    def consent(self) -> Optional[bool]: ...


def decide_new(conn: Connection, chat: NewChat, recipient: Recipient, settings: Settings, now: float) -> Decision:
    """What is to become of a send that is accepted at this moment (``now``: seconds UTC)."""
    candidate = _candidate(
        recipient,
        chat.channel,
        chat.if_active,
        chat.scheduled_at,
        settings,
        recent_sends=sends.recent(conn, recipient.id, settings.frequency_cap, now),
        has_open_conversation=chats.has_open_conversation(conn, f"{chat.channel.value}.{recipient.id}"),
    )
    return decide(now, candidate, settings)


def claim_due(conn: Connection, now: float, limit: int) -> Dict[str, List[Claim]]:
    """Claim due sends that the rules let go, by channel; the others wait or are skipped with their reason.

    Whether a conversation is open is decided later, by the connector (``decide_now``).
    """
    rows = sends.due(conn, now, limit)
    if not rows:
        return {}
    settings = stored_settings.load(conn)
    people = _recipients(conn, rows)
    # What this call lets go counts for the cap of the same person's next send, though nothing of it is written yet.
    let_go: Dict[str, int] = {}
    go = []
    for row in rows:
        if _may_go(conn, row, people[row.recipient_id], settings, now, let_go.get(row.recipient_id, 0)):
            go.append(row)
            let_go[row.recipient_id] = let_go.get(row.recipient_id, 0) + 1
    channels = {row.id: row.channel_type for row in go}
    claims: Dict[str, List[Claim]] = {}
    for claim in sends.claim(conn, go, now):
        claims.setdefault(channels[claim.chat_id], []).append(claim)
    return claims


def decide_now(send: Send, has_open_conversation: bool, now: float) -> Decision:
    """What is to become of a claimed send whose conversation is locked (``now``: seconds UTC)."""
    candidate = Candidate(
        channel=ChannelType(send.channel_type),
        opted_out=send.opted_out,
        has_phone=bool(send.phone_number),
        has_open_conversation=has_open_conversation,
        if_active=IfActive(send.if_active),
    )
    return decide_under_lock(now, candidate)


def decide_again(conn: Connection, send: Send, has_open_conversation: bool, now: float) -> Decision:
    """What is to become of a send that was in doubt and turned out not to be taken: the rules of this moment hold.

    Args:
        has_open_conversation: what the locked conversation says.
        now: seconds UTC.
    """
    settings = stored_settings.load(conn)
    person = conn.execute(sa.select(t.recipients).where(t.recipients.c.id == send.recipient_id)).one()
    candidate = _candidate(
        person,
        ChannelType(send.channel_type),
        IfActive(send.if_active),
        send.scheduled_at,
        settings,
        recent_sends=sends.recent(conn, send.recipient_id, settings.frequency_cap, now, but_not=send.id),
        has_open_conversation=has_open_conversation,
    )
    return decide(now, candidate, settings)


def _recipients(conn: Connection, rows: Sequence[Row]) -> Dict[str, Row]:
    """The people of these sends, locked: another worker that has more for one of them waits, and then counts these."""
    ids = sorted({row.recipient_id for row in rows})
    query = sa.select(t.recipients).where(t.recipients.c.id.in_(ids)).order_by(t.recipients.c.id)
    return {row.id: row for row in conn.execute(query.with_for_update())}


def _may_go(conn: Connection, row: Row, person: Row, settings: Settings, now: float, let_go: int) -> bool:
    if row.asked_at is not None:
        return True  # the carrier may have it already: settle it first; the rules are asked again if it has not
    candidate = _candidate(
        person,
        ChannelType(row.channel_type),
        IfActive(row.if_active),
        row.scheduled_at,
        settings,
        recent_sends=[*sends.recent(conn, row.recipient_id, settings.frequency_cap, now), *[now] * let_go],
    )
    decision = decide(now, candidate, settings)
    if isinstance(decision, Skip):
        outcomes.mark_skipped(conn, row.id, decision.reason)
    elif isinstance(decision, Wait):
        sends.release(conn, row.id, decision.until, wait_reason=decision.reason)
    return not isinstance(decision, (Skip, Wait))


def _candidate(
    person: _Person,
    channel: ChannelType,
    if_active: IfActive,
    scheduled_at: Optional[float],
    settings: Settings,
    **about: Any,
) -> Candidate:
    phone = person.phone_number
    # The number's own zone takes a while to look up, and counts only where quiet hours are set.
    asks_clock = settings.quiet_hours is not None and phone is not None and person.timezone is None
    return Candidate(
        channel=channel,
        opted_out=person.opted_out_at is not None or person.consent is False,
        has_phone=phone is not None,
        timezone=person.timezone,
        phone_timezone=default_timezone(phone) if asks_clock and phone is not None else None,
        if_active=if_active,
        not_before=scheduled_at,
        **about,
    )
