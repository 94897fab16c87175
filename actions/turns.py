"""What the actions read from a tracker."""

from __future__ import annotations

from typing import Any, Dict, Iterator, List, Mapping

from rasa_sdk import Tracker

NLU_FALLBACK = "nlu_fallback"
MISUNDERSTOOD = frozenset({NLU_FALLBACK, "out_of_scope"})

#: Events before which nothing counts any more: another conversation, or a human in between.
_FRESH_STARTS = frozenset({"session_started", "restart", "pause", "resume"})


def intent_of(message: Mapping[str, Any]) -> str:
    """Intent name of a user message; empty when it has none."""
    intent = message.get("intent") or (message.get("parse_data") or {}).get("intent") or {}
    return str(intent.get("name") or "")


def confidence_of(message: Mapping[str, Any]) -> float:
    """How sure the understanding was of that intent, 0 to 1."""
    return float((message.get("intent") or {}).get("confidence") or 0.0)


def events_of_this_turn(tracker: Tracker) -> List[Dict[str, Any]]:
    """Events after the latest user message, oldest first."""
    turn: List[Dict[str, Any]] = []
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            break
        turn.insert(0, event)
    return turn


def earlier_messages(tracker: Tracker) -> Iterator[Dict[str, Any]]:
    """User messages before the latest, newest first, back to where the conversation started or a human had it."""
    skipped_latest = False
    for event in reversed(tracker.events):
        if event.get("event") in _FRESH_STARTS:
            return
        if event.get("event") == "user":
            if skipped_latest:
                yield event
            skipped_latest = True
