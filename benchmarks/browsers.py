"""Browsers by the thousand: Socket.IO over websockets, with nothing in between that could be slow."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import Any, Dict, List, Optional

import aiohttp

#: Engine.IO and Socket.IO packet types (protocol 4 and 5).
OPEN, PING, PONG, CONNECT, EVENT = "0", "2", "3", "40", "42"
#: Connections that are opened at once.
AT_ONCE = 50


@dataclass
class Browser:
    """One visitor's page.

    Args:
        session_id: what it asks for.
        token: who it is, where that needs proof.
    """

    session_id: str
    token: Optional[str] = None
    heard_at: Optional[float] = None
    _task: Optional[asyncio.Task[None]] = None
    _confirmed: asyncio.Event = field(default_factory=asyncio.Event)
    _heard: asyncio.Event = field(default_factory=asyncio.Event)

    async def connect(self, session: aiohttp.ClientSession, url: str) -> None:
        """Connect, and wait until the session is confirmed."""
        socket = await session.ws_connect(f"{url}/socket.io/?EIO=4&transport=websocket", heartbeat=None)
        self._task = asyncio.create_task(self._listen(socket))
        await asyncio.wait_for(self._confirmed.wait(), 60)

    async def heard(self, seconds: float) -> float:
        """When the first words of the business came (monotonic seconds)."""
        await asyncio.wait_for(self._heard.wait(), seconds)
        assert self.heard_at is not None
        return self.heard_at

    async def _listen(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for frame in socket:
            data = frame.data
            if data == PING:
                await socket.send_str(PONG)
            elif data.startswith(OPEN):
                auth = json.dumps({"token": self.token}) if self.token else ""
                await socket.send_str(f"{CONNECT}{auth}")
            elif data.startswith(CONNECT):
                request = json.dumps(["session_request", {"session_id": self.session_id}])
                await socket.send_str(f"{EVENT}{request}")
            elif data.startswith(EVENT):
                self._take(json.loads(data[len(EVENT) :]))

    def _take(self, event: List[Any]) -> None:
        if event[0] == "session_confirm":
            self._confirmed.set()
        elif event[0] == "bot_uttered" and self.heard_at is None:
            self.heard_at = time.monotonic()
            self._heard.set()

    def leave(self) -> None:
        """Close the page."""
        if self._task is not None:
            self._task.cancel()


async def connect_all(session: aiohttp.ClientSession, url: str, browsers: List[Browser]) -> float:
    """Connect them all, ``AT_ONCE`` at a time; returns the seconds that it took."""
    gate, began = asyncio.Semaphore(AT_ONCE), time.monotonic()

    async def one(browser: Browser) -> None:
        async with gate:
            await browser.connect(session, url)

    await asyncio.gather(*(one(browser) for browser in browsers))
    return time.monotonic() - began


async def last_heard(browsers: List[Browser], since: float, seconds: float) -> Dict[str, float]:
    """Seconds from ``since`` (monotonic) until the first and the last browser showed the words."""
    times = await asyncio.gather(*(browser.heard(seconds) for browser in browsers))
    return {"first": min(times) - since, "last": max(times) - since}
