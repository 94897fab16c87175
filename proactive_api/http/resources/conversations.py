"""``/v1/conversations``: every conversation, whoever started it."""

from __future__ import annotations

from typing import Tuple

from sqlalchemy.engine import Connection

from proactive_api.http.core import fields
from proactive_api.http.core.endpoint import Answer, Call, Endpoint
from proactive_api.http.core.problems import Problem
from proactive_api.http.resources import present
from proactive_api.http.resources.chat_filters import ConversationListParameters, list_filter
from proactive_api.http.resources.chats import Include
from proactive_api.http.resources.shapes import ConversationResource, Page
from proactive_api.lifecycle.values import ClosedReason
from proactive_api.operations import close as closing
from proactive_api.storage.conversations import conversations
from proactive_api.storage.conversations.conversations import ConversationRow


def list_conversations(conn: Connection, call: Call) -> Answer:
    """List conversations, newest first."""
    page = conversations.find(conn, list_filter(conn, call.query), call.query.limit, call.query.after)
    return Answer(fields.listed(page, [present.conversation(row) for row in page.rows], Page))


def get(conn: Connection, call: Call) -> Answer:
    """Get a conversation, optionally with its transcript."""
    resource = present.conversation(_existing(conn, call.id))
    if call.query.include == "transcript":
        resource.transcript = present.spoken(conn, call.id, resource.channel_type)
    return Answer(resource)


def close(conn: Connection, call: Call) -> Answer:
    """Close a conversation now, with the closing message and the survey.

    It closes as ``force_closed``, a moment after the response.
    """
    row = closing.close(conn, call.id, ClosedReason.FORCE_CLOSED, call.now)
    return Answer(present.conversation(row), wakes=True)


def _existing(conn: Connection, conversation_id: str) -> ConversationRow:
    row = conversations.get(conn, conversation_id)
    if row is None:
        raise Problem("not-found", "There is no conversation with this id.")
    return row


_ONE, _ALL = "/v1/conversations/{id}", "/v1/conversations"

ENDPOINTS: Tuple[Endpoint, ...] = (
    Endpoint(
        "GET", _ALL, "read", list_conversations, query=ConversationListParameters, response=Page[ConversationResource]
    ),
    Endpoint("GET", _ONE, "read", get, query=Include, response=ConversationResource),
    Endpoint(
        "POST", f"{_ONE}/close", "agent", close, response=ConversationResource, status=202, writes=True,
        problems=("conflict",),
    ),
)  # fmt: skip
