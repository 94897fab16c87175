"""Fresh databases for tests: SQLite always, PostgreSQL and Redis where they can be reached.

Whoever runs beside us, another worker of the same run or another clone, has databases of its own.
"""

from __future__ import annotations

import os
import shutil
import socket
import uuid
from pathlib import Path
from typing import Callable, Iterator, Optional
from urllib.parse import urlsplit

import pytest
import redis
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from proactive_api.storage.migrations import migrate
from proactive_api.storage.sql import tables
from proactive_api.storage.sql.engine import create_engine

_CONFIGURED = os.environ.get("PROACTIVE_TEST_DATABASE_URL")
POSTGRES_URL = _CONFIGURED or "postgresql+psycopg2://root@127.0.0.1:5432/test"
REDIS_URL = os.environ.get("PROACTIVE_TEST_REDIS_URL", "redis://127.0.0.1:6379/0")

KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of a database without any table, gone after the test; the test runs once on each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'test.db'}"
        return
    with PostgresDatabase() as url:
        yield url


@pytest.fixture(params=KINDS)
def migrated_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of a database with the product's tables and no rows; the test runs once on each kind."""
    if request.param == "sqlite":
        template = request.getfixturevalue("sqlite_template")
        shutil.copy(template, tmp_path / "test.db")
        yield f"sqlite:///{tmp_path / 'test.db'}"
        return
    url = request.getfixturevalue("postgres_template")
    yield url
    request.getfixturevalue("empty_postgres")()


@pytest.fixture
def engine(migrated_url: str) -> Iterator[Engine]:
    """An engine on a database with the product's tables and no rows."""
    opened = create_engine(migrated_url)
    yield opened
    opened.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the product's tables, to copy."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    migrate.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_template() -> Iterator[str]:
    """A PostgreSQL database with the product's tables: making one takes too long to do it for every test."""
    with PostgresDatabase() as url:
        migrate.upgrade(url)
        yield url


@pytest.fixture(scope="session")
def empty_postgres(postgres_template: str) -> Iterator[Callable[[], None]]:
    """Takes all rows out of that database: truncating would make new files for all tables, whatever is in them."""
    engine = sa.create_engine(postgres_template, future=True)
    rows = [f"DELETE FROM {table.name}" for table in reversed(tables.metadata.sorted_tables)]
    # A row that goes may leave its difference for the rollups, in a table that was emptied before.
    statements = ";".join([*rows, *rows])
    numbers = "SELECT setval(format('%I.%I', schemaname, sequencename), start_value, false) FROM pg_sequences"

    def empty() -> None:
        with engine.begin() as conn:
            conn.exec_driver_sql(statements)
            conn.exec_driver_sql(f"{numbers} WHERE last_value IS NOT NULL".replace("%", "%%"))

    yield empty
    engine.dispose()


class PostgresDatabase:
    """A PostgreSQL database of its own, dropped at the end; skips the test when there is no server."""

    def __init__(self) -> None:
        self._name = f"proactive_{uuid.uuid4().hex[:12]}"
        self._server: Optional[Engine] = None

    def __enter__(self) -> str:
        self._server = sa.create_engine(POSTGRES_URL, future=True, isolation_level="AUTOCOMMIT")
        try:
            self._run(f"CREATE DATABASE {self._name}")
        except sa.exc.OperationalError as error:
            if _CONFIGURED:
                raise
            pytest.skip(f"no PostgreSQL at {POSTGRES_URL}: {str(error.orig).splitlines()[0]}")
        # What a crash of the server would lose, no test misses.
        self._run(f"ALTER DATABASE {self._name} SET synchronous_commit TO off")
        return sa.engine.make_url(POSTGRES_URL).set(database=self._name).render_as_string(hide_password=False)

    def __exit__(self, *_: object) -> None:
        self._run(f"DROP DATABASE IF EXISTS {self._name} WITH (FORCE)")
        assert self._server is not None
        self._server.dispose()

    def _run(self, statement: str) -> None:
        assert self._server is not None
        with self._server.connect() as conn:
            conn.exec_driver_sql(statement)


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """URL of a Redis database that nobody else uses, empty at first."""
    with RedisDatabase() as url:
        yield url


class RedisDatabase:
    """One of the server's numbered databases, empty at first; skips the test when there is no server.

    A key in it says which process has it. What somebody keeps there who knows of no such key is left alone.
    """

    NUMBERS = range(1, 16)
    OWNER = "tests-of-process"

    def __init__(self) -> None:
        self._opened: Optional[redis.Redis] = None

    def __enter__(self) -> str:
        for number in self.NUMBERS:
            url = urlsplit(REDIS_URL)._replace(path=f"/{number}").geturl()
            opened = redis.Redis.from_url(url, socket_connect_timeout=5)
            try:
                taken = self._take(opened)
            except redis.ConnectionError as error:
                if "PROACTIVE_TEST_REDIS_URL" in os.environ:
                    raise
                pytest.skip(f"no Redis at {REDIS_URL}: {error}")
            if taken:
                self._opened = opened
                return url
        raise RuntimeError(f"the databases {self.NUMBERS} of {REDIS_URL} are all in use")

    def _take(self, opened: redis.Redis) -> bool:
        here = socket.gethostname()
        with opened.pipeline() as pipe:
            pipe.watch(self.OWNER)
            host, _, pid = (pipe.get(self.OWNER) or b"").decode().partition(" ")
            left_behind = host == here and not Path(f"/proc/{pid}").exists() and Path("/proc/self").exists()
            if not left_behind and pipe.dbsize():
                return False
            pipe.multi()
            pipe.flushdb()
            pipe.set(self.OWNER, f"{here} {os.getpid()}")
            try:
                pipe.execute()
            except redis.WatchError:
                return False
        return True

    def __exit__(self, *_: object) -> None:
        assert self._opened is not None
        self._opened.flushdb()
        self._opened.close()
