"""What is planned is changed, sent now and cancelled through the API."""

from __future__ import annotations

import threading
import time
from typing import Any, Dict, List

import httpx
import pytest
from sqlalchemy.engine import Engine

from proactive_api.operations import sending_rules

PLANNED = {
    "channel_type": "sms", "phone_number": "+14155550123", "message": "Sale", "campaign": "spring",
    "suggested_replies": ["Yes"], "scheduled_at": "2099-01-01T09:00:00+09:00",
}  # fmt: skip


@pytest.fixture
def planned(client: httpx.Client) -> str:
    answer = client.post("/v1/proactive-chats", json=PLANNED)
    assert answer.status_code == 202
    return str(answer.json()["id"])


def test_cancelling_answers_the_chat_and_may_be_repeated(client: httpx.Client, planned: str) -> None:
    first = client.post(f"/v1/proactive-chats/{planned}/cancel")
    again = client.post(f"/v1/proactive-chats/{planned}/cancel")
    assert (first.status_code, again.status_code) == (200, 200) and first.json() == again.json()
    assert (first.json()["delivery_status"], first.json()["skip_reason"]) == ("skipped", "cancelled")
    late = client.patch(f"/v1/proactive-chats/{planned}", json={"message": "Still"})
    assert late.status_code == 409 and late.json()["type"].endswith(":conflict")


def test_changing_answers_the_chat_as_it_is_now(client: httpx.Client, planned: str) -> None:
    answer = client.patch(
        f"/v1/proactive-chats/{planned}",
        json={
            "message": "Sale!", "campaign": None, "scheduled_at": "2099-02-01T00:00:00Z",
            "suggested_replies": ["No", {"title": "Shop", "url": "https://shop.example"}],
        },
    )  # fmt: skip
    assert answer.status_code == 200, answer.text
    chat = answer.json()
    assert (chat["id"], chat["message"], chat["campaign"]) == (planned, "Sale!", None)
    assert chat["scheduled_at"].startswith("2099-02-01T00:00:00") and chat["wait_reason"] == "scheduled"
    assert [reply["title"] for reply in chat["suggested_replies"]] == ["No", "Shop"]
    assert client.get(f"/v1/proactive-chats/{planned}").json() == chat


def test_what_is_left_out_stays(client: httpx.Client, planned: str) -> None:
    before = client.get(f"/v1/proactive-chats/{planned}").json()
    assert client.patch(f"/v1/proactive-chats/{planned}", json={}).json() == before


def test_null_as_its_time_sends_it_now(client: httpx.Client, planned: str, engine: Engine) -> None:
    answer = client.patch(f"/v1/proactive-chats/{planned}", json={"scheduled_at": None}).json()
    assert (answer["delivery_status"], answer["scheduled_at"], answer["wait_reason"]) == ("queued", None, None)
    with engine.begin() as conn:
        assert [one.chat_id for one in sending_rules.claim_due(conn, time.time(), 10)["sms"]] == [planned]
    assert client.post(f"/v1/proactive-chats/{planned}/cancel").status_code == 409


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"message": None}, "message"),
        ({"message": ""}, "message"),
        ({"suggested_replies": ["Yes", "yes"]}, "suggested_replies[1]"),
        ({"scheduled_at": "2099-01-01T09:00:00"}, "scheduled_at"),
        ({"channel_type": "messenger"}, "channel_type"),
        ({"phone_number": "+14155550124"}, "phone_number"),
    ],
)
def test_what_cannot_be_used_is_named(client: httpx.Client, planned: str, body: Dict[str, Any], field: str) -> None:
    answer = client.patch(f"/v1/proactive-chats/{planned}", json=body)
    assert (answer.status_code, answer.json()["field"]) == (422, field)


@pytest.mark.parametrize("verb", ["cancel", "change"])
def test_there_must_be_a_chat(client: httpx.Client, verb: str) -> None:
    address = "/v1/proactive-chats/nothing"
    answer = client.post(f"{address}/cancel") if verb == "cancel" else client.patch(address, json={"message": "Hi"})
    assert answer.status_code == 404


def test_of_a_worker_and_somebody_who_cancels_one_wins(client: httpx.Client, engine: Engine) -> None:
    """Each chat is either taken or cancelled, and whoever cancelled was told which."""
    due = {**PLANNED, "scheduled_at": None}
    ids = [client.post("/v1/proactive-chats", json=due).json()["id"] for _ in range(20)]
    taken: List[str] = []

    def work() -> None:
        while len(taken) < len(ids) // 2:
            with engine.begin() as conn:
                claims = sending_rules.claim_due(conn, time.time(), 1)
            if not claims:
                return
            taken.extend(one.chat_id for one in claims["sms"])

    worker = threading.Thread(target=work)
    worker.start()
    answers = {one: client.post(f"/v1/proactive-chats/{one}/cancel").status_code for one in reversed(ids)}
    worker.join()
    assert {one for one, status in answers.items() if status == 409} == set(taken)
    assert set(answers.values()) <= {200, 409}
    listed = client.get("/v1/proactive-chats?limit=100").json()["data"]
    statuses = {chat["id"]: chat["delivery_status"] for chat in listed}
    assert statuses == {one: "sending" if one in taken else "skipped" for one in ids}
