"""The sandbox's phones through the API, with a real sandbox carrier."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Iterator

import httpx
import pytest
from sqlalchemy.engine import Engine

from proactive_api.config import Config
from tests.http.server import RunningApi, fields_of
from tests.sandbox.conftest import BUSINESS, Business, Carrier

PHONE = "+14155550123"
ADDRESS = f"/v1/sandbox/phones/{PHONE}/messages"


@pytest.fixture
def business() -> Iterator[Business]:
    running = Business()
    yield running
    running.server.shutdown()
    running.server.server_close()


@pytest.fixture
def carrier(tmp_path: Path, business: Business) -> Iterator[Carrier]:
    running = Carrier(tmp_path / "carrier.db", business.url)
    yield running
    running.kill()


@pytest.fixture
def config(config: Config, carrier: Carrier) -> Config:
    return replace(config, sandbox_port=int(carrier.base.rpartition(":")[2]))


def test_a_phone_reads_and_writes(client: httpx.Client, carrier: Carrier) -> None:
    assert client.get("/v1/sandbox/phones").json()["data"] == []
    carrier.client().messages.create(to=PHONE, from_=BUSINESS, body="Sale!")
    (shown,) = client.get(ADDRESS).json()["data"]
    assert (shown["direction"], shown["body"]) == ("to_phone", "Sale!")
    typed = client.post(ADDRESS, json={"body": "Yes \U0001f389"})
    assert typed.status_code == 201 and typed.json()["to"] == BUSINESS
    screen = client.get(ADDRESS.replace("+", "%2B")).json()["data"]
    assert [one["body"] for one in screen] == ["Sale!", "Yes \U0001f389"]
    (phone,) = client.get("/v1/sandbox/phones").json()["data"]
    assert phone["number"] == PHONE and phone["last_message"]["body"] == "Yes \U0001f389"


def test_what_is_no_message_or_no_phone(client: httpx.Client) -> None:
    for body in ({}, {"body": " "}, {"body": "x" * 1601}):
        answer = client.post(ADDRESS, json=body)
        assert answer.status_code == 422 and fields_of(answer) == ["body"]
    assert fields_of(client.post(ADDRESS, json={"media_url": ["x"]})) == ["media_url[0]"]
    for number in ("123", "+0", "..", "%2e%2e%2fstats", "+1415x"):
        assert client.get(f"/v1/sandbox/phones/{number}/messages").status_code == 404


def test_a_carrier_that_is_down(client: httpx.Client, carrier: Carrier) -> None:
    carrier.kill()
    for answer in (client.get(ADDRESS), client.post(ADDRESS, json={"body": "x"})):
        assert answer.status_code == 503 and "carrier" in answer.json()["detail"]
    carrier.start()


def test_there_are_none_beside_a_real_carrier(config: Config, engine: Engine) -> None:
    real = replace(config, carrier=replace(config.carrier, sandbox=False))
    with RunningApi(real, engine) as api, api.client() as client:
        for answer in (client.get("/v1/sandbox/phones"), client.get(ADDRESS), client.post(ADDRESS, json={"body": "x"})):
            assert answer.status_code == 404
