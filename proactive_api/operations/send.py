"""Send a proactive message: who gets which words, and whether now (spec section 2)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any, Dict, Mapping, Optional, Tuple

from sqlalchemy.engine import Connection

from proactive_api.lifecycle.links import Links
from proactive_api.lifecycle.markdown import Words, literal_of
from proactive_api.lifecycle.pasted import visible
from proactive_api.lifecycle.phone import InvalidPhone, normalize_phone
from proactive_api.lifecycle.placeholders import TemplateError
from proactive_api.lifecycle.sending import Skip, Wait
from proactive_api.lifecycle.sms import SmsSize, measure
from proactive_api.lifecycle.templates import refuse_variables, render
from proactive_api.lifecycle.titles import bad_title
from proactive_api.lifecycle.values import ChannelType, IfActive, SuggestedReply
from proactive_api.lifecycle.wording import sms_text
from proactive_api.operations import sending_rules
from proactive_api.operations.errors import InvalidInput
from proactive_api.operations.openings import opening
from proactive_api.storage import settings as stored_settings
from proactive_api.storage.conversations import chats
from proactive_api.storage.conversations.chats import Author, Chat, NewChat
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


def send(conn: Connection, draft: Draft, links: Links, now: float, author: Optional[Author] = None) -> Chat:
    """Accept a message; from here on it is not lost. Whoever must not get it makes it ``skipped``.

    Args:
        now: seconds UTC.
        author: who asks, if somebody does.

    Raises:
        InvalidInput: if the message cannot be sent to anybody.
    """
    check(draft)
    recipient = find_recipient(conn, draft, now)
    return chats.add(conn, compose(conn, draft, recipient, links, now), recipient.__dict__, now, author)


def compose(
    conn: Connection,
    draft: Draft,
    recipient: Recipient,
    links: Links,
    now: float,
    *,
    chat_id: Optional[str] = None,
    rendered_before: bool = False,
) -> NewChat:
    """The chat that a checked draft becomes for this recipient; nothing is stored.

    Args:
        chat_id: of the chat that it is to be in place of; a new one's otherwise.
        rendered_before: whether the words are that chat's, its variables filled in.

    Raises:
        InvalidInput: if there are no words for this recipient, or too many.
    """
    settings = stored_settings.load(conn)
    if draft.intent is not None:
        opening(conn, draft.intent, draft.entities, draft.campaign, draft.channel)
    chat_id = chat_id or chats.new_id()
    message = None if draft.message is None else _words(draft.message, recipient, rendered_before)
    size = _size(draft, message, chat_id, links)
    chat = NewChat(
        id=chat_id,
        recipient_id=recipient.id,
        channel=draft.channel,
        if_active=draft.if_active or settings.if_active,
        message=None if message is None else str(message),
        message_literal=literal_of(message or ""),
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


def _words(message: str, recipient: Recipient, rendered_before: bool) -> Words:
    return Words(message, literal_of(message)) if rendered_before else rendered(message, recipient)


def _size(draft: Draft, message: Optional[Words], chat_id: str, links: Links) -> Optional[SmsSize]:
    if message is None or draft.channel is not ChannelType.SMS:
        return None
    text = sms_text(message, draft.suggested_replies, chat_id, links)
    if not text.strip():
        raise InvalidInput("message", "This message is empty as plain text.")
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
        raise InvalidInput("message", "Enter a message or choose an intent.")
    if draft.message is not None and draft.intent is not None:
        raise InvalidInput("intent", "Give either a message or an intent, not both.")
    if draft.entities and draft.intent is None:
        raise InvalidInput("entities", "Entities go with an intent only.")
    for name, value in draft.entities.items():
        _refuse_variables(f"entities.{name}", value)
    if draft.suggested_replies and draft.message is None:
        sentence = "Suggested replies go with a message only; an intent's words are the assistant's."
        raise InvalidInput("suggested_replies", sentence)
    _check_replies(draft.suggested_replies, draft.channel)


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


def _check_replies(replies: Tuple[SuggestedReply, ...], channel: ChannelType) -> None:
    for index, reply in enumerate(replies):
        place = f"suggested_replies[{index}]"
        if reply.url is not None and reply.payload is not None:
            raise InvalidInput(f"{place}.payload", "A reply has either a url or a payload, not both.")
        for name, words in (("title", reply.title), ("url", reply.url), ("payload", reply.payload)):
            _refuse_variables(f"{place}.{name}", words)
        if reply.payload is not None and "{" in reply.payload:
            _check_entities(f"{place}.payload", reply.payload[reply.payload.index("{") :])
    bad = bad_title(replies, channel)
    if bad is not None:
        raise InvalidInput(f"suggested_replies[{bad.index}].title", bad.sentence)


def _refuse_variables(field_name: str, words: Any) -> None:
    """Only the message takes variables; elsewhere they would reach people as they are."""
    if isinstance(words, str):
        try:
            refuse_variables(words)
        except TemplateError as error:
            raise InvalidInput(field_name, str(error)) from None


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


def rendered(message: str, recipient: Recipient) -> Words:
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
        raise InvalidInput("message", "This can't be empty.")
    if len(text) > LONGEST:
        raise InvalidInput("message", f"This is too long: {len(text)} characters. The limit is {LONGEST}.")
    return text
