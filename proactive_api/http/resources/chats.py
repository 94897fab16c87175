"""``/v1/proactive-chats``: write to somebody first, and see what came of it."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import Annotated, Any, Dict, Iterator, List, Literal, Optional, Tuple, Union

import msgspec
from msgspec import Meta
from sqlalchemy.engine import Connection

from proactive_api.http.core import csv, fields
from proactive_api.http.core.endpoint import CSV, Answer, Call, Endpoint
from proactive_api.http.core.fields import Instant, Name, Phone, Seconds
from proactive_api.http.core.patterns import INTENT, ONE_LINE, PAYLOAD, WEB_ADDRESS
from proactive_api.http.core.problems import Problem
from proactive_api.http.resources import present
from proactive_api.http.resources.chat_columns import CHATS
from proactive_api.http.resources.chat_filters import ChatFilters, ChatListParameters, list_filter
from proactive_api.http.resources.shapes import ChannelName, IfActiveName, Page, ProactiveChat
from proactive_api.lifecycle.values import ChannelType, IfActive, SuggestedReply
from proactive_api.operations.errors import InvalidInput
from proactive_api.operations.send import Draft, send
from proactive_api.storage.conversations import chats
from proactive_api.storage.conversations.chats import Author
from proactive_api.storage.reports.filters import Filter

Title = Annotated[str, Meta(min_length=1, max_length=40, pattern=ONE_LINE)]
Message = Annotated[str, Meta(min_length=1, max_length=4000)]
Scalar = Union[str, float, bool, None]

#: Rows that are read in one go.
EXPORTED_AT_ONCE = 500
#: How many names ``GET /v1/campaign-names`` lists.
MOST_CAMPAIGNS = 1000


class SuggestedReplyBody(msgspec.Struct, forbid_unknown_fields=True):
    """One answer offered with a message: it opens ``url``, says ``payload``, or says its title."""

    title: Title
    url: Optional[Annotated[str, Meta(max_length=2048, pattern=WEB_ADDRESS)]] = None
    payload: Optional[Annotated[str, Meta(max_length=2000, pattern=PAYLOAD)]] = None


RepliesBody = Annotated[List[Union[Title, SuggestedReplyBody]], Meta(max_length=10)]


class NewProactiveChat(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A message to one recipient. ``user_id`` or ``phone_number``, and ``message`` or ``intent``, are needed."""

    channel_type: ChannelName
    user_id: Optional[Name] = None
    phone_number: Optional[Phone] = None
    message: Optional[Message] = None
    intent: Optional[Annotated[str, Meta(min_length=1, max_length=255, pattern=INTENT)]] = None
    entities: Optional[Annotated[Dict[str, Scalar], Meta(max_length=50)]] = None
    suggested_replies: Optional[RepliesBody] = None
    campaign: Optional[Name] = None
    scheduled_at: Optional[Instant] = None
    if_active: Optional[IfActiveName] = None
    auto_close_timeout: Optional[Seconds] = None


class Include(msgspec.Struct, forbid_unknown_fields=True):
    """What to answer beyond the resource itself."""

    include: Optional[Literal["transcript"]] = None


def create(conn: Connection, call: Call) -> Answer:
    """Send a proactive message.

    The message is accepted and sent in the background; the response shows the chat's current state. A recipient who
    must not get it (opted out, no number, beyond the frequency cap, in another conversation) makes it ``skipped``,
    with the reason; quiet hours and ``scheduled_at`` make it wait.
    """
    with naming_fields_of(call.body):
        added = send(conn, draft(call.body), call.config.links, call.now, author(call))
    return Answer(present.proactive_chat(added), {"Location": f"/v1/proactive-chats/{added.chat['id']}"}, wakes=True)


def author(call: Call) -> Author:
    """Who asks: somebody who signed in, or an API key."""
    return Author("user" if call.session is not None else "api_key", call.key.id, call.key.name)


