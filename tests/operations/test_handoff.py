"""What a human agent does with a ticket; of two who want the same, one gets it."""

from __future__ import annotations

import json
from typing import Any, Callable, Dict, List, Optional, Tuple

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from proactive_api.operations import handoff
from proactive_api.operations.errors import Conflict, InvalidInput, NotFound
from proactive_api.operations.handoff import Agent
from proactive_api.storage.access import users
from proactive_api.storage.conversations import handoffs
from proactive_api.storage.queues import commands
from proactive_api.storage.sql import tables as t
from tests.http import story
from tests.operations import world
from tests.operations.world import NOW, person

BO, CY = Agent("user-bo", "Bo", True), Agent("user-cy", "Cy", True)
DESK = Agent("key-1", "Helpdesk", False)

Verb = Callable[[Connection, str, Agent], None]
VERBS: Dict[str, Verb] = {
    "say": lambda conn, one, agent: handoff.say(conn, one, agent, "Hello", NOW),
    "resolve": lambda conn, one, agent: handoff.resolve(conn, one, agent, NOW),
    "give_back": lambda conn, one, agent: handoff.give_back(conn, one, agent, NOW),
}
ALL: Dict[str, Verb] = {
    **VERBS,
    "assign": lambda conn, one, agent: handoff.assign(conn, one, agent, "me"),
    "note_typing": lambda conn, one, agent: handoff.note_typing(conn, one, agent, NOW),
}


def held_by(conn: Connection, ticket: str) -> Tuple[Optional[str], Optional[str]]:
    found = handoffs.get(conn, ticket)
    assert found is not None
    return found.ticket["assignee"], found.ticket["assignee_id"]


def asked(conn: Connection) -> List[Any]:
    query = sa.select(t.commands).order_by(t.commands.c.created_at)
    return [(row.kind, json.loads(row.payload)) for row in conn.execute(query)]


# -- any of them ----------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ALL)
def test_a_ticket_that_is_not_there(conn: Connection, verb: str) -> None:
    with pytest.raises(NotFound):
        ALL[verb](conn, "nothing", BO)


@pytest.mark.parametrize("verb", ALL)
def test_a_ticket_that_is_over(conn: Connection, verb: str) -> None:
    ada = person(conn)
    ticket = world.ticket(conn, ada)
    world.tell(conn, f"sms.{ada.id}", story.closed(NOW, "by_human_agent"))
    with pytest.raises(Conflict, match="already resolved"):
        ALL[verb](conn, ticket, BO)
    assert asked(conn) == []


@pytest.mark.parametrize("verb", ALL)
@pytest.mark.parametrize("end", ["resolve", "give_back"])
def test_a_ticket_that_somebody_is_ending(conn: Connection, verb: str, end: str) -> None:
    ticket = world.ticket(conn, person(conn))
    VERBS[end](conn, ticket, BO)
    with pytest.raises(Conflict, match="closing this ticket"):
        ALL[verb](conn, ticket, BO)
    assert len(asked(conn)) == 1


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("agent", [CY, DESK])
def test_a_ticket_that_somebody_else_has(conn: Connection, verb: str, agent: Agent) -> None:
    ticket = world.ticket(conn, person(conn))
    handoff.assign(conn, ticket, BO, "me")
    with pytest.raises(Conflict, match="assigned to Bo"):
        VERBS[verb](conn, ticket, agent)
    VERBS[verb](conn, ticket, BO)
    assert len(asked(conn)) == 1


def test_a_namesake_is_somebody_else(conn: Connection) -> None:
    ticket = world.ticket(conn, person(conn))
    handoff.assign(conn, ticket, BO, "me")
    with pytest.raises(Conflict):
        handoff.say(conn, ticket, Agent("user-bo-2", "Bo", True), "Hello", NOW)
    with pytest.raises(Conflict):
        handoff.assign(conn, ticket, Agent("user-bo-2", "Bo", True), "me")
    assert held_by(conn, ticket) == ("Bo", "user-bo")


# -- say ------------------------------------------------------------------------------------------


def test_who_answers_a_free_ticket_takes_it(conn: Connection) -> None:
    ada = person(conn)
    ticket = world.ticket(conn, ada)
    handoff.say(conn, ticket, BO, "Hello", NOW)
    handoff.say(conn, ticket, BO, "Still there?", NOW + 1)
    assert held_by(conn, ticket) == ("Bo", "user-bo")
    assert asked(conn) == [
        ("human_message", {"text": "Hello", "name": "Bo"}),
        ("human_message", {"text": "Still there?", "name": "Bo"}),
    ]
    (row, _) = world.rows(conn, t.commands)
    assert row.sender_id == f"sms.{ada.id}"


def test_the_same_words_twice_are_said_twice(conn: Connection) -> None:
    ticket = world.ticket(conn, person(conn))
    for _ in range(2):
        handoff.say(conn, ticket, BO, "Hello?", NOW)
    assert len(asked(conn)) == 2


