"""What a human agent does with a conversation that was handed off: take it, speak, resolve it, give it back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Mapping, Optional, Tuple

from sqlalchemy.engine import Connection

from proactive_api.lifecycle.cleaning import has_words
from proactive_api.lifecycle.values import ClosedReason
from proactive_api.operations.close import close
from proactive_api.operations.errors import Conflict, InvalidInput, NotFound
from proactive_api.storage.access import users
from proactive_api.storage.conversations import conversations, handoff_views, handoffs
from proactive_api.storage.conversations.handoffs import HandoffRow
from proactive_api.storage.queues import commands


@dataclass(frozen=True)
class Agent:
    """Who acts on a ticket.

    Args:
        id: of the user, or of the API key.
        is_person: whether somebody signed in; an API key may speak for several people.
    """

    id: str
    name: str
    is_person: bool


def find(conn: Connection, handoff_id: str, lock: bool = False) -> HandoffRow:
    """The ticket with this id.

    Args:
        lock: whether nobody else may change it until the transaction ends.

    Raises:
        NotFound: if there is none.
    """
    row = handoffs.get(conn, handoff_id, lock=lock)
    if row is None:
        raise NotFound("There is no handoff with this id.")
    return row


def say(conn: Connection, handoff_id: str, agent: Agent, text: str, now: float, name: Optional[str] = None) -> None:
    """Say something to the recipient. Whoever answers a ticket that nobody has takes it.

    Args:
        now: seconds UTC.
        name: under which an API key speaks; who signed in speaks under their own.

    Raises:
        NotFound: if there is no such ticket.
        InvalidInput: if there is nothing to say.
        Conflict: if the ticket is over, or somebody else's.
    """
    row = _open(conn, handoff_id)
    if not has_words(text):
        raise InvalidInput("text", "This can't be empty.")
    given = None if agent.is_person else name
    _check_holder(agent, row, given)
    shown = given or agent.name
    if row.ticket["assignee"] is None:
        handoffs.assign(conn, handoff_id, shown, agent.id)
    handoff_views.note(conn, handoff_id, agent.id, max(now, row.ticket["last_message_at"]))
    _ask(conn, row, "human_message", {"text": text, "name": shown}, None, now)


def retry(conn: Connection, handoff_id: str, message_id: str, agent: Agent, now: float) -> None:
    """Say once more what was not sent; it comes after all that was said since (``now``: seconds UTC).

    Raises:
        NotFound: if there is no such ticket, or no such message in it.
        Conflict: if the ticket is over or somebody else's, or the message was sent or is being sent.
    """
    row = _open(conn, handoff_id)
    conversation_id = row.ticket["conversation_id"]
    if message_id not in {one.id for one in commands.human_words(conn, conversation_id)}:
        raise NotFound("There is no message with this id that was not sent.")
    _check_holder(agent, row, row.ticket["assignee"])
    if not commands.retry(conn, message_id, conversation_id, now):
        raise Conflict("This message is being sent at this moment.")


def assign(conn: Connection, handoff_id: str, agent: Agent, assignee: Optional[str]) -> None:
    """Give a ticket to somebody, or back to all. Whoever comes second does not get it.

    Args:
        assignee: ``me``, the id of a user, or ``None`` for nobody; for an API key also any name.

    Raises:
        NotFound: if there is no such ticket.
        InvalidInput: if the assignee is nobody that is known.
        Conflict: if the ticket is over, or somebody else has it.
    """
    row = _open(conn, handoff_id)
    name, owner = _assignee(conn, agent, assignee)
    held, holder = row.ticket["assignee"], row.ticket["assignee_id"]
    if name is not None and held is not None and (held != name or holder not in (None, owner)):
        raise Conflict(f"{held} has already taken this ticket.", "assignee")
    handoffs.assign(conn, handoff_id, name, owner)


def note_typing(conn: Connection, handoff_id: str, agent: Agent, now: float) -> None:
    """Tell the others that an answer is being written; it is true for some seconds (``now``: seconds UTC).

    Raises:
        NotFound: if there is no such ticket.
        Conflict: if it is over.
    """
    handoffs.note_typing(conn, _open(conn, handoff_id).ticket["id"], agent.id, agent.name, now)


def note_seen(conn: Connection, handoff_id: str, agent: Agent, at: Optional[float], now: float) -> None:
    """The agent has looked at a ticket, as far as ``at``, or as far as it goes (both: seconds UTC).

    Raises:
        NotFound: if there is no such ticket.
    """
    ticket = find(conn, handoff_id).ticket
    handoff_views.note(conn, ticket["id"], agent.id, at or max(now, ticket["last_message_at"]))


def resolve(conn: Connection, handoff_id: str, agent: Agent, now: float) -> None:
    """Close the conversation as ``by_human_agent`` (``now``: seconds UTC).

    Raises:
        NotFound: if there is no such ticket.
        Conflict: if it is over, somebody else's, or its conversation is gone.
    """
    row = _open(conn, handoff_id)
    _check_holder(agent, row)
    conversation_id = row.ticket["conversation_id"]
    if conversations.get(conn, conversation_id, lock=True) is None:
        raise Conflict("This ticket's conversation no longer exists.")
    close(conn, conversation_id, ClosedReason.BY_HUMAN_AGENT, now)


def give_back(conn: Connection, handoff_id: str, agent: Agent, now: float) -> None:
    """Give the conversation back to the AI agent (``now``: seconds UTC).

    Raises:
        NotFound: if there is no such ticket.
        Conflict: if it is over, or somebody else's.
    """
    row = _open(conn, handoff_id)
    _check_holder(agent, row)
    _ask(conn, row, "return_to_agent", {}, f"return:{handoff_id}", now)


def _open(conn: Connection, handoff_id: str) -> HandoffRow:
    """The ticket, locked: of two agents who end it at once, one does."""
    row = find(conn, handoff_id, lock=True)
    if row.ticket["status"] != "open":
        raise Conflict(f"This ticket was already {row.ticket['status']}.")
    if commands.is_pending(conn, row.ticket["conversation_id"], ("close", "return_to_agent")):
        raise Conflict("Someone is closing this ticket right now.")
    return row


def _assignee(conn: Connection, agent: Agent, asked: Optional[str]) -> Tuple[Optional[str], Optional[str]]:
    """Name and id of who is meant."""
    if asked is None:
        return None, None
    if asked == "me" or (agent.is_person and asked in (agent.id, agent.name)):
        return agent.name, agent.id
    user = users.find(conn, id=asked)
    if user is not None:
        return user.name, user.id
    if agent.is_person:
        raise InvalidInput("assignee", "Use me, the id of a user, or null to unassign.")
    return asked, agent.id


def _check_holder(agent: Agent, row: HandoffRow, name: Optional[str] = None) -> None:
    """Only who has a ticket speaks in it and ends it.

    Args:
        name: who speaks, where an API key speaks for several people.
    """
    held, holder = row.ticket["assignee"], row.ticket["assignee_id"]
    mine = (name or agent.name) == held if holder is None else holder == agent.id and name in (None, held)
    if held is not None and not mine:
        raise Conflict(f"This ticket is assigned to {held}.")


def _ask(
    conn: Connection, row: HandoffRow, kind: str, payload: Mapping[str, Any], dedup_key: Optional[str], now: float
) -> None:
    asked = commands.enqueue(
        conn,
        kind=kind,
        conversation_id=row.ticket["conversation_id"],
        sender_id=row.ticket["sender_id"],
        payload=payload,
        dedup_key=dedup_key,
        now=now,
    )
    if asked is None:
        raise Conflict("Someone has already requested this.")
