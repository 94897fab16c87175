"""What every test needs, and a plain word at the end about what was left out."""

from __future__ import annotations

import os
from typing import Dict, List

import pytest

# Before anything imports them: their notices would bury what matters.
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

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

_left_out: Dict[str, int] = dict.fromkeys(NEEDS, 0)


@pytest.fixture(autouse=True)
def own_environment(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test has a data directory of its own, and no credentials but its own."""
    monkeypatch.setenv("PROACTIVE_DATA_DIR", str(tmp_path_factory.getbasetemp() / "data"))
    for name in list(os.environ):
        if name in PRIVATE or name.startswith("TWILIO_") or name == "DATABASE_URL":
            monkeypatch.delenv(name)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: List[pytest.Item]) -> None:
    """Browsers come last: their driver leaves an event loop running, in which no other test can have its own."""
    items.sort(key=lambda item: "browser" in item.keywords)


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
    slow = sum("slow" in item.keywords for item in terminalreporter.stats.get("deselected", []))
    if slow:
        lines.append(f"{slow} tests were left out because they take minutes: make test-all runs them")
    if lines:
        terminalreporter.section("left out")
        for line in lines:
            terminalreporter.line(line)
