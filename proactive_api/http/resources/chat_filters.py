"""The filters that lists of chats and conversations, their exports and the figures share."""

from __future__ import annotations

import dataclasses
from typing import Annotated, Any, Dict, Optional

import msgspec
from msgspec import Meta
from sqlalchemy.engine import Connection

from proactive_api.http.core import fields
from proactive_api.http.core.fields import Cursored, CursorText, Instant, Limit, Name
from proactive_api.http.core.patterns import ONE_LINE
from proactive_api.http.resources.shapes import (
    ChannelName,
    ClosedName,
    DeliveryName,
    ResponseName,
    StarterName,
    StatusName,
)
from proactive_api.lifecycle.pasted import visible
from proactive_api.lifecycle.sending import SkipReason
from proactive_api.storage.conversations import chats
from proactive_api.storage.people import recipients
from proactive_api.storage.reports.filters import Filter

Score = Annotated[int, Meta(ge=1, le=5)]
Took = Annotated[float, Meta(ge=0, le=315_360_000, description="Seconds; ``over`` excludes, ``up_to`` includes it.")]
CampaignPart = Annotated[
    str,
    Meta(min_length=1, max_length=255, pattern=ONE_LINE, description="A part of a campaign's name, in any case."),
]


class Filters(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Which chats or conversations to list. ``from`` and ``to`` bound the time they were created or started at.

    ``resolved`` ones were responded to and closed, and the person did not say otherwise.
    """

    since: Optional[Instant] = msgspec.field(default=None, name="from")
    until: Optional[Instant] = msgspec.field(default=None, name="to")
    channel_type: Optional[ChannelName] = None
    campaign: Optional[Name] = None
    campaign_search: Optional[CampaignPart] = None
    recipient: Optional[Annotated[str, Meta(min_length=1, max_length=255, description="An id or a user ID.")]] = None
    status: Optional[StatusName] = None
    response_status: Optional[ResponseName] = None
    closed_reason: Optional[ClosedName] = None
    handed_over: Optional[bool] = None
    resolved: Optional[bool] = None
    rated: Optional[bool] = None
    csat: Optional[Score] = None
    first_response_over: Optional[Took] = None
    first_response_up_to: Optional[Took] = None
    resolution_over: Optional[Took] = None
    resolution_up_to: Optional[Took] = None


class ConversationListParameters(Filters, Cursored, kw_only=True, forbid_unknown_fields=True):
    """Which conversations to list. ``started_by`` tells proactive ones from those that a person began."""

    limit: Limit = 20
    cursor: Optional[CursorText] = None
    started_by: Optional[StarterName] = None


class ChatFilters(Filters, kw_only=True, forbid_unknown_fields=True):
    """Which proactive chats to list. ``sent`` is whether the carrier took it, whatever it told of it later."""

    delivery_status: Optional[DeliveryName] = None
    skip_reason: Optional[SkipReason] = None
    sent: Optional[bool] = None


class ChatListParameters(ChatFilters, Cursored, kw_only=True, forbid_unknown_fields=True):
    """Which proactive chats to list, in pages."""

    limit: Limit = 20
    cursor: Optional[CursorText] = None


def list_filter(conn: Connection, query: Any) -> Filter:
    """The parameters of a list as a filter."""
    names = {one.name for one in dataclasses.fields(Filter)} - {
        "since",
        "until",
        "recipient_id",
        "campaign",
        "campaigns",
    }
    given: Dict[str, Any] = {name: getattr(query, name, None) for name in names}
    given.update(campaigns_of(conn, query))
    if query.recipient is not None:
        found = recipients.find(conn, id=query.recipient) or recipients.find_named(conn, query.recipient)
        given["recipient_id"] = found.id if found else ""
    since, until = fields.period(query.since, query.until)
    return Filter(since=since, until=until, **given)


def campaigns_of(conn: Connection, query: Any) -> Dict[str, Any]:
    """Which campaigns a query means, as fields of a filter: by name, or by a part of it."""
    part, name = query.campaign_search, query.campaign
    holding = None if part is None else chats.campaigns_holding(conn, part)
    if name is None or visible(name) == name:
        return {"campaign": name, "campaigns": holding}
    either = (name, visible(name))  # names are stored without what nobody can see; older ones may have it
    return {"campaign": None, "campaigns": tuple(one for one in either if holding is None or one in holding)}
