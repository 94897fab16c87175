from __future__ import annotations

from pathlib import Path
from typing import Iterator

import httpx
import pytest
from sqlalchemy.engine import Engine

from proactive_api.config import Config
from tests.databases import (  # noqa: F401 - fixtures
    database_url,
    engine,
    migrated_url,
    postgres_template,
    sqlite_template,
)
from tests.http.server import ADMIN_KEY, RunningApi


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config.from_env({"PROACTIVE_DATA_DIR": str(tmp_path / "data"), "PROACTIVE_ADMIN_KEY": ADMIN_KEY})


@pytest.fixture
def api(config: Config, engine: Engine) -> Iterator[RunningApi]:  # noqa: F811
    with RunningApi(config, engine) as running:
        yield running


@pytest.fixture
def client(api: RunningApi) -> Iterator[httpx.Client]:
    with api.client() as opened:
        yield opened
