from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Dict, List, Tuple

import httpx
import pytest
import sqlalchemy as sa

from proactive_api.storage.sql import tables as t
from tests.http import story
from tests.http.server import RunningApi, fields_of

NOW = time.time()


@pytest.fixture
def chat(api: RunningApi, client: httpx.Client) -> Dict[str, Any]:
    """A chat that was answered and then handed to a human."""
    person = {"user_id": "ann", "phone_number": "+14155550131", "nickname": "Ann", "attributes": {"plan": "Pro"}}
    client.post("/v1/recipients", json=person)
    body = {"channel_type": "sms", "user_id": "ann", "message": "Sale!", "campaign": "spring"}
    sent = client.post("/v1/proactive-chats", json=body).json()
    events = story.opening(sent["id"], NOW, campaign="spring") + story.said("human please", NOW + 10)
    story.tell(api.engine, f"sms.{sent['recipient']['id']}", events + story.handed_over(NOW + 12))
    return sent


def ticket(client: httpx.Client) -> Dict[str, Any]:
    (only,) = client.get("/v1/handoffs?status=open").json()["data"]
    return only


def commands(api: RunningApi) -> List[Tuple[str, str]]:
    with api.engine.connect() as conn:
        rows = conn.execute(sa.select(t.commands.c.kind, t.commands.c.payload).order_by(t.commands.c.created_at))
        return [(row.kind, row.payload) for row in rows]


def test_a_human_sees_everything(client: httpx.Client, chat: Dict[str, Any]) -> None:
    seen = ticket(client)
    assert seen["conversation_id"] == chat["id"] and seen["reason"] == "requested"
    assert seen["recipient"]["nickname"] == "Ann" and seen["attributes"] == {"plan": "Pro"}
    assert seen["campaign"] == "spring"
    assert [entry["sender"] for entry in seen["transcript"]] == ["ai_agent", "recipient", "ai_agent"]
    assert client.get(f"/v1/handoffs/{seen['id']}").json() == seen


def test_words_of_a_human_become_a_command(api: RunningApi, client: httpx.Client, chat: Dict[str, Any]) -> None:
    address = f"/v1/handoffs/{ticket(client)['id']}/messages"
    assert client.post(address, json={"text": "Hello, I am Bo", "agent_name": "Bo"}).status_code == 202
    assert commands(api) == [("human_message", '{"text": "Hello, I am Bo", "name": "Bo"}')]
    for text in ("", " ", "x" * 1601, None, 3, "a\x00"):
        answer = client.post(address, json={"text": text})
        assert answer.status_code == 422 and fields_of(answer) == ["text"]
    assert len(commands(api)) == 1


def test_of_two_who_resolve_at_once_one_does(api: RunningApi, client: httpx.Client, chat: Dict[str, Any]) -> None:
    address = f"/v1/handoffs/{ticket(client)['id']}"
    barrier = threading.Barrier(4)

    def end(how: str) -> int:
        barrier.wait()
        return client.post(f"{address}/{how}").status_code

    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(end, ["resolve", "return", "resolve", "return"]))
    assert sorted(statuses) == [202, 409, 409, 409]
    assert len(commands(api)) == 1


def test_resolving_and_closing_are_one_closing(api: RunningApi, client: httpx.Client, chat: Dict[str, Any]) -> None:
    assert client.post(f"/v1/conversations/{chat['id']}/close").status_code == 202
    assert client.post(f"/v1/conversations/{chat['id']}/close").status_code == 409
    assert client.post(f"/v1/handoffs/{ticket(client)['id']}/resolve").status_code == 409
    assert commands(api) == [("close", '{"reason": "force_closed"}')]


def test_a_closing_that_failed_may_be_asked_for_again(
    api: RunningApi, client: httpx.Client, chat: Dict[str, Any]
) -> None:
    assert client.post(f"/v1/conversations/{chat['id']}/close").status_code == 202
    with api.engine.begin() as conn:
        conn.execute(sa.update(t.commands).values(status="failed"))
    assert client.post(f"/v1/conversations/{chat['id']}/close").status_code == 202


def test_assigning_is_first_come_first_served(client: httpx.Client, chat: Dict[str, Any]) -> None:
    address = f"/v1/handoffs/{ticket(client)['id']}/assign"
    assert client.post(address, json={"assignee": "bo"}).json()["assignee"] == "bo"
    assert client.post(address, json={"assignee": "bo"}).status_code == 200
    taken = client.post(address, json={"assignee": "cy"})
    assert taken.status_code == 409 and fields_of(taken) == ["assignee"]
    assert client.post(address, json={"assignee": None}).json()["assignee"] is None
    assert client.post(address, json={"assignee": "cy"}).status_code == 200
    assert fields_of(client.post(address, json={})) == ["assignee"]


