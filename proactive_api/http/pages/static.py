"""The pages: the messenger's script for other web sites, and the dashboard, built by ``make web``."""

from __future__ import annotations

from typing import Optional, Sequence
from urllib.parse import unquote

from sanic import Request, Sanic
from sanic.exceptions import NotFound
from sanic.response import HTTPResponse, html

from proactive_api.config import Config
from proactive_api.http.core import problems
from proactive_api.http.core.problems import Problem
from proactive_api.http.pages.files import Folder, answer

#: Addresses of which the dashboard has none.
_NOT_PAGES = ("v1", "demo", "widget.js", "webhooks")
#: Files in here have their content's hash in their name.
_HASHED = "assets/"

_FOREVER = "public, max-age=31536000, immutable"
_ASK_FIRST = "no-cache"
#: Other web sites embed it by this one name: a new one is there within minutes.
_WIDGET = {
    "Cache-Control": "public, max-age=300",
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


def policy(connect: Sequence[str] = ()) -> str:
    """The content security policy of a page.

    Args:
        connect: servers that it may talk to beyond its own.
    """
    rules = (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        " ".join(("connect-src 'self'", *connect)),
        "img-src 'self' https: data:",
        "object-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
    )
    return "; ".join(rules)


class Dashboard:
    """The dashboard: one page that draws all of its addresses by itself, and the files that it needs."""

    def __init__(self, config: Config) -> None:
        self._folder = Folder(config.web_dir / "dashboard" / "dist")
        self._sources = config.web_dir / "dashboard" / "package.json"

    async def answer(self, request: Request) -> Optional[HTTPResponse]:
        """The page or file at this address; ``None`` if it is none of the dashboard's."""
        if request.method not in ("GET", "HEAD"):
            return None
        name = _name(request)
        if name is None or name.partition("/")[0] in _NOT_PAGES:
            return None
        file = await self._folder.find(name) if name else None
        if file is not None and not name.endswith(".html"):
            return answer(request, file, {"Cache-Control": _FOREVER if name.startswith(_HASHED) else _ASK_FIRST})
        return await self._page(request) if _is_page(request, name) else None

    async def _page(self, request: Request) -> HTTPResponse:
        headers = {
            "Cache-Control": _ASK_FIRST,
            "Content-Security-Policy": policy(),
            "Cross-Origin-Opener-Policy": "same-origin",
        }
        file = await self._folder.find("index.html")
        if file is not None:
            return answer(request, file, headers)
        return html(_missing(self._sources.exists()), 404, headers)


def install(app: Sanic, config: Config) -> None:
    """Let ``app`` serve the pages, where it has nothing else to say."""
    widget, dashboard = Folder(config.web_dir / "widget" / "dist"), Dashboard(config)

    async def script(request: Request) -> HTTPResponse:
        file = await widget.find("widget.js")
        if file is None:
            raise Problem("not-found", "The messenger's script is not built here. Run: make web")
        return answer(request, file, _WIDGET)

    async def unknown(request: Request, error: NotFound) -> HTTPResponse:
        return await dashboard.answer(request) or problems.translate(error).response()

    app.add_route(script, "/widget.js", methods=["GET", "HEAD"], name="widget")
    app.error_handler.add(NotFound, unknown)


def _name(request: Request) -> Optional[str]:
    """The address without its first slash, ``None`` where it is no text."""
    try:
        return unquote(request.path, errors="strict").lstrip("/")
    except UnicodeDecodeError:
        return None


def _is_page(request: Request, name: str) -> bool:
    """Whether a person's browser wants to see a page here; scripts that err are better told that they do."""
    if name in ("", "index.html", "app") or name.startswith("app/"):
        return True
    return "." not in name.rpartition("/")[2] and "text/html" in request.headers.get("accept", "")


def _missing(buildable: bool) -> str:
    if buildable:
        advice = "<p>The dashboard is not built yet. Run <code>make web</code>, then load this page again.</p>"
    else:
        advice = (
            "<p>This installation came without the dashboard's pages. They are in the project's source: build them "
            "there with <code>make web</code>, and let <code>PROACTIVE_WEB_DIR</code> name its folder <code>web</code>."
            "</p><p>The HTTP API and the channels work without them.</p>"
        )
    return (
        f'<!doctype html>\n<html lang="en"><title>No dashboard here</title><h1>No dashboard here</h1>{advice}</html>\n'
    )
