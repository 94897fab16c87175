"""The API on a free port of this machine, for tests that talk HTTP to it."""

from __future__ import annotations

import asyncio
import re
import socket
import threading
import uuid
from typing import Any, List, Optional

import httpx
from sanic import Sanic
from sqlalchemy.engine import Engine

from proactive_api.config import Config
from proactive_api.http.app import create_app
from proactive_api.http.core.endpoint import Endpoint
from tests import web
from tests.http import truth

# Sanic rewrites its own methods when an application starts; only so can a second one start in this process.
Sanic.test_mode = True

ADMIN_KEY = "test-admin-key"


class RunningApi:
    """A server in a thread of its own; ``woken`` counts the calls for the worker."""

    def __init__(self, config: Config, engine: Engine) -> None:
        self.engine = engine
        self.config = config
        self.woken = threading.Semaphore(0)
        self.app = create_app(config, engine, name=f"api_{uuid.uuid4().hex}", wake=self._wake)
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.failure: Optional[BaseException] = None

    def _wake(self) -> None:
        self.woken.release()

    def __enter__(self) -> RunningApi:
        self._thread.start()
        assert self._ready.wait(20), "the server did not start"
        if self.failure:
            raise self.failure
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(20)
        self._socket.close()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._serve())
        except BaseException as error:
            self.failure = error
            self._ready.set()
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        self._stopping = asyncio.Event()
        server: Any = await self.app.create_server(sock=self._socket, return_asyncio_server=True, access_log=False)
        await server.startup()
        await server.before_start()
        await server.start_serving()
        self._ready.set()
        await self._stopping.wait()
        await server.before_stop()
        server.close()
        await server.wait_closed()
        for connection in list(server.connections):
            connection.abort()  # clients that are not closed yet keep theirs open
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await server.after_stop()

    def client(self, key: Optional[str] = ADMIN_KEY, **headers: str) -> httpx.Client:
        if key is not None:
            headers["Authorization"] = f"Bearer {key}"
        hooks = {"response": [truth.check]}
        return httpx.Client(base_url=self.url, headers=headers, timeout=20, verify=web.PLAIN, event_hooks=hooks)


def address_of(endpoint: Endpoint) -> str:
    """An address of this endpoint at which there is nothing."""
    nothing = re.sub(r"{(message_)?id}", "00000000-0000-4000-8000-000000000000", endpoint.path)
    return nothing.replace("{number}", "+14155550199")


def fields_of(problem: httpx.Response) -> List[str]:
    assert problem.headers["content-type"] == "application/problem+json", problem.text
    return [error["field"] for error in problem.json()["errors"]]
