"""Fresh databases for tests: SQLite always, PostgreSQL where one can be reached."""

from __future__ import annotations

import os
import uuid
from pathlib import Path
from typing import Iterator, Optional

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from proactive_api.storage import migrate
from proactive_api.storage.engine import create_engine

_CONFIGURED = os.environ.get("PROACTIVE_TEST_DATABASE_URL")
POSTGRES_URL = _CONFIGURED or "postgresql+psycopg2://root@127.0.0.1:5432/test"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of an empty database, gone after the test; the test runs once on each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'test.db'}"
        return
    with postgres_database() as url:
        yield url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on a database with the product's tables."""
    migrate.upgrade(database_url)
    opened = create_engine(database_url)
    yield opened
    opened.dispose()


class postgres_database:
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
        return sa.engine.make_url(POSTGRES_URL).set(database=self._name).render_as_string(hide_password=False)

    def __exit__(self, *_: object) -> None:
        self._run(f"DROP DATABASE IF EXISTS {self._name} WITH (FORCE)")
        assert self._server is not None
        self._server.dispose()

    def _run(self, statement: str) -> None:
        assert self._server is not None
        with self._server.connect() as conn:
            conn.exec_driver_sql(statement)
