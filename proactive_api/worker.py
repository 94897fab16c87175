"""The worker process: a Huey consumer, and a clock that enqueues what is due.

Huey's own periodic tasks have a resolution of a minute; closing within two seconds needs a finer one.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from pathlib import Path
from typing import Callable, List, Optional

import httpx
from huey import Huey
from sqlalchemy.engine import Engine

from proactive_api.config import Config
from proactive_api.storage import settings as stored_settings
from proactive_api.storage.migrations.migrate import upgrade
from proactive_api.storage.sql.engine import create_engine
from proactive_api.work.tasks import Tasks, Worker, open_queue, register

logger = logging.getLogger(__name__)

#: Seconds between two looks at what is due.
TICK = 0.4
#: Seconds between two signs of life.
HEARTBEAT = 1.0
#: Seconds between two additions to the figures; who reads them misses nothing in between.
COUNT = 1.0
#: Seconds between two clean-ups.
TIDY = 3600.0
#: Threads that run tasks.
THREADS = 2
#: How soon an idle consumer looks at the queue, seconds.
POLL = 0.05


class Clock(threading.Thread):
    """Enqueues a task whenever it is time and its last one is done."""

    def __init__(self, huey: Huey, tasks: Tasks, alive: Callable[[], None]) -> None:
        super().__init__(name="clock", daemon=True)
        self._huey = huey
        self._jobs: List[_Job] = [
            _Job(TICK, lambda: self._enqueue(tasks.dispatch, tasks.close_due)),
            _Job(HEARTBEAT, alive),
            _Job(COUNT, lambda: self._enqueue(tasks.count)),
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


def heartbeat(engine: Engine, path: Path) -> Callable[[], None]:
    """Says that the worker lives: in the database for readiness, in a file for the supervisor."""

    def beat() -> None:
        with engine.begin() as conn:
            stored_settings.write(conn, "worker_heartbeat", repr(time.time()))
        path.touch()

    return beat


def main(config: Optional[Config] = None) -> None:
    """Run until a signal: SIGINT finishes the task at hand, SIGTERM stops at once; both lose nothing."""
    logging.basicConfig(level=os.environ.get("LOG_LEVEL", "INFO"), format="%(asctime)s %(levelname)s %(message)s")
    for noisy in ("httpx", "httpcore", "huey"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    config = config or Config.from_env()
    upgrade(config.database_url)
    engine = create_engine(config.database_url, pool_size=THREADS + 1)
    worker = Worker(engine, config, httpx.Client())
    queue = open_queue(config)
    tasks = register(queue, lambda: worker)
    if not config.redis_url:
        queue.flush()  # what was left from before a restart says nothing that the next sweep does not say
    Clock(queue, tasks, heartbeat(engine, config.heartbeat_path)).start()
    consumer = queue.create_consumer(
        workers=THREADS, periodic=False, initial_delay=POLL, backoff=1.0, max_delay=POLL, check_worker_health=True
    )
    consumer.run()


if __name__ == "__main__":
    main()
