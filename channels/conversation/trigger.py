"""The trigger route that every channel of ours has: the worker says what is to be done.

Only names of rows travel. The connector reads them under the conversation's lock, does what they
say and writes what came of it; the worker needs no answer, and may die.
"""

from __future__ import annotations

import asyncio
import hmac
from typing import Any, Awaitable, Callable, List, Set

from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

#: Takes a trigger's body and starts its work. Raises KeyError, TypeError or ValueError for a body that is not one.
Accept = Callable[[Any], Awaitable[None]]


def add_trigger_route(blueprint: Blueprint, token: str, accept: Accept) -> None:
    """Add ``POST …/trigger`` with a bearer token (``PROACTIVE_TRIGGER_TOKEN``)."""

    @blueprint.post("/trigger")
    async def trigger(request: Request) -> HTTPResponse:
        if not bearer_matches(request, token):
            return response.json({"error": "unauthorized"}, status=401)
        try:
            await accept(request.json)
        except (KeyError, TypeError, ValueError) as error:
            return response.json({"error": f"not a trigger: {error!r}"}, status=400)
        return response.json({"status": "accepted"}, status=202)


def bearer_matches(request: Request, token: str) -> bool:
    """Whether the request carries this bearer token; compared in constant time."""
    return hmac.compare_digest((request.token or "").encode(), token.encode())


class Tasks:
    """Tasks that run in the background, kept alive until they end."""

    def __init__(self) -> None:
        self._tasks: Set[asyncio.Task[Any]] = set()

    def start(self, work: Awaitable[Any]) -> None:
        """Begin ``work`` in the running loop."""
        self.keep([asyncio.ensure_future(work)])

    def keep(self, tasks: List[Any]) -> None:
        """Take care of tasks that are running already."""
        for task in tasks:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def cancel(self) -> None:
        """Cancel every task that still runs."""
        for task in list(self._tasks):
            task.cancel()