def test_what_is_over_is_over(api: RunningApi, client: httpx.Client, chat: Dict[str, Any]) -> None:
    address = f"/v1/handoffs/{ticket(client)['id']}"
    story.tell(api.engine, f"sms.{chat['recipient']['id']}", story.closed(NOW + 60, "by_human_agent"))
    for how, body in (("resolve", None), ("return", None), ("messages", {"text": "x"}), ("assign", {"assignee": "x"})):
        assert client.post(f"{address}/{how}", json=body).status_code == 409, how
    assert client.post(f"/v1/conversations/{chat['id']}/close").status_code == 409
    assert client.get("/v1/handoffs?status=open").json()["data"] == []


def test_chat_and_conversation_carry_the_figures(api: RunningApi, client: httpx.Client, chat: Dict[str, Any]) -> None:
    sender = f"sms.{chat['recipient']['id']}"
    story.tell(api.engine, sender, story.closed(NOW + 70, "by_human_agent") + story.rated(4, NOW + 80))
    story.tell(api.engine, sender, story.said("another thing", NOW + 100_000))
    seen = client.get(f"/v1/proactive-chats/{chat['id']}?include=transcript").json()
    assert (seen["status"], seen["response_status"], seen["conversation_type"]) == ("closed", "responded", "general")
    assert seen["closed_reason"] == "by_human_agent" and seen["resolution_time"] == pytest.approx(60)
    assert seen["handed_over_at"] is not None
    assert [entry["text"] for entry in seen["transcript"]] == ["Sale!", "human please", "You said human please"]
    newer, older = client.get(f"/v1/conversations?recipient={chat['recipient']['id']}").json()["data"]
    assert older["id"] == chat["id"] and newer["started_by"] == "recipient"
    assert newer["previous_conversation_id"] == chat["id"]
    one = client.get(f"/v1/conversations/{newer['id']}?include=transcript").json()
    assert [entry["text"] for entry in one["transcript"]] == ["another thing", "You said another thing"]
    assert [c["id"] for c in client.get("/v1/conversations?status=closed").json()["data"]] == [chat["id"]]
    assert [c["id"] for c in client.get("/v1/proactive-chats?response_status=responded").json()["data"]] == [chat["id"]]


def test_metrics(api: RunningApi, client: httpx.Client, chat: Dict[str, Any]) -> None:
    with api.engine.begin() as conn:
        conn.execute(sa.update(t.proactive_chats).values(delivery_status="delivered", sent_at=NOW))
    other = client.post(
        "/v1/proactive-chats", json={"channel_type": "sms", "phone_number": "+14155550132", "message": "Hi"}
    )
    assert other.status_code == 202
    sender = f"sms.{chat['recipient']['id']}"
    story.tell(api.engine, sender, story.closed(NOW + 70, "by_human_agent"))
    seen = client.get("/v1/metrics?channel_type=sms").json()
    assert (seen["proactive_chats"], seen["sent"], seen["delivered"], seen["queued"]) == (2, 1, 1, 1)
    assert (seen["responded"], seen["response_rate"], seen["handoff_rate"]) == (1, 1.0, 1.0)
    took = seen["time_to_first_response"]
    assert (took["count"], took["median"], took["p90"]) == (1, pytest.approx(10), pytest.approx(10))
    assert seen["human_agent"]["resolution_time"]["median"] == pytest.approx(60)
    assert seen["ai_agent"]["conversations"] == 0 and seen["csat"]["average"] is None
    empty = client.get("/v1/metrics?campaign=none").json()
    assert empty["proactive_chats"] == 0 and empty["response_rate"] is None


def test_erasing_leaves_nothing(api: RunningApi, client: httpx.Client, chat: Dict[str, Any]) -> None:
    recipient = chat["recipient"]["id"]
    body = {"channel_type": "sms", "user_id": "ann", "message": "Again", "if_active": "append"}
    assert client.post("/v1/proactive-chats", json=body, headers={"Idempotency-Key": "k"}).status_code == 202
    client.post(f"/v1/handoffs/{ticket(client)['id']}/messages", json={"text": "Hi"})
    assert client.delete(f"/v1/recipients/{recipient}").status_code == 204
    with api.engine.connect() as conn:
        for table in t.metadata.sorted_tables:
            if table.name not in ("settings", "api_keys") and not table.name.startswith("rollup"):
                assert conn.execute(sa.select(table)).all() == [], table.name
    assert client.get(f"/v1/recipients/{recipient}").status_code == 404
    assert client.get(f"/v1/proactive-chats/{chat['id']}").status_code == 404


def test_nobody_is_erased_while_a_message_is_on_its_way(
    api: RunningApi, client: httpx.Client, chat: Dict[str, Any]
) -> None:
    with api.engine.begin() as conn:
        conn.execute(sa.update(t.proactive_chats).values(delivery_status="sending"))
    assert client.delete(f"/v1/recipients/{chat['recipient']['id']}").status_code == 409
    assert client.get(f"/v1/proactive-chats/{chat['id']}").status_code == 200
