"""The worker's clock: enqueues what is due.

Huey's own periodic tasks have a resolution of a minute; closing within two seconds needs a finer one.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import Callable, List

from huey import Huey

from proactive_api.work.tasks import Tasks

logger = logging.getLogger(__name__)

#: Seconds between two looks at what is due.
TICK = 0.4
#: Seconds between two signs of life.
HEARTBEAT = 1.0
#: Seconds between two additions to the rollups; who reads them misses nothing in between.
ADD_UP = 1.0
#: Seconds between two clean-ups.
TIDY = 3600.0


class Clock(threading.Thread):
    """Enqueues a task whenever it is time and its last one is done."""

    def __init__(self, huey: Huey, tasks: Tasks, alive: Callable[[], None]) -> None:
        super().__init__(name="clock", daemon=True)
        self._huey = huey
        self._jobs: List[_Job] = [
            _Job(TICK, lambda: self._enqueue(tasks.dispatch, tasks.close_due)),
            _Job(HEARTBEAT, alive),
            _Job(ADD_UP, lambda: self._enqueue(tasks.add_up)),
            _Job(TIDY, lambda: self._enqueue(tasks.tidy)),
        ]

    def _enqueue(self, *tasks: Callable[[], object]) -> None:
        # A queue that still holds work needs no more of the same.
        if self._huey.pending_count() < len(tasks):
            for task in tasks:
                task()

    def run(self) -> None:
        """Tick for as long as the process lives."""
        while True:
            for job in self._jobs:
                job.run_if_due(time.monotonic())
            time.sleep(TICK / 4)


class _Job:
    def __init__(self, every: float, work: Callable[[], object]) -> None:
        self._every, self._work, self._next = every, work, 0.0

    def run_if_due(self, now: float) -> None:
        if now < self._next:
            return
        self._next = now + self._every
        try:
            self._work()
        except Exception:
            logger.exception("The worker's clock stumbled; it goes on.")