def draft(body: NewProactiveChat) -> Draft:
    """What a body asks for, as the operations take it.

    Raises:
        Problem: 422, if ``scheduled_at`` is too far away.
    """
    return Draft(
        channel=ChannelType(body.channel_type),
        user_id=body.user_id,
        phone_number=body.phone_number,
        message=body.message,
        intent=body.intent,
        entities=body.entities or {},
        suggested_replies=tuple(reply_of(one) for one in body.suggested_replies or ()),
        campaign=body.campaign,
        scheduled_at=fields.seconds("scheduled_at", body.scheduled_at),
        if_active=IfActive(body.if_active) if body.if_active else None,
        auto_close_timeout=body.auto_close_timeout,
    )


def reply_of(raw: Union[str, SuggestedReplyBody]) -> SuggestedReply:
    """A suggested reply as the operations take it."""
    if isinstance(raw, str):
        return SuggestedReply(raw.strip())
    return SuggestedReply(raw.title.strip(), raw.url, raw.payload)


@contextmanager
def naming_fields_of(body: Any) -> Iterator[None]:
    """Let complaints name what the body has: a reply that came as a plain string has no ``title``."""
    try:
        yield
    except InvalidInput as error:
        place = re.fullmatch(r"(suggested_replies\[([0-9]+)\])\.title", error.field or "")
        if place is None or not isinstance((body.suggested_replies or [])[int(place[2])], str):
            raise
        raise InvalidInput(place[1], str(error)) from None


def list_chats(conn: Connection, call: Call) -> Answer:
    """List proactive chats, newest first."""
    page = chats.find(conn, list_filter(conn, call.query), call.query.limit, call.query.after)
    return Answer(fields.listed(page, [present.proactive_chat(chat) for chat in page.rows], Page))


def export(conn: Connection, call: Call) -> Answer:
    """Export all proactive chats that match the filters as CSV for a spreadsheet, newest first.

    It begins with a byte order mark. Headings and values are words, times are UTC as `2026-11-25 09:00:00`, phone
    numbers E.164. A text that a spreadsheet would take for a formula begins with an apostrophe. Programs read the list.
    """
    parts = csv.parts(CHATS, _pages(call, list_filter(conn, call.query)))
    return Answer(None, csv.named("proactive-chats.csv"), parts=parts)


def _pages(call: Call, wanted: Filter) -> Iterator[List[ProactiveChat]]:
    after = None
    while True:
        with call.transaction(writes=False) as conn:
            page = chats.find(conn, wanted, EXPORTED_AT_ONCE, after)
        yield [present.proactive_chat(chat) for chat in page.rows]
        after = page.next_cursor
        if after is None:
            return


def get(conn: Connection, call: Call) -> Answer:
    """Get a proactive chat, optionally with its transcript."""
    chat = chats.get(conn, call.id)
    if chat is None:
        raise Problem("not-found", "There is no proactive chat with this id.")
    resource = present.proactive_chat(chat)
    if call.query.include == "transcript":
        resource.transcript = present.spoken(conn, chat.chat["conversation_id"], chat.chat["channel_type"])
    return Answer(resource)


def list_campaigns(conn: Connection, _call: Call) -> Answer:
    """List campaign names in alphabetical order, for use in filters."""
    return Answer(Page(chats.names_of_campaigns(conn, MOST_CAMPAIGNS)))


ENDPOINTS: Tuple[Endpoint, ...] = (
    Endpoint(
        "POST",
        "/v1/proactive-chats",
        "send",
        create,
        body=NewProactiveChat,
        response=ProactiveChat,
        status=202,
        writes=True,
        repeatable=True,
    ),
    Endpoint("GET", "/v1/proactive-chats", "read", list_chats, query=ChatListParameters, response=Page[ProactiveChat]),
    Endpoint("GET", "/v1/proactive-chats.csv", "read", export, query=ChatFilters, response=str, media_type=CSV),
    Endpoint("GET", "/v1/campaign-names", "read", list_campaigns, response=Page[str]),
    Endpoint("GET", "/v1/proactive-chats/{id}", "read", get, query=Include, response=ProactiveChat),
)
