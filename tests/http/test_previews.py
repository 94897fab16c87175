from __future__ import annotations

import time
from typing import Any, Dict

import httpx
import pytest
import sqlalchemy as sa

from proactive_api.storage.sql import tables as t
from tests.http.server import RunningApi, fields_of

BODY: Dict[str, Any] = {
    "channel_type": "sms",
    "phone_number": "+14155550123",
    "message": "**Hi** {{ nickname | there }}",
    "suggested_replies": ["Yes", {"title": "See", "url": "https://example.com/sale"}],
}


def preview(client: httpx.Client, **changes: Any) -> Dict[str, Any]:
    answer = client.post("/v1/previews", json={**BODY, **changes})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_a_preview_tells_what_the_send_then_does(api: RunningApi, client: httpx.Client) -> None:
    seen = preview(client)
    (sample,) = seen["samples"]
    assert seen["would_send"] == 1 and seen["skipped"] == seen["waiting"] == []
    assert sample["recipient"] == {"id": None, "user_id": None, "nickname": None, "phone_number": "+14155550123"}
    assert sample["message"] == "**Hi** there"
    first, yes, link = sample["sms_body"].split("\n")
    assert (first, yes) == ("Hi there", "1. Yes") and link.startswith("2. See: http")
    with api.engine.connect() as conn:
        for table in t.metadata.sorted_tables:
            if table.name != "sessions":
                assert conn.execute(sa.select(sa.func.count()).select_from(table)).scalar() == 0, table.name
    sent = client.post("/v1/proactive-chats", json=BODY).json()
    assert (sent["message"], sent["encoding"], sent["segments"]) == (
        sample["message"], sample["encoding"], sample["segments"]
    )  # fmt: skip
    assert seen["segments"] == sent["segments"] == 1 and sent["encoding"] == "GSM-7"
    assert preview(client)["skipped"] == []


def test_who_would_be_skipped_is_named(client: httpx.Client) -> None:
    person = {"user_id": "ann", "nickname": "Ann", "phone_number": "+14155550131", "consent": False}
    made = client.post("/v1/recipients", json=person).json()
    seen = preview(client, phone_number=None, user_id="ann")
    assert seen["would_send"] == 0 and seen["segments"] == 0
    assert [(one["recipient"]["id"], one["reason"]) for one in seen["skipped"]] == [(made["id"], "opted_out")]
    assert seen["samples"][0]["message"] == "**Hi** Ann"


def test_who_would_wait_is_told_until_when(client: httpx.Client) -> None:
    later = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 7200))
    seen = preview(client, scheduled_at=later)
    assert seen["would_send"] == 1
    assert [(one["reason"], one["until"]) for one in seen["waiting"]] == [("scheduled", later)]


def test_other_letters_cost_more(client: httpx.Client) -> None:
    seen = preview(client, message="\u4f60\u597d " * 30, suggested_replies=[])
    assert seen["samples"][0]["encoding"] == "UCS-2" and seen["segments"] == 2


def test_the_messenger_shows_no_sms(client: httpx.Client) -> None:
    client.post("/v1/recipients", json={"user_id": "bo"})
    seen = preview(client, channel_type="messenger", phone_number=None, user_id="bo")
    assert seen["would_send"] == 1 and seen["segments"] == 0
    assert seen["samples"][0]["sms_body"] is None and seen["samples"][0]["message"] == "**Hi** there"


@pytest.mark.parametrize(
    "changes, field",
    [
        ({"phone_number": "12"}, "phone_number"),
        ({"message": "{{ plan }}"}, "message"),
        ({"message": "x" * 1601}, "message"),
        ({"message": None}, "message"),
        ({"suggested_replies": ["a", "A"]}, "suggested_replies[1]"),
        ({"phone_number": None, "user_id": "nobody"}, "user_id"),
    ],
)
def test_what_a_send_refuses_its_preview_refuses(client: httpx.Client, changes: Dict[str, Any], field: str) -> None:
    for path in ("/v1/previews", "/v1/proactive-chats"):
        answer = client.post(path, json={**BODY, **changes})
        assert answer.status_code == 422 and fields_of(answer) == [field]
