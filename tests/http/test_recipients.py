from __future__ import annotations

import httpx
import pytest

from tests.http.server import fields_of

ANN = {
    "user_id": "ann",
    "nickname": "Ann_ O'Hara 100%",
    "phone_number": "+1 415 555 0141",
    "locale": "en-US",
    "timezone": "America/Los_Angeles",
    "attributes": {"plan": "Pro", "age": 41, "tags": ["a"]},
    "consent": True,
}


def test_created_changed_and_found(client: httpx.Client) -> None:
    answer = client.post("/v1/recipients", json=ANN)
    assert answer.status_code == 201
    ann = answer.json()
    assert ann["phone_number"] == "+14155550141" and ann["consent_at"] is not None
    assert client.get(answer.headers["location"]).json() == ann
    changed = client.patch(f"/v1/recipients/{ann['id']}", json={"nickname": None, "attributes": {"plan": None, "x": 1}})
    assert changed.json()["nickname"] is None
    assert changed.json()["attributes"] == {"age": 41, "tags": ["a"], "x": 1}
    assert changed.json()["user_id"] == "ann"


@pytest.mark.parametrize(
    "text, found",
    [("ANN", 1), ("o'hara", 1), ("OHARA ánn", 1), ("5550141", 1), ("100%", 1), (" (415) 555", 1), ("bob", 0), ("", 2),
     ("%", 2), ("\u202a+1 415 555 0141\u202c", 1)],
)  # fmt: skip
def test_search(client: httpx.Client, text: str, found: int) -> None:
    client.post("/v1/recipients", json=ANN)
    client.post("/v1/recipients", json={"user_id": "zoe"})
    assert len(client.get("/v1/recipients", params={"search": text}).json()["data"]) == found


def test_nobody_twice(client: httpx.Client) -> None:
    client.post("/v1/recipients", json=ANN)
    for body, field in (({"user_id": "ann"}, "user_id"), ({"phone_number": "+14155550141"}, "phone_number")):
        answer = client.post("/v1/recipients", json=body)
        assert answer.status_code == 409 and fields_of(answer) == [field]
    zoe = client.post("/v1/recipients", json={"user_id": "zoe"}).json()
    for body, field in (({"user_id": "ann"}, "user_id"), ({"phone_number": "+14155550141"}, "phone_number")):
        answer = client.patch(f"/v1/recipients/{zoe['id']}", json=body)
        assert answer.status_code == 409 and fields_of(answer) == [field]


def test_a_no_is_only_taken_back_by_the_person(client: httpx.Client) -> None:
    ann = client.post("/v1/recipients", json={**ANN, "consent": False}).json()
    assert ann["opted_out_at"] is not None
    again = client.patch(f"/v1/recipients/{ann['id']}", json={"consent": True}).json()
    assert again["consent"] is True and again["opted_out_at"] == ann["opted_out_at"]


def test_what_became_of_consent_is_kept(client: httpx.Client) -> None:
    ann = client.post("/v1/recipients", json=ANN).json()
    one = f"/v1/recipients/{ann['id']}"
    for consent in (True, None, False, False):
        client.patch(one, json={"consent": consent})
    client.patch(one, json={"nickname": "Annie"})
    changes = client.get(f"{one}/consent").json()["data"]
    assert [change["kind"] for change in changes] == ["refused", "unknown", "given"], "the latest first"
    assert {(change["by"], change["name"]) for change in changes} == {("business", "Admin")}
    assert changes[-1]["at"] == ann["consent_at"]
    nobody = client.post("/v1/recipients", json={"user_id": "zoe"}).json()
    assert client.get(f"/v1/recipients/{nobody['id']}/consent").json() == {"data": []}
    assert client.get("/v1/recipients/none/consent").status_code == 404


@pytest.mark.parametrize(
    "change, field",
    [
        ({"user_id": ""}, "user_id"),
        ({"user_id": "x" * 256}, "user_id"),
        ({"user_id": "a\tb"}, "user_id"),
        ({"user_id": None, "phone_number": None}, "user_id"),
        ({"nickname": 5}, "nickname"),
        ({"nickname": "a\x7fb"}, "nickname"),
        ({"phone_number": "+1"}, "phone_number"),
        ({"phone_number": "+" + "1" * 30}, "phone_number"),
        ({"locale": "english please"}, "locale"),
        ({"timezone": "Mars/Base"}, "timezone"),
        ({"timezone": "../etc/passwd"}, "timezone"),
        ({"attributes": []}, "attributes"),
        ({"attributes": {"a": "x" * 20_000}}, "attributes"),
        ({"attributes": {"a": {"b": "\x00"}}}, "attributes.a.b"),
        ({"attributes": {"a\x00": 1}}, "attributes.a\ufffd"),
        ({"consent": "yes"}, "consent"),
        ({"id": "mine"}, "id"),
    ],
)
def test_bad_fields_are_named(client: httpx.Client, change: dict, field: str) -> None:
    answer = client.post("/v1/recipients", json={**ANN, **change})
    assert answer.status_code == 422 and field in fields_of(answer), answer.text
    assert client.get("/v1/recipients").json()["data"] == []
