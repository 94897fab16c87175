"""What people wrote, from the moment the webhook answers until its turn is in the tracker."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, List, Mapping, Union

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from proactive_api.lifecycle.values import ChannelType
from proactive_api.storage.sql import tables as t
from proactive_api.storage.sql.writing import insert_for

#: Seconds that a turn holds a message without renewing; another server takes it over after that.
LEASE = 60.0
#: A message whose turn failed this often is left to a human.
MAX_ATTEMPTS = 5

_inbound = t.inbound_messages


@dataclass(frozen=True)
class Inbound:
    """One message.

    Args:
        sid: the same for every repetition of it.
        sender: the phone number, or the recipient's id in the messenger.
        payload: the webhook's form fields, or what the messenger's event held.
        received_at: seconds UTC.
        attempt: how often its turn was begun.
        channel_type: where it came from.
    """

    sid: str
    sender: str
    payload: Mapping[str, Any]
    received_at: float
    attempt: int = 0
    channel_type: str = ChannelType.SMS.value


def store_many(engine: Engine, messages: List[Inbound]) -> List[Union[bool, Exception]]:
    """Keep messages before their webhooks are answered; ``False`` for one that is known already."""
    with engine.begin() as conn:
        return [store(conn, message) for message in messages]


def store(conn: Connection, message: Inbound) -> bool:
    """Keep one message; ``False`` if its sid is known (a repeated webhook)."""
    row = {
        "sid": message.sid,
        "channel_type": message.channel_type,
        "sender": message.sender,
        "payload": json.dumps(message.payload),
        "received_at": message.received_at,
        "attempt": 1,
        "lease_until": message.received_at + LEASE,
    }
    done = conn.execute(insert_for(conn, _inbound).values(**row).on_conflict_do_nothing())
    return bool(done.rowcount)


def mark_done(conn: Connection, sid: str, now: float) -> None:
    """Its turn is in the tracker."""
    conn.execute(sa.update(_inbound).where(_inbound.c.sid == sid).values(done_at=now, lease_until=None))


def is_done(conn: Connection, sid: str) -> bool:
    """Whether its turn is in the tracker."""
    return conn.execute(sa.select(_inbound.c.done_at).where(_inbound.c.sid == sid)).scalar() is not None


def renew(conn: Connection, sids: List[str], now: float) -> None:
    """Keep messages that still wait for their turn in a living server."""
    conn.execute(sa.update(_inbound).where(_inbound.c.sid.in_(sids)).values(lease_until=now + LEASE))


def release(conn: Connection, sid: str, retry_at: float) -> None:
    """The turn failed; somebody may try again from then on."""
    conn.execute(sa.update(_inbound).where(_inbound.c.sid == sid).values(lease_until=retry_at))


def claim(conn: Connection, now: float, channel: ChannelType, limit: int = 50) -> List[Inbound]:
    """Claim a channel's messages whose server died before their turn ended, oldest first."""
    abandoned = _inbound.c.done_at.is_(None), _inbound.c.lease_until < now, _inbound.c.channel_type == channel.value
    query = sa.select(_inbound).where(*abandoned).order_by(_inbound.c.received_at).limit(limit)
    rows = conn.execute(query.with_for_update(skip_locked=True)).all()
    sids = [row.sid for row in rows]
    if sids:
        again = sa.update(_inbound).where(_inbound.c.sid.in_(sids))
        conn.execute(again.values(attempt=_inbound.c.attempt + 1, lease_until=now + LEASE))
    return [Inbound(r.sid, r.sender, json.loads(r.payload), r.received_at, r.attempt + 1, r.channel_type) for r in rows]


def expire_all(conn: Connection, now: float, channel: ChannelType) -> None:
    """Only for a server that knows it is alone: whatever is unfinished was left by its dead predecessor."""
    unfinished = sa.and_(_inbound.c.done_at.is_(None), _inbound.c.channel_type == channel.value)
    conn.execute(sa.update(_inbound).where(unfinished).values(lease_until=now - 1))
