"""People of the dashboard: invited, changed, turned away; somebody can always administer."""

from __future__ import annotations

from typing import Any, Dict, Optional

import pytest
from sqlalchemy.engine import Connection

from proactive_api.operations import handoff
from proactive_api.operations import users as people
from proactive_api.operations.errors import Conflict, NotFound
from proactive_api.operations.handoff import Agent
from proactive_api.storage.access import sessions, users
from proactive_api.storage.access.users import User
from proactive_api.storage.conversations import handoffs
from tests.operations import world
from tests.operations.world import NOW, person

HASH = "a hash"


def user(conn: Connection, name: str, role: str = "admin", password: Optional[str] = HASH) -> User:
    added = users.add(conn, f"{name.lower()}@example.com", name, role, NOW, password)
    assert added is not None
    return added


def signed_in(conn: Connection, secret: str) -> bool:
    return sessions.find(conn, secret, NOW + 1) is not None


def holder(conn: Connection, ticket: str) -> Any:
    found = handoffs.get(conn, ticket)
    assert found is not None
    return found.ticket["assignee"]


def test_who_is_invited_has_no_password_yet(conn: Connection) -> None:
    bo = people.invite(conn, " Bo@Example.com ", "  Bo ", "agent", NOW)
    assert (bo.email, bo.name, bo.role, bo.password_hash) == ("bo@example.com", "Bo", "agent", None)
    assert people.find(conn, bo.id) == bo


def test_an_address_is_one_persons(conn: Connection) -> None:
    user(conn, "Bo")
    with pytest.raises(Conflict) as refused:
        people.invite(conn, "BO@example.com", "Another Bo", "admin", NOW)
    assert refused.value.field == "email" and len(users.list_all(conn)) == 1


@pytest.mark.parametrize("verb", ["find", "change", "remove"])
def test_who_is_not_there(conn: Connection, verb: str) -> None:
    verbs = {
        "find": lambda: people.find(conn, "x"),
        "change": lambda: people.change(conn, "x", {"name": "X"}, None, NOW),
        "remove": lambda: people.remove(conn, "x"),
    }
    with pytest.raises(NotFound):
        verbs[verb]()


def test_a_change_leaves_the_rest_as_it_is(conn: Connection) -> None:
    user(conn, "Ada")
    bo = user(conn, "Bo", "agent")
    _, secret = sessions.begin(conn, bo, NOW)
    changed = people.change(conn, bo.id, {"name": "Robert", "role": "marketer"}, None, NOW)
    assert (changed.name, changed.role, changed.email, changed.disabled_at) == ("Robert", "marketer", bo.email, None)
    assert changed.password_hash == HASH and signed_in(conn, secret)


# -- turned away ----------------------------------------------------------------------------------


@pytest.mark.parametrize("remove", [False, True])
def test_who_is_turned_away_is_signed_out_and_their_tickets_are_free(conn: Connection, remove: bool) -> None:
    ada, bo = user(conn, "Ada"), user(conn, "Bo", "agent")
    _, theirs = sessions.begin(conn, bo, NOW)
    _, others = sessions.begin(conn, ada, NOW)
    tickets = [world.ticket(conn, person(conn)) for _ in range(2)]
    for ticket, one in zip(tickets, (bo, ada), strict=True):
        handoff.assign(conn, ticket, Agent(one.id, one.name, True), "me")
    if remove:
        people.remove(conn, bo.id)
    else:
        assert people.change(conn, bo.id, {}, True, NOW).disabled_at == NOW
    assert not signed_in(conn, theirs) and signed_in(conn, others)
    assert [holder(conn, ticket) for ticket in tickets] == [None, "Ada"]
    assert (users.find(conn, id=bo.id) is None) is remove


def test_who_may_come_in_again_has_to_sign_in_again(conn: Connection) -> None:
    user(conn, "Ada")
    bo = user(conn, "Bo", "agent")
    _, secret = sessions.begin(conn, bo, NOW)
    people.change(conn, bo.id, {}, True, NOW)
    people.change(conn, bo.id, {}, False, NOW)
    assert not signed_in(conn, secret)


def test_since_when_somebody_is_disabled_does_not_move_and_can_be_lifted(conn: Connection) -> None:
    user(conn, "Ada")
    bo = user(conn, "Bo", "agent")
    people.change(conn, bo.id, {}, True, NOW)
    assert people.change(conn, bo.id, {}, True, NOW + 9).disabled_at == NOW
    assert people.change(conn, bo.id, {"name": "B"}, None, NOW + 9).disabled_at == NOW
    assert people.change(conn, bo.id, {}, False, NOW + 9).disabled_at is None


# -- the last admin -------------------------------------------------------------------------------

WAYS: Dict[str, Any] = {
    "demoted": lambda conn, one: people.change(conn, one.id, {"role": "agent"}, None, NOW),
    "disabled": lambda conn, one: people.change(conn, one.id, {}, True, NOW),
    "removed": lambda conn, one: people.remove(conn, one.id),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_last_admin_stays_one(conn: Connection, way: str) -> None:
    ada = user(conn, "Ada")
    user(conn, "Bo", "agent")
    user(conn, "Cy", "admin", password=None)  # invited, and has not come yet
    dee = user(conn, "Dee")
    people.change(conn, dee.id, {}, True, NOW)
    _, secret = sessions.begin(conn, ada, NOW)
    with pytest.raises(Conflict, match="last admin"):
        WAYS[way](conn, ada)
    assert people.find(conn, ada.id) == ada and signed_in(conn, secret)


@pytest.mark.parametrize("way", WAYS)
def test_one_of_two_admins_may_go(conn: Connection, way: str) -> None:
    ada, bo = user(conn, "Ada"), user(conn, "Bo")
    WAYS[way](conn, ada)
    with pytest.raises(Conflict):
        WAYS[way](conn, bo)


@pytest.mark.parametrize("changes", [{"name": "Countess"}, {"role": "admin"}])
def test_the_last_admin_may_be_changed_otherwise(conn: Connection, changes: Dict[str, str]) -> None:
    ada = user(conn, "Ada")
    assert people.change(conn, ada.id, changes, False, NOW).role == "admin"
