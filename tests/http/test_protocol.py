"""What every address does with requests that are no requests."""

from __future__ import annotations

import json
import re
import socket
from pathlib import Path

import httpx
import pytest

from proactive_api.http.catalogue import ENDPOINTS, document
from proactive_api.http.core.endpoint import SIGNED_IN
from proactive_api.http.core.problems import KINDS
from proactive_api.http.core.reading import MAX_BODY
from tests import web
from tests.http.server import RunningApi, address_of, fields_of

JSON = {"Content-Type": "application/json"}
SOME_ID = "00000000-0000-4000-8000-000000000000"
#: Routes that are for browsers, not part of the API.
PAGES = {
    ("get", "/widget.js"),
    ("head", "/widget.js"),
    ("get", "/demo"),
    ("head", "/demo"),
    ("get", "/demo/config.json"),
    ("post", "/demo/token"),
    ("get", "/demo/{name:path>"),
    ("head", "/demo/{name:path>"),
}
BODIES = [endpoint for endpoint in ENDPOINTS if endpoint.body is not None and endpoint.scope != SIGNED_IN]


def test_every_address_with_a_body_answers_every_bad_body(client: httpx.Client) -> None:
    bad = [
        (b"", 400),
        (b"{", 400),
        (b"{'a': 1}", 400),
        (b'{"a": NaN}', 400),
        (b'{"a": Infinity}', 400),
        (b'{"a": "\xff\xfe"}', 400),
        (b"\xef\xbb\xbf{}", 400),
        (b"null", 422),
        (b"[]", 422),
        (b'"text"', 422),
        (b"7", 422),
        (b"[" * 200_000, 422),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, 422),
        (b'{"a": ' + b"9" * 5000 + b"}", 400),
        (b'{"a": 1e999}', 422),
        (b'{"a": "' + b"x" * (10 * 2**20) + b'"}', 413),
    ]
    for endpoint in BODIES:
        address = address_of(endpoint)
        for body, status in bad:
            answer = client.request(endpoint.method, address, content=body, headers=JSON)
            assert answer.status_code == status, (endpoint.method, address, body[:30], answer.text[:300])
            assert fields_of(answer)


def test_bodies_up_to_the_limit_are_read(client: httpx.Client) -> None:
    body = {"user_id": "x", "nickname": "n" * (MAX_BODY - 100)}
    assert client.post("/v1/recipients", json=body).status_code == 422


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "", "json"])
def test_other_kinds_of_bodies(client: httpx.Client, content_type: str) -> None:
    answer = client.post("/v1/recipients", content=b'{"user_id":"x"}', headers={"Content-Type": content_type})
    assert answer.status_code == 415 and fields_of(answer) == ["body"]


def test_a_charset_may_be_told(client: httpx.Client) -> None:
    headers = {"Content-Type": "application/json; charset=utf-8"}
    assert client.post("/v1/recipients", content=b'{"user_id":"x"}', headers=headers).status_code == 201


@pytest.mark.parametrize(
    "path", ["/v1", "/v1/", "/v1/nothing", "/v1/proactive-chats/x/y", "/%00", "/v1/%ff%fe", "/webhooks"]
)
def test_unknown_addresses(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404 and fields_of(answer) == []


@pytest.mark.parametrize(
    "wrong", ["x", "1", "%00", "' OR 1=1", SOME_ID.replace("-", ""), SOME_ID + "0", "🙂", "%2e%2e"]
)
def test_ids_that_are_none(client: httpx.Client, wrong: str) -> None:
    for what in ("proactive-chats", "conversations", "recipients", "handoffs"):
        assert client.get(f"/v1/{what}/{wrong}").status_code == 404
        assert client.get(f"/v1/{what}/{SOME_ID}").status_code == 404


def test_wrong_methods_say_which_are_right(client: httpx.Client) -> None:
    answer = client.put("/v1/proactive-chats", json={})
    assert answer.status_code == 405 and fields_of(answer) == []
    assert {"GET", "POST"} <= set(answer.headers["allow"].replace(" ", "").split(","))


def test_unknown_parameters_are_named_everywhere(client: httpx.Client) -> None:
    for endpoint in ENDPOINTS:
        if endpoint.body is None and endpoint.scope != SIGNED_IN:
            address = address_of(endpoint)
            answer = client.request(endpoint.method, address, params={"surprise": "1"})
            assert answer.status_code == 422 and fields_of(answer) == ["surprise"], endpoint


def test_what_is_no_http_at_all(api: RunningApi) -> None:
    for noise in (b"\x00\x01\x02\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET /\xff HTTP/1.1\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", int(api.url.rpartition(":")[2])), timeout=10) as connection:
            connection.sendall(noise)
            connection.shutdown(socket.SHUT_WR)
            assert b" 500 " not in connection.recv(4096).partition(b"\r\n")[0]
    assert web.get(f"{api.url}/healthz").status_code == 200


def test_every_route_is_told_and_every_told_one_exists(api: RunningApi, client: httpx.Client) -> None:
    routes = {
        (method.lower(), "/" + route.path.replace("<", "{").replace(":str>", "}"))
        for route in api.app.router.routes
        for method in route.methods
    }
    told = client.get("/openapi.json").json()
    assert told == json.loads(json.dumps(document()))
    told_of = {(method, path) for path, operations in told["paths"].items() for method in operations}
    assert routes - PAGES == told_of and routes >= PAGES


def test_references_in_the_document_lead_somewhere() -> None:
    text = json.dumps(document())
    names = set(document()["components"]["schemas"])
    for part in text.split('"#/components/schemas/')[1:]:
        assert part.partition('"')[0] in names
    ids = [operation["operationId"] for path in document()["paths"].values() for operation in path.values()]
    assert len(ids) == len(set(ids))


def test_the_manual_lists_every_endpoint_and_every_problem() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "http-api.md").read_text()
    told = set(re.findall(r"^\| `([A-Z]+) ([^`]+)` \|", manual, re.MULTILINE))
    real = {(method.upper(), path) for path, operations in document()["paths"].items() for method in operations}
    assert told == real
    assert set(re.findall(r"`([a-z-]+)`", manual)) >= set(KINDS)
