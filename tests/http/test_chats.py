from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
import sqlalchemy as sa

from proactive_api.storage.sql import tables as t
from tests.http.server import RunningApi, fields_of

SALE = {
    "channel_type": "sms",
    "phone_number": "+14155550123",
    "message": "Semi-annual sale ends Sunday!",
    "suggested_replies": [{"title": "See the offer", "url": "https://example.com/sale"}, {"title": "Talk to a person"}],
}


def count(api: RunningApi, table: sa.Table) -> int:
    with api.engine.connect() as conn:
        return int(conn.execute(sa.select(sa.func.count()).select_from(table)).scalar() or 0)


def test_a_send_is_accepted_with_its_resource(api: RunningApi, client: httpx.Client) -> None:
    answer = client.post("/v1/proactive-chats", json=SALE)
    assert answer.status_code == 202, answer.text
    chat = answer.json()
    assert answer.headers["location"] == f"/v1/proactive-chats/{chat['id']}"
    assert chat["delivery_status"] == "queued" and chat["status"] is None
    assert chat["recipient"]["phone_number"] == "+14155550123"
    assert (chat["encoding"], chat["segments"]) == ("GSM-7", 1)
    assert chat["suggested_replies"][1] == {"title": "Talk to a person", "url": None, "payload": None}
    assert api.woken.acquire(timeout=5)
    assert client.get(f"/v1/proactive-chats/{chat['id']}").json() == chat


def test_the_same_number_is_the_same_recipient(client: httpx.Client) -> None:
    first, second = (client.post("/v1/proactive-chats", json=SALE).json() for _ in range(2))
    assert first["recipient"] == second["recipient"] and first["id"] != second["id"]


def test_variables_come_from_the_recipient(client: httpx.Client) -> None:
    client.post("/v1/recipients", json={"user_id": "u1", "phone_number": "+14155550124", "attributes": {"plan": "Pro"}})
    body = {"channel_type": "sms", "user_id": "u1", "message": "Hi {{ nickname | there }}, you have {{ plan }}"}
    assert client.post("/v1/proactive-chats", json=body).json()["message"] == "Hi there, you have Pro"
    answer = client.post("/v1/proactive-chats", json={**body, "message": "Hi {{ nickname }}"})
    assert answer.status_code == 422 and fields_of(answer) == ["message"]


BAD = [
    ({"channel_type": None}, "channel_type"),
    ({"channel_type": "fax"}, "channel_type"),
    ({"phone_number": None}, "user_id"),
    ({"phone_number": "0170 1234"}, "phone_number"),
    ({"phone_number": 14155550123}, "phone_number"),
    ({"user_id": "x"}, "phone_number"),
    ({"user_id": "nobody", "phone_number": None}, "user_id"),
    ({"user_id": "x\x00", "phone_number": None}, "user_id"),
    ({"message": None}, "message"),
    ({"message": ""}, "message"),
    ({"message": " \n "}, "message"),
    ({"message": "x" * 1601}, "message"),
    ({"message": "x" * 1590}, "message"),
    ({"message": "a\x00b"}, "message"),
    ({"message": "a\x1bb"}, "message"),
    ({"message": "a\ud800b"}, "message"),
    ({"message": ["a"]}, "message"),
    ({"message": "{{ oops"}, "message"),
    ({"intent": "x"}, "intent"),
    ({"message": None, "intent": "/x"}, "intent"),
    ({"entities": {"a": 1}}, "entities"),
    ({"suggested_replies": ["x"] * 11}, "suggested_replies"),
    ({"suggested_replies": ["x", "X"]}, "suggested_replies[1]"),
    ({"suggested_replies": ["Yes", {"title": "Yes!"}]}, "suggested_replies[1].title"),
    ({"suggested_replies": [{"title": "Cancel"}]}, "suggested_replies[0].title"),
    ({"suggested_replies": ["Info"]}, "suggested_replies[0]"),
    ({"suggested_replies": [{"title": "a" * 41}]}, "suggested_replies[0].title"),
    ({"suggested_replies": [{"title": ""}]}, "suggested_replies[0].title"),
    ({"suggested_replies": [{"title": "a\nb"}]}, "suggested_replies[0].title"),
    ({"suggested_replies": [{"url": "https://a.b"}]}, "suggested_replies[0].title"),
    ({"suggested_replies": [{"title": "a", "url": "javascript:alert(1)"}]}, "suggested_replies[0].url"),
    ({"suggested_replies": [{"title": "a", "payload": "hello"}]}, "suggested_replies[0].payload"),
    ({"suggested_replies": [{"title": "a", "payload": "/x{oops}"}]}, "suggested_replies[0].payload"),
    ({"suggested_replies": [{"title": "a", "url": "https://a.b", "payload": "/x"}]}, "suggested_replies[0].payload"),
    ({"suggested_replies": [{"title": "a", "colour": "red"}]}, "suggested_replies[0].colour"),
    ({"suggested_replies": [7]}, "suggested_replies[0]"),
    ({"suggested_replies": "yes"}, "suggested_replies"),
    ({"campaign": ""}, "campaign"),
    ({"campaign": "c" * 256}, "campaign"),
    ({"scheduled_at": "tomorrow"}, "scheduled_at"),
    ({"scheduled_at": "2026-11-22T09:00:00"}, "scheduled_at"),
    ({"scheduled_at": 7}, "scheduled_at"),
    ({"scheduled_at": "0001-01-01T00:00:00+23:00"}, "scheduled_at"),
    ({"if_active": "maybe"}, "if_active"),
    ({"auto_close_timeout": 0}, "auto_close_timeout"),
    ({"auto_close_timeout": 5e-324}, "auto_close_timeout"),
    ({"auto_close_timeout": True}, "auto_close_timeout"),
    ({"auto_close_timeout": True}, "auto_close_timeout"),
    ({"auto_close_timeout": 10**400}, "auto_close_timeout"),
    ({"surprise": 1}, "surprise"),
]  # fmt: skip


