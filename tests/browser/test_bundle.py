"""The messenger's script by itself: what it weighs, and its own tests."""

from __future__ import annotations

import gzip
import os
import subprocess
from collections.abc import Callable

import pytest

from proactive_api.run.console import Console
from proactive_api.run.web import default_cache, ensure_web
from tests.journey.stack import ROOT

#: With its Socket.IO client, compressed, bytes.
MOST = 45_000

RunNpm = Callable[..., "subprocess.CompletedProcess[str]"]


def test_it_is_small() -> None:
    ensure_web(ROOT, default_cache(), ROOT / "results" / "web.log", os.environ, Console())
    script = (ROOT / "web" / "widget" / "dist" / "widget.js").read_bytes()
    assert len(gzip.compress(script, 9)) <= MOST
    assert [path.name for path in (ROOT / "web" / "widget" / "dist").glob("*.*") if path.suffix] == ["widget.js"]


@pytest.mark.parametrize("folder", ["widget", "shared"])
def test_its_own_tests_pass(run_npm: RunNpm, folder: str) -> None:
    answer = run_npm(folder, "test")
    assert answer.returncode == 0, answer.stdout + answer.stderr


@pytest.mark.parametrize("folder", ["widget", "shared"])
def test_it_names_no_registry(folder: str) -> None:
    lock = (ROOT / "web" / folder / "package-lock.json").read_text()
    assert '"resolved"' not in lock
    assert '"integrity"' in lock
