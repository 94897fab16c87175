"""The carrier's memory: one SQLite file, one writer.

What is written together in the same few milliseconds shares a transaction, and nobody is told before it is committed.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, List, Optional, Tuple, TypeVar

from proactive_api.sandbox.messages import COLUMNS

Result = TypeVar("Result")
Work = Callable[[sqlite3.Connection], Any]

#: The most that one transaction takes in; more would only make the first wait for the last.
BATCH = 500
READERS = 2
_SCHEMA = """
CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY, sid TEXT NOT NULL UNIQUE, direction TEXT NOT NULL, to_number TEXT NOT NULL,
    from_number TEXT NOT NULL, body TEXT NOT NULL, created_at REAL NOT NULL, status TEXT NOT NULL, service TEXT,
    media TEXT NOT NULL, callback_url TEXT, error_code INTEGER NOT NULL, stage INTEGER NOT NULL,
    pending INTEGER NOT NULL, sent_at REAL
);
CREATE INDEX IF NOT EXISTS messages_to ON messages (to_number, created_at);
CREATE INDEX IF NOT EXISTS messages_from ON messages (from_number, created_at);
CREATE INDEX IF NOT EXISTS messages_created ON messages (created_at);
CREATE INDEX IF NOT EXISTS messages_pending ON messages (id) WHERE pending;
CREATE TABLE IF NOT EXISTS opted_out (phone TEXT PRIMARY KEY);
"""
_NAMES = ", ".join(COLUMNS)
INSERT = f"INSERT INTO messages ({_NAMES}) VALUES ({', '.join('?' * len(COLUMNS))})"
SELECT = f"SELECT {_NAMES} FROM messages "


@dataclass
class _Job:
    work: Work
    loop: asyncio.AbstractEventLoop
    answer: asyncio.Future[Any]
    result: Any = None
    error: Optional[BaseException] = None

    def settle(self) -> None:
        if self.answer.done():
            return
        if self.error is not None:
            self.answer.set_exception(self.error)
        else:
            self.answer.set_result(self.result)


class Store:
    """Opens the file and starts the writer. ``close`` waits for what was handed in."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._jobs: queue.SimpleQueue[Optional[_Job]] = queue.SimpleQueue()
        self._local = threading.local()
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="sandbox-read")
        connection = self._connect()
        connection.executescript(_SCHEMA)
        with contextlib.suppress(sqlite3.OperationalError):  # it is there already
            connection.execute("ALTER TABLE messages ADD COLUMN sent_at REAL")
        self._writer = threading.Thread(target=self._write_all, args=(connection,), name="sandbox-write", daemon=True)
        self._writer.start()

    def write(self, work: Work) -> asyncio.Future[Any]:
        """Run ``work`` in the next transaction; the answer comes once that is committed.

        ``work`` must be one statement, or statements that cannot fail: its failure does not undo what it did before.
        """
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Any] = loop.create_future()
        self._jobs.put(_Job(work, loop, answer))
        return answer

    async def read(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """Run a query in a thread of its own."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, lambda: work(self._reader()))

    def close(self) -> None:
        """Finish the writing and stop."""
        self._jobs.put(None)
        self._writer.join()
        self._readers.shutdown()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=30, isolation_level=None, check_same_thread=False)
        # A killed process loses nothing with NORMAL in WAL mode; only a power cut could.
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        return connection

    def _reader(self) -> sqlite3.Connection:
        if not hasattr(self._local, "connection"):
            self._local.connection = self._connect()
        connection: sqlite3.Connection = self._local.connection
        return connection

    def _write_all(self, connection: sqlite3.Connection) -> None:
        open_for_more = True
        while open_for_more:
            jobs, open_for_more = self._next_batch()
            if jobs:
                _commit(connection, jobs)
                _settle(jobs)
        connection.close()

    def _next_batch(self) -> Tuple[List[_Job], bool]:
        jobs: List[_Job] = []
        job = self._jobs.get()
        while job is not None:
            jobs.append(job)
            if len(jobs) == BATCH:
                return jobs, True
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                return jobs, True
        return jobs, False


def _commit(connection: sqlite3.Connection, jobs: List[_Job]) -> None:
    try:
        connection.execute("BEGIN IMMEDIATE")
        for job in jobs:
            _perform(connection, job)
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        for job in jobs:
            job.error = error


def _perform(connection: sqlite3.Connection, job: _Job) -> None:
    try:
        job.result = job.work(connection)
    except Exception as error:
        job.error = error


def _settle(jobs: List[_Job]) -> None:
    loop = jobs[0].loop
    try:
        loop.call_soon_threadsafe(_tell, jobs)
    except RuntimeError:
        # The loop is gone with whoever was waiting; the rows are there.
        return


def _tell(jobs: List[_Job]) -> None:
    for job in jobs:
        job.settle()
