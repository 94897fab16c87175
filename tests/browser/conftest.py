"""A browser, the running product, and pages that embed the messenger: for every test of what people see.

Nothing is downloaded for these tests: the browser is the Chromium of the machine's own packages.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from proactive_api.run.console import Console
from proactive_api.run.node import node_environment
from proactive_api.run.web import ensure_packages
from tests.browser.dashboard import admin, invited, new_desk, phone  # noqa: F401 - fixtures
from tests.browser.shop import Shop
from tests.journey.stack import ROOT, Stack

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

#: What a browser says of a page that works: a failed request is not the page's fault where the test ends the server.
EXPECTED = ("net::ERR_", "WebSocket connection to", "404 (Not Found)")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test in this folder needs a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("there is no Chromium on the PATH")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture(scope="package")
def running_stack(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    stack = Stack(tmp_path_factory.mktemp("stack"))
    try:
        stack.start()
        yield stack
    finally:
        stack.stop()


@pytest.fixture
def stack(running_stack: Stack) -> Stack:
    return running_stack


@pytest.fixture(scope="package")
def shop(running_stack: Stack) -> Iterator[Shop]:
    """A web site of its own, with a strict security policy, that embeds the messenger."""
    site = Shop(running_stack.config.api_url, running_stack.config.public_url)
    yield site
    site.close()


NewContext = Callable[..., BrowserContext]


@pytest.fixture
def new_context(browser: Browser) -> Iterator[NewContext]:
    """Makes browsers that share nothing: each is another person, or another device."""
    made: list[BrowserContext] = []
    errors: list[str] = []

    def make(**options: Any) -> BrowserContext:
        context = browser.new_context(**{"viewport": {"width": 1200, "height": 800}, "locale": "en-GB", **options})
        context.set_default_timeout(15_000)
        context.on("weberror", lambda error: errors.append(str(error.error)))
        context.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()
    assert [error for error in errors if not any(known in error for known in EXPECTED)] == []


@pytest.fixture
def page(new_context: NewContext) -> Page:
    return new_context().new_page()


@pytest.fixture(scope="package")
def axe_source(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The accessibility checker, from the packages that the widget is built with."""
    folder, log = ROOT / "web" / "widget", tmp_path_factory.mktemp("npm") / "npm.log"
    environment = node_environment(ROOT, os.environ, Console())
    ensure_packages(folder, log, environment, Console())
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture
def serious_findings(axe_source: str) -> Callable[..., list[str]]:
    """What keeps people from using a page, as axe sees it: serious and critical findings only."""

    def find(page: Page, context: str = "document") -> list[str]:
        page.evaluate(axe_source)
        found = page.evaluate(f"axe.run({context}).then(result => result.violations)")
        return [
            f"{one['id']}: {one['help']} {[node['html'][:200] for node in one['nodes']]}"
            for one in found
            if one["impact"] in ("serious", "critical")
        ]

    return find


@pytest.fixture(scope="package")
def run_npm(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs a script of a folder of web/, its packages installed."""

    def run(folder: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = node_environment(ROOT, os.environ, Console())
        place = ROOT / "web" / folder
        ensure_packages(place, tmp_path_factory.mktemp("npm") / "npm.log", environment, Console())
        npm = shutil.which("npm", path=environment["PATH"])
        assert npm
        return subprocess.run(
            [npm, "run", *arguments], cwd=place, env=dict(environment), capture_output=True, text=True, timeout=200
        )

    return run
