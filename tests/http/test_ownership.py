"""Of several agents one has a ticket; the others see whose it is, and who is typing."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, Dict, List

import httpx
import pytest
import sqlalchemy as sa

from proactive_api.storage.conversations import handoffs
from proactive_api.storage.sql import tables as t
from tests.http import story
from tests.http.people import Browser, first_user, invited
from tests.http.server import RunningApi, fields_of

NOW = time.time()


@pytest.fixture
def ada(api: RunningApi) -> Browser:
    return first_user(api)


@pytest.fixture
def bo(api: RunningApi, ada: Browser) -> Browser:
    return invited(api, ada, "agent", "Bo")


@pytest.fixture
def cy(api: RunningApi, ada: Browser) -> Browser:
    return invited(api, ada, "agent", "Cy")


def handed_over(api: RunningApi, client: httpx.Client, number: int = 0, at: float = NOW) -> Dict[str, Any]:
    body = {"channel_type": "sms", "phone_number": f"+1415555{2000 + number}", "message": "Sale!"}
    chat = client.post("/v1/proactive-chats", json=body).json()
    events = story.opening(chat["id"], at) + story.said("human please", at + 10)
    story.tell(api.engine, f"sms.{chat['recipient']['id']}", events + story.handed_over(at + 12))
    (ticket,) = [
        one for one in client.get("/v1/handoffs").json()["data"] if one["conversation_id"] == chat["id"]
    ]  # fmt: skip
    return dict(ticket)


@pytest.fixture
def address(api: RunningApi, client: httpx.Client) -> str:
    return f"/v1/handoffs/{handed_over(api, client)['id']}"


def words_of(api: RunningApi) -> List[str]:
    with api.engine.connect() as conn:
        return list(conn.execute(sa.select(t.commands.c.payload).where(t.commands.c.kind == "human_message")).scalars())


def test_who_answers_first_has_it(api: RunningApi, bo: Browser, cy: Browser, address: str) -> None:
    barrier = threading.Barrier(2)

    def answer(agent: Browser) -> int:
        barrier.wait()
        return agent.post(f"{address}/messages", json={"text": "Hello"}).status_code

    with ThreadPoolExecutor(2) as pool:
        statuses = dict(zip((bo, cy), pool.map(answer, (bo, cy)), strict=True))
    assert sorted(statuses.values()) == [202, 409]
    winner = next(agent for agent, status in statuses.items() if status == 202)
    seen = bo.get(address).json()
    assert (seen["assignee"], seen["assignee_id"]) == (winner.me["user"]["name"], winner.me["user"]["id"])
    assert len(words_of(api)) == 1


def test_nobody_else_speaks_in_it_or_ends_it(api: RunningApi, bo: Browser, cy: Browser, address: str) -> None:
    assert bo.post(f"{address}/assign", json={"assignee": "me"}).json()["assignee"] == "Bo"
    for how, body in (("messages", {"text": "x"}), ("resolve", None), ("return", None), ("assign", {"assignee": "me"})):
        refused = cy.post(f"{address}/{how}", json=body)
        assert refused.status_code == 409 and "Bo" in refused.json()["detail"], how
    assert words_of(api) == []
    assert cy.post(f"{address}/assign", json={"assignee": None}).json()["assignee_id"] is None
    assert cy.post(f"{address}/assign", json={"assignee": cy.me["user"]["id"]}).json()["assignee"] == "Cy"
    assert bo.post(f"{address}/messages", json={"text": "x"}).status_code == 409
    assert cy.post(f"{address}/resolve").status_code == 202


def test_a_ticket_goes_to_a_colleague(bo: Browser, cy: Browser, address: str) -> None:
    given = bo.post(f"{address}/assign", json={"assignee": cy.me["user"]["id"]})
    assert (given.json()["assignee"], given.json()["assignee_id"]) == ("Cy", cy.me["user"]["id"])
    unknown = bo.post(f"{address}/assign", json={"assignee": "Somebody"})
    assert unknown.status_code == 422 and fields_of(unknown) == ["assignee"]


def test_people_speak_under_their_own_name(api: RunningApi, bo: Browser, address: str) -> None:
    assert bo.post(f"{address}/messages", json={"text": "Hi", "agent_name": "The boss"}).status_code == 202
    assert words_of(api) == ['{"text": "Hi", "name": "Bo"}']


def test_a_key_speaks_for_several(client: httpx.Client, bo: Browser, address: str) -> None:
    assert client.post(f"{address}/messages", json={"text": "Hi", "agent_name": "Di"}).json()["assignee"] == "Di"
    assert client.post(f"{address}/messages", json={"text": "Hi", "agent_name": "Ed"}).status_code == 409
    assert client.post(f"{address}/messages", json={"text": "Hi", "agent_name": "Di"}).status_code == 202
    assert bo.post(f"{address}/messages", json={"text": "Hi"}).status_code == 409
    assert client.post(f"{address}/return").status_code == 202


def test_a_namesake_is_somebody_else(api: RunningApi, ada: Browser, bo: Browser, address: str) -> None:
    body = {"email": "other@example.com", "name": "Bo", "role": "agent"}
    token = ada.post("/v1/users", json=body).json()["invite_url"].partition("?token=")[2]
    other = Browser(api)
    assert other.set_up(token=token).status_code == 200
    assert bo.post(f"{address}/assign", json={"assignee": "me"}).status_code == 200
    assert other.post(f"{address}/messages", json={"text": "x"}).status_code == 409
    assert other.post(f"{address}/assign", json={"assignee": "me"}).status_code == 409


def test_tickets_of_who_goes_away_are_free(ada: Browser, bo: Browser, address: str) -> None:
    bo.post(f"{address}/assign", json={"assignee": "me"})
    ada.patch(f"/v1/users/{bo.me['user']['id']}", json={"disabled": True})
    assert ada.get(address).json()["assignee"] is None


def test_mine_and_nobodys(api: RunningApi, client: httpx.Client, bo: Browser, cy: Browser, address: str) -> None:
    free = handed_over(api, client, 1)
    bo.post(f"{address}/assign", json={"assignee": "me"})

    def listed(agent: httpx.Client, assignee: str) -> List[str]:
        found = agent.get(f"/v1/handoffs?status=open&assignee={assignee}").json()["data"]
        return [f"/v1/handoffs/{one['id']}" for one in found]

    assert listed(bo, "me") == listed(cy, "Bo") == listed(cy, bo.me["user"]["id"]) == [address]
    assert listed(cy, "me") == [] and listed(cy, "none") == [f"/v1/handoffs/{free['id']}"]


def test_unread_ones_first(api: RunningApi, client: httpx.Client) -> None:
    tickets = [handed_over(api, client, number, NOW + 100 * number) for number in range(5)]
    senders = [f"sms.{one['recipient']['id']}" for one in tickets]
    human = {"event": "bot", "text": "Hello", "metadata": {"proactive": {"human_agent": "Bo"}}}
    for number in (1, 2, 4):
        story.tell(api.engine, senders[number], [{**human, "timestamp": NOW + 600 + number}])
    story.tell(api.engine, senders[2], [one for one in story.said("wait", NOW + 700) if one["event"] == "user"])
    order, cursor = [], ""
    while True:
        page = client.get(f"/v1/handoffs?order=unread&limit=2{cursor}").json()
        order += [(tickets_at(tickets, one), one["unread"]) for one in page["data"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert order == [(2, True), (3, True), (0, True), (4, False), (1, False)]


def tickets_at(tickets: List[Dict[str, Any]], one: Dict[str, Any]) -> int:
    return [ticket["id"] for ticket in tickets].index(one["id"])


def test_unread_is_what_this_agent_has_not_looked_at(
    api: RunningApi, client: httpx.Client, bo: Browser, cy: Browser, address: str
) -> None:
    def states(agent: httpx.Client) -> List[bool]:
        listed = agent.get("/v1/handoffs?status=open").json()["data"][0]
        one = agent.get(address).json()
        assert (listed["unread"], listed["unanswered"]) == (one["unread"], one["unanswered"])
        return [one["unread"], one["unanswered"]]

    assert states(bo) == states(cy) == [True, True]
    shown = bo.get(address).json()["last_message_at"]
    assert bo.post(f"{address}/seen", json={"at": shown}).status_code == 204
    assert (states(bo), states(cy)) == ([False, True], [True, True])
    ticket = bo.get(address).json()
    sender = f"sms.{ticket['recipient']['id']}"
    more = [one for one in story.said("still there?", NOW + 30) if one["event"] == "user"]
    story.tell(api.engine, sender, more)
    assert states(bo) == [True, True]
    bo.post(f"{address}/seen", json={"at": shown})
    assert states(bo) == [True, True], "what came after the page was read is not seen"
    api.app.ctx.service = replace(api.app.ctx.service, clock=lambda: NOW + 60)
    assert bo.post(f"{address}/messages", json={"text": "Yes"}).status_code == 202
    assert (states(bo), states(cy)) == ([False, True], [True, True])


def test_others_see_who_types_for_a_moment(api: RunningApi, bo: Browser, cy: Browser, address: str) -> None:
    now = [NOW]
    api.app.ctx.service = replace(api.app.ctx.service, clock=lambda: now[0])
    assert cy.get(address).json()["typing"] is None
    assert bo.post(f"{address}/typing").status_code == 204
    assert cy.get(address).json()["typing"]["name"] == "Bo"
    assert cy.get("/v1/handoffs").json()["data"][0]["typing"]["name"] == "Bo"
    assert bo.get(address).json()["typing"] is None
    now[0] += 4
    bo.post(f"{address}/typing")
    now[0] += 4
    assert cy.get(address).json()["typing"]["name"] == "Bo"
    now[0] += handoffs.TYPING_LASTS
    assert cy.get(address).json()["typing"] is None
