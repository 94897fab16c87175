"""People at the dashboard: each signed in, in a browser of their own."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests import web
from tests.journey.stack import Phone, Stack, wait_for

PASSWORD = "correct horse battery"
#: A refused request is what many of these tests are about.
EXPECTED = re.compile(r"net::ERR_|status of (401|403|404|409|422|429|500|503)")

_numbers = itertools.count(1)

# What comes by itself is asked for every two seconds, and a busy machine takes its time.
expect.set_options(timeout=15_000)


@dataclass(frozen=True)
class Person:
    email: str
    name: str


@pytest.fixture(scope="package")
def admin(running_stack: Stack) -> Person:
    """The first user, made by the link that the start printed."""
    log = running_stack.folder / "supervisor.log"  # the link is printed a moment after everything is ready
    token = wait_for(lambda: re.findall(r"/setup\?token=(\S+)", log.read_text()))[-1]
    person = Person("mira@example.com", "Mira Okafor")
    body = {"token": token, "email": person.email, "name": person.name, "password": PASSWORD}
    answer = web.post(f"{running_stack.config.api_url}/v1/session/setup", json=body)
    assert answer.status_code == 200, answer.text
    return person


@pytest.fixture
def phone(running_stack: Stack) -> Phone:
    """A phone that nobody used before."""
    return running_stack.phone()


@pytest.fixture
def invited(running_stack: Stack, admin: Person) -> Callable[[str, str], Person]:
    """Lets further people in."""

    def invite(name: str, role: str) -> Person:
        person = Person(f"person{next(_numbers)}@example.com", name)
        made = running_stack.api.post("/v1/users", json={"email": person.email, "name": name, "role": role}).json()
        token = made["invite_url"].partition("token=")[2]
        answer = web.post(
            f"{running_stack.config.api_url}/v1/session/setup", json={"token": token, "password": PASSWORD}
        )
        assert answer.status_code == 200, answer.text
        return person

    return invite


def choose(page: Page, label: str, option: str) -> None:
    """Choose from one of the dashboard's lists, whatever is chosen in it now."""
    page.get_by_role("button", name=re.compile(f"{re.escape(label)}$")).click()
    page.get_by_role("option", name=option, exact=True).click()


class Desk:
    """One person's browser at the dashboard."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url

    def goto(self, path: str) -> Page:
        self.page.goto(self.url + path)
        return self.page

    def sign_in(self, person: Person) -> None:
        self.page.get_by_label("Email").fill(person.email)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()

    def at(self, path: str, person: Person) -> Page:
        """Go somewhere as ``person``, by the sign-in page."""
        self.goto(path)
        self.sign_in(person)
        self.page.locator("#page").wait_for()  # the menu is put away on a narrow page
        return self.page


NewDesk = Callable[..., Desk]


@pytest.fixture
def new_desk(browser: Browser, running_stack: Stack) -> Iterator[NewDesk]:
    """Opens browsers that share nothing; what their consoles complain of fails the test."""
    made: list[BrowserContext] = []
    errors: list[str] = []

    def make(**options: Any) -> Desk:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 820}, "locale": "en-GB", **options})
        context.set_default_timeout(15_000)
        context.on("weberror", lambda error: errors.append(str(error.error)))
        context.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        made.append(context)
        return Desk(context.new_page(), running_stack.config.api_url)

    yield make
    for context in made:
        context.close()
    assert [error for error in errors if not EXPECTED.search(error)] == []
