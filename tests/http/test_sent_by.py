"""Who sent a chat is written down, and shown wherever the chat is."""

from __future__ import annotations

import csv
import io
import time
from typing import Any, Dict

import httpx

from tests.http import story
from tests.http.people import invited
from tests.http.server import RunningApi

SALE = {"channel_type": "sms", "phone_number": "+14155550123", "message": "Sale", "campaign": "spring"}


def sent_by(client: Any, chat_id: str) -> Dict[str, Any]:
    chat = client.get(f"/v1/proactive-chats/{chat_id}").json()
    return dict(chat["sent_by"])


def test_a_key_and_a_person_are_named(api: RunningApi, client: httpx.Client) -> None:
    by_key = client.post("/v1/proactive-chats", json=SALE).json()
    maya = invited(api, client, "marketer", "Maya")
    by_maya = maya.post("/v1/proactive-chats", json=SALE).json()
    assert by_key["sent_by"]["kind"] == "api_key" and by_key["sent_by"]["name"]
    assert (by_maya["sent_by"]["kind"], by_maya["sent_by"]["name"]) == ("user", "Maya")
    assert sent_by(client, by_maya["id"]) == by_maya["sent_by"]
    rows = csv.DictReader(io.StringIO(client.get("/v1/proactive-chats.csv").text))
    assert {row["Chat ID"]: row["Sent by"] for row in rows}[by_maya["id"]] == "Maya"


def test_who_changes_it_did_not_send_it(api: RunningApi, client: httpx.Client) -> None:
    maya = invited(api, client, "marketer", "Maya")
    chat = maya.post("/v1/proactive-chats", json={**SALE, "scheduled_at": "2099-01-01T00:00:00Z"}).json()
    client.patch(f"/v1/proactive-chats/{chat['id']}", json={"message": "Sale!"})
    assert sent_by(client, chat["id"])["name"] == "Maya"


def test_the_transcript_tells_words_of_the_business_from_the_assistants(api: RunningApi, client: httpx.Client) -> None:
    maya = invited(api, client, "marketer", "Maya")
    chat = maya.post("/v1/proactive-chats", json=SALE).json()
    at = time.time()
    begun = story.opening(chat["id"], at, "Sale", "spring")
    story.tell(api.engine, f"sms.{chat['recipient']['id']}", [*begun, *story.said("1", at + 1)])
    opening, _, answer = client.get(f"/v1/conversations/{chat['id']}?include=transcript").json()["transcript"]
    assert opening["sender"] == answer["sender"] == "ai_agent", "the contract"
    assert (opening["kind"], opening["chat_id"], opening["campaign"]) == ("proactive", chat["id"], "spring")
    assert opening["sent_by"]["name"] == "Maya" and opening["delivery_status"] == "queued"
    assert "kind" not in answer and "sent_by" not in answer
