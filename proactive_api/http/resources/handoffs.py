"""``/v1/handoffs``: conversations that wait for a human agent."""

from __future__ import annotations

from typing import Annotated, Any, Dict, Literal, Mapping, Optional, Tuple

import msgspec
from msgspec import Meta
from sqlalchemy.engine import Connection

from proactive_api.http.core import fields
from proactive_api.http.core.endpoint import Answer, Call, Endpoint
from proactive_api.http.core.fields import Name, Paged
from proactive_api.http.core.problems import Problem, invalid
from proactive_api.http.resources import present
from proactive_api.http.resources.conversations import ask_to_close
from proactive_api.http.resources.shapes import HandoffStatusName, Page, Ticket
from proactive_api.lifecycle.values import ClosedReason
from proactive_api.storage.access import users
from proactive_api.storage.conversations import conversations, handoffs
from proactive_api.storage.conversations.handoffs import HandoffRow, Wanted
from proactive_api.storage.queues import commands


class HandoffParameters(Paged, kw_only=True, forbid_unknown_fields=True):
    """Which tickets to list. ``assignee`` is ``me``, ``none``, a name or an id; ``unread`` lists unread ones first."""

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


def list_handoffs(conn: Connection, call: Call) -> Answer:
    """List tickets with their transcripts, the latest opened first, or those first that wait for an answer."""
    query: HandoffParameters = call.query
    named: Dict[str, Dict[str, Any]] = {"me": {"assignee_id": call.key.id}, "none": {"unassigned": True}}
    who = named.get(query.assignee or "", {"assignee": query.assignee})
    wanted = Wanted(status=query.status, unread_first=query.order == "unread", **who)
    page = handoffs.find(conn, wanted, query.limit, query.after)
    typing = handoffs.typing(conn, [row.ticket["id"] for row in page.rows], call.key.id, call.now)
    shown = [present.ticket(conn, row, typing.get(row.ticket["id"])) for row in page.rows]
    return Answer(fields.listed(page, shown, Page))


def get(conn: Connection, call: Call) -> Answer:
    """One ticket, with the whole transcript."""
    return Answer(_shown(conn, call))


def say(conn: Connection, call: Call) -> Answer:
    """Say something to the recipient, as a human agent.

    Whoever answers a ticket that nobody has takes it; if somebody else has it, the answer is a 409 that names them.
    """
    row = _open(conn, call)
    if not call.body.text.strip():
        raise invalid("text", "This must not be empty.")
    given = None if call.session else call.body.agent_name
    _check_holder(call, row, given)
    name = given or call.key.name
    if row.ticket["assignee"] is None:
        handoffs.assign(conn, call.id, name, call.key.id)
    _ask(conn, row, call, "human_message", {"text": call.body.text, "name": name}, None)
    return Answer(_shown(conn, call), wakes=True)


def assign(conn: Connection, call: Call) -> Answer:
    """Take a ticket, or give it back to all with null. Whoever comes second gets a 409."""
    row = _open(conn, call)
    name, owner = _assignee(conn, call)
    held, holder = row.ticket["assignee"], row.ticket["assignee_id"]
    if name is not None and held is not None and (held != name or holder not in (None, owner)):
        raise Problem("conflict", f"{held} has taken this handoff already.", "assignee")
    handoffs.assign(conn, call.id, name, owner)
    return Answer(_shown(conn, call))


def type_message(conn: Connection, call: Call) -> Answer:
    """Tell that an answer is being written. It is shown to others for some seconds; say it again while it is so."""
    handoffs.note_typing(conn, _open(conn, call).ticket["id"], call.key.id, call.key.name, call.now)
    return Answer(None)


def resolve(conn: Connection, call: Call) -> Answer:
    """Close the conversation as ``by_human_agent``, with the closing words and the survey."""
    row = _open(conn, call)
    _check_holder(call, row)
    conversation = conversations.get(conn, row.ticket["conversation_id"], lock=True)
    if conversation is None:
        raise Problem("conflict", "The conversation of this handoff is not there any more.")
    ask_to_close(conn, conversation, ClosedReason.BY_HUMAN_AGENT, call.now)
    return Answer(_shown(conn, call), wakes=True)


def give_back(conn: Connection, call: Call) -> Answer:
    """Give the conversation back to the AI agent."""
    row = _open(conn, call)
    _check_holder(call, row)
    _ask(conn, row, call, "return_to_agent", {}, f"return:{call.id}")
    return Answer(_shown(conn, call), wakes=True)


def _assignee(conn: Connection, call: Call) -> Tuple[Optional[str], Optional[str]]:
    """Name and id of who a body means."""
    asked = call.body.assignee
    if asked is None:
        return None, None
    if asked == "me" or (call.session and asked in (call.key.id, call.key.name)):
        return call.key.name, call.key.id
    user = users.find(conn, id=asked)
    if user is not None:
        return user.name, user.id
    if call.session:
        raise invalid("assignee", "Use me, the id of a user, or null for nobody.")
    return asked, call.key.id


def _check_holder(call: Call, row: HandoffRow, name: Optional[str] = None) -> None:
    """Only who has a ticket speaks in it and ends it.

    Args:
        name: who speaks, where an API key speaks for several people.
    """
    held, holder = row.ticket["assignee"], row.ticket["assignee_id"]
    mine = (name or call.key.name) == held if holder is None else holder == call.key.id and name in (None, held)
    if held is not None and not mine:
        raise Problem("conflict", f"{held} has taken this handoff. Take it over first, or leave it to them.")


def _shown(conn: Connection, call: Call) -> Ticket:
    typing = handoffs.typing(conn, [call.id], call.key.id, call.now)
    return present.ticket(conn, _existing(conn, call.id), typing.get(call.id))


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
    Endpoint("POST", f"{_ONE}/typing", "agent", type_message, status=204, writes=True, problems=_OVER),
    Endpoint("POST", f"{_ONE}/resolve", "agent", resolve, response=Ticket, status=202, writes=True, problems=_OVER),
    Endpoint("POST", f"{_ONE}/return", "agent", give_back, response=Ticket, status=202, writes=True, problems=_OVER),
)  # fmt: skip
