"""All children together: started at once, stopped in order, within a bounded time."""

from __future__ import annotations

import asyncio
import signal
from typing import Any, Awaitable, Callable, List, Sequence, Set

from proactive_api.run.child import Child
from proactive_api.run.console import Console

#: Seconds that each stage of stopping may take; three stages stay below ten seconds.
STAGE = 2.5


class Group:
    """Runs children until a signal, or until one of them turns out hopeless.

    Args:
        stages: the children in the order of stopping; those of one stage stop together.
        console: where to say so.
    """

    def __init__(self, stages: Sequence[Sequence[Child]], console: Console) -> None:
        self._stages = stages
        self._console = console
        self._stop = asyncio.Event()

    @property
    def children(self) -> List[Child]:
        """All of them, in the order of starting."""
        return [child for stage in reversed(self._stages) for child in stage]

    async def run(self, when_ready: Callable[[], Awaitable[None]]) -> None:
        """Start all, call ``when_ready`` once each is ready, and stay until SIGINT or SIGTERM.

        Raises:
            StartError: if a process never gets ready; the others are stopped then.
        """
        self._listen()
        keepers = [asyncio.ensure_future(child.keep_alive()) for child in self.children]
        stop = asyncio.ensure_future(self._stop.wait())
        greeting = asyncio.ensure_future(self._greet(when_ready))
        try:
            await self._until_over(stop, greeting, *keepers)
        finally:
            greeting.cancel()
            stop.cancel()
            await self._stop_all()
            for keeper in keepers:
                keeper.cancel()
            await asyncio.gather(*keepers, stop, greeting, return_exceptions=True)

    async def _until_over(self, stop: asyncio.Future[Any], *others: asyncio.Future[Any]) -> None:
        watched: Set[asyncio.Future[Any]] = {stop, *others}
        while not stop.done():
            done, watched = await asyncio.wait(watched, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()

    async def _greet(self, when_ready: Callable[[], Awaitable[None]]) -> None:
        await asyncio.gather(*(child.ready.wait() for child in self.children))
        await when_ready()

    def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._on_signal)
        # Under nohup it is ignored, and shall be.
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            loop.add_signal_handler(signal.SIGHUP, self._on_signal)

    def _on_signal(self) -> None:
        if not self._stop.is_set():
            self._console.say("Stopping (work in progress resumes at the next start)")
        self._stop.set()

    async def _stop_all(self) -> None:
        for stage in self._stages:
            await asyncio.gather(*(child.stop(STAGE) for child in stage))
