"""``python -m proactive_api.worker``: the worker process, a Huey consumer and a clock that enqueues what is due."""

from __future__ import annotations

import logging
import os
import time
from pathlib import Path
from typing import Callable, Optional

import httpx
from sqlalchemy.engine import Engine

from proactive_api.config import Config
from proactive_api.storage import settings as stored_settings
from proactive_api.storage.migrations.migrate import upgrade
from proactive_api.storage.sql.engine import create_engine
from proactive_api.work.clock import Clock
from proactive_api.work.tasks import Worker, open_queue, register

logger = logging.getLogger(__name__)

#: Threads that run tasks.
THREADS = 2
#: How soon an idle consumer looks at the queue, seconds.
POLL = 0.05


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
