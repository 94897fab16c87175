"""Say what a send would do, without doing it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Optional

from sqlalchemy.engine import Connection

from proactive_api.lifecycle.links import Links
from proactive_api.lifecycle.wording import sms_text
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
        sms_body: the whole SMS, ``None`` where there is none.
    """

    chat: NewChat
    recipient: Recipient
    sms_body: Optional[str]


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
    has_sms = chat.message is not None and chat.segments is not None
    body = sms_text(chat.words or "", chat.suggested_replies, chat.id, links) if has_sms else None
    return Preview(chat, recipient, body)


def _known_or_imagined(conn: Connection, draft: Draft) -> Recipient:
    """Who gets it; a number that nobody has yet is a recipient only for as long as this takes."""
    if draft.phone_number is None:
        return named_recipient(conn, draft)
    phone = number_of(draft.phone_number)
    nobody: Any = dict.fromkeys(Recipient.__dataclass_fields__)
    imagined = Recipient(**{**nobody, "id": "", "phone_number": phone, "attributes": {}})
    return recipients.find(conn, phone_number=phone) or imagined
