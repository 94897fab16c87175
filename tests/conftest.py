"""What every test needs, and a plain word at the end about what was left out."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Dict, List

import pytest

# Before anything imports them: their notices would bury what matters.
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

pytest_plugins = ["tests.databases"]

#: What a test may need that not every machine has, by its marker.
NEEDS = {
    "postgres": "a PostgreSQL server (set PROACTIVE_TEST_DATABASE_URL, or run one on 127.0.0.1:5432)",
    "redis": "a Redis server (set PROACTIVE_TEST_REDIS_URL, or run one on 127.0.0.1:6379)",
    "browser": "Chromium on the PATH (on Debian and Ubuntu: apt-get install chromium)",
}

#: Variables of the developer's own set-up that would change what the tests see.
PRIVATE = (
    "PROACTIVE_ADMIN_KEY",
    "PROACTIVE_TRIGGER_TOKEN",
    "MESSENGER_JWT_SECRET",
    "MESSENGER_JWT_PUBLIC_KEY",
    "PROACTIVE_WEB_DIR",
    "REDIS_URL",
    "PUBLIC_URL",
    "RASA_URL",
)

#: Folders whose tests share something that takes long to start, in the order of starting with them: the longest first.
#: With several workers (``-n``) such a folder goes to one of them whole, any other test file by itself.
TOGETHER = ("journey", "browser", "assistant", "sandbox")

_left_out: Dict[str, int] = dict.fromkeys(NEEDS, 0)
_too_slow: List[int] = [0]


@pytest.fixture(autouse=True)
def own_environment(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test has a data directory of its own, and no credentials but its own."""
    monkeypatch.setenv("PROACTIVE_DATA_DIR", str(tmp_path_factory.getbasetemp() / "data"))
    for name in list(os.environ):
        if name in PRIVATE or name.startswith("TWILIO_") or name == "DATABASE_URL":
            monkeypatch.delenv(name)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: List[pytest.Item]) -> None:
    """Say which tests stay together, and let those begin that take longest."""
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(_group(item)))
    items.sort(key=_turn)


def _folder(item: pytest.Item) -> str:
    return item.path.relative_to(Path(__file__).parent).parts[0]


def _group(item: pytest.Item) -> str:
    folder = _folder(item)
    return folder if folder in TOGETHER else item.path.relative_to(Path(__file__).parent).with_suffix("").as_posix()


def _turn(item: pytest.Item) -> int:
    folder = _folder(item)
    return TOGETHER.index(folder) if folder in TOGETHER else len(TOGETHER)


def pytest_deselected(items: List[pytest.Item]) -> None:
    """Count what was left out because it takes minutes."""
    _too_slow[0] += sum("slow" in item.keywords for item in items)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker tells what it counted; each has collected everything."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["too_slow"] = _too_slow[0]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """Hear what a worker counted."""
    _too_slow[0] = max(_too_slow[0], getattr(node, "workeroutput", {}).get("too_slow", 0))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Count what was skipped for want of something outside."""
    if report.skipped and report.when in ("setup", "call"):
        for marker in NEEDS:
            _left_out[marker] += marker in report.keywords


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was left out, and what it would take."""
    lines: List[str] = [
        f"{count} tests were left out: they need {NEEDS[name]}" for name, count in _left_out.items() if count
    ]
    if _too_slow[0]:
        lines.append(f"{_too_slow[0]} tests were left out because they take minutes: make test-all runs them")
    if lines:
        terminalreporter.section("left out")
        for line in lines:
            terminalreporter.line(line)
