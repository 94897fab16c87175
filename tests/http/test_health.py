from __future__ import annotations

import asyncio
import threading
import time
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Dict, Iterator, Union

import httpx
import pytest
from sqlalchemy.engine import Engine

from proactive_api.config import Config
from proactive_api.http.core import health
from proactive_api.storage import settings as stored
from tests import web
from tests.http.server import RunningApi


class Neighbours:
    """The parts that readiness asks, on one port; ``answers`` maps a path to a status, or to what it waits for."""

    def __init__(self) -> None:
        self.answers: Dict[str, Union[int, threading.Event]] = {"/webhooks/sms/": 200, "/health": 200, "/healthz": 200}
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                told = outer.answers.get(self.path, 404)
                if isinstance(told, threading.Event):
                    told.wait(60)
                    told = 200
                self.send_response(told)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def neighbours() -> Iterator[Neighbours]:
    running = Neighbours()
    yield running
    running.server.shutdown()
    running.server.server_close()


@pytest.fixture
def config(config: Config, neighbours: Neighbours) -> Config:
    port = neighbours.port
    return replace(config, rasa_url=f"http://127.0.0.1:{port}", actions_port=port, sandbox_port=port)


def beat(engine: Engine, at: float) -> None:
    with engine.begin() as conn:
        stored.write(conn, stored.HEARTBEAT, repr(at))


def test_ready_when_every_part_is(api: RunningApi, client: httpx.Client) -> None:
    beat(api.engine, time.time())
    answer = client.get("/readyz")
    assert answer.status_code == 200, answer.text
    assert set(answer.json()["parts"]) == {"database", "worker", "assistant", "actions", "sandbox_carrier"}


@pytest.mark.parametrize(
    "path, part", [("/webhooks/sms/", "assistant"), ("/health", "actions"), ("/healthz", "sandbox_carrier")]
)
def test_a_part_that_is_not_ready_is_named(
    api: RunningApi, client: httpx.Client, neighbours: Neighbours, path: str, part: str
) -> None:
    beat(api.engine, time.time())
    neighbours.answers[path] = 503
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert [name for name, state in answer.json()["parts"].items() if not state["ok"]] == [part]


def test_a_silent_worker_is_dead(api: RunningApi, client: httpx.Client) -> None:
    assert client.get("/readyz").json()["parts"]["worker"]["ok"] is False
    beat(api.engine, time.time() - 60)
    assert client.get("/readyz").json()["parts"]["worker"]["ok"] is False


@pytest.fixture
def silence(neighbours: Neighbours) -> Iterator[threading.Event]:
    """The action server takes a request and says nothing until this is set."""
    over = threading.Event()
    neighbours.answers["/health"] = over
    yield over
    over.set()


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a server that starts after this."""
    monkeypatch.setattr(health, "PATIENCE", 60.0)


async def test_a_slow_part_holds_nobody_up(patience: None, api: RunningApi, silence: threading.Event) -> None:
    async with httpx.AsyncClient(base_url=api.url, timeout=70, verify=web.PLAIN) as client:
        slow = asyncio.create_task(client.get("/readyz"))
        while not api.app.ctx.checks.http.connector._acquired:
            await asyncio.sleep(0)
        for _ in range(10):
            assert (await client.get("/healthz")).status_code == 200
        assert not slow.done()
        beat(api.engine, time.time())
        silence.set()
        assert (await slow).json()["parts"]["actions"] == {"ok": True}


def test_a_part_that_says_nothing_is_named(api: RunningApi, client: httpx.Client, silence: threading.Event) -> None:
    beat(api.engine, time.time())
    answer = client.get("/readyz")
    assert answer.status_code == 503 and "did not answer" in answer.json()["parts"]["actions"]["detail"]


def test_a_locked_database_does_not_hold_health_up(api: RunningApi, client: httpx.Client) -> None:
    with api.engine.begin() as conn:
        stored.write(conn, "held", "1")
        assert client.get("/healthz").status_code == 200
        assert client.get("/readyz").json()["parts"]["database"]["ok"] is True


def test_prometheus(api: RunningApi, client: httpx.Client) -> None:
    client.get("/v1/settings")
    text = client.get("/metrics").text
    assert 'proactive_api_requests_total{method="GET",path="/v1/settings",status="200"} 1.0' in text
