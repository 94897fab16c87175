"""The server: one process, one event loop, one SQLite file."""

from __future__ import annotations

import asyncio
import logging
import socket
from typing import Any

from sanic import Sanic
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, json

from proactive_api.sandbox import control, queries, rest
from proactive_api.sandbox.errors import RefusalError
from proactive_api.sandbox.magic import Tries
from proactive_api.sandbox.options import Options
from proactive_api.sandbox.store import Store
from proactive_api.sandbox.webhooks import Postman

HOST = "127.0.0.1"
#: Largest request, bytes; a message of 1600 characters fits many times over.
LARGEST_REQUEST = 1_000_000


def run(options: Options) -> None:
    """Serve until SIGINT or SIGTERM. Prints one line with the address once requests are answered.

    Raises:
        OSError: if the port is taken.
    """
    listener = _listen(options.port)
    app = create_app(options)
    address = f"http://{HOST}:{listener.getsockname()[1]}"

    @app.after_server_start
    async def say(_app: Sanic, _loop: Any) -> None:
        print(f"sandbox carrier on {address}", flush=True)

    logging.getLogger("sanic.root").setLevel(logging.WARNING)
    app.run(sock=listener, access_log=False, motd=False, debug=False)


def create_app(options: Options) -> Sanic:
    """The application; its store opens when the server starts."""
    app = Sanic("sandbox-carrier")
    # Idle connections stay: one that closes just as a request comes would look like a lost answer.
    app.config.update(KEEP_ALIVE_TIMEOUT=3600, GRACEFUL_SHUTDOWN_TIMEOUT=1, REQUEST_MAX_SIZE=LARGEST_REQUEST)
    app.ctx.options = options
    app.ctx.tries = Tries()
    app.blueprint(rest.blueprint)
    app.blueprint(control.blueprint)
    app.error_handler.add(RefusalError, _refused)
    app.error_handler.add(SanicException, _failed)
    app.register_listener(_open, "before_server_start")
    app.register_listener(_close, "after_server_stop")
    return app


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((HOST, port))
    listener.listen(1024)
    listener.setblocking(False)
    return listener


async def _open(app: Sanic, _loop: asyncio.AbstractEventLoop) -> None:
    app.ctx.store = Store(app.ctx.options.database)
    app.ctx.opted_out = await app.ctx.store.read(queries.opted_out)
    app.ctx.postman = Postman(app.ctx.options, app.ctx.store)
    await app.ctx.postman.start()


async def _close(app: Sanic, _loop: asyncio.AbstractEventLoop) -> None:
    await app.ctx.postman.close()
    app.ctx.store.close()


async def _refused(_request: Request, error: RefusalError) -> HTTPResponse:
    headers = {"WWW-Authenticate": 'Basic realm="Twilio API"'} if error.status == 401 else None
    return json(error.body, status=error.status, headers=headers)


async def _failed(request: Request, error: SanicException) -> HTTPResponse:
    if error.status_code == 404:
        return await _refused(request, RefusalError(20404, path=request.path))
    return json({**RefusalError(20001, detail=str(error)).body, "status": error.status_code}, status=error.status_code)
