"""What the marketer is shown before sending is what the person gets: in the messenger, and as an SMS."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser import messenger
from tests.browser.conftest import NewContext
from tests.browser.dashboard import NewDesk, Person
from tests.browser.shop import Shop
from tests.journey.stack import ROOT, Phone, Stack

MESSAGE = """# Spring sale
Hi **Ada**, _up to_ **40% off** and ~~19~~ 9 EUR:

- pots, > 50 EUR each
  - [plants](https://shop.example/plants)
- 2*3*4 seeds

> Ends Sunday

1) Choose
2) Pay with `SPRING_20` at https://shop.example/pay."""

#: Elements and words, without what only one of both says to screen readers.
DRAWN = """(node) => {
  const draw = (one) => one.nodeType === 3 ? one.data
    : one.classList.contains("hidden") ? ""
    : `<${one.localName}${one.href ? " " + one.href : ""}>${[...one.childNodes].map(draw).join("")}</>`;
  return draw(node);
}"""

#: Where its pictures go, to be looked at.
PICTURES = ROOT / "results"


def written(page: Page, channel: str, recipient: str, option: str) -> Locator:
    """The dialog, filled in."""
    page.get_by_role("button", name="Send message").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("radio", name=channel).locator("xpath=..").click()
    dialog.get_by_role("combobox", name="Recipient").fill(recipient)
    page.get_by_role("option", name=re.compile(option)).click()
    dialog.get_by_label("Message", exact=True).fill(MESSAGE)
    expect(dialog.get_by_text("Sends immediately.")).to_be_visible()
    return dialog


def picture(page: Page, name: str) -> None:
    Path(PICTURES).mkdir(exist_ok=True)
    page.screenshot(path=PICTURES / f"preview-{name}.png")


def drawn(one: Locator) -> Any:
    return one.evaluate(DRAWN)


def test_the_messenger_shows_what_the_preview_showed(
    stack: Stack, shop: Shop, admin: Person, new_desk: NewDesk, new_context: NewContext
) -> None:
    person = messenger.Person(stack, "Ada")
    desk = new_desk().at("/proactive-chats", admin)
    dialog = written(desk, "Messenger", person.user_id, person.user_id)
    shown = drawn(dialog.locator(".preview-phone .rich"))
    for part in ("<strong>40% off</>", "<blockquote>", "<a https://shop.example/plants>", "2*3*4", "<code>SPRING"):
        assert part in shown
    picture(desk, "dialog")
    dialog.get_by_role("button", name="Send", exact=True).click()
    expect(dialog.get_by_role("heading", name=re.compile("Sent|Delivered"))).to_be_visible()

    widget = messenger.Messenger(new_context().new_page()).visit(shop, token=person.token()).open()
    bubble = widget.theirs("Spring sale").locator(".rich")
    assert drawn(bubble) == shown
    picture(widget.page, "messenger")


def test_the_phone_shows_what_the_preview_showed(stack: Stack, phone: Phone, admin: Person, new_desk: NewDesk) -> None:
    desk = new_desk().at("/proactive-chats", admin)
    dialog = written(desk, "SMS", phone.number, "Send to")
    bubble = dialog.locator(".preview-phone .bubble")
    expect(bubble).to_contain_text("plants (https://shop.example/plants)")
    shown = bubble.inner_text()
    assert "*" not in shown.replace("2*3*4", "")
    dialog.get_by_role("button", name="Send", exact=True).click()
    assert phone.hears("Spring sale")[-1] == shown
