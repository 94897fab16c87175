"""One stack for all journeys: starting it takes longer than any of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.journey.stack import Phone, Stack

DEFAULTS = {
    "auto_close_timeout": 600.0,
    "handoff_timeout": 600.0,
    "closing_message": None,
    "consent_message": None,
    "help_message": None,
    "csat_enabled": True,
    "csat_when_unanswered": True,
    "csat_expiry": 600.0,
    "resolution_check_enabled": False,
}


@pytest.fixture(scope="package")
def running_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    stack = Stack(tmp_path_factory.mktemp("stack"))
    try:
        stack.start()
        yield stack
    finally:
        stack.stop()


@pytest.fixture
def stack(running_stack: Stack) -> Iterator[Stack]:
    """The running product; settings go back to what they were, and are felt before the next test begins."""
    yield running_stack
    now = running_stack.api.get("/v1/settings").json()
    if any(now["sms"][name] != value for name, value in DEFAULTS.items()):
        running_stack.settings(**DEFAULTS)


@pytest.fixture
def phone(stack: Stack) -> Phone:
    return stack.phone()
