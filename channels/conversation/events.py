"""The tracker events that the connectors write themselves, as Rasa stores them."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Sequence

from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME, REQUESTED_SLOT
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    ConversationPaused,
    ConversationResumed,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)

from proactive_api.lifecycle.facts import (
    CAMPAIGN_SLOT,
    CHAT_SLOT,
    CLOSED_REASON_SLOT,
    CSAT_COMMENT_SLOT,
    CSAT_SCORE_SLOT,
    HANDOFF_REASON_SLOT,
    METADATA_KEY,
    REACTION_SLOT,
    RESOLUTION_SLOT,
    SHOWN_SLOT,
    SURVEY_QUESTIONS_SLOT,
    SURVEY_WANTED_SLOT,
    Policy,
)
from proactive_api.lifecycle.markdown import literal_of
from proactive_api.lifecycle.values import ClosedReason, SuggestedReply

OPENING_ACTION = "action_proactive_message"
_ANSWERS = (CSAT_SCORE_SLOT, CSAT_COMMENT_SLOT, RESOLUTION_SLOT)


def stored(events: Sequence[Event]) -> List[Dict[str, Any]]:
    """As the tracker store keeps them."""
    return [event.as_dict() for event in events]


def session(at: float, slots: Mapping[str, Any], metadata: Optional[Mapping[str, Any]] = None) -> List[Event]:
    """A new Rasa session with these slots; old loops and slots are gone. ``at``: seconds UTC."""
    begun: List[Event] = [
        ActionExecuted(ACTION_SESSION_START_NAME, timestamp=at),
        SessionStarted(timestamp=at, metadata={METADATA_KEY: dict(metadata)} if metadata else None),
    ]
    return begun + [SlotSet(name, value, timestamp=at) for name, value in slots.items() if value is not None]


def opening(at: float, chat_id: str, campaign: Optional[str], channel: str, policy: Policy) -> List[Event]:
    """The session of a proactive chat (spec section 3, "sent")."""
    about = {"chat_id": chat_id, "campaign": campaign, "channel": channel, "policy": policy_metadata(policy)}
    return session(at, {CHAT_SLOT: chat_id, CAMPAIGN_SLOT: campaign}, about)


def policy_metadata(policy: Policy) -> Dict[str, Any]:
    """How a policy travels in an event."""
    return dict(policy.__dict__)


def words(
    at: float,
    text: str,
    metadata: Mapping[str, Any],
    replies: Sequence[SuggestedReply] = (),
    action: Optional[str] = None,
) -> List[Event]:
    """What the business said, as one action of the assistant.

    Args:
        text: Markdown; ``Words`` know what of it is literal, and so will who reads the event.
    """
    ours = dict(metadata)
    literal = literal_of(text)
    if literal:
        ours["literal"] = [list(span) for span in literal]
    if replies:
        ours["suggested_replies"] = [reply.to_dict() for reply in replies]
    said: Event = BotUttered(str(text), {}, metadata={METADATA_KEY: ours}, timestamp=at)
    return [ActionExecuted(action, timestamp=at), said] if action else [said]


def listen(at: float) -> Event:
    """The assistant waits for words."""
    return ActionExecuted(ACTION_LISTEN_NAME, timestamp=at)


def heard(at: float, text: str, message_id: str, channel: str, metadata: Mapping[str, Any]) -> Event:
    """What the recipient wrote, where no turn of the assistant follows."""
    return UserUttered(
        text, input_channel=channel, message_id=message_id, metadata={METADATA_KEY: dict(metadata)}, timestamp=at
    )


def reaction(at: float, value: Mapping[str, Any]) -> Event:
    """A tapback, an emoji reaction or an opened link."""
    return SlotSet(REACTION_SLOT, dict(value), timestamp=at)


def shown(at: float, conversation_id: str) -> Event:
    """The person was shown words of the business in this conversation."""
    return SlotSet(SHOWN_SLOT, {"conversation_id": conversation_id}, timestamp=at)


def handed_over(at: float, reason: str) -> List[Event]:
    """A human owns the conversation from here on."""
    return [SlotSet(HANDOFF_REASON_SLOT, reason, timestamp=at), ConversationPaused(timestamp=at)]


def returned(at: float) -> List[Event]:
    """The AI agent owns it again."""
    return [ConversationResumed(timestamp=at), SlotSet(HANDOFF_REASON_SLOT, None, timestamp=at)]


def survey_left(at: float) -> List[Event]:
    """The survey waits no longer."""
    return [ActiveLoop(None, timestamp=at), SlotSet(REQUESTED_SLOT, None, timestamp=at)]


def closed(at: float, reason: ClosedReason, questions: Sequence[str], paused: bool) -> List[Event]:
    """The conversation closes; ``questions`` are those that the survey is to ask."""
    events: List[Event] = [SlotSet(slot, None, timestamp=at) for slot in _ANSWERS]
    events += [
        SlotSet(SURVEY_QUESTIONS_SLOT, list(questions), timestamp=at),
        SlotSet(SURVEY_WANTED_SLOT, bool(questions), timestamp=at),
        SlotSet(CLOSED_REASON_SLOT, reason.value, timestamp=at),
    ]
    # Closed first, then given back: the survey is the AI agent's, but nobody was active.
    return events + (returned(at) if paused else [])
