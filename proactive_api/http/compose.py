"""From the body of a send to a chat that can be stored: who gets which words, and whether now."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Callable, Dict, List, Optional, Sequence, Tuple, Union

from sqlalchemy.engine import Connection

from proactive_api.config import Config
from proactive_api.http import fields
from proactive_api.http.endpoint import Call
from proactive_api.http.problems import invalid
from proactive_api.lifecycle.links import link_token, link_url
from proactive_api.lifecycle.markdown import markdown_to_plain
from proactive_api.lifecycle.phone import default_timezone
from proactive_api.lifecycle.replies import sms_body
from proactive_api.lifecycle.sending import Candidate, Skip, Wait, decide
from proactive_api.lifecycle.sms import measure
from proactive_api.lifecycle.templates import TemplateError, render
from proactive_api.lifecycle.values import ChannelType, IfActive, Settings, SuggestedReply
from proactive_api.storage import chats, gate, recipients
from proactive_api.storage import settings as stored_settings
from proactive_api.storage.chats import NewChat
from proactive_api.storage.recipients import Recipient

if TYPE_CHECKING:
    from proactive_api.http.chats import NewProactiveChat, SuggestedReplyBody

#: Longest message, and longest SMS with its suggested replies: what the carrier takes at once.
LONGEST = 1600


def compose(
    conn: Connection, call: Call, recipient_of: Optional[Callable[..., Recipient]] = None
) -> Tuple[NewChat, Recipient]:
    """The chat that a body asks for, and who gets it.

    Args:
        recipient_of: finds out who gets it; by default ``find_recipient``, which makes whom nobody knew.

    Raises:
        Problem: 422, naming the field.
    """
    body: NewProactiveChat = call.body
    check_combination(body)
    replies = suggested_replies(body.suggested_replies or [])
    recipient = (recipient_of or find_recipient)(conn, body, call.now)
    settings = stored_settings.load(conn)
    chat_id = chats.new_id()
    message = None if body.message is None else rendered(body.message, recipient)
    size = None
    if message is not None and body.channel_type == ChannelType.SMS.value:
        size = measure(sms_text(call.config, chat_id, message, replies))
    chat = NewChat(
        id=chat_id,
        recipient_id=recipient.id,
        channel=ChannelType(body.channel_type),
        if_active=IfActive(body.if_active) if body.if_active else settings.if_active,
        message=message,
        intent=body.intent,
        entities=body.entities or {},
        suggested_replies=replies,
        campaign=body.campaign,
        auto_close_timeout=body.auto_close_timeout,
        scheduled_at=fields.seconds("scheduled_at", body.scheduled_at),
        encoding=size.encoding if size else None,
        segments=size.segments if size else None,
    )
    decided = _decided(conn, chat, recipient, settings, call.now)
    return (replace(chat, **decided) if decided else chat), recipient


def check_combination(body: NewProactiveChat) -> None:
    """What no single field can tell.

    Raises:
        Problem: 422, naming the field that is missing or too much.
    """
    _check_address(body)
    if body.message is None and body.intent is None:
        raise invalid("message", "Say what to send: a message or an intent is needed.")
    if body.message is not None and body.intent is not None:
        raise invalid("intent", "Give either a message or an intent, not both.")
    if body.entities and body.intent is None:
        raise invalid("entities", "Entities go with an intent only.")
    if body.suggested_replies and body.message is None:
        raise invalid(
            "suggested_replies", "Suggested replies go with a message only; an intent's words are the assistant's."
        )


def _check_address(body: NewProactiveChat) -> None:
    if body.channel_type == ChannelType.MESSENGER.value:
        if body.phone_number is not None:
            raise invalid("phone_number", "The messenger reaches people by their user_id; leave the phone_number out.")
        if body.user_id is None:
            raise invalid("user_id", "Say who gets it: the messenger needs a user_id.")
        return
    if body.user_id is None and body.phone_number is None:
        raise invalid("user_id", "Say who gets it: a user_id or a phone_number is needed.")
    if body.user_id is not None and body.phone_number is not None:
        raise invalid("phone_number", "Give either a user_id or a phone_number, not both.")


def suggested_replies(raw: Sequence[Union[str, SuggestedReplyBody]]) -> Tuple[SuggestedReply, ...]:
    """The replies of a body.

    Raises:
        Problem: 422, naming the reply.
    """
    replies: List[SuggestedReply] = []
    titles: Dict[str, int] = {}
    for index, one in enumerate(raw):
        reply = SuggestedReply(one.strip()) if isinstance(one, str) else _reply(f"suggested_replies[{index}]", one)
        field = f"suggested_replies[{index}]" + ("" if isinstance(one, str) else ".title")
        earlier = titles.setdefault(reply.title.casefold(), index)
        if earlier != index:
            raise invalid(field, f"This is the title of reply {earlier + 1} already; nobody could tell them apart.")
        replies.append(reply)
    return tuple(replies)


def _reply(field: str, body: SuggestedReplyBody) -> SuggestedReply:
    if body.url is not None and body.payload is not None:
        raise invalid(f"{field}.payload", "A reply has either a url or a payload, not both.")
    if body.payload is not None and "{" in body.payload:
        _check_entities(f"{field}.payload", body.payload[body.payload.index("{") :])
    return SuggestedReply(body.title.strip(), body.url, body.payload)


def _check_entities(field: str, raw: str) -> None:
    try:
        json.loads(raw)
    except (ValueError, RecursionError):
        raise invalid(field, 'What follows the intent must be JSON, such as {"plan":"yearly"}.') from None


def find_recipient(conn: Connection, body: NewProactiveChat, now: float) -> Recipient:
    """Who gets it; a bare number becomes a recipient at first contact.

    Raises:
        Problem: 422, if there is nobody.
    """
    if body.phone_number is not None:
        return recipients.find_or_create(conn, fields.phone("phone_number", body.phone_number), now)
    found = recipients.find(conn, user_id=body.user_id or "")
    if found is None:
        raise invalid("user_id", "There is no recipient with this user ID.")
    return found


def rendered(message: str, recipient: Recipient) -> str:
    """The words for this recipient.

    Raises:
        Problem: 422, if a variable has neither value nor fallback, or the words become too long.
    """
    known = {name: getattr(recipient, name) for name in ("nickname", "user_id", "phone_number", "locale")}
    try:
        text = render(message, {**recipient.attributes, **{k: v for k, v in known.items() if v is not None}})
    except TemplateError as error:
        raise invalid("message", str(error)) from None
    if not text.strip():
        raise invalid("message", "This must not be empty.")
    if len(text) > LONGEST:
        raise invalid("message", f"This is too long: {len(text)} characters, at most {LONGEST}.")
    return text


def sms_text(config: Config, chat_id: str, message: str, replies: Sequence[SuggestedReply]) -> str:
    """The SMS as it will go out, with its numbered lines and tracked links.

    Raises:
        Problem: 422, if nothing is left of it, or it becomes too long.
    """

    def link(index: int, _reply: SuggestedReply) -> str:
        return link_url(config.public_url, link_token(config.trigger_token, chat_id, index))

    text = sms_body(markdown_to_plain(message), replies, link)
    if not text.strip():
        raise invalid("message", "Nothing is left of this as plain text.")
    if len(text) > LONGEST:
        sentence = f"With its suggested replies the SMS has {len(text)} characters; the carrier takes {LONGEST}."
        raise invalid("message", sentence)
    return text


def _decided(conn: Connection, chat: NewChat, recipient: Recipient, settings: Settings, now: float) -> Dict[str, Any]:
    """What the sending rules say at this moment; the worker asks them again when its time has come."""
    decision = decide(now, _candidate(conn, chat, recipient, settings, now), settings)
    if isinstance(decision, Skip):
        return {"delivery_status": "skipped", "skip_reason": decision.reason}
    if isinstance(decision, Wait):
        return {"not_before": decision.until, "wait_reason": decision.reason}
    return {}


def _candidate(conn: Connection, chat: NewChat, recipient: Recipient, settings: Settings, now: float) -> Candidate:
    phone: Optional[str] = recipient.phone_number
    return Candidate(
        channel=chat.channel,
        opted_out=recipient.opted_out_at is not None,
        has_phone=phone is not None,
        timezone=recipient.timezone,
        phone_timezone=default_timezone(phone) if phone and settings.quiet_hours else None,
        recent_sends=gate.recent_sends(conn, recipient.id, settings, now),
        has_open_conversation=chats.has_open_conversation(conn, f"{chat.channel.value}.{recipient.id}"),
        if_active=chat.if_active,
        not_before=chat.scheduled_at,
    )
