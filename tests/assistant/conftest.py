"""A really trained model of the starter assistant, with its action server."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.utils.endpoints import EndpointConfig

from proactive_api.run.console import Console
from proactive_api.run.model import default_cache, ensure_model
from tests.journey.stack import free_port

if TYPE_CHECKING:
    from rasa.core.agent import Agent

ROOT = Path(__file__).resolve().parents[2]
QUIET = {"RASA_TELEMETRY_ENABLED": "false", "SQLALCHEMY_SILENCE_UBER_WARNING": "1", "TF_CPP_MIN_LOG_LEVEL": "3"}


@pytest.fixture(scope="session")
def model_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model of the repository's files as they are, trained once for each state of them (as ``make run`` does)."""
    log = tmp_path_factory.mktemp("training") / "train.log"
    return ensure_model(ROOT, default_cache(), log, {**os.environ, **QUIET}, Console())


@pytest.fixture(scope="session")
def action_server() -> Iterator[str]:
    """URL of an action server with this repository's actions."""
    port = free_port()
    command = [sys.executable, "-m", "rasa_sdk", "--actions", "actions", "-p", str(port)]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_until_healthy(server, port)
        yield f"http://127.0.0.1:{port}/webhook"
    finally:
        server.terminate()
        server.wait(10)


def _wait_until_healthy(server: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urlopen(f"http://127.0.0.1:{port}/health", timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError("The action server did not start.")


@pytest.fixture(scope="session")
def agent(model_path: Path, action_server: str) -> Agent:
    """The trained assistant with its actions, as the Rasa server would load it."""
    from rasa.core.agent import Agent  # with all of TensorFlow, which only these tests need

    return Agent.load(
        model_path=str(model_path),
        tracker_store=InMemoryTrackerStore(Domain.load(str(ROOT / "domain.yml"))),
        lock_store=InMemoryLockStore(),
        action_endpoint=EndpointConfig(action_server),
    )
