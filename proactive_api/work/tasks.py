"""What the worker does, as Huey tasks.

Huey delivers at most once and loses what it was doing when it dies; the rows are the truth, and
every task may run twice, late, or not at all until the next sweep.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cache
from typing import Any, Callable

import httpx
from huey import Huey, RedisHuey, SqliteHuey
from sqlalchemy.engine import Engine

from proactive_api.config import Config
from proactive_api.storage import housekeeping
from proactive_api.storage.reports import rollups
from proactive_api.work.close_due import Closer
from proactive_api.work.connectors import Connectors
from proactive_api.work.dispatch import Dispatcher


def open_queue(config: Config) -> Huey:
    """The task queue: in Redis if ``REDIS_URL`` is set, else in a file of the data directory."""
    if config.redis_url:
        return RedisHuey("proactive", url=config.redis_url, results=False)
    return SqliteHuey("proactive", filename=str(config.queue_path), results=False, fsync=False)


@dataclass(frozen=True)
class Worker:
    """What the tasks work with.

    Args:
        engine: the database.
        config: the environment.
        http: reaches the connectors.
    """

    engine: Engine
    config: Config
    http: httpx.Client

    def dispatch(self) -> int:
        """Hand over the sends that are due; returns how many."""
        return Dispatcher(self.engine, self._connectors).dispatch()

    def close_due(self) -> int:
        """Hand over the closings and other commands that are due; returns how many."""
        return Closer(self.engine, self._connectors).close_due()

    def add_up(self) -> None:
        """Add to the rollups what changed since the last time."""
        rollups.add_up(self.engine)

    def tidy(self) -> None:
        """Forget what nobody can ask for any more."""
        with self.engine.begin() as conn:
            housekeeping.tidy(conn, time.time())

    @property
    def _connectors(self) -> Connectors:
        return Connectors(self.config, self.http)


@dataclass(frozen=True)
class Tasks:
    """The tasks by name. Calling one enqueues it."""

    dispatch: Callable[[], Any]
    close_due: Callable[[], Any]
    add_up: Callable[[], Any]
    tidy: Callable[[], Any]


def register(huey: Huey, worker: Callable[[], Worker]) -> Tasks:
    """Give the queue its tasks.

    Args:
        worker: makes the tools; called where a task runs, never where one is enqueued.
    """

    def task(name: str, work: Callable[[Worker], Any]) -> Any:
        def run() -> None:
            work(worker())

        run.__name__ = name
        return huey.task(name=name)(run)

    return Tasks(
        task("dispatch", Worker.dispatch),
        task("close_due", Worker.close_due),
        task("add_up", Worker.add_up),
        task("tidy", Worker.tidy),
    )


def waker(config: Config) -> Callable[[], None]:
    """For those who only enqueue: a function that asks the worker to dispatch at once.

    The queue is opened when it is first called, so that whoever makes one starts also where the queue is away.
    """

    def nobody() -> Worker:
        raise RuntimeError("Tasks run in the worker (python -m proactive_api.worker), not here.")

    @cache
    def tasks() -> Tasks:
        return register(open_queue(config), nobody)

    return lambda: tasks().dispatch() and None
