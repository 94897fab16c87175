"""A connection of the messenger, and who is behind it."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field
from typing import Any, Dict, Optional

from proactive_api.lifecycle.values import ChannelType

#: A session id is a secret only if it cannot be guessed (contract, "Who is who in the messenger").
SHORTEST_SESSION_ID = 16
LONGEST_SESSION_ID = 256

#: Events at once, and a second, per visitor.
BURST = 20
PER_SECOND = 2.0


#: Buckets that are kept at most before full ones are thrown away.
MOST_BUCKETS = 10_000


class Bucket:
    """How much one visitor may do: ``BURST`` at once, then ``PER_SECOND``."""

    def __init__(self, now: float) -> None:
        self._left, self._at = float(BURST), now

    def full(self, now: float) -> bool:
        """Whether nothing was taken lately."""
        return self._left + (now - self._at) * PER_SECOND >= BURST

    def take(self, now: float, cost: float) -> float:
        """Use some; 0, or the seconds after which there is enough."""
        self._left = min(BURST, self._left + (now - self._at) * PER_SECOND)
        self._at = now
        if self._left < cost:
            return (cost - self._left) / PER_SECOND
        self._left -= cost
        return 0.0


class Buckets:
    """The buckets of all visitors of this server; connecting anew does not fill one."""

    def __init__(self) -> None:
        self._buckets: Dict[str, Bucket] = {}

    def take(self, visitor: str, now: float, cost: float = 1.0) -> float:
        """Use some of what this visitor may do; 0, or the seconds after which there is enough.

        Args:
            now: monotonic seconds.
            cost: how much it takes; an ordinary event is 1.
        """
        if len(self._buckets) > MOST_BUCKETS:
            self._buckets = {name: bucket for name, bucket in self._buckets.items() if not bucket.full(now)}
        return self._buckets.setdefault(visitor, Bucket(now)).take(now, cost)


@dataclass
class Visitor:
    """One connection.

    Args:
        socket_id: Socket.IO's name for it.
        user_id: whom its token names, ``None`` without one.
        expires_at: when the token ends, seconds UTC.
        recipient_id: who it is; unknown until an anonymous visitor's first event.
        session_id: what the client was told to be its session.
        rich: whether it knows the additions of the protocol.
        plain: whether it gets ``bot_uttered``, and cannot say what it showed.
        known: whether the recipient is sure to have a row.
        order: keeps its messages in the order in which they came.
        timer: the next thing to do about its expiry.
        warned_at: when it was last told to slow down (monotonic seconds).
    """

    socket_id: str
    user_id: Optional[str] = None
    expires_at: Optional[float] = None
    recipient_id: Optional[str] = None
    session_id: Optional[str] = None
    rich: bool = False
    plain: bool = False
    known: bool = False
    order: asyncio.Lock = field(default_factory=asyncio.Lock)
    timer: Optional[asyncio.TimerHandle] = None
    warned_at: float = float("-inf")

    @property
    def sender_id(self) -> str:
        """The name of this recipient's tracker in the messenger."""
        return f"{ChannelType.MESSENGER.value}.{self.recipient_id}"

    @property
    def anonymous(self) -> bool:
        """Whether nobody vouched for who it is."""
        return self.user_id is None

    def expired(self, now: float) -> bool:
        """Whether its token has ended."""
        return self.expires_at is not None and now >= self.expires_at


def usable_session_id(raw: Any) -> str:
    """The client's session id if it can be a secret, else one of ours."""
    fits = isinstance(raw, str) and SHORTEST_SESSION_ID <= len(raw) <= LONGEST_SESSION_ID
    return str(raw) if fits else secrets.token_urlsafe(32)
