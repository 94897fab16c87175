"""A tracker's events as the messenger shows them (docs/messenger.md): pure, and the same live and from history."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, Callable, Dict, Iterable, List, Mapping, Optional, Sequence, Tuple

from proactive_api.lifecycle.facts import REACTION_SLOT
from proactive_api.lifecycle.figures import State
from proactive_api.lifecycle.markdown import Words, in_browser, is_verbatim
from proactive_api.lifecycle.reading import Event, is_external, offered_replies, product_metadata, said_words

#: Responses that ask the survey's questions begin so (Rasa's naming of a form's questions).
_ASKS = "utter_ask_csat_form_"
#: The response that closes a conversation.
CLOSING_RESPONSE = "utter_closing"
_QUESTIONS = ("resolution", "csat_score", "csat_comment")
#: What widgets without the survey's own buttons offer as answers, unless the assistant's response brings its own.
_ANSWERS: Mapping[str, Tuple[str, ...]] = {"resolution": ("Yes", "No"), "csat_score": ("1", "2", "3", "4", "5")}
#: Events after which a conversation may be another one than before.
_TURNING_POINTS = {"session_started", "pause", "resume", "active_loop"}
_TURNING_SLOTS = {"closed_reason", "requested_slot"}

#: The tracked link of a chat's ``index``-th suggested reply.
LinkFor = Callable[[str, int], str]


def survey_question(event: Event) -> Optional[str]:
    """Which question of the survey a bot event asks: ``resolution``, ``csat_score`` or ``csat_comment``."""
    asked = _said_by(event)
    name = asked[len(_ASKS) :] if isinstance(asked, str) and asked.startswith(_ASKS) else None
    return name if name in _QUESTIONS else None


def _said_by(event: Event) -> Optional[Any]:
    """The assistant's response that a bot event is (Rasa's metadata)."""
    metadata = event.get("metadata")
    return metadata.get("utter_action") if isinstance(metadata, Mapping) else None


def message(event_id: int, event: Event, conversation_id: Optional[str], link_for: LinkFor) -> Optional[Dict[str, Any]]:
    """One thing that was said, in the shape of the protocol's Message; ``None`` if the event is nothing said."""
    kind = event.get("event")
    if kind == "user" and not is_external(event):
        return {**_message(event_id, event, conversation_id), **_from_recipient(event)}
    if kind != "bot":
        return None
    said = {**_message(event_id, event, conversation_id), **_from_business(event, link_for)}
    return said if any(said[part] for part in ("text", "attachments", "elements", "custom")) else None


def _message(event_id: int, event: Event, conversation_id: Optional[str]) -> Dict[str, Any]:
    return {
        "id": str(event_id),
        "sender": "recipient",
        "name": None,
        "text": str(event.get("text") or ""),
        "format": "plain",
        "literal": [],
        "at": timestamp(event.get("timestamp")),
        "conversation_id": conversation_id,
        "suggested_replies": [],
        "attachments": [],
        "elements": [],
        "custom": None,
        "survey": None,
        "closing": False,
        "reaction": None,
        "client_id": None,
    }


def _from_recipient(event: Event) -> Dict[str, Any]:
    ours = product_metadata(event)
    # A tapped reply reaches Rasa as its payload; people read its title.
    text = ours.get("title") or ours.get("text", event.get("text"))
    return {"text": str(text or ""), "client_id": ours.get("client_id"), "survey": ours.get("survey")}


def _from_business(event: Event, link_for: LinkFor) -> Dict[str, Any]:
    name = product_metadata(event).get("human_agent")
    data = _data(event)
    return {
        **written(said_words(event)),
        "sender": "human_agent" if name else "ai_agent",
        "name": str(name) if name else None,
        "suggested_replies": replies(event, link_for),
        "attachments": attachments(event),
        "elements": _elements(data),
        "custom": data.get("custom") or None,
        "survey": survey_question(event),
        "closing": _said_by(event) == CLOSING_RESPONSE,
    }


def written(words: Words) -> Dict[str, Any]:
    """How a browser is to read them: as ``markdown``, save for the ``literal`` parts of it, or as ``plain`` text."""
    if is_verbatim(words, words.literal):
        return {"format": "plain", "literal": []}
    return {"format": "markdown", "literal": in_browser(words, words.literal)}


def _data(event: Event) -> Mapping[str, Any]:
    data = event.get("data")
    return data if isinstance(data, Mapping) else {}


def _elements(data: Mapping[str, Any]) -> List[Any]:
    elements = data.get("elements")
    return elements if isinstance(elements, list) else []


def replies(event: Event, link_for: LinkFor) -> List[Dict[str, Optional[str]]]:
    """The suggested replies of a bot event; links are tracked where they belong to a chat."""
    chat_id = product_metadata(event).get("chat_id")
    found = []
    for index, reply in enumerate(offered_replies(event)):
        url = reply.get("url")
        tracked = link_for(chat_id, index) if url and isinstance(chat_id, str) else url
        found.append({"title": str(reply["title"]), "url": tracked or None, "payload": reply.get("payload") or None})
    return found


