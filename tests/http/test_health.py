from __future__ import annotations

import asyncio
import threading
import time
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Dict, Iterator

import httpx
import pytest
from sqlalchemy.engine import Engine

from proactive_api.config import Config
from proactive_api.storage import settings as stored
from tests.http.server import RunningApi


class Neighbours:
    """The parts that readiness asks, on one port; ``answers`` maps a path to a status or to seconds of silence."""

    def __init__(self) -> None:
        self.answers: Dict[str, float] = {"/webhooks/sms/": 200, "/health": 200, "/healthz": 200}
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                told = outer.answers.get(self.path, 404)
                if told < 100:
                    time.sleep(told)
                self.send_response(200 if told < 100 else int(told))
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


async def test_a_slow_part_holds_nobody_up(api: RunningApi, neighbours: Neighbours) -> None:
    beat(api.engine, time.time())
    neighbours.answers["/health"] = 3
    async with httpx.AsyncClient(base_url=api.url, timeout=10) as client:
        slow = asyncio.create_task(client.get("/readyz"))
        await asyncio.sleep(0)
        took = []
        for _ in range(10):
            begun = time.perf_counter()
            assert (await client.get("/healthz")).status_code == 200
            took.append(time.perf_counter() - begun)
        assert sorted(took)[5] < 0.1
        answer = await slow
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
