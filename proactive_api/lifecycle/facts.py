"""What can be said of a conversation: one small value for each thing that happens to it.

``lifecycle.reading`` finds them in a tracker's events, ``lifecycle.fold`` makes figures of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Mapping, Optional, Tuple, Union

from proactive_api.lifecycle.values import ClosedReason

#: Key in an event's metadata under which the connectors say what Rasa has no field for.
METADATA_KEY = "proactive"

#: What in a message's metadata says that it rates an earlier conversation, or thanks for that.
RATES_KEY = "rates"

SURVEY_FORM = "csat_form"
CLOSED_REASON_SLOT = "closed_reason"
CSAT_SCORE_SLOT = "csat_score"
CSAT_COMMENT_SLOT = "csat_comment"
RESOLUTION_SLOT = "resolution"
HANDOFF_REASON_SLOT = "handoff_reason"
REACTION_SLOT = "reaction"
SHOWN_SLOT = "messenger_shown"
CHAT_SLOT = "proactive_chat"
CAMPAIGN_SLOT = "campaign"
SURVEY_QUESTIONS_SLOT = "survey_questions"
SURVEY_WANTED_SLOT = "survey_wanted"

#: Every slot that the product sets; an assistant's domain may lack any of them.
SLOTS = (
    CLOSED_REASON_SLOT,
    CSAT_SCORE_SLOT,
    CSAT_COMMENT_SLOT,
    RESOLUTION_SLOT,
    HANDOFF_REASON_SLOT,
    REACTION_SLOT,
    SHOWN_SLOT,
    CHAT_SLOT,
    CAMPAIGN_SLOT,
    SURVEY_QUESTIONS_SLOT,
    SURVEY_WANTED_SLOT,
)


def number(value: Any) -> Optional[float]:
    """``value`` as a float if it is a number, else ``None``: stored events may hold anything."""
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


@dataclass(frozen=True)
class Policy:
    """The durations (seconds) in force when an event happened; ``None`` means never.

    They travel in the events, so that figures rebuilt after a change of settings
    are the figures that were written live. ``pinned`` says that the auto-close timeout is
    the campaign's own: the channel's does not replace it while the conversation lasts.
    ``unseen_timeout`` is the messenger's, for what nobody has been shown.
    """

    auto_close_timeout: Optional[float] = None
    handoff_timeout: Optional[float] = None
    csat_expiry: Optional[float] = None
    pinned: bool = False
    unseen_timeout: Optional[float] = None

    @classmethod
    def from_dict(cls, raw: Any) -> Optional[Policy]:
        """Read a policy out of an event; ``None`` if there is none."""
        if not isinstance(raw, Mapping):
            return None
        return cls(
            number(raw.get("auto_close_timeout")),
            number(raw.get("handoff_timeout")),
            number(raw.get("csat_expiry")),
            bool(raw.get("pinned")),
            number(raw.get("unseen_timeout")),
        )


@dataclass(frozen=True)
class Opened:
    """The business wrote first, and the message left."""

    at: float
    conversation_id: str
    campaign: Optional[str] = None
    policy: Optional[Policy] = None


@dataclass(frozen=True)
class SessionStarted:
    """Rasa began a session of its own: loops and slots are gone."""

    at: float


@dataclass(frozen=True)
class RecipientSaid:
    """The recipient wrote. A carrier keyword such as STOP is no response.

    ``reply_to`` is the closed chat whose suggested reply it is.
    """

    at: float
    message_id: str
    keyword: bool = False
    policy: Optional[Policy] = None
    reply_to: Optional[str] = None


@dataclass(frozen=True)
class Reacted:
    """A tapback, an emoji reaction or an opened link; ``reply_to`` as for words."""

    at: float
    reply_to: Optional[str] = None


@dataclass(frozen=True)
class AgentSaid:
    """The AI agent, or the marketer through it, wrote; perhaps with suggested replies.

    ``appended`` says that a chat was said in a conversation that was open: what it offers replaces what others did.
    """

    at: float
    offered: Tuple[Mapping[str, Any], ...] = ()
    appended: bool = False


@dataclass(frozen=True)
class Shown:
    """The person was shown words of the business in this conversation."""

    at: float
    conversation_id: str


@dataclass(frozen=True)
class HumanSaid:
    """A human agent wrote."""

    at: float


@dataclass(frozen=True)
class HandoffReasonGiven:
    """Why the next handoff happens."""

    at: float
    reason: Optional[str]


@dataclass(frozen=True)
class HandedOver:
    """A human owns the conversation from here on (Rasa's ``ConversationPaused``)."""

    at: float


@dataclass(frozen=True)
class Returned:
    """The AI agent owns the conversation again (Rasa's ``ConversationResumed``)."""

    at: float


@dataclass(frozen=True)
class Closed:
    """The conversation closed."""

    at: float
    reason: ClosedReason


@dataclass(frozen=True)
class SurveyStarted:
    """The survey form is waiting for answers."""

    at: float


@dataclass(frozen=True)
class SurveyEnded:
    """The survey form no longer waits."""

    at: float


@dataclass(frozen=True)
class Rated:
    """CSAT, 1 to 5."""

    at: float
    score: int


@dataclass(frozen=True)
class RatedEarlier:
    """CSAT for the conversation that was asked about before a newer chat was sent; the newer one is not touched."""

    at: float
    message_id: str
    conversation_id: str
    score: int
    comment: Optional[str] = None


@dataclass(frozen=True)
class Commented:
    """The answer to the survey's follow-up question; empty when declined."""

    at: float
    text: str


@dataclass(frozen=True)
class ResolutionAnswered:
    """Yes or no to "Was this what you were looking for?"."""

    at: float
    resolved: bool


@dataclass(frozen=True)
class Listened:
    """A turn ended: the assistant waits for words."""

    at: float


Fact = Union[
    Opened,
    SessionStarted,
    RecipientSaid,
    Reacted,
    AgentSaid,
    Shown,
    HumanSaid,
    HandoffReasonGiven,
    HandedOver,
    Returned,
    Closed,
    SurveyStarted,
    SurveyEnded,
    Rated,
    RatedEarlier,
    Commented,
    ResolutionAnswered,
    Listened,
]
