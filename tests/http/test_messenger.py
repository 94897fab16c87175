"""The messenger as the API sees it: tokens for visitors, sends to people by their user ID."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any, Dict

import httpx
import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from sqlalchemy.engine import Engine
from typer.testing import CliRunner

from proactive_api import cli
from proactive_api.config import Config
from proactive_api.operations import sending_rules
from proactive_api.operations.visitor_tokens import VisitorTokens
from proactive_api.storage.people import recipients
from proactive_api.storage.sql import tables as t
from tests.http import story
from tests.http.server import ADMIN_KEY, RunningApi, fields_of

HELLO: Dict[str, Any] = {
    "channel_type": "messenger",
    "user_id": "alice",
    "message": "**Sale** ends [Sunday](https://example.com)!",
    "suggested_replies": [{"title": "See the offer", "url": "https://example.com/sale"}, "Talk to a person"],
}


@pytest.fixture
def alice(client: httpx.Client) -> Dict[str, Any]:
    answer = client.post("/v1/recipients", json={"user_id": "alice", "nickname": "Alice"})
    assert answer.status_code == 201
    return dict(answer.json())


def send(client: httpx.Client, **change: Any) -> httpx.Response:
    body = {name: value for name, value in {**HELLO, **change}.items() if value is not None}
    return client.post("/v1/proactive-chats", json=body)


# -- tokens --------------------------------------------------------------------------------------


def test_a_token_names_its_recipient(api: RunningApi, client: httpx.Client, alice: Dict[str, Any]) -> None:
    begun = time.time()
    answer = client.post("/v1/messenger/tokens", json={"user_id": "alice"})
    assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"
    visitor = VisitorTokens(api.config).read(answer.json()["token"], begun)
    assert visitor.user_id == "alice" == answer.json()["user_id"]
    assert visitor.expires_at is not None and begun + 3590 < visitor.expires_at < time.time() + 3610
    short = client.post("/v1/messenger/tokens", json={"user_id": "alice", "expires_in": 60}).json()
    expires_at = VisitorTokens(api.config).read(short["token"], begun).expires_at
    assert expires_at is not None and expires_at < begun + 70
    assert short["expires_at"].endswith("Z")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "user_id"),
        ({"user_id": "nobody"}, "user_id"),
        ({"user_id": ""}, "user_id"),
        ({"user_id": None}, "user_id"),
        ({"user_id": "a\nb"}, "user_id"),
        ({"user_id": "alice\u0000"}, "user_id"),
        ({"user_id": "alice", "expires_in": 59}, "expires_in"),
        ({"user_id": "alice", "expires_in": 86401}, "expires_in"),
        ({"user_id": "alice", "expires_in": "60"}, "expires_in"),
        ({"user_id": "alice", "expires_in": True}, "expires_in"),
        ({"user_id": "alice", "nickname": "A"}, "nickname"),
    ],
)
def test_tokens_for_nobody(client: httpx.Client, alice: Dict[str, Any], body: Dict[str, Any], field: str) -> None:
    answer = client.post("/v1/messenger/tokens", json=body)
    assert answer.status_code == 422 and fields_of(answer) == [field], answer.text


def test_only_those_who_may_send_make_tokens(api: RunningApi, client: httpx.Client, alice: Dict[str, Any]) -> None:
    for scope, status in (("send", 200), ("admin", 200), ("read", 403), ("agent", 403)):
        key = client.post("/v1/keys", json={"name": scope, "scopes": [scope]}).json()["key"]
        with api.client(key) as caller:
            assert caller.post("/v1/messenger/tokens", json={"user_id": "alice"}).status_code == status


def test_where_only_the_public_key_is_tokens_are_made_elsewhere(tmp_path: Path, engine: Engine) -> None:
    public = rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()
    spki = serialization.PublicFormat.SubjectPublicKeyInfo
    pem = public.public_bytes(serialization.Encoding.PEM, spki).decode()
    settings = {"PROACTIVE_DATA_DIR": str(tmp_path), "PROACTIVE_ADMIN_KEY": ADMIN_KEY, "MESSENGER_JWT_PUBLIC_KEY": pem}
    with RunningApi(Config.from_env(settings), engine) as api, api.client() as client:
        client.post("/v1/recipients", json={"user_id": "alice"})
        answer = client.post("/v1/messenger/tokens", json={"user_id": "alice"})
        assert answer.status_code == 409 and "MESSENGER_JWT_PUBLIC_KEY" in answer.json()["detail"]


# -- sends ---------------------------------------------------------------------------------------


def test_a_send_needs_no_phone(client: httpx.Client, alice: Dict[str, Any]) -> None:
    answer = send(client)
    assert answer.status_code == 202, answer.text
    chat = answer.json()
    assert (chat["channel_type"], chat["delivery_status"], chat["recipient"]["id"]) == (
        "messenger",
        "queued",
        alice["id"],
    )
    assert chat["message"] == HELLO["message"], "Markdown is kept"
    assert (chat["encoding"], chat["segments"]) == (None, None)
    assert [reply["title"] for reply in chat["suggested_replies"]] == ["See the offer", "Talk to a person"]


@pytest.mark.parametrize(
    ("change", "field", "word"),
    [
        ({"user_id": None}, "user_id", "messenger needs a user_id"),
        ({"user_id": None, "phone_number": "+14155550123"}, "phone_number", "user_id"),
        ({"phone_number": "+14155550123"}, "phone_number", "user_id"),
        ({"user_id": "nobody"}, "user_id", "no recipient"),
        ({"message": "x" * 1601}, "message", "1600"),
        ({"message": None}, "message", "a message or choose an intent"),
    ],
)
def test_who_cannot_be_reached(
    api: RunningApi, client: httpx.Client, alice: Dict[str, Any], change: Dict[str, Any], field: str, word: str
) -> None:
    answer = send(client, **change)
    assert answer.status_code == 422 and fields_of(answer) == [field] and word in answer.json()["detail"]
    with api.engine.connect() as conn:
        assert conn.execute(sa.select(sa.func.count()).select_from(t.proactive_chats)).scalar() == 0


def test_sms_with_numbered_replies_is_longer_than_the_messenger(client: httpx.Client, alice: Dict[str, Any]) -> None:
    assert send(client, message="x" * 1600).status_code == 202


def test_an_intent_may_open(client: httpx.Client, alice: Dict[str, Any]) -> None:
    answer = send(client, message=None, suggested_replies=None, intent="EXTERNAL_reminder", entities={"day": "Monday"})
    assert answer.status_code == 202 and answer.json()["entities"] == {"day": "Monday"}


def test_the_rules_hold_in_the_messenger_too(api: RunningApi, client: httpx.Client, alice: Dict[str, Any]) -> None:
    client.patch("/v1/settings", json={"frequency_cap": {"messages": 1, "per_seconds": 3600}})
    first = send(client).json()
    with api.engine.begin() as conn:
        assert [claim.chat_id for claim in sending_rules.claim_due(conn, time.time(), 10)["messenger"]] == [first["id"]]
    capped = send(client).json()
    assert (capped["delivery_status"], capped["skip_reason"]) == ("skipped", "frequency_cap")
    story.tell(api.engine, f"messenger.{alice['id']}", story.opening(first["id"], time.time()))
    busy = send(client).json()
    assert (busy["delivery_status"], busy["skip_reason"]) == ("skipped", "conversation_open")
    waiting = send(client, if_active="queue").json()
    assert (waiting["delivery_status"], waiting["wait_reason"]) == ("queued", "open_conversation")
    with api.engine.begin() as conn:
        recipients.update(conn, alice["id"], {"consent": False}, time.time())
    out = send(client).json()
    assert (out["delivery_status"], out["skip_reason"]) == ("skipped", "opted_out")


def test_quiet_hours_hold_on_the_recipients_clock(client: httpx.Client) -> None:
    hour = int(time.time() // 3600 % 24)
    around = {"start": f"{(hour - 1) % 24:02}:00", "end": f"{(hour + 2) % 24:02}:00"}
    client.patch("/v1/settings", json={"quiet_hours": around})
    for user_id, timezone, reason in (("here", "UTC", "quiet_hours"), ("far", "Etc/GMT-12", None)):
        client.post("/v1/recipients", json={"user_id": user_id, "timezone": timezone})
        assert send(client, user_id=user_id).json()["wait_reason"] == reason


def test_lists_and_figures_know_the_channel(api: RunningApi, client: httpx.Client, alice: Dict[str, Any]) -> None:
    chat = send(client, campaign="spring").json()
    now = time.time()
    told = story.opening(chat["id"], now, campaign="spring") + story.said("yes", now + 5)
    told[1]["metadata"]["proactive"]["channel"] = "messenger"
    story.tell(api.engine, f"messenger.{alice['id']}", told)
    for kind in ("proactive-chats", "conversations"):
        for channel, count in (("messenger", 1), ("sms", 0)):
            assert len(client.get(f"/v1/{kind}?channel_type={channel}").json()["data"]) == count
    assert client.get(f"/v1/conversations/{chat['id']}").json()["channel_type"] == "messenger"
    everything = json.dumps(client.get("/v1/metrics?channel_type=sms").json())
    assert json.dumps(client.get("/v1/metrics?channel_type=messenger").json()) != everything


def test_the_command_line_sends(
    api: RunningApi, client: httpx.Client, alice: Dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROACTIVE_URL", api.url)
    monkeypatch.setenv("PROACTIVE_API_KEY", ADMIN_KEY)
    sent = CliRunner().invoke(cli.app, ["send", "--channel", "messenger", "--user", "alice", "Hello", "--reply", "Hi"])
    assert sent.exit_code == 0 and "queued" in sent.output, sent.output
    (chat,) = client.get("/v1/proactive-chats").json()["data"]
    assert (chat["channel_type"], chat["message"]) == ("messenger", "Hello")
    wrong = CliRunner().invoke(cli.app, ["send", "--channel", "messenger", "--phone", "+14155550123", "Hello"])
    assert wrong.exit_code == 1 and "user_id" in wrong.output


def test_origins_are_a_setting(client: httpx.Client) -> None:
    assert client.get("/v1/settings").json()["messenger"]["allowed_origins"] is None
    change = {"messenger": {"allowed_origins": ["https://Shop.example:443", "http://localhost:3000"]}}
    after = client.patch("/v1/settings", json=change).json()
    assert after["messenger"]["allowed_origins"] == ["https://shop.example", "http://localhost:3000"]
    assert client.get("/v1/settings").json() == after
    other = client.patch("/v1/settings", json={"messenger": {"csat_enabled": False}}).json()
    assert other["messenger"]["allowed_origins"] == ["https://shop.example", "http://localhost:3000"]
