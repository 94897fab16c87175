"""The pretend shop at ``/demo``, in the sandbox only: the messenger as people see it, for two made-up visitors."""

from __future__ import annotations

import asyncio
from typing import Literal
from urllib.parse import urlsplit

import msgspec
from sanic import Request, Sanic
from sanic.exceptions import NotFound
from sanic.response import HTTPResponse, raw, redirect

from proactive_api.config import Config
from proactive_api.http.core import reading
from proactive_api.http.core.problems import Problem
from proactive_api.http.core.service import Service
from proactive_api.http.pages.files import Folder, answer
from proactive_api.http.pages.static import policy
from proactive_api.http.resources.messenger import signing
from proactive_api.operations.visitor_tokens import VisitorTokens
from proactive_api.storage.people import visitors

_SECRET = {"Cache-Control": "no-store"}


class DemoVisitor(msgspec.Struct, forbid_unknown_fields=True):
    """Who the page wants to be."""

    visitor: Literal["alice", "bob"]


def install(app: Sanic, config: Config) -> None:
    """Give ``app`` the shop, if no message leaves this machine."""
    if not config.sandbox:
        return
    folder = Folder(config.web_dir / "demo")
    server = config.public_url
    headers = {"Cache-Control": "no-cache", "Content-Security-Policy": policy(_both_ways(server))}

    async def page(_request: Request) -> HTTPResponse:
        # Below a slash, so that the page's own files may be named from where it is.
        return redirect("/demo/")

    async def files(request: Request, name: str) -> HTTPResponse:
        name = name or "index.html"
        file = await folder.find(name)
        if file is None and name == "index.html":
            raise Problem("not-found", "This installation came without the demo's page.")
        if file is None:
            raise NotFound(f"There is no {name}.")
        return answer(request, file, headers)

    async def settings(_request: Request) -> HTTPResponse:
        return raw(msgspec.json.encode({"server": server}), 200, {"Cache-Control": "no-cache"}, "application/json")

    app.add_route(page, "/demo", methods=["GET", "HEAD"], name="demo")
    app.add_route(settings, "/demo/config.json", methods=["GET"], name="demo_config")
    app.add_route(token, "/demo/token", methods=["POST"], name="demo_token")
    app.add_route(files, "/demo/<name:path>", methods=["GET", "HEAD"], name="demo_files", unquote=True)


async def token(request: Request) -> HTTPResponse:
    """A token for one of the two visitors. Pages of other sites cannot ask: JSON needs their being allowed to."""
    content_type = request.headers.get("content-type", "")
    wish = reading.read_body(request.body, content_type, DemoVisitor)
    ctx = request.app.ctx
    made = await asyncio.get_running_loop().run_in_executor(ctx.pool, _token, ctx.service, wish.visitor)
    return raw(msgspec.json.encode({"token": made}), 200, _SECRET, "application/json")


def _token(service: Service, visitor: str) -> str:
    tokens, now = signing(VisitorTokens(service.config)), service.clock()
    user_id = f"demo-{visitor}"
    with service.turn, service.engine.begin() as conn:
        visitors.recipient_of_token(conn, user_id, visitor.capitalize(), now)
    return tokens.make(user_id, now)


def _both_ways(server: str) -> tuple[str, str]:
    """The Rasa server by polling and by websocket."""
    parts = urlsplit(server)
    return f"{parts.scheme}://{parts.netloc}", f"{'wss' if parts.scheme == 'https' else 'ws'}://{parts.netloc}"
