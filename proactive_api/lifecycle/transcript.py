"""A conversation as people read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, Iterable, List, Mapping, Optional, Tuple

from proactive_api.lifecycle.cleaning import clean
from proactive_api.lifecycle.markdown import in_browser, is_verbatim, markdown_to_plain, read_spans
from proactive_api.lifecycle.reading import Event, is_external, product_metadata, said_words
from proactive_api.lifecycle.values import ChannelType


@dataclass(frozen=True)
class Entry:
    """One message. ``sender`` is ``ai_agent``, ``recipient`` or ``human_agent``; ``at`` seconds UTC.

    Args:
        format: ``markdown`` where the text is, save for its ``literal`` parts; nothing where it is plain.
        literal: pairs of indexes as browsers count them.
    """

    sender: str
    text: str
    at: float
    name: Optional[str] = None
    suggested_replies: Tuple[Mapping[str, Any], ...] = ()
    attachments: Tuple[Mapping[str, Any], ...] = ()
    format: Optional[str] = None
    literal: Tuple[Tuple[int, int], ...] = ()

    def to_dict(self) -> Dict[str, Any]:
        """Without the parts that this message does not have."""
        return {key: value for key, value in self.__dict__.items() if value not in (None, ())}


def transcript(events: Iterable[Event], channel: str) -> List[Entry]:
    """What was said, oldest first. What went out by SMS is here as the phone shows it.

    Args:
        events: stored Rasa events of one conversation, oldest first.
        channel: the conversation's.
    """
    read = (_entry(event, channel) for event in events)
    return [entry for entry in read if entry is not None]


def _entry(event: Event, channel: str) -> Optional[Entry]:
    kind = event.get("event")
    if kind == "user" and not is_external(event):
        return _from_recipient(event)
    return _from_business(event, channel) if kind == "bot" else None


def _from_recipient(event: Event) -> Entry:
    ours = product_metadata(event)
    # A tapped or numbered reply reaches Rasa as its payload; people read what was typed.
    text = ours.get("text", event.get("text"))
    return Entry("recipient", clean(str(text or "")), _at(event), attachments=tuple(ours.get("media") or ()))


def _from_business(event: Event, channel: str) -> Optional[Entry]:
    ours = product_metadata(event)
    data = event.get("data") if isinstance(event.get("data"), Mapping) else {}
    text, written = _words(event, channel)
    image = (data or {}).get("image")
    attachments = ({"url": image},) if image else ()
    if not text and not attachments:
        return None
    name = ours.get("human_agent")
    replies = tuple(ours.get("suggested_replies") or (data or {}).get("buttons") or ())
    sender = "human_agent" if name else "ai_agent"
    return Entry(sender, text, _at(event), name, replies, attachments, **written)


def _words(event: Event, channel: str) -> Tuple[str, Dict[str, Any]]:
    if channel == ChannelType.SMS.value:
        # Earlier versions read a human agent's words as Markdown, too; their events do not say that they are none.
        sent = str(event.get("text") or "")
        return clean(markdown_to_plain(sent, read_spans(product_metadata(event).get("literal")))), {}
    words = said_words(event)
    if is_verbatim(words, words.literal):
        return clean(str(words)), {}
    literal = tuple((start, end) for start, end in in_browser(words, words.literal))
    return str(words), {"format": "markdown", "literal": literal}


def _at(event: Event) -> float:
    at = event.get("timestamp")
    return float(at) if isinstance(at, (int, float)) else 0.0
