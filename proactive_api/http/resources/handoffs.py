"""``/v1/handoffs``: conversations that wait for a human agent."""

from __future__ import annotations

from typing import Annotated, Any, Dict, Literal, Optional, Tuple

import msgspec
from msgspec import Meta
from sqlalchemy.engine import Connection

from proactive_api.http.core import fields
from proactive_api.http.core.endpoint import Answer, Call, Endpoint
from proactive_api.http.core.fields import Instant, Name, Paged
from proactive_api.http.resources import present
from proactive_api.http.resources.shapes import HandoffStatusName, Page, Ticket
from proactive_api.operations import handoff
from proactive_api.operations.handoff import Agent
from proactive_api.storage.conversations import handoff_views, handoffs
from proactive_api.storage.conversations.handoffs import Wanted


class HandoffParameters(Paged, kw_only=True, forbid_unknown_fields=True):
    """Which tickets to list. ``assignee`` is ``me``, ``none``, a name or an id; ``unread``: unanswered ones first."""

    status: Optional[HandoffStatusName] = None
    assignee: Optional[Name] = None
    order: Literal["opened", "unread"] = "opened"


class AgentMessage(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Words of a human agent. ``agent_name`` is shown with them; by default the API key's name.

    Who is signed in speaks under their own name, whatever is given.
    """

    text: Annotated[str, Meta(min_length=1, max_length=1600)]
    agent_name: Optional[Name] = None


class Assignment(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Who takes care of it: ``me``, the id of a user, or null for nobody; with an API key also any name."""

    assignee: Optional[Name]


class Looked(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """``at`` is the ``last_message_at`` of the ticket as it was shown; without it all that was said counts as seen."""

    at: Optional[Instant] = None


def list_handoffs(conn: Connection, call: Call) -> Answer:
    """List tickets with their transcripts, newest first or those waiting for an answer first."""
    query: HandoffParameters = call.query
    named: Dict[str, Dict[str, Any]] = {"me": {"assignee_id": call.key.id}, "none": {"unassigned": True}}
    who = named.get(query.assignee or "", {"assignee": query.assignee})
    wanted = Wanted(status=query.status, unread_first=query.order == "unread", **who)
    page = handoffs.find(conn, wanted, query.limit, query.after)
    ids = [row.ticket["id"] for row in page.rows]
    typing = handoffs.typing(conn, ids, call.key.id, call.now)
    seen = handoff_views.seen(conn, ids, call.key.id)
    shown = [
        present.ticket(conn, row, typing.get(row.ticket["id"]), seen.get(row.ticket["id"], 0.0)) for row in page.rows
    ]
    return Answer(fields.listed(page, shown, Page))


def get(conn: Connection, call: Call) -> Answer:
    """Get a ticket with its full transcript."""
    return Answer(_shown(conn, call))


def say(conn: Connection, call: Call) -> Answer:
    """Send a message to the recipient as a human agent.

    Answering an unassigned ticket assigns it to you. If it is assigned to someone else, the response is a 409 that
    names them.
    """
    handoff.say(conn, call.id, _agent(call), call.body.text, call.now, call.body.agent_name)
    return Answer(_shown(conn, call), wakes=True)


def retry(conn: Connection, call: Call) -> Answer:
    """Try again to send a human agent's message that was not sent.

    It keeps its id and moves to the end of the conversation.
    """
    handoff.retry(conn, call.id, call.path["message_id"], _agent(call), call.now)
    return Answer(_shown(conn, call), wakes=True)


def assign(conn: Connection, call: Call) -> Answer:
    """Assign a ticket, or unassign it with null. If two people assign it at once, the second gets a 409."""
    handoff.assign(conn, call.id, _agent(call), call.body.assignee)
    return Answer(_shown(conn, call))


def type_message(conn: Connection, call: Call) -> Answer:
    """Show that you are typing. Others see it for a few seconds; repeat the request while you type."""
    handoff.note_typing(conn, call.id, _agent(call), call.now)
    return Answer(None)


def look(conn: Connection, call: Call) -> Answer:
    """Mark a ticket as seen: it is not ``unread`` for you until the recipient writes again."""
    handoff.note_seen(conn, call.id, _agent(call), fields.seconds("at", call.body.at), call.now)
    return Answer(None)


def resolve(conn: Connection, call: Call) -> Answer:
    """Resolve a ticket: the conversation closes as ``by_human_agent``, with the closing message and the survey."""
    handoff.resolve(conn, call.id, _agent(call), call.now)
    return Answer(_shown(conn, call), wakes=True)


def give_back(conn: Connection, call: Call) -> Answer:
    """Give the conversation back to the AI agent."""
    handoff.give_back(conn, call.id, _agent(call), call.now)
    return Answer(_shown(conn, call), wakes=True)


def _agent(call: Call) -> Agent:
    return Agent(call.key.id, call.key.name, is_person=call.session is not None)


def _shown(conn: Connection, call: Call) -> Ticket:
    typing = handoffs.typing(conn, [call.id], call.key.id, call.now)
    seen = handoff_views.seen(conn, [call.id], call.key.id)
    return present.ticket(conn, handoff.find(conn, call.id), typing.get(call.id), seen.get(call.id, 0.0))


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
        "POST", f"{_ONE}/messages/{{message_id}}/retry", "agent", retry, response=Ticket, status=202, writes=True,
        problems=_OVER,
    ),
    Endpoint(
        "POST", f"{_ONE}/assign", "agent", assign, body=Assignment, response=Ticket, writes=True, problems=_OVER
    ),
    Endpoint("POST", f"{_ONE}/typing", "agent", type_message, status=204, writes=True, problems=_OVER),
    Endpoint("POST", f"{_ONE}/seen", "agent", look, body=Looked, status=204, writes=True),
    Endpoint("POST", f"{_ONE}/resolve", "agent", resolve, response=Ticket, status=202, writes=True, problems=_OVER),
    Endpoint("POST", f"{_ONE}/return", "agent", give_back, response=Ticket, status=202, writes=True, problems=_OVER),
)  # fmt: skip
