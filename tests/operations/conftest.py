from __future__ import annotations

import shutil
from pathlib import Path
from typing import Iterator

import pytest
from sqlalchemy.engine import Connection, Engine

from proactive_api.storage.sql.engine import create_engine
from tests.databases import KINDS


@pytest.fixture(scope="session")
def sqlite_engine(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    path = tmp_path_factory.mktemp("operations") / "test.db"
    shutil.copy(sqlite_template, path)
    opened = create_engine(f"sqlite:///{path}")
    yield opened
    opened.dispose()


@pytest.fixture(scope="session")
def postgresql_engine(postgres_template: str) -> Iterator[Engine]:
    opened = create_engine(postgres_template)
    yield opened
    opened.dispose()


@pytest.fixture(params=KINDS)
def conn(request: pytest.FixtureRequest) -> Iterator[Connection]:
    """A transaction on an empty database, taken back after the test; the test runs once on each kind."""
    opened: Engine = request.getfixturevalue(f"{request.param}_engine")
    with opened.connect() as connection:
        transaction = connection.begin()
        yield connection
        transaction.rollback()
