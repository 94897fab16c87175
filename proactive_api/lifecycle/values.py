"""The words of the product as types: one word, one meaning (spec section 1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Dict, Mapping, Optional, Tuple


class ChannelType(str, Enum):
    """Where a conversation takes place."""

    SMS = "sms"
    MESSENGER = "messenger"


class StartedBy(str, Enum):
    """Who wrote first."""

    BUSINESS = "business"
    RECIPIENT = "recipient"


class ConversationType(str, Enum):
    """``proactive`` until the first response, ``general`` from then on."""

    PROACTIVE = "proactive"
    GENERAL = "general"


class ConversationStatus(str, Enum):
    """Whether a conversation still waits for words."""

    OPEN = "open"
    CLOSED = "closed"


class ResponseStatus(str, Enum):
    """Whether the recipient replied or reacted."""

    RESPONDED = "responded"
    NOT_RESPONDED = "not_responded"


class ClosedReason(str, Enum):
    """Why a conversation closed (spec section 3)."""

    AUTO = "auto"
    USER_RESOLVED = "user_resolved"
    USER_UNRESOLVED = "user_unresolved"
    BY_HUMAN_AGENT = "by_human_agent"
    FORCE_CLOSED = "force_closed"
    OPTED_OUT = "opted_out"


class DeliveryStatus(str, Enum):
    """How far a proactive message got (spec section 3)."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    SKIPPED = "skipped"


class IfActive(str, Enum):
    """What a send does when the recipient has an open conversation (spec section 2)."""

    SKIP = "skip"
    QUEUE = "queue"
    APPEND = "append"


@dataclass(frozen=True)
class SuggestedReply:
    """One answer offered with a message.

    Args:
        title: what the recipient sees, 1 to 40 characters.
        url: a web page that the reply opens.
        payload: a Rasa intent such as ``/choose_plan{"plan": "yearly"}``.
            With neither, the title itself is the answer.
    """

    title: str
    url: Optional[str] = None
    payload: Optional[str] = None

    def to_dict(self) -> Dict[str, Optional[str]]:
        """As rows and HTTP hold it."""
        return {"title": self.title, "url": self.url, "payload": self.payload}

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> SuggestedReply:
        """The inverse of ``to_dict``."""
        return cls(raw["title"], raw.get("url"), raw.get("payload"))


@dataclass(frozen=True)
class ChannelSettings:
    """Settings of one channel. Durations are seconds.

    A text of ``None`` means the assistant's own response; an empty one means silence.
    """

    auto_close_timeout: float
    handoff_timeout: float = 86400.0
    closing_message: Optional[str] = None
    csat_enabled: bool = True
    csat_expiry: float = 86400.0
    csat_when_unanswered: bool = True
    resolution_check_enabled: bool = False
    # SMS only.
    consent_message: Optional[str] = None
    help_message: Optional[str] = None
    # Messenger only: the web pages that may connect, such as ``https://shop.example``; None is all of them.
    allowed_origins: Optional[Tuple[str, ...]] = None
    # Messenger only: how long a message waits for somebody to see it.
    unseen_timeout: float = 604800.0


@dataclass(frozen=True)
class QuietHours:
    """No sends from ``start`` to ``end`` (``HH:MM``) on the recipient's clock."""

    start: str
    end: str


@dataclass(frozen=True)
class FrequencyCap:
    """At most ``messages`` proactive messages to one recipient in ``per_seconds``."""

    messages: int
    per_seconds: float


@dataclass(frozen=True)
class Settings:
    """Everything ``PATCH /v1/settings`` can change."""

    sms: ChannelSettings = field(default_factory=lambda: ChannelSettings(86400.0))
    messenger: ChannelSettings = field(default_factory=lambda: ChannelSettings(600.0))
    quiet_hours: Optional[QuietHours] = None
    frequency_cap: Optional[FrequencyCap] = None
    if_active: IfActive = IfActive.SKIP

    def for_channel(self, channel: ChannelType) -> ChannelSettings:
        """One channel's own."""
        return self.sms if channel is ChannelType.SMS else self.messenger


#: Sides of a transcript, in the words of the HTTP API.
SENDERS: Tuple[str, ...] = ("ai_agent", "recipient", "human_agent")