@pytest.mark.parametrize("kind", ["sqlite"])
def test_every_bad_field_is_named_and_nothing_is_stored(api: RunningApi, client: httpx.Client, kind: str) -> None:
    for change, field in BAD:
        body = json.dumps({**SALE, **change})
        answer = client.post("/v1/proactive-chats", content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code == 422, (change, answer.text)
        assert field in fields_of(answer), (change, answer.text)
    assert count(api, t.proactive_chats) == 0 and count(api, t.recipients) == 0


def test_right_to_left_text_and_emoji_are_fine(client: httpx.Client) -> None:
    body = {**SALE, "message": "שלום 👋🏽\nمرحبا", "suggested_replies": ["👍🏽", "לא"]}
    chat = client.post("/v1/proactive-chats", json=body).json()
    assert chat["message"] == "שלום 👋🏽\nمرحبا" and chat["encoding"] == "UCS-2"


def test_idempotency(api: RunningApi, client: httpx.Client) -> None:
    headers = {"Idempotency-Key": "7f1"}
    first = client.post("/v1/proactive-chats", json=SALE, headers=headers)
    again = client.post("/v1/proactive-chats", json=SALE, headers=headers)
    assert (again.status_code, again.json()) == (202, first.json())
    assert again.headers["idempotent-replayed"] == "true" and "idempotent-replayed" not in first.headers
    other = client.post("/v1/proactive-chats", json={**SALE, "message": "Other"}, headers=headers)
    assert other.status_code == 409 and other.json()["type"].endswith("idempotency-key-reused")
    assert count(api, t.proactive_chats) == 1


def test_one_key_at_once_is_one_send(api: RunningApi, client: httpx.Client) -> None:
    barrier = threading.Barrier(6)

    def send(_: int) -> httpx.Response:
        barrier.wait()
        return client.post("/v1/proactive-chats", json=SALE, headers={"Idempotency-Key": "same"})

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(send, range(6)))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert count(api, t.proactive_chats) == 1


def test_a_key_is_free_again_after_a_refused_request(client: httpx.Client) -> None:
    headers = {"Idempotency-Key": "retry"}
    assert client.post("/v1/proactive-chats", json={**SALE, "message": ""}, headers=headers).status_code == 422
    assert client.post("/v1/proactive-chats", json=SALE, headers=headers).status_code == 202


