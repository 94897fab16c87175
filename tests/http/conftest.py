from __future__ import annotations

from pathlib import Path
from typing import Iterator

import httpx
import pytest
from argon2 import PasswordHasher
from sqlalchemy.engine import Engine

from proactive_api.config import Config
from proactive_api.storage.access import passwords
from tests.http.server import ADMIN_KEY, RunningApi


@pytest.fixture(scope="package", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Passwords are hashed with little effort: the real one is meant to take long, and is looked at by one test."""
    real, passwords._HASHER = passwords._HASHER, PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    passwords._nobodys.cache_clear()
    yield
    passwords._HASHER = real
    passwords._nobodys.cache_clear()


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config.from_env({"PROACTIVE_DATA_DIR": str(tmp_path / "data"), "PROACTIVE_ADMIN_KEY": ADMIN_KEY})


@pytest.fixture
def api(config: Config, engine: Engine) -> Iterator[RunningApi]:
    with RunningApi(config, engine) as running:
        yield running


@pytest.fixture
def client(api: RunningApi) -> Iterator[httpx.Client]:
    with api.client() as opened:
        yield opened
