"""A conversation as people read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, Iterable, List, Mapping, Optional, Tuple

from proactive_api.lifecycle.cleaning import clean
from proactive_api.lifecycle.reading import Event, is_external, product_metadata


@dataclass(frozen=True)
class Entry:
    """One message. ``sender`` is ``ai_agent``, ``recipient`` or ``human_agent``; ``at`` seconds UTC."""

    sender: str
    text: str
    at: float
    name: Optional[str] = None
    suggested_replies: Tuple[Mapping[str, Any], ...] = ()
    attachments: Tuple[Mapping[str, Any], ...] = ()

    def to_dict(self) -> Dict[str, Any]:
        """Without the parts that this message does not have."""
        return {key: value for key, value in self.__dict__.items() if value not in (None, ())}


def transcript(events: Iterable[Event]) -> List[Entry]:
    """What was said, oldest first.

    Args:
        events: stored Rasa events of one conversation, oldest first.
    """
    read = (_entry(event) for event in events)
    return [entry for entry in read if entry is not None]


def _entry(event: Event) -> Optional[Entry]:
    kind = event.get("event")
    if kind == "user" and not is_external(event):
        return _from_recipient(event)
    return _from_business(event) if kind == "bot" else None


def _from_recipient(event: Event) -> Entry:
    ours = product_metadata(event)
    # A tapped or numbered reply reaches Rasa as its payload; people read what was typed.
    text = ours.get("text", event.get("text"))
    return Entry("recipient", clean(str(text or "")), _at(event), attachments=tuple(ours.get("media") or ()))


def _from_business(event: Event) -> Optional[Entry]:
    ours = product_metadata(event)
    data = event.get("data") if isinstance(event.get("data"), Mapping) else {}
    text = clean(str(event.get("text") or ""))
    image = (data or {}).get("image")
    attachments = ({"url": image},) if image else ()
    if not text and not attachments:
        return None
    name = ours.get("human_agent")
    replies = tuple(ours.get("suggested_replies") or (data or {}).get("buttons") or ())
    return Entry("human_agent" if name else "ai_agent", text, _at(event), name, replies, attachments)


def _at(event: Event) -> float:
    at = event.get("timestamp")
    return float(at) if isinstance(at, (int, float)) else 0.0
