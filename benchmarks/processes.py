"""Real processes for a measurement: started, waited for, stopped."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import time
from contextlib import asynccontextmanager
from pathlib import Path
from typing import AsyncIterator, Dict, List, Optional

from proactive_api.run.child import Spec
from proactive_api.run.leash import leashed

#: Seconds that a process may take until it is ready, and to stop.
READY_WITHIN, STOP_WITHIN = 180.0, 10.0


class NotReadyError(RuntimeError):
    """A process ended, or did not get ready in time; the text ends with its last words."""


@asynccontextmanager
async def running(spec: Spec, logs: Path, folder: Optional[Path] = None) -> AsyncIterator[float]:
    """Run one process; yields the seconds that it took to get ready.

    Raises:
        NotReadyError: with the end of its log.
    """
    log = logs / f"{spec.name}.log"
    process = start(spec.command, dict(spec.environment), log, folder)
    try:
        yield await ready(spec, process, log)
    finally:
        await asyncio.get_running_loop().run_in_executor(None, stop, process)


def start(
    command: List[str], environment: Dict[str, str], log: Path, folder: Optional[Path]
) -> subprocess.Popen[bytes]:
    """Start a process that ends with this one; what it says goes to ``log``."""
    with open(log, "ab") as output:
        return subprocess.Popen(leashed(command), env=environment, cwd=folder, stdout=output, stderr=output)


async def ready(spec: Spec, process: subprocess.Popen[bytes], log: Path) -> float:
    """Wait until the process answers; returns the seconds since this was called."""
    began, since = time.monotonic(), time.time()
    while time.monotonic() - began < READY_WITHIN and process.poll() is None:
        if await spec.ready(since):
            return time.monotonic() - began
        await asyncio.sleep(0.02)
    last = log.read_text(encoding="utf-8", errors="replace")[-2000:]
    raise NotReadyError(f"{spec.name} did not get ready (exit status {process.poll()}):\n{last}")


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ask it to stop; make it, if it does not."""
    for number in (signal.SIGINT, signal.SIGTERM):
        if process.poll() is None:
            process.send_signal(number)
            try:
                process.wait(STOP_WITHIN)
            except subprocess.TimeoutExpired:
                continue
    process.kill()
    process.wait()
