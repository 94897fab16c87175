from __future__ import annotations

import csv
import io
from typing import Dict, List

import httpx
import pytest
import sqlalchemy as sa

from proactive_api.http.core.csv import encoded
from proactive_api.http.resources import chats
from proactive_api.storage.sql import tables as t
from tests.http import crowd
from tests.http.server import RunningApi


def table(answer: httpx.Response) -> List[Dict[str, str]]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


def test_every_page_comes(api: RunningApi, client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chats, "EXPORTED_AT_ONCE", 7)
    crowd.gather(api, client, 20)
    listed = client.get("/v1/proactive-chats?limit=100").json()["data"]
    rows = table(client.get("/v1/proactive-chats.csv"))
    assert [row["id"] for row in rows] == [one["id"] for one in listed] and len(rows) == 20
    assert [row["phone_number"] for row in rows] == [f"'{one['recipient']['phone_number']}" for one in listed]
    for row, one in zip(rows, listed, strict=True):
        assert row["response_status"] == one["response_status"] and row["closed_at"] == (one["closed_at"] or "")
        assert row["resolution_time"] == ("" if one["resolution_time"] is None else str(one["resolution_time"]))
    responded = table(client.get("/v1/proactive-chats.csv?response_status=responded&campaign=spring"))
    assert {row["response_status"] for row in responded} == {"responded"}
    assert {row["campaign"] for row in responded} == {"spring"}


@pytest.mark.parametrize(
    "message",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x","y")', "a=1", "Two\nlines", "\u202eRTL 🎉"],
)
def test_no_cell_is_a_formula(client: httpx.Client, message: str) -> None:
    person = {"user_id": "=cmd|' /C calc'!A0", "nickname": "@x", "phone_number": "+14155550131"}
    client.post("/v1/recipients", json=person)
    body = {"channel_type": "sms", "user_id": person["user_id"], "message": message, "campaign": "-2+3"}
    assert client.post("/v1/proactive-chats", json=body).status_code == 202
    (row,) = table(client.get("/v1/proactive-chats.csv"))
    for name, value in row.items():
        assert not value.startswith(("=", "+", "-", "@", "\t", "\r")), name
    assert row["message"].removeprefix("'") == message.strip() and row["nickname"] == "'@x"


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
    assert table(answer) == [] and answer.text.startswith("id,conversation_id,created_at,")
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
