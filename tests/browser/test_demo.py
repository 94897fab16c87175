"""The pretend shop."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.messenger import Messenger
from tests.journey.stack import Stack


def send(stack: Stack, user_id: str, message: str) -> None:
    body = {"channel_type": "messenger", "user_id": user_id, "message": message, "if_active": "append"}
    answer = stack.api.post("/v1/proactive-chats", json=body)
    assert answer.status_code == 202, answer.text


def test_one_can_be_two_different_visitors(
    stack: Stack, page: Page, new_context: Callable[..., BrowserContext]
) -> None:
    other = new_context().new_page()
    for visitor, name in ((page, "Alice"), (other, "Bob")):
        visitor.goto(f"{stack.config.api_url}/demo/")
        Messenger(visitor).connected()
        visitor.get_by_role("button", name=name, exact=True).click()
        expect(visitor.get_by_text(f"Signed in as {name}")).to_be_visible()
        Messenger(visitor).connected()
    send(stack, "demo-alice", "Only for Alice")
    alice, bob = Messenger(page), Messenger(other)
    expect(alice.preview).to_contain_text("Only for Alice")
    bob.open()
    expect(bob.log.get_by_text("Hi Bob, how can we help?")).to_be_visible()
    page.reload()
    expect(alice.preview).to_contain_text("Only for Alice")
    page.get_by_role("button", name="Anonymous", exact=True).click()
    expect(alice.preview).to_have_count(0)
    alice.open()
    expect(alice.log.get_by_text("How can we help?")).to_be_visible()


def test_its_looks_can_be_changed(stack: Stack, page: Page, serious_findings: Callable[..., list[str]]) -> None:
    page.goto(f"{stack.config.api_url}/demo/")
    messenger = Messenger(page).connected()
    assert serious_findings(page) == []
    page.get_by_role("button", name="العربية").click()
    expect(messenger.launcher).to_have_attribute("aria-label", "فتح الرسائل")
    page.get_by_role("button", name="Dark", exact=True).click()
    expect(messenger.root).to_have_attribute("data-theme", "dark")
