"""``/v1/previews``: what a send would do, without doing it."""

from __future__ import annotations

from typing import List, Optional, Tuple

import msgspec
from sqlalchemy.engine import Connection

from proactive_api.http.core.endpoint import Answer, Call, Endpoint
from proactive_api.http.resources.chats import NewProactiveChat, draft, naming_fields_of
from proactive_api.http.resources.shapes import Reply, Time, certain
from proactive_api.lifecycle.markdown import in_browser, literal_of
from proactive_api.operations import preview as operations


class Addressee(msgspec.Struct):
    """Who would get it; without an id, somebody who becomes a recipient by the send."""

    id: Optional[str]
    user_id: Optional[str]
    nickname: Optional[str]
    phone_number: Optional[str]


class Skipped(msgspec.Struct):
    """Who would not get it, and why."""

    recipient: Addressee
    reason: str


class Waiting(msgspec.Struct):
    """Who would get it later: not before ``until``."""

    recipient: Addressee
    reason: str
    until: Time


class Sample(msgspec.Struct, kw_only=True):
    """The words as one recipient would see them. ``sms_body`` is the whole SMS, with numbered replies and links.

    ``message`` is Markdown; the parts of it in ``literal`` are words as they stand, as pairs of indexes in UTF-16 code
    units, the end not included. For an opening by intent the words are the assistant's, as far as they can be told
    before; where it would send several messages, they stand here one after the other.
    """

    recipient: Addressee
    message: Optional[str]
    literal: List[List[int]]
    sms_body: Optional[str]
    encoding: Optional[str]
    segments: Optional[int]
    suggested_replies: List[Reply]


class Preview(msgspec.Struct, kw_only=True):
    """``would_send`` counts those who would get it now or later; ``segments`` are those of all of them together."""

    would_send: int
    skipped: List[Skipped]
    waiting: List[Waiting]
    samples: List[Sample]
    segments: int


def create(conn: Connection, call: Call) -> Answer:
    """Preview a send: who would get which message, and who would be skipped and why. Nothing is stored."""
    with naming_fields_of(call.body):
        result = operations.preview(conn, draft(call.body), call.config.links, call.now)
    chat, recipient = result.chat, result.recipient
    who = Addressee(recipient.id or None, recipient.user_id, recipient.nickname, recipient.phone_number)
    skipped = [Skipped(who, chat.skip_reason or "")] if chat.delivery_status == "skipped" else []
    waiting = [Waiting(who, chat.wait_reason, certain(chat.not_before))] if chat.wait_reason else []
    return Answer(
        Preview(
            would_send=0 if skipped else 1,
            skipped=skipped,
            waiting=waiting,
            samples=[_sample(result, who)],
            segments=0 if skipped else result.segments or 0,
        )
    )


def _sample(result: operations.Preview, who: Addressee) -> Sample:
    chat, words = result.chat, result.words
    return Sample(
        recipient=who,
        message=None if words is None else str(words),
        literal=in_browser(words or "", literal_of(words or "")),
        sms_body=result.sms_body,
        encoding=result.encoding,
        segments=result.segments,
        suggested_replies=[Reply(one.title, one.url, one.payload) for one in chat.suggested_replies],
    )


ENDPOINTS: Tuple[Endpoint, ...] = (
    Endpoint("POST", "/v1/previews", "send", create, body=NewProactiveChat, response=Preview),
)
