"""One child process: started, watched until ready, restarted when it dies, stopped when asked."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from asyncio.subprocess import DEVNULL, STDOUT, Process
from dataclasses import dataclass, field
from functools import partial
from typing import Awaitable, Callable, List, Mapping, Optional

from proactive_api.run.console import Console, Every
from proactive_api.run.leash import leashed
from proactive_api.run.logs import ChildLog
from proactive_api.run.probes import Probe, always

#: Seconds before the first restart; doubled each time, up to the last.
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
#: A process that lived so long is healthy again: its pauses start over, seconds.
HEALTHY = 60.0
#: A process that ends so often before it was ever ready will not get ready by itself.
HOPELESS = 3
#: Seconds after which a process that is not ready is mentioned, again and again.
PATIENCE = 60.0
#: A process that was ready once and is not ready again this long after a restart hangs: seconds, or so many times as
#: long as it took at first, whichever is more. It is ended with its stacks in its log, and started again.
HANGS, TIMES_AS_LONG = 60.0, 6
#: Seconds between two looks at a process that is not ready yet, and at its log.
GLANCE = 0.1


@dataclass(frozen=True)
class Spec:
    """One process of the product: its command, its environment, and how to tell that it is ready."""

    name: str
    command: List[str]
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    ready: Probe = always


class StartError(Exception):
    """A process ended again and again without ever getting ready; the text says which, and its last words."""


class Child:
    """Keeps one process alive.

    Args:
        spec: what to run.
        log: where it writes.
        console: where to say what becomes of it.
    """

    def __init__(self, spec: Spec, log: ChildLog, console: Console) -> None:
        self.spec = spec
        self.ready = asyncio.Event()
        self._log = log
        self._console = console
        self._process: Optional[Process] = None
        self._stopping = False
        self._failures = 0
        self._first_took: Optional[float] = None

    @property
    def pid(self) -> Optional[int]:
        """The process's id while it runs."""
        running = self._process is not None and self._process.returncode is None
        return self._process.pid if running and self._process else None

    async def keep_alive(self) -> None:
        """Run until stopped.

        Raises:
            StartError: if it never gets ready.
        """
        while not self._stopping:
            # Before the process is there: on a busy machine it may be ready sooner than anybody looks.
            began, started = time.monotonic(), time.time()
            process = await self._start()
            await alongside(process.wait, partial(self._watch_ready, began, started), self._watch_log)
            if not self._stopping:
                await self._pause(process, time.monotonic() - began)

    async def stop(self, patience: float) -> None:
        """End the process: politely at first, by force after ``patience`` seconds."""
        self._stopping = True
        if self._process is None or self._process.returncode is not None:
            return
        self._signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(asyncio.shield(self._process.wait()), patience)
        except asyncio.TimeoutError:
            pass
        # Also what it started itself and left behind.
        self._signal(signal.SIGKILL)
        await self._process.wait()

    async def _start(self) -> Process:
        with self._log.open() as output:
            # A session of its own: Ctrl-C reaches the supervisor alone, which then stops all in order.
            self._process = await asyncio.create_subprocess_exec(
                *leashed(self.spec.command),
                stdin=DEVNULL,
                stdout=output,
                stderr=STDOUT,
                env=dict(self.spec.environment) or None,
                start_new_session=True,
            )
        return self._process

    async def _watch_ready(self, began: float, started: float) -> None:
        due = Every(PATIENCE)
        while not await self.spec.ready(started):
            if due():
                waited = time.monotonic() - began
                self._console.warn(f"{self.spec.name} is not ready after {waited:.0f} s; its log: {self._log.path}")
            if self._hangs(time.monotonic() - began):
                self._console.warn(f"{self.spec.name} hangs while starting; ending it (see its log)")
                self._signal(signal.SIGABRT)
                return
            await asyncio.sleep(GLANCE)
        took = time.monotonic() - began
        self._first_took = self._first_took or took
        self._console.ready(self.spec.name, took)
        self._failures = 0
        self.ready.set()
        await asyncio.Event().wait()

    def _hangs(self, waited: float) -> bool:
        return self._first_took is not None and waited > max(HANGS, TIMES_AS_LONG * self._first_took)

    async def _watch_log(self) -> None:
        try:
            while True:
                self._echo()
                await asyncio.sleep(GLANCE)
        finally:
            self._echo()

    def _echo(self) -> None:
        for line in self._log.news():
            self._console.echo(self.spec.name, line)

    async def _pause(self, process: Process, lived: float) -> None:
        # What a process left running would hold its port against its successor.
        self._signal(signal.SIGKILL)
        self._failures = 1 if lived > HEALTHY else self._failures + 1
        if self._failures >= HOPELESS and not self.ready.is_set():
            last = "\n".join(f"    {line}" for line in self._log.tail(15))
            raise StartError(f"{self.spec.name} does not start ({how_it_ended(process)}). Its last words:\n{last}")
        pause = min(FIRST_PAUSE * 2 ** (self._failures - 1), LONGEST_PAUSE)
        self._console.warn(f"{self.spec.name} ended ({how_it_ended(process)}); starting it again in {pause:.1f} s")
        await asyncio.sleep(pause)

    def _signal(self, number: int) -> None:
        if self._process is None:
            return
        try:
            os.killpg(self._process.pid, number)
        except ProcessLookupError:
            pass


def how_it_ended(process: Process) -> str:
    """How the process ended, in words: its exit status, or the signal."""
    code = process.returncode or 0
    return f"by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


async def alongside(main: Callable[[], Awaitable[object]], *others: Callable[[], Awaitable[object]]) -> None:
    """Do ``main``, and the others until it is done."""
    tasks = [asyncio.ensure_future(other()) for other in others]
    try:
        await main()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
