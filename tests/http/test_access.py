from __future__ import annotations

import httpx
import pytest
import sqlalchemy as sa

from proactive_api.http.catalogue import ENDPOINTS
from proactive_api.http.core.endpoint import OPEN
from proactive_api.storage.access import keys
from proactive_api.storage.sql import tables as t
from tests import web
from tests.http.server import ADMIN_KEY, RunningApi, address_of, fields_of

SOME_ID = "00000000-0000-4000-8000-000000000000"


def make(client: httpx.Client, *scopes: str) -> str:
    answer = client.post("/v1/keys", json={"name": "key", "scopes": list(scopes)})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["key"])


def test_nothing_is_open_but_health(api: RunningApi) -> None:
    with api.client(key=None) as stranger:
        assert stranger.get("/healthz").status_code == 200
        assert stranger.get("/readyz").status_code == 503
        assert stranger.get("/metrics").status_code == 401
        for endpoint in [one for one in ENDPOINTS if one.scope != OPEN]:
            answer = stranger.request(endpoint.method, address_of(endpoint))
            assert answer.status_code == 401, endpoint
            assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wrong", "Basic abc", f"Bearer {ADMIN_KEY}x", "a" * 5000])
def test_wrong_keys(api: RunningApi, header: str) -> None:
    assert web.get(f"{api.url}/v1/settings", headers={"Authorization": header}).status_code == 401


def test_each_scope_opens_its_own_doors(api: RunningApi, client: httpx.Client) -> None:
    for scope in keys.SCOPES:
        with api.client(make(client, scope)) as caller:
            for endpoint in [one for one in ENDPOINTS if one.scope in keys.SCOPES]:
                answer = caller.request(endpoint.method, address_of(endpoint))
                allowed = scope in (endpoint.scope, "admin")
                assert (answer.status_code != 403) == allowed, (scope, endpoint)


def test_a_revoked_key_is_worth_nothing(api: RunningApi, client: httpx.Client) -> None:
    key = make(client, "read")
    with api.client(key) as reader:
        assert reader.get("/v1/settings").status_code == 200
        (listed,) = client.get("/v1/keys").json()["data"]
        assert "key" not in listed and listed["last_used_at"] is not None
        assert client.delete(f"/v1/keys/{listed['id']}").status_code == 204
        assert reader.get("/v1/settings").status_code == 401
    assert client.delete(f"/v1/keys/{SOME_ID}").status_code == 404


def test_secrets_are_not_stored(api: RunningApi, client: httpx.Client) -> None:
    key = make(client, "read", "send")
    with api.engine.connect() as conn:
        (row,) = conn.execute(sa.select(t.api_keys)).all()
    assert key not in str(row) and ADMIN_KEY not in str(row)


@pytest.mark.parametrize(
    "body, field",
    [
        ({"name": "x"}, "scopes"),
        ({"name": "x", "scopes": []}, "scopes"),
        ({"name": "x", "scopes": ["root"]}, "scopes[0]"),
        ({"name": "", "scopes": ["read"]}, "name"),
        ({"name": "a\nb", "scopes": ["read"]}, "name"),
    ],
)
def test_bad_keys(client: httpx.Client, body: object, field: str) -> None:
    answer = client.post("/v1/keys", json=body)
    assert answer.status_code == 422 and fields_of(answer) == [field], answer.text
