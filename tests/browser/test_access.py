"""The messenger for everybody: keyboard, screen reader, right to left, dark, small screens."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.messenger import Messenger, Person, at_rest
from tests.browser.shop import Shop
from tests.journey.stack import Stack

NewContext = Callable[..., BrowserContext]
Findings = Callable[..., list[str]]


def focused(page: Page) -> str:
    """The words of what has the focus, inside the widget or outside."""
    return str(
        page.evaluate(
            """() => {
                let element = document.activeElement;
                while (element.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
                return element.getAttribute('aria-label') || element.textContent || element.tagName;
            }"""
        )
    )


def test_everything_works_with_the_keyboard_alone(stack: Stack, shop: Shop, page: Page) -> None:
    person = Person(stack, "Keys")
    messenger = Messenger(page).visit(shop, token=person.token())
    chat = person.is_sent("Pick one", suggested_replies=["Apples", "Pears"])
    expect(messenger.preview).to_be_visible()

    messenger.launcher.focus()
    page.keyboard.press("Enter")
    expect(messenger.field).to_be_focused()
    page.keyboard.press("Escape")
    expect(messenger.panel).to_have_count(0)
    expect(messenger.launcher).to_be_focused()

    page.keyboard.press("Enter")
    expect(messenger.field).to_be_focused()
    walked = []
    for _ in range(3):
        page.keyboard.press("Shift+Tab")
        walked.append(focused(page))
    assert walked == ["Pears", "Apples", "Add a reaction"], "the order of the screen"

    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(messenger.log.get_by_role("button", name="Remove the reaction ❤️")).to_be_focused()

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(messenger.own("Apples")).to_have_count(1)
    expect(messenger.field).to_be_focused()
    page.keyboard.type("one")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("two")
    page.keyboard.press("Enter")
    expect(messenger.own("one")).to_have_count(1)
    assert messenger.own("one").inner_text() == "one\ntwo"

    stack.close(chat)
    messenger.survey.get_by_role("radio", name="Terrible").focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    expect(messenger.survey.get_by_role("radio", name="Great")).to_be_focused()
    page.keyboard.press("Enter")
    assert stack.until(chat, lambda one: one["csat"])["csat"] == 5


def test_a_screen_reader_hears_what_happens(stack: Stack, shop: Shop, page: Page) -> None:
    person = Person(stack, "Ears")
    messenger = Messenger(page).visit(shop, token=person.token(), title="Juniper & Co.")
    person.is_sent("Something new")
    expect(page.get_by_role("button", name="Open messages, 1 unread message")).to_have_attribute(
        "aria-expanded", "false"
    )
    expect(messenger.root.get_by_role("status").filter(has_text="1 unread message")).to_have_count(1)
    messenger.open()
    expect(page.get_by_role("dialog", name="Juniper & Co.")).to_be_visible()
    log = page.get_by_role("log", name="Conversation")
    expect(log).to_have_attribute("aria-live", "polite")
    expect(page.get_by_role("textbox", name="Your message")).to_be_visible()


@pytest.mark.parametrize("look", [{"theme": "light"}, {"theme": "dark"}, {"locale": "ar"}, {"color": "#fbbf24"}])
def test_axe_has_no_serious_finding(
    stack: Stack, shop: Shop, page: Page, serious_findings: Findings, look: dict[str, str]
) -> None:
    person = Person(stack, "Axe")
    messenger = Messenger(page).visit(shop, token=person.token(), **look)
    assert serious_findings(page) == []
    text = "**Sale** with [a link](https://example.com)\n\n- one\n- two\n\n`code`"
    replies = [{"title": "See", "url": "https://example.com"}, {"title": "Yes"}]
    chat = person.is_sent(text, suggested_replies=replies)
    expect(messenger.preview).to_be_visible()
    at_rest(page)  # what fades in has no contrast yet
    assert serious_findings(page) == []
    messenger.open()
    expect(messenger.reply("Yes")).to_be_visible()
    at_rest(page)
    assert serious_findings(page) == []
    messenger.say("hello")
    expect(messenger.own("hello")).to_have_count(1)
    stack.close(chat)
    expect(messenger.survey.get_by_role("radiogroup")).to_be_visible()
    at_rest(page)
    assert serious_findings(page) == []
    page.context.set_offline(True)
    expect(messenger.panel.locator(".banner")).to_be_visible()
    assert serious_findings(page) == []


def test_right_to_left(stack: Stack, shop: Shop, page: Page) -> None:
    person = Person(stack, "Rania")
    messenger = Messenger(page).visit(shop, token=person.token(), locale="ar").open()
    width = page.viewport_size["width"] if page.viewport_size else 0
    box = messenger.panel.bounding_box()
    assert box and box["x"] < width / 2, "the corner where such pages end"
    person.is_sent("مرحبًا بكم")
    person.is_sent("Hello in English", if_active="append")
    for words, direction in (("مرحبًا", "rtl"), ("Hello", "ltr")):
        assert messenger.theirs(words).evaluate("element => getComputedStyle(element).direction") == direction
    theirs = messenger.theirs("مرحبًا").bounding_box()
    messenger.say("شكرًا")
    expect(messenger.own("شكرًا")).to_have_count(1)
    own = messenger.own("شكرًا").bounding_box()
    assert theirs and own and own["x"] < theirs["x"], "one's own words are at the end of the line"
    expect(messenger.panel.get_by_role("heading", name="الرسائل")).to_be_visible()


@pytest.mark.parametrize(
    ("theme", "system", "dark"), [("auto", "dark", True), ("auto", "light", False), ("light", "dark", False)]
)
def test_light_and_dark(stack: Stack, shop: Shop, new_context: NewContext, theme: str, system: str, dark: bool) -> None:
    page = new_context(color_scheme=system).new_page()
    messenger = Messenger(page).visit(shop, theme=theme).open()
    colour = messenger.panel.evaluate("element => getComputedStyle(element).backgroundColor")
    parts = [int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(",")]
    assert (max(parts) < 60) == dark
    assert (min(parts) > 200) != dark


def test_on_a_phone_it_fills_the_screen(stack: Stack, shop: Shop, new_context: NewContext) -> None:
    page = new_context(viewport={"width": 375, "height": 667}, has_touch=True, is_mobile=True).new_page()
    messenger = Messenger(page).visit(shop)
    messenger.launcher.tap()
    at_rest(page)  # it slides in
    assert messenger.panel.bounding_box() == {"x": 0, "y": 0, "width": 375, "height": 667}
    expect(messenger.launcher).to_be_hidden()
    expect(messenger.field).not_to_be_focused()
    assert page.evaluate("() => document.documentElement.scrollWidth") == 375
    messenger.panel.get_by_role("button", name="Close", exact=True).tap()
    expect(messenger.launcher).to_be_visible()


def test_nothing_moves_for_who_wants_none(stack: Stack, shop: Shop, new_context: NewContext) -> None:
    page = new_context(reduced_motion="reduce").new_page()
    messenger = Messenger(page).visit(shop)
    assert messenger.launcher.evaluate("element => getComputedStyle(element).animationName") == "none"
