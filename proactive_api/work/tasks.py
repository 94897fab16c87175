"""What the worker does, as Huey tasks.

Huey delivers at most once and loses what it was doing when it dies; the rows are the truth, and
every task may run twice, late, or not at all until the next sweep.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import Any, Callable, Dict, Iterable, List, Mapping, Sequence

import httpx
from huey import Huey, RedisHuey, SqliteHuey
from sqlalchemy.engine import Engine

from proactive_api.config import Config
from proactive_api.lifecycle.senders import split_sender
from proactive_api.operations import sending_rules
from proactive_api.storage import housekeeping
from proactive_api.storage.queues import commands, sends
from proactive_api.storage.queues.sends import Claim
from proactive_api.storage.reports import rollups
from proactive_api.storage.sql.engine import reader

logger = logging.getLogger(__name__)

#: Sends held by connectors at once: enough to keep the carrier busy, few enough to settle after a crash.
IN_FLIGHT = 400
#: Rows claimed in one transaction.
BATCH = 100
#: With less room than a batch, ``dispatch`` looks again after ``PAUSE`` seconds, for ``TURN`` seconds in all.
PAUSE, TURN = 0.03, 0.4
#: Seconds that a trigger may take; it only has to be accepted.
TRIGGER_TIMEOUT = 10.0
#: Seconds until something is offered again to an assistant that was not there.
RETRY_AFTER = 1.0


def open_queue(config: Config) -> Huey:
    """The task queue: in Redis if ``REDIS_URL`` is set, else in a file of the data directory."""
    if config.redis_url:
        return RedisHuey("proactive", url=config.redis_url, results=False)
    return SqliteHuey("proactive", filename=str(config.queue_path), results=False, fsync=False)


@dataclass(frozen=True)
class Worker:
    """The worker's tools.

    Args:
        engine: the database.
        config: the environment.
        http: reaches the connectors.
    """

    engine: Engine
    config: Config
    http: httpx.Client

    def dispatch(self) -> int:
        """Claim the sends that are due and hand them to their connectors. Returns how many."""
        handed, until = 0, time.monotonic() + TURN
        while True:
            if time.monotonic() < until and self._is_full():
                time.sleep(PAUSE)
                continue
            claims = self._claim()
            for channel, batch in claims.items():
                self._offer_sends(channel, batch)
            count = sum(len(batch) for batch in claims.values())
            handed += count
            if not count:
                return handed

    def _is_full(self) -> bool:
        with reader(self.engine).connect() as conn:
            return sends.in_flight(conn, time.time()) > IN_FLIGHT - BATCH

    def _claim(self) -> Dict[str, List[Claim]]:
        now = time.time()
        with self.engine.begin() as conn:
            free = IN_FLIGHT - sends.in_flight(conn, now)
            return sending_rules.claim_due(conn, now, min(BATCH, free)) if free > 0 else {}

    def _offer_sends(self, channel: str, claims: Sequence[Claim]) -> None:
        if self._trigger(channel, {"sends": [dict(claim.__dict__) for claim in claims]}):
            return
        with self.engine.begin() as conn:
            for claim in claims:
                later = time.time() + RETRY_AFTER
                sends.put_back(conn, claim.chat_id, later, wait_reason="assistant_unavailable", in_doubt=claim.in_doubt)

    def close_due(self) -> int:
        """Ask for what is due to be closed, and hand all waiting commands to their connectors."""
        now = time.time()
        with self.engine.begin() as conn:
            commands.add_due_closings(conn, now)
            rows = commands.claim(conn, now, BATCH)
        for channel, ids in _by_channel((row.sender_id, row.id) for row in rows).items():
            self._offer_commands(channel, ids)
        return len(rows)

    def _offer_commands(self, channel: str, ids: List[str]) -> None:
        if self._trigger(channel, {"commands": ids}):
            return
        with self.engine.begin() as conn:
            for command_id in ids:
                commands.put_back(conn, command_id, time.time() + RETRY_AFTER)

    def _trigger(self, channel: str, body: Mapping[str, Any]) -> bool:
        """Whether the connector may have taken it. Only a clear no is a no."""
        url = f"{self.config.rasa_url}/webhooks/{channel}/trigger"
        headers = {"Authorization": f"Bearer {self.config.trigger_token}"}
        try:
            answer = self.http.post(url, json=body, headers=headers, timeout=TRIGGER_TIMEOUT)
        except httpx.ConnectError:
            return False
        except httpx.HTTPError as error:
            logger.warning("The %s connector did not answer (%r); its leases settle it.", channel, error)
            return True
        if answer.status_code != 202:
            logger.warning("The %s connector did not take the work: %s %s", channel, answer.status_code, answer.text)
        return answer.status_code == 202

    def count(self) -> None:
        """Add to the figures what changed since the last time."""
        rollups.add_up(self.engine)

    def tidy(self) -> None:
        """Forget what nobody can ask for any more."""
        with self.engine.begin() as conn:
            housekeeping.tidy(conn, time.time())


def _by_channel(pairs: Iterable[Any]) -> Dict[str, List[str]]:
    grouped: Dict[str, List[str]] = {}
    for sender_id, one in pairs:
        channel, _ = split_sender(sender_id) or ("sms", "")
        grouped.setdefault(channel, []).append(one)
    return grouped


@dataclass(frozen=True)
class Tasks:
    """The tasks by name. Calling one enqueues it."""

    dispatch: Callable[[], Any]
    close_due: Callable[[], Any]
    count: Callable[[], Any]
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
        task("count", Worker.count),
        task("tidy", Worker.tidy),
    )


def enqueuer(config: Config) -> Callable[[], None]:
    """For those who only enqueue: a function that asks the worker to dispatch at once."""

    def nobody() -> Worker:
        raise RuntimeError("Tasks run in the worker (python -m proactive_api.worker), not here.")

    tasks = register(open_queue(config), nobody)
    return lambda: tasks.dispatch() and None
