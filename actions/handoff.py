"""Passing a conversation to a human (spec section 4)."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecuted, ActiveLoop, ConversationPaused, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.turns import events_of_this_turn, intent_of

REQUESTED = "requested"
REPEATED_MISUNDERSTANDING = "repeated_misunderstanding"
ASSISTANT_FAILED = "assistant_failed"
RULE = "rule"

_REASON_BY_INTENT: Mapping[str, str] = {"request_human": REQUESTED, "EXTERNAL_handoff": ASSISTANT_FAILED}


class ActionHandoff(Action):
    """Says that a human takes over, and falls silent from then on."""

    def name(self) -> str:
        """Return the name used in rules and stories."""
        return "action_handoff"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> List[EventType]:
        """Return the reason and Rasa's own pause event; the tracker store opens the ticket on seeing them.

        The reason is what another action of this turn said, else what the intent means, else ``rule``.
        """
        dispatcher.utter_message(response="utter_handoff")
        return [
            *leave_loop(tracker),
            SlotSet("handoff_reason", handoff_reason(tracker)),
            ConversationPaused(),
            # A paused tracker gets no action_listen of its own; without one no rule fits when the conversation is
            # given back.
            ActionExecuted("action_listen"),
        ]


def handoff_reason(tracker: Tracker) -> str:
    """Why the conversation goes to a human, in one word of the HTTP API."""
    return _reason_set_in_this_turn(tracker) or _REASON_BY_INTENT.get(intent_of(tracker.latest_message), RULE)


def _reason_set_in_this_turn(tracker: Tracker) -> Optional[str]:
    values = [e.get("value") for e in events_of_this_turn(tracker) if e.get("name") == "handoff_reason"]
    return values[-1] if values else None


def leave_loop(tracker: Tracker) -> List[EventType]:
    """Events that end a form which is still asking; none when there is none."""
    if not tracker.active_loop_name:
        return []
    return [ActiveLoop(None), SlotSet("requested_slot", None)]
