"""When visitors' tokens end: they are told in time, and leave if they bring no new one."""

from __future__ import annotations

import asyncio
import time
from typing import Any, Awaitable, Callable

from socketio import AsyncServer

from channels.messenger.visitors import Visitor

#: A client is told this long before its token expires, seconds.
WARNING = 30.0
#: The loop's clock and the wall's may drift apart: longer waits are looked at again, seconds.
LONGEST_WAIT = 86400.0


class Expiry:
    """Watches the tokens of connections.

    Args:
        sio: the Socket.IO server.
        start: runs something in the background.
    """

    def __init__(self, sio: AsyncServer, start: Callable[[Awaitable[Any]], None]) -> None:
        self._sio = sio
        self._start = start

    def watch(self, visitor: Visitor) -> None:
        """Warn and end this connection when its token says so; a token that never ends is left alone."""
        self.forget(visitor)
        if visitor.expires_at is not None:
            self._later(visitor, max(0.0, visitor.expires_at - time.time() - WARNING), self._warn)

    def forget(self, visitor: Visitor) -> None:
        """The connection has ended, or has a new token."""
        if visitor.timer is not None:
            visitor.timer.cancel()
            visitor.timer = None

    def _later(self, visitor: Visitor, seconds: float, work: Callable[[Visitor], Awaitable[None]]) -> None:
        then = self._look_again if seconds > LONGEST_WAIT else work
        loop = asyncio.get_running_loop()
        visitor.timer = loop.call_later(min(seconds, LONGEST_WAIT), lambda: self._start(then(visitor)))

    async def _look_again(self, visitor: Visitor) -> None:
        self.watch(visitor)

    async def _warn(self, visitor: Visitor) -> None:
        left = max(0.0, (visitor.expires_at or 0.0) - time.time())
        await self._sio.emit("token_expiring", {"expires_in": round(left)}, to=visitor.socket_id)
        self._later(visitor, left, self._end)

    async def _end(self, visitor: Visitor) -> None:
        await self._sio.disconnect(visitor.socket_id)
