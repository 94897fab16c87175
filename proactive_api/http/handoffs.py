"""``/v1/handoffs``: conversations that wait for a human agent."""

from __future__ import annotations

from typing import Annotated, Any, Mapping, Optional, Tuple

import msgspec
from msgspec import Meta
from sqlalchemy.engine import Connection

from proactive_api.http import fields, present
from proactive_api.http.conversations import ask_to_close
from proactive_api.http.endpoint import Answer, Call, Endpoint
from proactive_api.http.fields import Name, Paged
from proactive_api.http.problems import Problem, invalid
from proactive_api.http.resources import HandoffStatusName, Page, Ticket
from proactive_api.lifecycle.values import ClosedReason
from proactive_api.storage import commands, conversations, handoffs
from proactive_api.storage.handoffs import HandoffRow


class HandoffParameters(Paged, kw_only=True, forbid_unknown_fields=True):
    """Which tickets to list."""

    status: Optional[HandoffStatusName] = None


class AgentMessage(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Words of a human agent. ``agent_name`` is shown with them; by default the API key's name."""

    text: Annotated[str, Meta(min_length=1, max_length=1600)]
    agent_name: Optional[Name] = None


class Assignment(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Who takes care of it; null is nobody."""

    assignee: Optional[Name]


def list_handoffs(conn: Connection, call: Call) -> Answer:
    """List tickets with their transcripts, the latest opened first."""
    page = handoffs.find(conn, call.query.status, call.query.limit, call.query.after)
    return Answer(fields.listed(page, [present.ticket(conn, row) for row in page.rows], Page))


def get(conn: Connection, call: Call) -> Answer:
    """One ticket, with the whole transcript."""
    return Answer(present.ticket(conn, _existing(conn, call.id)))


def say(conn: Connection, call: Call) -> Answer:
    """Say something to the recipient, as a human agent."""
    row = _open(conn, call)
    if not call.body.text.strip():
        raise invalid("text", "This must not be empty.")
    payload = {"text": call.body.text, "name": call.body.agent_name or call.key.name}
    _ask(conn, row, call, "human_message", payload, None)
    return Answer(present.ticket(conn, row), wakes=True)


def assign(conn: Connection, call: Call) -> Answer:
    """Take a ticket, or give it back to all with null. Whoever comes second gets a 409."""
    row = _open(conn, call)
    if not handoffs.assign(conn, call.id, call.body.assignee):
        raise Problem("conflict", f"{row.ticket['assignee']} has taken this handoff already.", "assignee")
    return Answer(present.ticket(conn, _existing(conn, call.id)))


def resolve(conn: Connection, call: Call) -> Answer:
    """Close the conversation as ``by_human_agent``, with the closing words and the survey."""
    row = _open(conn, call)
    conversation = conversations.get(conn, row.ticket["conversation_id"], lock=True)
    if conversation is None:
        raise Problem("conflict", "The conversation of this handoff is not there any more.")
    ask_to_close(conn, conversation, ClosedReason.BY_HUMAN_AGENT, call.now)
    return Answer(present.ticket(conn, row), wakes=True)


def give_back(conn: Connection, call: Call) -> Answer:
    """Give the conversation back to the AI agent."""
    row = _open(conn, call)
    _ask(conn, row, call, "return_to_agent", {}, f"return:{call.id}")
    return Answer(present.ticket(conn, row), wakes=True)


def _existing(conn: Connection, handoff_id: str, lock: bool = False) -> HandoffRow:
    row = handoffs.get(conn, handoff_id, lock=lock)
    if row is None:
        raise Problem("not-found", "There is no handoff with this id.")
    return row


def _open(conn: Connection, call: Call) -> HandoffRow:
    """The ticket, locked: of two agents who end it at once, one does."""
    row = _existing(conn, call.id, lock=True)
    if row.ticket["status"] != "open":
        raise Problem("conflict", f"This handoff is over: it was {row.ticket['status']}.")
    if commands.is_pending(conn, row.ticket["conversation_id"], ("close", "return_to_agent")):
        raise Problem("conflict", "Somebody is ending this handoff at this moment.")
    return row


def _ask(
    conn: Connection, row: HandoffRow, call: Call, kind: str, payload: Mapping[str, Any], dedup_key: Optional[str]
) -> None:
    asked = commands.enqueue(
        conn,
        kind=kind,
        conversation_id=row.ticket["conversation_id"],
        sender_id=row.ticket["sender_id"],
        payload=payload,
        dedup_key=dedup_key,
        now=call.now,
    )
    if asked is None:
        raise Problem("conflict", "Somebody asked for this already.")


_ONE, _ALL = "/v1/handoffs/{id}", "/v1/handoffs"
_OVER = ("conflict",)

ENDPOINTS: Tuple[Endpoint, ...] = (
    Endpoint("GET", _ALL, "agent", list_handoffs, query=HandoffParameters, response=Page[Ticket]),
    Endpoint("GET", _ONE, "agent", get, response=Ticket),
    Endpoint(
        "POST", f"{_ONE}/messages", "agent", say, body=AgentMessage, response=Ticket, status=202, writes=True,
        repeatable=True, problems=_OVER,
    ),
    Endpoint(
        "POST", f"{_ONE}/assign", "agent", assign, body=Assignment, response=Ticket, writes=True, problems=_OVER
    ),
    Endpoint("POST", f"{_ONE}/resolve", "agent", resolve, response=Ticket, status=202, writes=True, problems=_OVER),
    Endpoint("POST", f"{_ONE}/return", "agent", give_back, response=Ticket, status=202, writes=True, problems=_OVER),
)  # fmt: skip
