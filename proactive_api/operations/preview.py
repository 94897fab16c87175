"""Say what a send would do, without doing it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Optional, Sequence

from sqlalchemy.engine import Connection

from proactive_api.lifecycle.links import Links
from proactive_api.lifecycle.markdown import Words, join
from proactive_api.lifecycle.openings import Said
from proactive_api.lifecycle.sms import SmsSize, measure
from proactive_api.lifecycle.values import ChannelType
from proactive_api.lifecycle.wording import opening_text, sms_text
from proactive_api.operations.openings import opening
from proactive_api.operations.send import Draft, check, compose, named_recipient, number_of
from proactive_api.storage.conversations.chats import NewChat
from proactive_api.storage.people import recipients
from proactive_api.storage.people.recipients import Recipient


@dataclass(frozen=True)
class Preview:
    """What a send would become.

    Args:
        chat: as it would be stored: queued, waiting, or skipped with its reason.
        recipient: who would get it; without an id, somebody who becomes a recipient by the send.
        words: what they would read; ``None`` where only the assistant can tell.
        sms_body: the whole SMS, ``None`` where there is none; one after the other where the assistant sends several.
        encoding: of the SMS, ``UCS-2`` if one of several is.
        segments: of all of them.
    """

    chat: NewChat
    recipient: Recipient
    words: Optional[Words]
    sms_body: Optional[str]
    encoding: Optional[str]
    segments: Optional[int]


def preview(conn: Connection, draft: Draft, links: Links, now: float) -> Preview:
    """The words and the decision for one draft; nothing is stored.

    Args:
        now: seconds UTC.

    Raises:
        InvalidInput: where ``send`` would.
    """
    check(draft)
    recipient = _known_or_imagined(conn, draft)
    chat = compose(conn, draft, recipient, links, now)
    if draft.intent is not None:
        said = opening(conn, draft.intent, draft.entities, draft.campaign, draft.channel) or ()
        return _of_opening(chat, recipient, said)
    has_sms = chat.message is not None and chat.segments is not None
    body = sms_text(chat.words or "", chat.suggested_replies, chat.id, links) if has_sms else None
    return Preview(chat, recipient, chat.words, body, chat.encoding, chat.segments)


def _of_opening(chat: NewChat, recipient: Recipient, said: Sequence[Said]) -> Preview:
    words = join([one.words for one in said]) if said else None
    if not said or chat.channel is not ChannelType.SMS:
        return Preview(chat, recipient, words, None, None, None)
    bodies = [opening_text(one) for one in said]
    sizes: Sequence[SmsSize] = [measure(body) for body in bodies]
    encoding = max(size.encoding for size in sizes)
    return Preview(chat, recipient, words, "\n\n".join(bodies), encoding, sum(size.segments for size in sizes))


def _known_or_imagined(conn: Connection, draft: Draft) -> Recipient:
    """Who gets it; a number that nobody has yet is a recipient only for as long as this takes."""
    if draft.phone_number is None:
        return named_recipient(conn, draft)
    phone = number_of(draft.phone_number)
    nobody: Any = dict.fromkeys(Recipient.__dataclass_fields__)
    imagined = Recipient(**{**nobody, "id": "", "phone_number": phone, "attributes": {}})
    return recipients.find(conn, phone_number=phone) or imagined