def test_the_rules_decide_at_once(client: httpx.Client) -> None:
    person = client.post("/v1/recipients", json={"user_id": "no", "phone_number": "+14155550125", "consent": False})
    assert person.status_code == 201
    chat = client.post("/v1/proactive-chats", json={"channel_type": "sms", "user_id": "no", "message": "Hi"}).json()
    assert (chat["delivery_status"], chat["skip_reason"]) == ("skipped", "opted_out")
    skipped = [one["id"] for one in client.get("/v1/proactive-chats?skip_reason=opted_out").json()["data"]]
    assert skipped == [chat["id"]] and not client.get("/v1/proactive-chats?skip_reason=frequency_cap").json()["data"]
    later = client.post("/v1/proactive-chats", json={**SALE, "scheduled_at": "2099-01-01T10:00:00+01:00"}).json()
    assert (later["wait_reason"], later["scheduled_at"]) == ("scheduled", "2099-01-01T09:00:00Z")


def test_lists_page_without_gaps(client: httpx.Client) -> None:
    ids = [client.post("/v1/proactive-chats", json=SALE).json()["id"] for _ in range(5)]
    seen, cursor = [], None
    while True:
        page = client.get("/v1/proactive-chats", params={"limit": 2, **({"cursor": cursor} if cursor else {})}).json()
        seen += [chat["id"] for chat in page["data"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == ids[::-1]


@pytest.mark.parametrize(
    "query, expected",
    [
        ("channel_type=sms", 1),
        ("channel_type=messenger", 0),
        ("response_status=not_responded", 1),
        ("response_status=responded", 0),
        ("delivery_status=queued", 1),
        ("campaign=spring", 0),
        ("campaign=spring_sale", 1),
        ("campaign=other", 0),
        ("campaign_search=RING%20s", 1),
        ("campaign_search=pr%C3%AEng", 1),
        ("campaign_search=other", 0),
        ("campaign=spring_sale%E2%80%8B%20", 1),
        ("campaign=spring_sale&campaign_search=autumn", 0),
        ("skip_reason=opted_out", 0),
        ("recipient=nobody", 0),
        ("from=2020-01-01T00:00:00Z&to=2090-01-01T00:00:00Z", 1),
        ("to=2020-01-01T00:00:00Z", 0),
        ("from=2020-01-01T00:00:00+01:00&first_response_over=-0&to=2090-01-01T00:00:00%2B01:00", 0),
        ("from=2020-01-01T00:00:00+01:00", 1),
        ("status=open", 0),
    ],
)
def test_filters(client: httpx.Client, query: str, expected: int) -> None:
    client.post("/v1/proactive-chats", json={**SALE, "campaign": "spring_sale"})
    assert len(client.get(f"/v1/proactive-chats?{query}").json()["data"]) == expected


@pytest.mark.parametrize(
    "query, field",
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=many", "limit"),
        ("limit=1&limit=2", "limit"),
        ("cursor=zzz", "cursor"),
        ("cursor=", "cursor"),
        ("chanel_type=sms", "chanel_type"),
        ("channel_type=fax", "channel_type"),
        ("from=yesterday", "from"),
        ("to=0.5", "to"),
        ("to=1764061200", "to"),
        ("from=null", "from"),
        ("from=1969-12-31T23:59:59Z", "from"),
        ("from=0001-01-01T00:00:00%2B23:59", "from"),
        ("to=9999-12-31T23:59:59Z", "to"),
        ("from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", "to"),
        ("status=null", "status"),
        ("sent=1", "sent"),
        ("csat=05", "csat"),
        ("csat=1.0", "csat"),
        ("csat=true", "csat"),
        ("first_response_over=nan", "first_response_over"),
        ("first_response_over=1e400", "first_response_over"),
        ("first_response_over=Infinity", "first_response_over"),
        ("first_response_over=" + "9" * 5000, "first_response_over"),
        ("campaign_search=%7F", "campaign_search"),
        ("campaign=%00", "campaign"),
        ("campaign_search=", "campaign_search"),
        ("skip_reason=because", "skip_reason"),
    ],
)
def test_bad_parameters_are_named(client: httpx.Client, query: str, field: str) -> None:
    answer = client.get(f"/v1/proactive-chats?{query}")
    assert answer.status_code == 422 and fields_of(answer) == [field], answer.text
