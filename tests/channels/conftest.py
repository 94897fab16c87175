from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Iterator

import pytest

from channels.rasa_server import runtime
from proactive_api.lifecycle.values import ChannelType
from tests.channels.fakes import House


@pytest.fixture
def spared(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a runtime changes of the whole process is for a server, not for the tests that follow."""
    monkeypatch.setattr(runtime, "_spare_the_model", lambda: None)
    interval = sys.getswitchinterval()
    yield
    sys.setswitchinterval(interval)


@pytest.fixture
def house_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """SQLite; with ``on_both`` also PostgreSQL, which takes a while to empty."""
    if getattr(request, "param", "sqlite") == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "test.db")
        yield f"sqlite:///{tmp_path / 'test.db'}"
        return
    url = request.getfixturevalue("postgres_template")
    yield url
    request.getfixturevalue("empty_postgres")()


@pytest.fixture
def house(house_url: str, spared: None) -> Iterator[House]:
    """The SMS channel's world."""
    made = House(house_url)
    yield made
    made.close()


@pytest.fixture
def messenger(house_url: str, spared: None) -> Iterator[House]:
    """The messenger's world."""
    made = House(house_url, ChannelType.MESSENGER)
    yield made
    made.close()
