"""``/healthz``, ``/readyz`` and ``/metrics``: is it alive, would a message get through, how is it doing."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Awaitable, Dict, Optional

import aiohttp
from sanic import Request, Sanic
from sanic.response import HTTPResponse, json, raw
from sqlalchemy.engine import Engine

from proactive_api.config import Config
from proactive_api.http.core.access import authorize
from proactive_api.storage import settings as stored_settings
from proactive_api.storage.migrations import migrate
from proactive_api.storage.sql.engine import reader

#: Seconds that one part may take to say how it is.
PATIENCE = 1.0
#: Seconds after which a silent worker counts as dead.
WORKER_SILENCE = 5.0

Parts = Dict[str, Dict[str, Any]]


@dataclass(frozen=True)
class Checks:
    """Asks every part that a send and a reply depend on.

    Args:
        pool: threads of their own, so that a busy database does not keep the answer.
    """

    config: Config
    engine: Engine
    http: aiohttp.ClientSession
    pool: ThreadPoolExecutor

    async def run(self) -> Parts:
        """State of each part: ``ok``, and ``detail`` where it is not."""
        asked: Dict[str, Awaitable[Optional[str]]] = {
            "database": self._in_thread(self._database),
            "worker": self._in_thread(self._worker),
            "assistant": self._get(self._assistant_url),
            "actions": self._actions(),
        }
        if self.config.sandbox:
            asked["sandbox_carrier"] = self._get(f"{self.config.sandbox_url}/healthz")
        details = await asyncio.gather(*(_patiently(check) for check in asked.values()))
        return {name: _part(detail) for name, detail in zip(asked, details, strict=True)}

    @property
    def _assistant_url(self) -> str:
        return f"{self.config.rasa_url}/webhooks/sms/"

    async def _actions(self) -> Optional[str]:
        """The action server, unless the assistant says that it has none."""
        needed, detail = await asyncio.gather(self._has_actions(), self._get(f"{self.config.actions_url}/health"))
        return detail if needed else None

    async def _has_actions(self) -> bool:
        try:
            async with self.http.get(self._assistant_url) as answer:
                said = await answer.json()
        except (aiohttp.ClientError, ValueError):
            return True
        return not isinstance(said, dict) or said.get("actions") is not False

    async def _get(self, url: str) -> Optional[str]:
        try:
            async with self.http.get(url) as answer:
                return None if answer.status == 200 else f"It answered {answer.status}."
        except aiohttp.ClientError:
            return "It cannot be reached."

    async def _in_thread(self, check: Any) -> Optional[str]:
        return await asyncio.get_running_loop().run_in_executor(self.pool, check)

    def _database(self) -> Optional[str]:
        return None if migrate.is_current(self.engine) else "It does not have the tables of this version yet."

    def _worker(self) -> Optional[str]:
        with reader(self.engine).connect() as conn:
            beat = stored_settings.read(conn, stored_settings.HEARTBEAT)
        if beat is None:
            return "It has never run."
        silence = time.time() - float(beat)
        return None if silence < WORKER_SILENCE else f"It was last seen {silence:.0f} seconds ago."


async def _patiently(check: Awaitable[Optional[str]]) -> Optional[str]:
    try:
        return await asyncio.wait_for(check, PATIENCE)
    except asyncio.TimeoutError:
        return f"It did not answer within {PATIENCE:g} s."
    except Exception as error:
        return f"It cannot be asked ({type(error).__name__})."


def _part(detail: Optional[str]) -> Dict[str, Any]:
    return {"ok": True} if detail is None else {"ok": False, "detail": detail}


def install(app: Sanic, config: Config, engine: Engine) -> None:
    """Give ``app`` its three addresses."""

    async def start(app: Sanic, _loop: Any) -> None:
        session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE))
        app.ctx.checks = Checks(config, engine, session, ThreadPoolExecutor(2, thread_name_prefix="health"))

    async def stop(app: Sanic, _loop: Any) -> None:
        await app.ctx.checks.http.close()
        app.ctx.checks.pool.shutdown(wait=False)

    app.register_listener(start, "before_server_start")
    app.register_listener(stop, "before_server_stop")
    app.add_route(healthz, "/healthz", methods=["GET"])
    app.add_route(readyz, "/readyz", methods=["GET"])
    app.add_route(metrics, "/metrics", methods=["GET"])


async def healthz(_request: Request) -> HTTPResponse:
    """The process answers."""
    return json({"status": "ok"})


async def readyz(request: Request) -> HTTPResponse:
    """200 exactly when a send would go out and a reply would be answered; names each part."""
    parts = await request.app.ctx.checks.run()
    ready = all(part["ok"] for part in parts.values())
    return json({"status": "ready" if ready else "not_ready", "parts": parts}, 200 if ready else 503)


async def metrics(request: Request) -> HTTPResponse:
    """The API's own figures in Prometheus' text format; needs a key with the scope ``read``."""
    service, header = request.app.ctx.service, request.headers.get("authorization")

    def check() -> None:
        with reader(service.engine).begin() as conn:
            authorize(conn, header, "read", service.config.admin_key)

    await asyncio.get_running_loop().run_in_executor(request.app.ctx.pool, check)
    return raw(request.app.ctx.watch.text(), content_type="text/plain; version=0.0.4; charset=utf-8")
