"""``/v1/proactive-chats``: write to somebody first, and see what came of it."""

from __future__ import annotations

from typing import Annotated, Any, Dict, List, Literal, Optional, Tuple, Union

import msgspec
from msgspec import Meta
from sqlalchemy.engine import Connection

from proactive_api.http import fields, present
from proactive_api.http.compose import compose
from proactive_api.http.endpoint import Answer, Call, Endpoint
from proactive_api.http.fields import Instant, Name, Paged, Phone, Seconds
from proactive_api.http.patterns import INTENT, ONE_LINE, PAYLOAD, WEB_ADDRESS
from proactive_api.http.problems import Problem
from proactive_api.http.resources import (
    ChannelName,
    DeliveryName,
    IfActiveName,
    Page,
    ProactiveChat,
    ResponseName,
    StatusName,
)
from proactive_api.storage import chats, recipients
from proactive_api.storage.chats import Filter

Title = Annotated[str, Meta(min_length=1, max_length=40, pattern=ONE_LINE)]
Scalar = Union[str, float, bool, None]


class SuggestedReplyBody(msgspec.Struct, forbid_unknown_fields=True):
    """One answer offered with a message: it opens ``url``, says ``payload``, or says its title."""

    title: Title
    url: Optional[Annotated[str, Meta(max_length=2048, pattern=WEB_ADDRESS)]] = None
    payload: Optional[Annotated[str, Meta(max_length=2000, pattern=PAYLOAD)]] = None


class NewProactiveChat(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A message to one recipient. ``user_id`` or ``phone_number``, and ``message`` or ``intent``, are needed."""

    channel_type: ChannelName
    user_id: Optional[Name] = None
    phone_number: Optional[Phone] = None
    message: Optional[Annotated[str, Meta(min_length=1, max_length=4000)]] = None
    intent: Optional[Annotated[str, Meta(min_length=1, max_length=255, pattern=INTENT)]] = None
    entities: Optional[Annotated[Dict[str, Scalar], Meta(max_length=50)]] = None
    suggested_replies: Optional[Annotated[List[Union[Title, SuggestedReplyBody]], Meta(max_length=10)]] = None
    campaign: Optional[Name] = None
    scheduled_at: Optional[Instant] = None
    if_active: Optional[IfActiveName] = None
    auto_close_timeout: Optional[Seconds] = None


class ListParameters(Paged, kw_only=True, forbid_unknown_fields=True):
    """Which chats or conversations to list. ``from`` and ``to`` bound the time they were created or started at."""

    since: Optional[Instant] = msgspec.field(default=None, name="from")
    until: Optional[Instant] = msgspec.field(default=None, name="to")
    channel_type: Optional[ChannelName] = None
    campaign: Optional[Name] = None
    recipient: Optional[Annotated[str, Meta(min_length=1, max_length=255, description="An id or a user ID.")]] = None
    status: Optional[StatusName] = None
    response_status: Optional[ResponseName] = None


class ChatListParameters(ListParameters, kw_only=True, forbid_unknown_fields=True):
    """Which proactive chats to list."""

    delivery_status: Optional[DeliveryName] = None


class Include(msgspec.Struct, forbid_unknown_fields=True):
    """What to answer beyond the resource itself."""

    include: Optional[Literal["transcript"]] = None


def create(conn: Connection, call: Call) -> Answer:
    """Send a proactive message.

    It is accepted and goes out on its own; the answer shows the chat as it stands. Someone who must not get it
    (opted out, no number, beyond the frequency cap, in another conversation) makes it ``skipped`` with its reason;
    quiet hours and ``scheduled_at`` make it wait.
    """
    chat, recipient = compose(conn, call)
    added = chats.add(conn, chat, recipient.__dict__, call.now)
    return Answer(present.proactive_chat(added), {"Location": f"/v1/proactive-chats/{chat.id}"}, wakes=True)


def list_chats(conn: Connection, call: Call) -> Answer:
    """List proactive chats, the latest created first."""
    page = chats.find(conn, list_filter(conn, call.query), call.query.limit, call.query.after)
    return Answer(fields.listed(page, [present.proactive_chat(chat) for chat in page.rows], Page))


def get(conn: Connection, call: Call) -> Answer:
    """One proactive chat, with its transcript on request."""
    chat = chats.get(conn, call.id)
    if chat is None:
        raise Problem("not-found", "There is no proactive chat with this id.")
    resource = present.proactive_chat(chat)
    if call.query.include == "transcript":
        resource.transcript = present.spoken(conn, chat.chat["conversation_id"])
    return Answer(resource)


def list_filter(conn: Connection, query: ListParameters) -> Filter:
    """The parameters of a list as a filter."""
    names = ("channel_type", "campaign", "status", "response_status")
    told: Dict[str, Any] = {name: getattr(query, name) for name in names}
    if query.recipient is not None:
        found = recipients.find(conn, id=query.recipient) or recipients.find(conn, user_id=query.recipient)
        told["recipient_id"] = found.id if found else ""
    since, until = fields.seconds("from", query.since), fields.seconds("to", query.until)
    return Filter(since=since, until=until, delivery_status=getattr(query, "delivery_status", None), **told)


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
    Endpoint("GET", "/v1/proactive-chats/{id}", "read", get, query=Include, response=ProactiveChat),
)
