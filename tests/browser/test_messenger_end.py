"""How a conversation ends in a real browser: for who is there, for who is away, and for who comes back."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.messenger import Messenger, Person
from tests.browser.shop import Shop
from tests.journey.stack import Stack, wait_for

NewContext = Callable[..., BrowserContext]
LONG = "Everything for the balcony, the kitchen and the hall is reduced, and the pots come in every colour. " * 6
PHONE: dict[str, Any] = {"viewport": {"width": 375, "height": 667}, "has_touch": True, "is_mobile": True}
SCREENS = pytest.mark.parametrize("screen", [{}, PHONE], ids=["desktop", "phone"])
REPLIES = ["Yes please", "No thanks"]
#: How far the log is from its end, pixels.
FROM_END = """() => {
    const log = document.querySelector("#rasa-proactive").shadowRoot.querySelector(".log");
    return Math.round(log.scrollHeight - log.scrollTop - log.clientHeight);
}"""


def at_the_end(messenger: Messenger) -> None:
    """The faces are in view, and nothing is below them that is not."""
    expect(messenger.survey.get_by_role("radiogroup")).to_be_in_viewport(ratio=1)
    wait_for(lambda: messenger.page.evaluate(FROM_END) <= 1)


def asked(stack: Stack, messenger: Messenger, chat: str) -> None:
    stack.close(chat)
    expect(messenger.survey.get_by_role("radiogroup")).to_have_count(1)


@SCREENS
@pytest.mark.parametrize("again", range(6))
def test_the_faces_are_in_view_when_it_closes(
    stack: Stack, shop: Shop, new_context: NewContext, screen: dict[str, Any], again: int
) -> None:
    person = Person(stack, f"End{again}")
    chat = person.is_sent(LONG, suggested_replies=REPLIES)
    messenger = Messenger(new_context(**screen).new_page()).visit(shop, token=person.token()).open()
    reply = messenger.reply("Yes please")
    reply.tap() if screen else reply.click()
    expect(messenger.log.locator(".row.theirs .bubble")).to_have_count(2)
    asked(stack, messenger, chat)
    at_the_end(messenger)


@SCREENS
def test_the_faces_are_in_view_after_an_absence(
    stack: Stack, shop: Shop, new_context: NewContext, screen: dict[str, Any]
) -> None:
    person = Person(stack, "Tunnel")
    chat = person.is_sent(LONG)
    context = new_context(**screen)
    messenger = Messenger(context.new_page()).visit(shop, token=person.token()).open()
    messenger.say("hello")
    expect(messenger.own("hello")).to_have_count(1)
    stack.until(chat, lambda one: one["agent_message_count"] == 2)
    context.set_offline(True)
    expect(messenger.panel.locator(".banner")).to_be_visible()
    stack.close(chat)
    stack.until(chat, lambda one: one["status"] == "closed")
    context.set_offline(False)
    expect(messenger.survey.get_by_role("radiogroup")).to_have_count(1)
    expect(messenger.panel.locator(".banner")).to_have_count(0)
    at_the_end(messenger)


@SCREENS
def test_what_changes_its_size_does_not_move_it_from_its_end(
    stack: Stack, shop: Shop, new_context: NewContext, screen: dict[str, Any]
) -> None:
    """A keyboard takes half of the screen, a picture arrives late, a window grows."""
    person = Person(stack, "Size")
    chat = person.is_sent(LONG)
    page = new_context(**screen).new_page()
    messenger = Messenger(page).visit(shop, token=person.token()).open()
    size = page.viewport_size
    assert size
    for height in (size["height"] // 2, size["height"]):
        page.set_viewport_size({"width": size["width"], "height": height})
        wait_for(lambda: page.evaluate(FROM_END) <= 1)
    page.evaluate(
        """() => {
            const inside = document.querySelector("#rasa-proactive").shadowRoot.querySelector(".bubble");
            inside.style.paddingTop = "400px";  // as a picture above, once it is loaded
        }"""
    )
    wait_for(lambda: page.evaluate(FROM_END) <= 1)
    asked(stack, messenger, chat)
    at_the_end(messenger)


@SCREENS
def test_who_scrolled_away_stays_there(
    stack: Stack, shop: Shop, new_context: NewContext, screen: dict[str, Any]
) -> None:
    person = Person(stack, "Reader")
    chat = person.is_sent(LONG)
    for number in range(4):
        person.is_sent(f"{number} {LONG}", if_active="append")
    page = new_context(**screen).new_page()
    messenger = Messenger(page).visit(shop, token=person.token()).open()
    expect(messenger.theirs(f"3 {LONG[:40]}")).to_be_in_viewport()
    messenger.log.evaluate("log => { log.scrollTop -= 500; }")
    expect(messenger.panel.get_by_role("button", name="Jump to the latest message")).to_be_visible()
    place = messenger.log.evaluate("log => log.scrollTop")
    asked(stack, messenger, chat)
    expect(messenger.panel.get_by_text("This conversation is closed.")).to_be_visible()
    assert abs(messenger.log.evaluate("log => log.scrollTop") - place) <= 1
    messenger.panel.get_by_role("button", name="Jump to the latest message").click()
    at_the_end(messenger)


def test_who_was_away_comes_back_to_the_message_and_not_to_its_end(stack: Stack, shop: Shop, page: Page) -> None:
    person = Person(stack, "Away")
    chat = person.is_sent("Our **sale** ends Sunday!", suggested_replies=REPLIES, auto_close_timeout=2)
    time.sleep(4)  # twice its time
    assert stack.chat(chat)["status"] == "open"
    messenger = Messenger(page).visit(shop, token=person.token())
    expect(messenger.badge).to_have_attribute("data-count", "1")
    expect(messenger.preview).to_contain_text("Our sale ends Sunday!")
    messenger.open()
    expect(messenger.theirs("Our sale ends Sunday!")).to_be_visible()
    stack.until(chat, lambda one: one["closed_reason"] == "auto")
    at_the_end(messenger)
    assert stack.differences() == []


def test_a_page_in_the_background_shows_nothing(stack: Stack, shop: Shop, page: Page) -> None:
    person = Person(stack, "Elsewhere")
    messenger = Messenger(page).visit(shop, token=person.token()).open()
    turn = """state => {
        Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
    }"""
    page.evaluate(turn, "hidden")
    chat = person.is_sent("Are you there?")
    expect(messenger.theirs("Are you there?")).to_have_count(1)
    page.wait_for_timeout(500)
    assert stack.chat(chat)["delivery_status"] == "sent"
    page.evaluate(turn, "visible")
    stack.until(chat, lambda one: one["delivery_status"] == "delivered")


def test_a_reply_counts_for_a_chat_that_closed_unseen(stack: Stack, shop: Shop, page: Page) -> None:
    person = Person(stack, "Late")
    chat = person.is_sent("Our **sale** ends Sunday!", suggested_replies=REPLIES)
    stack.close(chat)
    stack.until(chat, lambda one: one["status"] == "closed")
    messenger = Messenger(page).visit(shop, token=person.token())
    expect(messenger.badge).to_have_attribute("data-count", "1")
    messenger.open()
    expect(messenger.survey).to_have_count(0)
    messenger.reply("Yes please").click()
    expect(messenger.own("Yes please")).to_have_count(1)
    expect(messenger.reply("No thanks")).to_have_count(0)
    answered = stack.until(chat, lambda one: one["response_status"] == "responded")
    assert (answered["status"], answered["resolution_time"]) == ("closed", None)
    assert stack.differences() == []


def test_replies_of_a_conversation_that_is_over_are_gone(stack: Stack, shop: Shop, page: Page) -> None:
    person = Person(stack, "Over")
    chat = person.is_sent("First of all", suggested_replies=REPLIES)
    messenger = Messenger(page).visit(shop, token=person.token()).open()
    messenger.say("hello")
    expect(messenger.own("hello")).to_have_count(1)
    person.is_sent("And another thing", suggested_replies=["Tell me"], if_active="append")
    expect(messenger.reply("Tell me")).to_be_visible()
    asked(stack, messenger, chat)
    expect(messenger.reply("Tell me")).to_have_count(0)
    status = messenger.panel.locator(".header .status")
    expect(status).to_have_text("Conversation closed")
    dot = status.evaluate("one => getComputedStyle(one, '::before').content")
    assert dot == "none", "green is for who is there"


def test_the_preview_is_the_message_and_not_the_survey(stack: Stack, shop: Shop, page: Page) -> None:
    person = Person(stack, "Peek")
    chat = person.is_sent("First of all")
    messenger = Messenger(page).visit(shop, token=person.token()).open()
    stack.until(chat, lambda one: one["delivery_status"] == "delivered")
    messenger.page.evaluate("() => RasaProactive.widget.close()")
    person.is_sent("And another thing", if_active="append")
    stack.close(chat)
    expect(messenger.badge).to_have_attribute("data-count", "3")
    expect(messenger.preview).to_contain_text("And another thing")


@pytest.mark.parametrize(("locale", "side"), [("ar", "right"), ("en", "left")])
def test_the_title_stands_where_the_language_begins(
    stack: Stack, shop: Shop, page: Page, locale: str, side: str
) -> None:
    person = Person(stack, "Side")
    messenger = Messenger(page).visit(shop, token=person.token(), locale=locale, title="Juniper & Co.").open()
    title = messenger.panel.locator(".header bdi").bounding_box()
    status = messenger.panel.locator(".header .heading-words").bounding_box()
    assert title and status
    begins = {"left": title["x"] - status["x"], "right": status["x"] + status["width"] - title["x"] - title["width"]}
    assert abs(begins[side]) < 2
    expect(messenger.panel.locator(".header h2")).to_have_text(re.compile("Juniper"))
