"""The Sanic application: routes made from the endpoints, nothing on the event loop but waiting."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from http.cookies import CookieError
from typing import Any, Callable, Coroutine, Optional, cast
from urllib.parse import unquote

from sanic import Request, Sanic
from sanic.response import HTTPResponse
from sqlalchemy.engine import Engine

from proactive_api.config import Config
from proactive_api.http.catalogue import ENDPOINTS
from proactive_api.http.core import health, problems
from proactive_api.http.core.access import COOKIE, Credentials
from proactive_api.http.core.endpoint import Endpoint
from proactive_api.http.core.service import Raw, Reply, Service
from proactive_api.http.core.watch import Watch
from proactive_api.http.pages import demo, static

logger = logging.getLogger(__name__)

#: Threads that talk to the database; the engine's pool should have as many connections.
THREADS = 8
#: Larger requests are cut off by the server itself; up to there we can read on and answer kindly.
MAX_REQUEST = 33_554_432


def create_app(
    config: Config,
    engine: Engine,
    *,
    name: str = "proactive_api",
    wake: Callable[[], None] = lambda: None,
) -> Sanic:
    """The proactive API.

    Args:
        config: the environment.
        engine: the database, migrated; with ``THREADS`` connections.
        name: tells several applications of one process apart.
        wake: tells the worker, off the event loop, that there is something to do; without it, the worker finds it by
            itself a little later.
    """
    app = Sanic(name, configure_logging=False)
    app.config.REQUEST_MAX_SIZE = MAX_REQUEST
    app.config.FALLBACK_ERROR_FORMAT = "json"
    app.ctx.service = Service(engine, config)
    app.ctx.wake, app.ctx.waking = wake, False
    app.ctx.watch = Watch()
    problems.install(app)
    for endpoint in ENDPOINTS:
        _add(app, endpoint)
    health.install(app, config, engine)
    static.install(app, config)
    demo.install(app, config)
    app.register_listener(_start, "before_server_start")
    app.register_listener(_stop, "after_server_stop")
    return app


def sanic_path(path: str) -> str:
    """``/v1/things/{id}`` as Sanic writes it."""
    return path.replace("{", "<").replace("}", ":str>")


async def _start(app: Sanic, _loop: Any) -> None:
    app.ctx.pool = ThreadPoolExecutor(THREADS, thread_name_prefix="database")
    app.ctx.waker = ThreadPoolExecutor(1, thread_name_prefix="wake")


async def _stop(app: Sanic, _loop: Any) -> None:
    app.ctx.pool.shutdown(wait=False)
    app.ctx.waker.shutdown(wait=False)


def _add(app: Sanic, endpoint: Endpoint) -> None:
    name = f"{endpoint.method}_{endpoint.path}".replace("/", "_").replace("{", "").replace("}", "").replace("-", "_")
    # Without a format, Sanic would read and parse the handler's source for one, at each start and for each route.
    app.add_route(
        _handler(endpoint), sanic_path(endpoint.path), methods=[endpoint.method], name=name, error_format="json"
    )


def _handler(endpoint: Endpoint) -> Callable[..., Coroutine[Any, Any, Optional[HTTPResponse]]]:
    async def handle(request: Request, **path: str) -> Optional[HTTPResponse]:
        with request.app.ctx.watch.time(endpoint.method, endpoint.path) as seen:
            try:
                reply = await _answer(request, endpoint, path)
            except Exception as error:
                response = problems.translate(error).response()
            else:
                if reply.wakes:
                    _wake(request.app)
                if reply.parts is not None:
                    seen.status = reply.status
                    await _stream(request, endpoint, reply)
                    return None
                media_type = endpoint.media_type if reply.body else None
                response = HTTPResponse(reply.body, reply.status, dict(reply.headers), media_type)
            seen.status = response.status
        return response

    return handle


async def _stream(request: Request, endpoint: Endpoint, reply: Reply) -> None:
    """Send an answer part by part; no thread and no transaction is held while the network takes its time."""
    content_type = f"{endpoint.media_type}; charset=utf-8"
    loop, pool, parts = asyncio.get_running_loop(), request.app.ctx.pool, iter(reply.parts or ())
    response = await request.respond(status=reply.status, headers=dict(reply.headers), content_type=content_type)
    try:
        while (part := await loop.run_in_executor(pool, next, parts, None)) is not None:
            await response.send(part)
    except Exception as error:
        logger.error("An answer broke off", exc_info=error)
        cast(asyncio.Transport, request.transport).abort()  # half of it must not look like all of it


async def _answer(request: Request, endpoint: Endpoint, path: Any) -> Reply:
    headers = request.headers
    asked = Raw(
        shown=credentials(request),
        address=request.remote_addr or request.ip,
        content_type=headers.get("content-type", ""),
        idempotency_key=headers.get("idempotency-key"),
        if_none_match=headers.get("if-none-match", ""),
        path={name: unquote(value) for name, value in path.items()},
        query=request.get_query_args(keep_blank_values=True),
        body=request.body,
    )
    ctx = request.app.ctx
    return await asyncio.get_running_loop().run_in_executor(ctx.pool, ctx.service.answer, endpoint, asked)


def credentials(request: Request) -> Credentials:
    """What this request shows of who sent it."""
    headers = request.headers
    try:
        cookie = request.cookies.get(COOKIE)
    except CookieError:
        cookie = None
    return Credentials(
        authorization=headers.get("authorization"),
        session=cookie,
        csrf_token=headers.get("x-csrf-token"),
        site=headers.get("sec-fetch-site"),
    )


def _wake(app: Sanic) -> None:
    """The worker would find the work by itself, a little later: nobody waits for this, and it may fail."""
    if not app.ctx.waking:
        app.ctx.waking = True
        app.ctx.waker.submit(_try_to_wake, app)


def _try_to_wake(app: Sanic) -> None:
    app.ctx.waking = False  # what is stored from here on asks anew
    try:
        app.ctx.wake()
    except Exception as error:
        logger.warning("The worker could not be woken (%r); it will find the work by itself.", error)
