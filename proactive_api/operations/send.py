"""Send a proactive message: who gets which words, and whether now (spec section 2)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any, Dict, Mapping, Optional, Tuple

from sqlalchemy.engine import Connection

from proactive_api.lifecycle.cleaning import visible
from proactive_api.lifecycle.links import Links
from proactive_api.lifecycle.phone import InvalidPhone, normalize_phone
from proactive_api.lifecycle.sending import Skip, Wait
from proactive_api.lifecycle.sms import SmsSize, measure
from proactive_api.lifecycle.templates import TemplateError, render
from proactive_api.lifecycle.values import ChannelType, IfActive, SuggestedReply
from proactive_api.lifecycle.wording import sms_text
from proactive_api.operations import sending_rules
from proactive_api.operations.errors import InvalidInput
from proactive_api.storage import settings as stored_settings
from proactive_api.storage.conversations import chats
from proactive_api.storage.conversations.chats import Chat, NewChat
from proactive_api.storage.people import recipients
from proactive_api.storage.people.recipients import Recipient

#: Longest message, and longest SMS with its suggested replies: what the carrier takes at once.
LONGEST = 1600


@dataclass(frozen=True)
class Draft:
    """A message to one person, as somebody asked for it. Times are seconds UTC, durations seconds.

    Args:
        user_id: who gets it; or else ``phone_number``, as it was typed.
        message: the words, with variables; or else ``intent`` and ``entities``.
        if_active: ``None`` for what the settings say.
    """

    channel: ChannelType
    user_id: Optional[str] = None
    phone_number: Optional[str] = None
    message: Optional[str] = None
    intent: Optional[str] = None
    entities: Mapping[str, Any] = field(default_factory=dict)
    suggested_replies: Tuple[SuggestedReply, ...] = ()
    campaign: Optional[str] = None
    scheduled_at: Optional[float] = None
    if_active: Optional[IfActive] = None
    auto_close_timeout: Optional[float] = None


def send(conn: Connection, draft: Draft, links: Links, now: float) -> Chat:
    """Accept a message; from here on it is not lost. Whoever must not get it makes it ``skipped``.

    Args:
        now: seconds UTC.

    Raises:
        InvalidInput: if the message cannot be sent to anybody.
    """
    check(draft)
    recipient = find_recipient(conn, draft, now)
    return chats.add(conn, compose(conn, draft, recipient, links, now), recipient.__dict__, now)


def compose(conn: Connection, draft: Draft, recipient: Recipient, links: Links, now: float) -> NewChat:
    """The chat that a checked draft becomes for this recipient; nothing is stored.

    Raises:
        InvalidInput: if there are no words for this recipient, or too many.
    """
    settings = stored_settings.load(conn)
    chat_id = chats.new_id()
    message = None if draft.message is None else rendered(draft.message, recipient)
    size = _size(draft, message, chat_id, links)
    chat = NewChat(
        id=chat_id,
        recipient_id=recipient.id,
        channel=draft.channel,
        if_active=draft.if_active or settings.if_active,
        message=message,
        intent=draft.intent,
        entities=draft.entities,
        suggested_replies=draft.suggested_replies,
        campaign=visible(draft.campaign or "") or None,
        auto_close_timeout=draft.auto_close_timeout,
        scheduled_at=draft.scheduled_at,
        encoding=size.encoding if size else None,
        segments=size.segments if size else None,
    )
    decided = _decided(sending_rules.decide_new(conn, chat, recipient, settings, now))
    return replace(chat, **decided) if decided else chat


def _size(draft: Draft, message: Optional[str], chat_id: str, links: Links) -> Optional[SmsSize]:
    if message is None or draft.channel is not ChannelType.SMS:
        return None
    text = sms_text(message, draft.suggested_replies, chat_id, links)
    if not text.strip():
        raise InvalidInput("message", "Nothing is left of this as plain text.")
    if len(text) > LONGEST:
        sentence = f"With its suggested replies the SMS has {len(text)} characters; the carrier takes {LONGEST}."
        raise InvalidInput("message", sentence)
    return measure(text)


def _decided(decision: sending_rules.Decision) -> Dict[str, Any]:
    """What the sending rules say at this moment; the worker asks them again when its time has come."""
    if isinstance(decision, Skip):
        return {"delivery_status": "skipped", "skip_reason": decision.reason}
    if isinstance(decision, Wait):
        return {"not_before": decision.until, "wait_reason": decision.reason}
    return {}


def check(draft: Draft) -> None:
    """See that the parts of a draft go together.

    Raises:
        InvalidInput: naming the field that is missing or too much.
    """
    _check_address(draft)
    if draft.message is None and draft.intent is None:
        raise InvalidInput("message", "Say what to send: a message or an intent is needed.")
    if draft.message is not None and draft.intent is not None:
        raise InvalidInput("intent", "Give either a message or an intent, not both.")
    if draft.entities and draft.intent is None:
        raise InvalidInput("entities", "Entities go with an intent only.")
    if draft.suggested_replies and draft.message is None:
        sentence = "Suggested replies go with a message only; an intent's words are the assistant's."
        raise InvalidInput("suggested_replies", sentence)
    _check_replies(draft.suggested_replies)


def _check_address(draft: Draft) -> None:
    if draft.channel is ChannelType.MESSENGER:
        if draft.phone_number is not None:
            sentence = "The messenger reaches people by their user_id; leave the phone_number out."
            raise InvalidInput("phone_number", sentence)
        if draft.user_id is None:
            raise InvalidInput("user_id", "Say who gets it: the messenger needs a user_id.")
        return
    if draft.user_id is None and draft.phone_number is None:
        raise InvalidInput("user_id", "Say who gets it: a user_id or a phone_number is needed.")
    if draft.user_id is not None and draft.phone_number is not None:
        raise InvalidInput("phone_number", "Give either a user_id or a phone_number, not both.")


def _check_replies(replies: Tuple[SuggestedReply, ...]) -> None:
    titles: Dict[str, int] = {}
    for index, reply in enumerate(replies):
        place = f"suggested_replies[{index}]"
        if reply.url is not None and reply.payload is not None:
            raise InvalidInput(f"{place}.payload", "A reply has either a url or a payload, not both.")
        if reply.payload is not None and "{" in reply.payload:
            _check_entities(f"{place}.payload", reply.payload[reply.payload.index("{") :])
        earlier = titles.setdefault(reply.title.casefold(), index)
        if earlier != index:
            sentence = f"This is the title of reply {earlier + 1} already; nobody could tell them apart."
            raise InvalidInput(f"{place}.title", sentence)


def _check_entities(field_name: str, raw: str) -> None:
    try:
        json.loads(raw)
    except (ValueError, RecursionError):
        sentence = 'What follows the intent must be JSON, such as {"plan":"yearly"}.'
        raise InvalidInput(field_name, sentence) from None


def find_recipient(conn: Connection, draft: Draft, now: float) -> Recipient:
    """Who gets it; a bare number becomes a recipient at first contact.

    Raises:
        InvalidInput: if there is nobody.
    """
    if draft.phone_number is not None:
        return recipients.find_or_create(conn, number_of(draft.phone_number), now)
    return named_recipient(conn, draft)


def named_recipient(conn: Connection, draft: Draft) -> Recipient:
    """The recipient whom a draft names by their user ID.

    Raises:
        InvalidInput: if there is nobody.
    """
    found = recipients.find_named(conn, draft.user_id or "")
    if found is None:
        raise InvalidInput("user_id", "There is no recipient with this user ID.")
    return found


def number_of(typed: str) -> str:
    """A typed phone number in E.164.

    Raises:
        InvalidInput: if it is none.
    """
    try:
        return normalize_phone(typed)
    except InvalidPhone as error:
        raise InvalidInput("phone_number", str(error)) from None


def rendered(message: str, recipient: Recipient) -> str:
    """The words for this recipient.

    Raises:
        InvalidInput: if a variable has neither value nor fallback, or the words become too long.
    """
    known = {name: getattr(recipient, name) for name in ("nickname", "user_id", "phone_number", "locale")}
    try:
        text = render(message, {**recipient.attributes, **{k: v for k, v in known.items() if v is not None}})
    except TemplateError as error:
        raise InvalidInput("message", str(error)) from None
    if not text.strip():
        raise InvalidInput("message", "This must not be empty.")
    if len(text) > LONGEST:
        raise InvalidInput("message", f"This is too long: {len(text)} characters, at most {LONGEST}.")
    return text
