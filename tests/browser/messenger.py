"""The messenger as a person uses it, and the business on the other side."""

from __future__ import annotations

import itertools
import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.shop import Shop
from tests.journey.stack import Stack

_numbers = itertools.count(1)


AT_REST = """async () => {
    const roots = [document, ...[...document.querySelectorAll("*")].map((one) => one.shadowRoot).filter(Boolean)];
    const moving = roots.flatMap((root) => root.getAnimations());
    const ending = moving.filter((one) => one.effect.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(ending.map((one) => one.finished));
}"""


def at_rest(page: Page) -> None:
    """Wait until nothing fades or slides any more; what moves for ever may go on."""
    page.evaluate(AT_REST)


class Person:
    """Somebody whom the business knows by a user ID of their own."""

    def __init__(self, stack: Stack, nickname: str) -> None:
        self.stack = stack
        self.user_id = f"{nickname.lower()}-{next(_numbers)}"
        answer = stack.api.post("/v1/recipients", json={"user_id": self.user_id, "nickname": nickname})
        assert answer.status_code == 201, answer.text

    def token(self) -> str:
        answer = self.stack.api.post("/v1/messenger/tokens", json={"user_id": self.user_id})
        assert answer.status_code in (200, 201), answer.text
        return str(answer.json()["token"])

    def is_sent(self, message: str, **more: Any) -> str:
        """The business sends this person a proactive chat; its id, once it is on its way."""
        body = {"channel_type": "messenger", "user_id": self.user_id, "message": message, **more}
        answer = self.stack.api.post("/v1/proactive-chats", json=body)
        assert answer.status_code == 202, answer.text
        chat = str(answer.json()["id"])
        self.stack.until(chat, lambda one: one["delivery_status"] in ("sent", "delivered"))
        return chat


class Messenger:
    """The widget in a page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root = page.locator("#rasa-proactive")
        self.launcher = self.root.locator(".launcher")
        self.badge = self.root.locator(".badge")
        self.preview = self.root.locator(".preview")
        self.panel = self.root.get_by_role("dialog")
        self.log = self.root.get_by_role("log")
        self.field = self.root.locator(".composer textarea")
        self.survey = self.root.locator(".survey")

    def visit(self, shop: Shop, **attributes: str) -> Messenger:
        """Go to the shop's page; the messenger is there and connected when this returns."""
        self.page.goto(shop.url(**attributes))
        return self.connected()

    def connected(self) -> Messenger:
        expect(self.launcher).to_be_visible()
        self.page.wait_for_function("() => window.RasaProactive.widget.store.state.link === 'online'")
        return self

    def open(self) -> Messenger:
        self.launcher.click()
        expect(self.panel).to_be_visible()
        return self

    def say(self, words: str) -> None:
        self.field.fill(words)
        self.field.press("Enter")

    def theirs(self, words: str | re.Pattern[str]) -> Locator:
        """Messages of the business with these words."""
        return self.log.locator(".row.theirs .bubble", has_text=words)

    def own(self, words: str) -> Locator:
        """Messages of the person's own that the server has."""
        return self.log.locator(".row.own:not(.outgoing) .bubble", has_text=words)

    def reply(self, title: str) -> Locator:
        return self.log.get_by_role("button", name=title, exact=True)
