"""A conversation as people read it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Dict, Iterable, List, Mapping, Optional, Sequence, Tuple

from proactive_api.lifecycle.cleaning import clean
from proactive_api.lifecycle.markdown import in_browser, is_verbatim, markdown_to_plain, read_spans
from proactive_api.lifecycle.reading import Event, is_external, product_metadata, said_words
from proactive_api.lifecycle.values import ChannelType, DeliveryStatus


@dataclass(frozen=True)
class Entry:
    """One message. ``sender`` is ``ai_agent``, ``recipient`` or ``human_agent``; ``at`` seconds UTC.

    Args:
        name: the human agent's.
        suggested_reply: title of the reply that a recipient chose in other words, such as its number.
        chat_id: of the proactive chat whose words these are: a person of the business wrote them, whoever says them.
        id: of the human agent's message.
        carrier_id: under which the carrier knows it.
        delivery: how far it got, where that is known.
        error_code: the carrier's, if it has one.
        error: why it was not sent or not delivered, in a sentence.
        can_retry: whether another try may help.
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
    suggested_reply: Optional[str] = None
    chat_id: Optional[str] = None
    id: Optional[str] = None
    carrier_id: Optional[str] = None
    delivery: Optional[DeliveryStatus] = None
    error_code: Optional[int] = None
    error: Optional[str] = None
    can_retry: bool = False


def transcript(events: Iterable[Event], channel: str) -> List[Entry]:
    """What was said, oldest first. What went out by SMS is here as the phone shows it.

    Args:
        events: stored Rasa events of one conversation, oldest first.
        channel: the conversation's.
    """
    entries: List[Entry] = []
    opening = _Opening()
    for event in events:
        opening.goes_on(event)
        entry = _entry(event, channel)
        if entry is not None:
            entries.append(opening.owns(entry))
    return entries


class _Opening:
    """The words that a proactive chat begins with: the business's, also where a rule of the assistant found them."""

    def __init__(self) -> None:
        self._chat_id: Optional[str] = None
        self._spoken = False

    def goes_on(self, event: Event) -> None:
        """See where it begins and where it ends: with its turn."""
        kind = event.get("event")
        if kind == "session_started":
            self._chat_id, self._spoken = _text(product_metadata(event).get("chat_id")), False
        elif kind == "action" and event.get("name") == "action_listen" and self._spoken:
            self._chat_id = None

    def owns(self, entry: Entry) -> Entry:
        """The same message, as the chat's if it is a part of the opening."""
        if entry.sender != "ai_agent" or self._chat_id is None:
            return entry
        self._spoken = True
        return replace(entry, chat_id=entry.chat_id or self._chat_id)


def with_unsaid(said: Sequence[Entry], unsaid: Sequence[Entry]) -> List[Entry]:
    """What was said and what human agents asked to be said, oldest first; what was said meanwhile is there once.

    Args:
        said: of the tracker.
        unsaid: of the queue, read before the tracker was.
    """
    there = {entry.id for entry in said if entry.id is not None}
    return sorted([*said, *(entry for entry in unsaid if entry.id not in there)], key=lambda entry: entry.at)


def _entry(event: Event, channel: str) -> Optional[Entry]:
    kind = event.get("event")
    if kind == "user" and not is_external(event):
        return _from_recipient(event)
    return _from_business(event, channel) if kind == "bot" else None


def _from_recipient(event: Event) -> Entry:
    ours = product_metadata(event)
    # A tapped or numbered reply reaches Rasa as its payload; people read what was typed.
    text = clean(str(ours.get("text", event.get("text")) or ""))
    chosen = ours.get("suggested_reply")
    meant = chosen if isinstance(chosen, str) and chosen.strip().casefold() != text.strip().casefold() else None
    media = tuple(ours.get("media") or ())
    return Entry("recipient", text, _at(event), attachments=media, suggested_reply=meant)


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
    return Entry(
        "human_agent" if name else "ai_agent",
        text,
        _at(event),
        name,
        replies,
        attachments,
        chat_id=_text(ours.get("chat_id")),
        id=_text(ours.get("command_id")) if name else None,
        carrier_id=_text(ours.get("sid")),
        **written,
    )


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


def _text(value: Any) -> Optional[str]:
    return value if isinstance(value, str) else None


def _at(event: Event) -> float:
    at = event.get("timestamp")
    return float(at) if isinstance(at, (int, float)) else 0.0
