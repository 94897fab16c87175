"""What a tracker's event means for a conversation.

Rasa's events come in as the dictionaries that a tracker store keeps. Each becomes at most one
fact; events that say nothing about the life of a conversation become none.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, Mapping, Optional, Tuple

from proactive_api.lifecycle.facts import (
    CLOSED_REASON_SLOT,
    CSAT_COMMENT_SLOT,
    CSAT_SCORE_SLOT,
    HANDOFF_REASON_SLOT,
    METADATA_KEY,
    RATES_KEY,
    REACTION_SLOT,
    RESOLUTION_SLOT,
    SHOWN_SLOT,
    SURVEY_FORM,
    AgentSaid,
    Closed,
    Commented,
    Fact,
    HandedOver,
    HandoffReasonGiven,
    HumanSaid,
    Listened,
    Opened,
    Policy,
    Rated,
    RatedEarlier,
    Reacted,
    RecipientSaid,
    ResolutionAnswered,
    Returned,
    SessionStarted,
    Shown,
    SurveyEnded,
    SurveyStarted,
    number,
)
from proactive_api.lifecycle.markdown import Words, read_spans, verbatim
from proactive_api.lifecycle.values import ClosedReason

Event = Mapping[str, Any]


def read_fact(event: Event) -> Optional[Fact]:
    """The fact in one stored event, or ``None``. Never raises, whatever the event holds.

    Args:
        event: a Rasa event as a dictionary (``Event.as_dict``), times in seconds UTC.
    """
    read = _READERS.get(str(event.get("event")))
    at = number(event.get("timestamp"))
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
    message_id, reply_to = str(event.get("message_id") or at), _text_or_none(ours.get("reply_to"))
    rates = ours.get(RATES_KEY)
    if isinstance(rates, Mapping) and rates.get("score") in (1, 2, 3, 4, 5):
        about, comment = str(rates.get("conversation_id")), _text_or_none(rates.get("comment"))
        return RatedEarlier(at, message_id, about, int(rates["score"]), comment)
    return RecipientSaid(at, message_id, bool(ours.get("keyword")), policy, reply_to)


def _bot(event: Event, at: float) -> Optional[Fact]:
    ours = product_metadata(event)
    if RATES_KEY in ours:
        return None  # thanks for a rating of an earlier conversation say nothing in the newer one
    if ours.get("human_agent"):
        return HumanSaid(at)
    return AgentSaid(at, offered_replies(event), bool(ours.get("appended")))


def said_words(event: Event) -> Words:
    """What a bot event says, as Markdown that knows its literal parts. What a human agent typed is none."""
    ours, text = product_metadata(event), str(event.get("text") or "")
    if ours.get("human_agent"):
        return verbatim(text)
    return Words(text, read_spans(ours.get("literal")))


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
    score = number(value)
    return Rated(at, int(score)) if score in (1, 2, 3, 4, 5) else None


def _commented(at: float, value: Any) -> Optional[Fact]:
    return Commented(at, value) if isinstance(value, str) else None


def _resolution(at: float, value: Any) -> Optional[Fact]:
    return ResolutionAnswered(at, value == "resolved") if value in ("resolved", "unresolved") else None


def _handoff_reason(at: float, value: Any) -> Fact:
    return HandoffReasonGiven(at, value if isinstance(value, str) else None)


def _reaction(at: float, value: Any) -> Optional[Fact]:
    if value is None:
        return None
    return Reacted(at, _text_or_none(value.get("reply_to")) if isinstance(value, Mapping) else None)


def _shown(at: float, value: Any) -> Optional[Fact]:
    conversation_id = value.get("conversation_id") if isinstance(value, Mapping) else None
    return Shown(at, conversation_id) if isinstance(conversation_id, str) else None


def _text_or_none(value: Any) -> Optional[str]:
    return value if isinstance(value, str) else None


_SLOT_READERS: Dict[str, Callable[[float, Any], Optional[Fact]]] = {
    CLOSED_REASON_SLOT: _closed,
    CSAT_SCORE_SLOT: _rated,
    CSAT_COMMENT_SLOT: _commented,
    RESOLUTION_SLOT: _resolution,
    HANDOFF_REASON_SLOT: _handoff_reason,
    REACTION_SLOT: _reaction,
    SHOWN_SLOT: _shown,
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
