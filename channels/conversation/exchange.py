"""What was said in a conversation lately, as its tracker holds it."""

from __future__ import annotations

from typing import Any, List

from rasa.shared.core.events import BotUttered, ConversationPaused, ConversationResumed, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from proactive_api.lifecycle.facts import METADATA_KEY
from proactive_api.lifecycle.loops import Said
from proactive_api.lifecycle.reading import is_external


def last_words(tracker: DialogueStateTracker) -> str:
    """What the business said last in this session."""
    said = (event.text for event in reversed(tracker.events) if isinstance(event, BotUttered))
    return next(said, None) or ""


def exchange(tracker: DialogueStateTracker) -> List[Said]:
    """Messages of this session, oldest first, since a human last had it; what human agents said is left out."""
    said: List[Said] = []
    for event in tracker.events:
        if isinstance(event, (ConversationPaused, ConversationResumed)):
            said = []
        elif isinstance(event, (UserUttered, BotUttered)) and not is_external(event.as_dict()):
            ours = (event.metadata or {}).get(METADATA_KEY) or {}
            if not ours.get("human_agent") and not ours.get("chat_id"):
                text: Any = ours.get("text") or event.text
                said.append(Said(event.timestamp, str(text or ""), isinstance(event, UserUttered)))
    return said
