"""``PATCH /v1/proactive-chats/{id}`` and its ``/cancel``: what is planned, until it is under way."""

from __future__ import annotations

from typing import Any, Dict, Tuple, Union

import msgspec
from msgspec import UNSET, UnsetType
from sqlalchemy.engine import Connection

from proactive_api.http.core import fields
from proactive_api.http.core.endpoint import Answer, Call, Endpoint
from proactive_api.http.core.fields import Instant, Name
from proactive_api.http.resources import present
from proactive_api.http.resources.chats import Message, RepliesBody, naming_fields_of, reply_of
from proactive_api.http.resources.shapes import ProactiveChat
from proactive_api.operations import scheduled


class ChatChanges(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What to change of a chat that has not gone out. ``scheduled_at`` null sends it now."""

    message: Union[Message, UnsetType] = UNSET
    suggested_replies: Union[RepliesBody, None, UnsetType] = UNSET
    campaign: Union[Name, None, UnsetType] = UNSET
    scheduled_at: Union[Instant, None, UnsetType] = UNSET


def change(conn: Connection, call: Call) -> Answer:
    """Change a scheduled or waiting proactive chat.

    It is validated like a new one, and the sending rules apply again. Returns 409 once sending has begun.
    """
    body: ChatChanges = call.body
    changes: Dict[str, Any] = {k: v for k, v in msgspec.structs.asdict(body).items() if v is not UNSET}
    if "suggested_replies" in changes:
        changes["suggested_replies"] = tuple(reply_of(one) for one in changes["suggested_replies"] or ())
    if "scheduled_at" in changes:
        changes["scheduled_at"] = fields.seconds("scheduled_at", changes["scheduled_at"])
    with naming_fields_of(body):
        changed = scheduled.change(conn, call.id, changes, call.config.links, call.now)
    return Answer(present.proactive_chat(changed), wakes=True)


def cancel(conn: Connection, call: Call) -> Answer:
    """Cancel a scheduled or waiting proactive chat.

    It becomes ``skipped`` with the reason ``cancelled``; repeating the request changes nothing. Returns 409 once
    sending has begun.
    """
    return Answer(present.proactive_chat(scheduled.cancel(conn, call.id)))


_ONE = "/v1/proactive-chats/{id}"

ENDPOINTS: Tuple[Endpoint, ...] = (
    Endpoint(
        "PATCH", _ONE, "send", change, body=ChatChanges, response=ProactiveChat, writes=True, problems=("conflict",)
    ),
    Endpoint("POST", f"{_ONE}/cancel", "send", cancel, response=ProactiveChat, writes=True, problems=("conflict",)),
)
