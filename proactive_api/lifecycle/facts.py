"""What a tracker's event means for a conversation.

Rasa's events come in as the dictionaries that a tracker store keeps. Each becomes at most one
fact; events that say nothing about the life of a conversation become none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Dict, Mapping, Optional, Tuple, Union

from proactive_api.lifecycle.values import ClosedReason

#: Key in an event's metadata under which the connectors say what Rasa has no field for.
METADATA_KEY = "proactive"

SURVEY_FORM = "csat_form"
CLOSED_REASON_SLOT = "closed_reason"
CSAT_SCORE_SLOT = "csat_score"
CSAT_COMMENT_SLOT = "csat_comment"
RESOLUTION_SLOT = "resolution"
HANDOFF_REASON_SLOT = "handoff_reason"
REACTION_SLOT = "reaction"


@dataclass(frozen=True)
class Policy:
    """The durations (seconds) in force when an event happened; ``None`` means never.

    They travel in the events, so that figures rebuilt after a change of settings
    are the figures that were written live. ``pinned`` says that the auto-close timeout is
    the campaign's own: the channel's does not replace it while the conversation lasts.
    """

    auto_close_timeout: Optional[float] = None
    handoff_timeout: Optional[float] = None
    csat_expiry: Optional[float] = None
    pinned: bool = False

    @classmethod
    def from_dict(cls, raw: Any) -> Optional[Policy]:
        """Read a policy out of an event; ``None`` if there is none."""
        if not isinstance(raw, Mapping):
            return None
        return cls(
            _number(raw.get("auto_close_timeout")),
            _number(raw.get("handoff_timeout")),
            _number(raw.get("csat_expiry")),
            bool(raw.get("pinned")),
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
    """The recipient wrote. A carrier keyword such as STOP is no response."""

    at: float
    message_id: str
    keyword: bool = False
    policy: Optional[Policy] = None


@dataclass(frozen=True)
class Reacted:
    """A tapback, an emoji reaction or an opened link."""

    at: float


@dataclass(frozen=True)
class AgentSaid:
    """The AI agent, or the marketer through it, wrote; perhaps with suggested replies."""

    at: float
    offered: Tuple[Mapping[str, Any], ...] = ()


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
    HumanSaid,
    HandoffReasonGiven,
    HandedOver,
    Returned,
    Closed,
    SurveyStarted,
    SurveyEnded,
    Rated,
    Commented,
    ResolutionAnswered,
    Listened,
]
Event = Mapping[str, Any]


def read_fact(event: Event) -> Optional[Fact]:
    """The fact in one stored event, or ``None``. Never raises, whatever the event holds.

    Args:
        event: a Rasa event as a dictionary (``Event.as_dict``), times in seconds UTC.
    """
    read = _READERS.get(str(event.get("event")))
    at = _number(event.get("timestamp"))
    return None if read is None or at is None else read(event, at)


def product_metadata(event: Event) -> Mapping[str, Any]:
    """What a connector attached to this event; empty if nothing."""
    metadata = event.get("metadata")
    ours = metadata.get(METADATA_KEY) if isinstance(metadata, Mapping) else None
    return ours if isinstance(ours, Mapping) else {}


def is_external(event: Event) -> bool:
    """Whether a user event stands for an external intent instead of words (Rasa's ``is_external``)."""
    metadata = event.get("metadata")
    return isinstance(metadata, Mapping) and bool(metadata.get("is_external"))


def _number(value: Any) -> Optional[float]:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _session(event: Event, at: float) -> Fact:
    ours = product_metadata(event)
    chat_id, campaign = ours.get("chat_id"), ours.get("campaign")
    if not isinstance(chat_id, str):
        return SessionStarted(at)
    return Opened(at, chat_id, campaign if isinstance(campaign, str) else None, Policy.from_dict(ours.get("policy")))


def _user(event: Event, at: float) -> Optional[Fact]:
    if is_external(event) or event.get("text") is None:
        return None
    ours = product_metadata(event)
    policy = Policy.from_dict(ours.get("policy"))
    return RecipientSaid(at, str(event.get("message_id") or at), bool(ours.get("keyword")), policy)


def _bot(event: Event, at: float) -> Fact:
    return HumanSaid(at) if product_metadata(event).get("human_agent") else AgentSaid(at, offered_replies(event))


def offered_replies(event: Event) -> Tuple[Mapping[str, Any], ...]:
    """The suggested replies of a bot event, ours or those that Rasa calls buttons and quick replies."""
    data = event.get("data")
    raw = product_metadata(event).get("suggested_replies")
    if not raw and isinstance(data, Mapping):
        raw = data.get("quick_replies") or data.get("buttons")
    if not isinstance(raw, (list, tuple)):
        return ()
    return tuple(_reply(one) for one in raw if isinstance(one, Mapping) and isinstance(one.get("title"), str))


def _reply(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"title": raw["title"], "url": raw.get("url"), "payload": raw.get("payload")}


def _action(event: Event, at: float) -> Optional[Fact]:
    return Listened(at) if event.get("name") == "action_listen" else None


def _loop(event: Event, at: float) -> Fact:
    return SurveyStarted(at) if event.get("name") == SURVEY_FORM else SurveyEnded(at)


def _slot(event: Event, at: float) -> Optional[Fact]:
    read = _SLOT_READERS.get(str(event.get("name")))
    return read(at, event.get("value")) if read else None


def _closed(at: float, value: Any) -> Optional[Fact]:
    known = isinstance(value, str) and value in {reason.value for reason in ClosedReason}
    return Closed(at, ClosedReason(value)) if known else None


def _rated(at: float, value: Any) -> Optional[Fact]:
    score = _number(value)
    return Rated(at, int(score)) if score in (1, 2, 3, 4, 5) else None


def _commented(at: float, value: Any) -> Optional[Fact]:
    return Commented(at, value) if isinstance(value, str) else None


def _resolution(at: float, value: Any) -> Optional[Fact]:
    return ResolutionAnswered(at, value == "resolved") if value in ("resolved", "unresolved") else None


def _handoff_reason(at: float, value: Any) -> Fact:
    return HandoffReasonGiven(at, value if isinstance(value, str) else None)


def _reaction(at: float, value: Any) -> Optional[Fact]:
    return None if value is None else Reacted(at)


_SLOT_READERS: Dict[str, Callable[[float, Any], Optional[Fact]]] = {
    CLOSED_REASON_SLOT: _closed,
    CSAT_SCORE_SLOT: _rated,
    CSAT_COMMENT_SLOT: _commented,
    RESOLUTION_SLOT: _resolution,
    HANDOFF_REASON_SLOT: _handoff_reason,
    REACTION_SLOT: _reaction,
}

_READERS: Dict[str, Callable[[Event, float], Optional[Fact]]] = {
    "session_started": _session,
    "user": _user,
    "bot": _bot,
    "action": _action,
    "active_loop": _loop,
    "form": _loop,
    "slot": _slot,
    "pause": lambda _event, at: HandedOver(at),
    "resume": lambda _event, at: Returned(at),
}
