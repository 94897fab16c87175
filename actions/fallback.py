"""The answer to what was not understood, and to what no rule or story covers."""

from __future__ import annotations

from typing import Any, Dict, List

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.handoff import REPEATED_MISUNDERSTANDING, leave_loop
from actions.turns import MISUNDERSTOOD, earlier_messages, intent_of


class ActionFallback(Action):
    """Speaks exactly once: a general answer, a polite word, or the handoff after two misunderstandings in a row."""

    def name(self) -> str:
        """Return the name used in rules and stories."""
        return "action_fallback"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]) -> List[EventType]:
        """Answer a message that was understood with ``utter_<intent>``; any other with ``utter_default``."""
        events = leave_loop(tracker)
        if misunderstood_again(tracker):
            return [
                *events,
                SlotSet("handoff_reason", REPEATED_MISUNDERSTANDING),
                FollowupAction("action_handoff"),
            ]
        dispatcher.utter_message(response=general_answer(tracker, domain))
        return events


def misunderstood_again(tracker: Tracker) -> bool:
    """True when this message and the one before it were both not understood."""
    if intent_of(tracker.latest_message) not in MISUNDERSTOOD:
        return False
    before = next(earlier_messages(tracker), None)
    return before is not None and intent_of(before) in MISUNDERSTOOD


def general_answer(tracker: Tracker, domain: Dict[str, Any]) -> str:
    """Name of the response to use where no rule or story knows better."""
    response = f"utter_{intent_of(tracker.latest_message)}"
    return response if response in domain.get("responses", {}) else "utter_default"
