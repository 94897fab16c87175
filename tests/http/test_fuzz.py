"""Bodies that nobody would write: never a 500, the field is named, nothing is stored unless all is well."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Iterator

import httpx
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proactive_api.config import Config
from proactive_api.storage import migrate
from proactive_api.storage import tables as t
from proactive_api.storage.engine import create_engine
from tests.http.server import ADMIN_KEY, RunningApi, fields_of

VALID = {
    "/v1/proactive-chats": {
        "channel_type": "sms",
        "phone_number": "+14155550123",
        "message": "Hi {{ nickname | there }}",
        "suggested_replies": ["Yes", {"title": "See", "url": "https://example.com"}],
        "campaign": "c",
        "scheduled_at": "2030-01-01T00:00:00Z",
        "if_active": "queue",
        "auto_close_timeout": 60,
    },
    "/v1/recipients": {
        "user_id": "u",
        "nickname": "n",
        "phone_number": "+14155550123",
        "locale": "en",
        "timezone": "UTC",
        "attributes": {"a": 1},
        "consent": True,
    },
    "/v1/keys": {"name": "k", "scopes": ["read"]},
}
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
    with RunningApi(config, engine) as api:
        yield api
    engine.dispose()


def rows(api: RunningApi) -> int:
    tables = (t.proactive_chats, t.recipients, t.api_keys, t.idempotency_keys)
    with api.engine.connect() as conn:
        return sum(int(conn.execute(sa.select(sa.func.count()).select_from(table)).scalar() or 0) for table in tables)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_value_in_any_field(running: RunningApi, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(sorted(VALID)))
    body: Any = dict(VALID[path])
    body[data.draw(st.sampled_from(sorted(body)) | TEXT)] = data.draw(VALUES)
    before = rows(running)
    with running.client() as client:
        answer = client.post(path, content=json.dumps(body), headers={"Content-Type": "application/json"})
    if answer.status_code in (201, 202):
        return
    assert answer.status_code in (409, 422), answer.text
    assert fields_of(answer) and rows(running) == before


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(body=st.binary(max_size=60) | VALUES.map(lambda value: json.dumps(value).encode()))
def test_any_body_at_all(running: RunningApi, body: bytes) -> None:
    before = rows(running)
    with running.client() as client:
        for path in VALID:
            answer = client.post(path, content=body, headers={"Content-Type": "application/json"})
            assert answer.status_code in (400, 422), answer.text
            assert fields_of(answer)
    assert rows(running) == before


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
