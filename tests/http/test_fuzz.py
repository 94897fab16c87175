"""Bodies that nobody would write: never a 500, the field is named, nothing is stored unless all is well."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict, Iterator, Tuple

import httpx
import msgspec
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proactive_api.config import Config
from proactive_api.http.catalogue import ENDPOINTS
from proactive_api.storage.migrations import migrate
from proactive_api.storage.sql import tables as t
from proactive_api.storage.sql.engine import create_engine
from tests.http.server import ADMIN_KEY, RunningApi, fields_of
from tests.http.story import handed_over, opening, said, tell

#: Somebody who is not there.
USER = "00000000-0000-4000-8000-000000000000"
RECIPIENT = {
    "user_id": "u",
    "nickname": "n",
    "phone_number": "+14155550123",
    "locale": "en",
    "timezone": "UTC",
    "attributes": {"a": 1},
    "consent": True,
}
CHANNEL = {
    "auto_close_timeout": 60,
    "handoff_timeout": 60,
    "closing_message": "Bye",
    "csat_enabled": True,
    "csat_expiry": 60,
    "csat_when_unanswered": True,
    "resolution_check_enabled": False,
}
SEND = {
    "channel_type": "sms",
    "phone_number": "+14155550123",
    "message": "Hi {{ nickname | there }}",
    "suggested_replies": ["Yes", {"title": "See", "url": "https://example.com"}],
    "campaign": "c",
    "scheduled_at": "2030-01-01T00:00:00Z",
    "if_active": "queue",
    "auto_close_timeout": 60,
}
#: A good body for every address that takes one.
VALID: Dict[Tuple[str, str], Dict[str, Any]] = {
    ("POST", "/v1/proactive-chats"): SEND,
    ("POST", "/v1/previews"): SEND,
    ("POST", "/v1/sandbox/phones/{number}/messages"): {"body": "how much is it?", "media_url": []},
    ("POST", "/v1/recipients"): RECIPIENT,
    ("PATCH", "/v1/recipients/{id}"): RECIPIENT,
    ("POST", "/v1/handoffs/{id}/messages"): {"text": "Hi, Ada here.", "agent_name": "Ada"},
    ("POST", "/v1/handoffs/{id}/assign"): {"assignee": "Ada"},
    ("POST", "/v1/handoffs/{id}/seen"): {"at": "2026-11-25T09:00:00Z"},
    ("PATCH", "/v1/proactive-chats/{id}"): {"message": "Sale!", "suggested_replies": ["Yes"], "campaign": "spring"},
    ("POST", "/v1/messenger/tokens"): {"user_id": "u", "expires_in": 60},
    ("PATCH", "/v1/settings"): {
        "sms": {**CHANNEL, "consent_message": None, "help_message": "Help"},
        "messenger": CHANNEL,
        "quiet_hours": {"start": "21:00", "end": "08:00"},
        "frequency_cap": {"messages": 1, "per_seconds": 60},
        "if_active": "skip",
    },
    ("POST", "/v1/keys"): {"name": "k", "scopes": ["read"]},
    ("POST", "/v1/session"): {"email": "a@example.com", "password": "long enough to be one"},
    ("POST", "/v1/session/setup"): {
        "token": "t" * 43,
        "password": "long enough to be one",
        "email": "a@example.com",
        "name": "Ada",
    },
    ("PATCH", "/v1/session/password"): {"old": "long enough to be one", "new": "long enough to be another"},
    ("POST", "/v1/users"): {"email": "b@example.com", "name": "Ada", "role": "agent"},
    ("PATCH", "/v1/users/{id}"): {"name": "Ada", "role": "agent", "disabled": False},
}
#: One for each server: to make one takes longer than what it asks.
clients: Dict[RunningApi, httpx.Client] = {}
#: Where a refusal has to be remembered.
NOTED = {"sign_in_attempts"}
#: What the sandbox's carrier does, which does not run here.
AT_THE_CARRIER = "/v1/sandbox/"


def no_mistake_of_ours(path: str, answer: httpx.Response) -> bool:
    """Whether the answer is one to make sense of."""
    return answer.status_code < 500 or at_the_carrier(path, answer)


def at_the_carrier(path: str, answer: httpx.Response) -> bool:
    """Whether a good body reached for the carrier."""
    return path.startswith(AT_THE_CARRIER) and answer.status_code == 503


TEXT = st.text(st.characters(codec=None), max_size=60) | st.sampled_from(
    ["{{", "{{ a }}", "/x{", "\ud800", "+1", "\x00"]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4))


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApi]:
    path: Path = tmp_path_factory.mktemp("fuzz")
    config = Config.from_env({"PROACTIVE_DATA_DIR": str(path), "PROACTIVE_ADMIN_KEY": ADMIN_KEY})
    migrate.upgrade(config.database_url)
    engine = create_engine(config.database_url)
    with RunningApi(config, engine) as api, api.client() as clients[api]:
        yield api
    engine.dispose()


@pytest.fixture(scope="module")
def addresses(running: RunningApi) -> Dict[str, str]:
    """Every address that takes a body, leading to somebody who is there and to a ticket that is open."""
    with running.client() as client:
        person = client.post("/v1/recipients", json={"user_id": "known"}).json()["id"]
        tell(running.engine, f"sms.{person}", opening("c0ffee", 1000.0) + said("human", 1010.0) + handed_over(1020.0))
        ticket = client.get("/v1/handoffs").json()["data"][0]["id"]
        later = {**SEND, "user_id": "known", "if_active": "append", "scheduled_at": "2100-01-01T00:00:00Z"}
        later.pop("phone_number", None)
        chat = client.post("/v1/proactive-chats", json=later).json()["id"]
    ids = {"/v1/recipients/{id}": person, "/v1/users/{id}": USER, "/v1/proactive-chats/{id}": chat}
    known = {path: path.replace("{id}", ids.get(path, ticket)) for _, path in VALID}
    return {path: address.replace("{number}", "+14155550123") for path, address in known.items()}


def content(api: RunningApi) -> Dict[str, int]:
    """What is stored, as a number for each table."""
    tables = [one for one in t.metadata.sorted_tables if one.name not in NOTED]
    with api.engine.connect() as conn:
        return {one.name: hash(tuple(map(tuple, conn.execute(sa.select(one))))) for one in tables}


def send(api: RunningApi, method: str, address: str, body: bytes) -> httpx.Response:
    return clients[api].request(method, address, content=body, headers={"Content-Type": "application/json"})


def test_no_address_with_a_body_is_left_out() -> None:
    assert set(VALID) == {(one.method, one.path) for one in ENDPOINTS if one.body is not None}
    for one in ENDPOINTS:
        if one.body is not None:
            msgspec.convert(VALID[one.method, one.path], one.body)


@pytest.mark.parametrize(("method", "path"), sorted(VALID))
def test_each_field_missing_null_too_long_or_of_another_type(
    running: RunningApi, addresses: Dict[str, str], method: str, path: str
) -> None:
    values = [
        None,
        [],
        {},
        "",
        True,
        -1,
        10**400,
        1.5,
        "x" * 100_000,
        "\x00",
        "\x1b[31m",
        "\u202ex",
        "🎉",
        ["🎉"] * 5000,
    ]
    bodies = [{**VALID[method, path], name: value} for name in VALID[method, path] for value in values]
    bodies += [{k: v for k, v in VALID[method, path].items() if k != name} for name in VALID[method, path]]
    bodies += [{**VALID[method, path], "nobody_knows_this": 1}]
    for body in bodies:
        before = content(running)
        answer = send(running, method, addresses[path], json.dumps(body).encode())
        assert no_mistake_of_ours(path, answer), (body, answer.text)
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == "application/problem+json"
            assert content(running) == before
        if answer.status_code == 422:
            assert fields_of(answer)


def test_ten_megabytes_are_refused_everywhere(running: RunningApi) -> None:
    body = b'{"text": "' + b"x" * (10 * 2**20) + b'"}'
    for endpoint in ENDPOINTS:
        if endpoint.method in ("POST", "PATCH", "DELETE"):
            answer = send(running, endpoint.method, endpoint.path.replace("{id}", USER), body)
            assert 400 <= answer.status_code < 500, (endpoint.method, endpoint.path, answer.text)
            assert answer.headers["content-type"] == "application/problem+json"


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_value_in_any_field(running: RunningApi, addresses: Dict[str, str], data: st.DataObject) -> None:
    method, path = data.draw(st.sampled_from(sorted(VALID)))
    body: Any = dict(VALID[method, path])
    body[data.draw(st.sampled_from(sorted(body)) | TEXT)] = data.draw(VALUES)
    before = content(running)
    answer = send(running, method, addresses[path], json.dumps(body).encode())
    if answer.status_code in (200, 201, 202, 204):
        return
    assert answer.status_code in (401, 403, 404, 409, 422, 429) or at_the_carrier(path, answer), answer.text
    assert answer.headers["content-type"] == "application/problem+json" and content(running) == before
    if answer.status_code == 422:
        assert fields_of(answer)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(body=st.binary(max_size=60) | VALUES.map(lambda value: json.dumps(value).encode()))
def test_any_body_at_all(running: RunningApi, addresses: Dict[str, str], body: bytes) -> None:
    before = content(running)
    for method, path in VALID:
        if (method == "PATCH" or path.endswith("/seen")) and body.strip() == b"{}":
            continue  # nothing to change is no mistake, and all may have been seen
        answer = send(running, method, addresses[path], body)
        assert answer.status_code in (400, 401, 403, 422), (method, path, answer.text)
        if answer.status_code in (400, 422):
            assert fields_of(answer)
    assert content(running) == before


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(name=TEXT, value=TEXT)
def test_any_parameter(running: RunningApi, name: str, value: str) -> None:
    encoded = [part.encode("utf-8", "surrogatepass") for part in (name, value)]
    with running.client() as client:
        for path, known in (("proactive-chats", b"cursor"), ("recipients", b"search"), ("conversations", b"recipient")):
            for query in (quoted(encoded), quoted([known, encoded[1]])):
                answer = client.get(httpx.URL(f"{running.url}/v1/{path}", query=query))
                assert answer.status_code in (200, 422), answer.text


def quoted(pair: list[bytes]) -> bytes:
    return b"=".join(b"".join(b"%%%02x" % byte for byte in part) for part in pair)