def attachments(event: Event) -> List[Dict[str, Optional[str]]]:
    """Pictures and files of a bot event."""
    data = _data(event)
    image, attachment = data.get("image"), data.get("attachment")
    found: List[Dict[str, Optional[str]]] = []
    if isinstance(image, str):
        found.append({"type": "image", "url": image, "title": None})
    if isinstance(attachment, Mapping):
        payload = attachment.get("payload")
        source = payload if isinstance(payload, Mapping) else attachment
        url, kind = source.get("src") or source.get("url"), attachment.get("type")
        if isinstance(url, str):
            known = kind if kind in ("image", "video", "audio") else "file"
            found.append({"type": known, "url": url, "title": source.get("title")})
    elif isinstance(attachment, str) and attachment != image:
        found.append({"type": "file", "url": attachment, "title": None})
    return found


def plain(event: Event, link_for: LinkFor) -> List[Any]:
    """A bot event in the shapes of Rasa's own channel (``SocketIOOutput``), one for each ``bot_uttered``."""
    if event.get("event") != "bot":
        return []
    data = _data(event)
    offered = replies(event, link_for) or _answers(event)
    shapes: List[Any] = _plain_text(str(event.get("text") or ""), offered)
    custom = data.get("custom")
    if custom:
        shapes.append(custom.get("data", custom) if isinstance(custom, Mapping) else custom)
    for one in attachments(event):
        shapes.append({"attachment": {"type": one["type"], "payload": {"src": one["url"]}}})
    for element in _elements(data):
        template = {"template_type": "generic", "elements": element}
        shapes.append({"attachment": {"type": "template", "payload": template}})
    return shapes


def _answers(event: Event) -> List[Dict[str, Optional[str]]]:
    """The answers to the question of the survey that a bot event asks."""
    answers = _ANSWERS.get(survey_question(event) or "", ())
    return [{"title": answer, "url": None, "payload": answer} for answer in answers]


def _plain_text(text: str, offered: Sequence[Mapping[str, Optional[str]]]) -> List[Any]:
    links = [f"{reply['title']}: {reply['url']}" for reply in offered if reply["url"]]
    buttons = [
        {"content_type": "text", "title": reply["title"], "payload": reply["payload"] or reply["title"]}
        for reply in offered
        if not reply["url"]
    ]
    words = "\n".join(one for one in (text, *links) if one)
    if not words:
        return []
    return [{"text": words, "quick_replies": buttons}] if buttons else [{"text": words}]


def reaction(event: Event) -> Optional[Dict[str, Optional[str]]]:
    """An emoji given to a message, or taken back: ``{"message_id", "emoji"}``."""
    value = event.get("value")
    if event.get("event") != "slot" or event.get("name") != REACTION_SLOT or not isinstance(value, Mapping):
        return None
    message_id = value.get("message_id")
    return {"message_id": str(message_id), "emoji": value.get("emoji")} if message_id else None


def with_reactions(messages: Iterable[Dict[str, Any]], events: Iterable[Event]) -> List[Dict[str, Any]]:
    """The messages, each with the last reaction that it got."""
    latest = {one["message_id"]: one["emoji"] for one in map(reaction, events) if one}
    return [{**one, "reaction": latest.get(one["id"])} for one in messages]


def conversation(state: State, question: Optional[str], human_name: Optional[str]) -> Dict[str, Any]:
    """What the client must know of the conversation, in the shape of the protocol's Conversation.

    Args:
        question: the last question of the survey that was asked.
        human_name: who of the humans spoke last.
    """
    known = state.conversation
    handed_over = state.handoff is not None
    return {
        "id": known.id if known else None,
        "status": known.status.value if known else None,
        "handed_over": handed_over,
        "human_name": human_name if handed_over else None,
        "survey": question if state.survey else None,
    }


def turns_the_conversation(events: Sequence[Event], state: State) -> bool:
    """Whether the conversation may be another one after these events, or in another state.

    Args:
        state: after them.
    """
    began = state.conversation.started_at if state.conversation else None
    return any(
        event.get("timestamp") == began
        or event.get("event") in _TURNING_POINTS
        or (event.get("event") == "slot" and event.get("name") in _TURNING_SLOTS)
        or product_metadata(event).get("human_agent")
        for event in events
    )


def conversation_at(starts: Sequence[Tuple[float, str]], at: Any) -> Optional[str]:
    """The conversation that something belongs to: the last one that had begun by then.

    Args:
        starts: when each began (seconds UTC) and its id, oldest first.
    """
    begun = [one for started, one in starts if isinstance(at, (int, float)) and started <= at]
    return begun[-1] if begun else None


def timestamp(at: Any) -> str:
    """Seconds UTC as RFC 3339 with milliseconds."""
    seconds = at if isinstance(at, (int, float)) else 0.0
    return datetime.fromtimestamp(seconds, timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
