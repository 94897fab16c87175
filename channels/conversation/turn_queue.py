"""In which order turns run: one at a time for each phone, and webhooks first."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import contextmanager
from typing import Awaitable, Callable, Deque, Dict, Iterator, List

from proactive_api.storage.queues.inbound import Inbound

#: Turns under way at once. Most of a turn is waiting for the carrier; what computes, computes one by one.
WORKERS = 100
#: Seconds that a turn waits at most for webhooks to be answered before it.
PATIENCE = 0.25


class TurnQueue:
    """Runs inbound messages in the order in which they came, per sender.

    Args:
        run: runs one message's turn; must not raise.
    """

    def __init__(self, run: Callable[[Inbound], Awaitable[None]]) -> None:
        self._run = run
        self._by_sender: Dict[str, Deque[Inbound]] = {}
        self._senders: asyncio.Queue[str] = asyncio.Queue()
        self._webhooks = 0
        self._quiet = asyncio.Event()
        self._quiet.set()

    def start(self) -> List[asyncio.Task[None]]:
        """Begin to run turns in the running loop."""
        return [asyncio.get_running_loop().create_task(self._work()) for _ in range(WORKERS)]

    def put(self, message: Inbound) -> None:
        """Queue a message; the same one twice is one."""
        waiting = self._by_sender.get(message.sender)
        if waiting is None:
            self._by_sender[message.sender] = deque([message])
            self._senders.put_nowait(message.sender)
        elif all(message.sid != other.sid for other in waiting):
            waiting.append(message)

    def sids(self) -> List[str]:
        """The messages that wait or run here."""
        return [message.sid for waiting in self._by_sender.values() for message in waiting]

    @contextmanager
    def webhook(self) -> Iterator[None]:
        """A webhook is being answered: turns that have not begun let it go first."""
        self._webhooks += 1
        self._quiet.clear()
        try:
            yield
        finally:
            self._webhooks -= 1
            if not self._webhooks:
                self._quiet.set()

    async def _work(self) -> None:
        while True:
            sender = await self._senders.get()
            await self._let_webhooks_pass()
            waiting = self._by_sender[sender]
            await self._run(waiting[0])
            waiting.popleft()
            if waiting:
                self._senders.put_nowait(sender)
            else:
                del self._by_sender[sender]

    async def _let_webhooks_pass(self) -> None:
        if self._webhooks:
            try:
                await asyncio.wait_for(self._quiet.wait(), PATIENCE)
            except asyncio.TimeoutError:
                pass