@pytest.mark.parametrize("text", ["", " \n "])
def test_silence_is_no_answer_and_takes_no_ticket(conn: Connection, text: str) -> None:
    ticket = world.ticket(conn, person(conn))
    with pytest.raises(InvalidInput) as refused:
        handoff.say(conn, ticket, BO, text, NOW)
    assert refused.value.field == "text" and held_by(conn, ticket) == (None, None)


def test_who_signed_in_speaks_under_their_own_name(conn: Connection) -> None:
    ticket = world.ticket(conn, person(conn))
    handoff.say(conn, ticket, BO, "Hello", NOW, name="The boss")
    assert held_by(conn, ticket) == ("Bo", "user-bo") and asked(conn)[0][1]["name"] == "Bo"


def test_an_api_key_speaks_for_several_people_but_only_one_has_the_ticket(conn: Connection) -> None:
    ticket = world.ticket(conn, person(conn))
    handoff.say(conn, ticket, DESK, "Hello", NOW, name="Dee")
    assert held_by(conn, ticket) == ("Dee", "key-1")
    with pytest.raises(Conflict, match="assigned to Dee"):
        handoff.say(conn, ticket, DESK, "Hello", NOW + 1, name="Eve")
    handoff.say(conn, ticket, DESK, "It is me", NOW + 2, name="Dee")
    handoff.resolve(conn, ticket, DESK, NOW + 3)
    assert [kind for kind, _ in asked(conn)] == ["human_message", "human_message", "close"]


# -- assign ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked_for", ["me", "user-bo", "Bo"])
def test_somebody_takes_a_ticket(conn: Connection, asked_for: str) -> None:
    ticket = world.ticket(conn, person(conn))
    handoff.assign(conn, ticket, BO, asked_for)
    handoff.assign(conn, ticket, BO, asked_for)
    assert held_by(conn, ticket) == ("Bo", "user-bo")


def test_who_comes_second_does_not_get_it_until_it_is_free_again(conn: Connection) -> None:
    ticket = world.ticket(conn, person(conn))
    handoff.assign(conn, ticket, BO, "me")
    with pytest.raises(Conflict) as refused:
        handoff.assign(conn, ticket, CY, "me")
    assert refused.value.field == "assignee" and held_by(conn, ticket) == ("Bo", "user-bo")
    handoff.assign(conn, ticket, BO, None)
    assert held_by(conn, ticket) == (None, None)
    handoff.assign(conn, ticket, CY, "me")
    assert held_by(conn, ticket) == ("Cy", "user-cy")


def test_a_ticket_is_given_to_a_user(conn: Connection) -> None:
    dee = users.add(conn, "dee@example.com", "Dee", "agent", NOW)
    ticket = world.ticket(conn, person(conn))
    assert dee is not None
    handoff.assign(conn, ticket, BO, dee.id)
    assert held_by(conn, ticket) == ("Dee", dee.id)


def test_people_give_a_ticket_to_known_users_only_and_keys_to_any_name(conn: Connection) -> None:
    ticket = world.ticket(conn, person(conn))
    with pytest.raises(InvalidInput) as refused:
        handoff.assign(conn, ticket, BO, "Somebody")
    assert refused.value.field == "assignee" and held_by(conn, ticket) == (None, None)
    handoff.assign(conn, ticket, DESK, "Somebody")
    assert held_by(conn, ticket) == ("Somebody", "key-1")


# -- typing, resolving, giving back ---------------------------------------------------------------


def test_the_others_see_who_types_for_a_while(conn: Connection) -> None:
    ticket = world.ticket(conn, person(conn))
    handoff.note_typing(conn, ticket, BO, NOW)
    assert handoffs.typing(conn, [ticket], CY.id, NOW + 5)[ticket].name == "Bo"
    assert handoffs.typing(conn, [ticket], BO.id, NOW + 5) == {}
    assert handoffs.typing(conn, [ticket], CY.id, NOW + 7) == {}


def test_resolving_closes_the_conversation_as_a_human(conn: Connection) -> None:
    ticket = world.ticket(conn, person(conn))
    handoff.resolve(conn, ticket, BO, NOW)
    assert asked(conn) == [("close", {"reason": "by_human_agent"})]


def test_a_ticket_without_its_conversation_cannot_be_resolved(conn: Connection) -> None:
    ticket = world.ticket(conn, person(conn))
    conn.execute(sa.delete(t.conversations))
    with pytest.raises(Conflict, match="no longer exists"):
        handoff.resolve(conn, ticket, BO, NOW)
    assert asked(conn) == []


def test_giving_back_is_asked_once_and_again_if_it_failed(conn: Connection) -> None:
    ticket = world.ticket(conn, person(conn))
    handoff.give_back(conn, ticket, BO, NOW)
    (row,) = world.rows(conn, t.commands)
    assert (row.kind, row.dedup_key) == ("return_to_agent", f"return:{ticket}")
    commands.finish(conn, row.id, NOW, "no")
    handoff.give_back(conn, ticket, BO, NOW + 1)
    commands.finish(conn, world.rows(conn, t.commands)[-1].id, NOW)
    commands.finish(conn, next(r.id for r in world.rows(conn, t.commands) if r.dedup_key), NOW)
    with pytest.raises(Conflict, match="already requested"):
        handoff.give_back(conn, ticket, BO, NOW + 2)
