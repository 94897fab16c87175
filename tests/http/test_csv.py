from __future__ import annotations

import csv
import io
from typing import Any, Dict, List, Optional, get_args

import httpx
import pytest
import sqlalchemy as sa

from proactive_api.http.core.csv import encoded
from proactive_api.http.resources import chats, exported
from proactive_api.http.resources.shapes import ChannelName, ClosedName, DeliveryName, ResponseName, StatusName
from proactive_api.lifecycle.sending import SkipReason, WaitReason
from proactive_api.storage.sql import tables as t
from tests.http import crowd
from tests.http.server import RunningApi


def table(answer: httpx.Response) -> List[Dict[str, str]]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbf") and answer.content.count(b"\xef\xbb\xbf") == 1
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def shown(time: Optional[str]) -> str:
    """A time of the API as the file has it."""
    return "" if time is None else f"{time[:10]} {time[11:19]}"


def test_every_page_comes(api: RunningApi, client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chats, "EXPORTED_AT_ONCE", 7)
    crowd.gather(api, client, 20)
    listed = client.get("/v1/proactive-chats?limit=100").json()["data"]
    rows = table(client.get("/v1/proactive-chats.csv"))
    assert [row["Chat ID"] for row in rows] == [one["id"] for one in listed] and len(rows) == 20
    assert [row["Phone number"] for row in rows] == [one["recipient"]["phone_number"] for one in listed]
    responses = {"responded": "Responded", "not_responded": "No response"}
    for row, one in zip(rows, listed, strict=True):
        assert row["Response"] == responses[one["response_status"]]
        assert (row["Created on (UTC)"], row["Closed on (UTC)"]) == (shown(one["created_at"]), shown(one["closed_at"]))
        took = one["resolution_time"]
        assert row["Resolution time (seconds)"] == ("" if took is None else str(round(took)))
    responded = table(client.get("/v1/proactive-chats.csv?response_status=responded&campaign=spring"))
    assert {row["Response"] for row in responded} == {"Responded"}
    assert {row["Campaign"] for row in responded} == {"spring"}


@pytest.mark.parametrize(
    "message",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        '=HYPERLINK("http://x","y")',
        "a=1",
        "Two\nlines",
        "\uff1d1+1",
        "+14155550123 cmd",
        "\u202eRTL 🎉",
    ],
)
def test_no_cell_is_a_formula(client: httpx.Client, message: str) -> None:
    person = {"user_id": "=cmd|' /C calc'!A0", "nickname": "@x", "phone_number": "+14155550131"}
    client.post("/v1/recipients", json=person)
    body = {"channel_type": "sms", "user_id": person["user_id"], "message": message, "campaign": "-2+3"}
    assert client.post("/v1/proactive-chats", json=body).status_code == 202
    (row,) = table(client.get("/v1/proactive-chats.csv"))
    assert row.pop("Phone number") == "+14155550131"
    for name, value in row.items():
        assert not value.startswith(("=", "+", "-", "@", "\t", "\r")), name
    assert row["Message"].removeprefix("'") == message.strip() and row["Nickname"] == "'@x"
    assert row["Channel"] == "SMS" and row["Delivery"] in ("Waiting", "Sending")


def test_a_reason_is_told_in_words(client: httpx.Client) -> None:
    client.post("/v1/recipients", json={"user_id": "no", "phone_number": "+14155550125", "consent": False})
    client.post("/v1/proactive-chats", json={"channel_type": "sms", "user_id": "no", "message": "Grüße 🎉"})
    (row,) = table(client.get("/v1/proactive-chats.csv"))
    assert (row["Delivery"], row["Reason"], row["Message"]) == ("Not sent", "Opted out of messages", "Grüße 🎉")


@pytest.mark.parametrize(
    ("kind", "words"),
    [(SkipReason, exported.REASON), (WaitReason, exported.REASON), (DeliveryName, exported.DELIVERY),
     (ResponseName, exported.RESPONSE), (StatusName, exported.STATUS), (ClosedName, exported.CLOSED),
     (ChannelName, exported.CHANNEL)],
)  # fmt: skip
def test_every_value_has_its_words(kind: Any, words: Dict[str, str]) -> None:
    assert set(get_args(kind)) <= set(words)


@pytest.mark.parametrize("odd", ["a\x00b", "\x00=1+1", "\ud800half", "\x1b[31m", "\uffff"])
def test_one_odd_row_of_long_ago_does_not_break_the_table(api: RunningApi, client: httpx.Client, odd: str) -> None:
    rows = list(csv.reader(io.StringIO(encoded([["before", 1], [odd, 2], ["after", 3]]).decode(), newline="")))
    assert [row[1] for row in rows] == ["1", "2", "3"] and not rows[1][0].startswith("=")
    crowd.gather(api, client, 3)
    # SQLite keeps a NUL; a half of a character gets into no database.
    kept = "\ud800" not in odd and ("\x00" not in odd or api.engine.dialect.name == "sqlite")
    with api.engine.begin() as conn:
        ids = conn.execute(sa.select(t.recipients.c.id)).scalars().all()
        if kept:
            conn.execute(sa.update(t.recipients).where(t.recipients.c.id == ids[0]).values(nickname=odd))
    assert len(table(client.get("/v1/proactive-chats.csv"))) == 3


def test_an_empty_table_has_its_heading(client: httpx.Client) -> None:
    answer = client.get("/v1/proactive-chats.csv?campaign=none")
    assert table(answer) == [] and answer.text.lstrip("\ufeff").startswith("Created on (UTC),User ID,")
    assert "proactive-chats.csv" in answer.headers["content-disposition"]
    refused = client.get("/v1/proactive-chats.csv?limit=5")
    assert refused.status_code == 422 and refused.headers["content-type"] == "application/problem+json"


def test_what_is_known_is_not_sent_again(client: httpx.Client) -> None:
    first = client.get("/v1/recipients")
    tag = first.headers["etag"]
    for shown in (tag, f"W/{tag}", f'"other", {tag}'):
        again = client.get("/v1/recipients", headers={"If-None-Match": shown})
        assert again.status_code == 304 and again.content == b"" and again.headers["etag"] == tag
    client.post("/v1/recipients", json={"user_id": "x"})
    changed = client.get("/v1/recipients", headers={"If-None-Match": tag})
    assert changed.status_code == 200 and changed.headers["etag"] != tag
