"""Pictures of every page and of the messenger's states, from the running product, for ``docs/screens.md``.

    python -m tests.browser.screens [FOLDER]

They are written to ``docs/images/screens`` unless a folder is named, with a progress line each.
"""

from __future__ import annotations

import io
import re
import sys
import tempfile
from pathlib import Path
from typing import Iterator

import httpx
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks import seed
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.dashboard import PASSWORD
from tests.browser.messenger import Messenger
from tests.browser.messenger import Person as Visitor
from tests.browser.shop import Shop
from tests.journey.stack import ROOT, Stack, wait_for

#: Conversations of the last 90 days, so that charts have something to show.
SEEDED = 1500
LOOKS = ("light", "dark")
SIZES = {"desktop": {"width": 1280, "height": 800}, "phone": {"width": 375, "height": 780}}
PEOPLE = ("Maya Lindqvist", "Omar Haddad", "Jin-woo Park", "Amélie Fournier", "Tomás Álvarez")


class Album:
    """Where the pictures go: small files, since they are part of the repository."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def keep(self, page: Page, name: str) -> None:
        """Take a picture once everything has come to rest."""
        page.wait_for_timeout(400)  # what fades in has to be there, and nothing says when it is
        picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        picture.quantize(128, dither=Image.Dither.NONE).save(self._folder / f"{name}.png", optimize=True)
        print(name, flush=True)


def main(arguments: list[str]) -> None:
    """Start the product, fill it, take the pictures, stop it."""
    album = Album(Path(arguments[0]) if arguments else ROOT / "docs" / "images" / "screens")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        stack = Stack(Path(folder))
        Path(folder, "data").mkdir(exist_ok=True)
        seed.main([stack.config.database_url, str(SEEDED)])
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            stack.start()
            dashboard(stack, browser, album)
            messenger(stack, browser, album)
        finally:
            browser.close()
            stack.stop()


# -- the dashboard ------------------------------------------------------------------------------


def dashboard(stack: Stack, browser: Browser, album: Album) -> None:
    """Every page, light and dark, wide and narrow."""
    email = first_user(stack)
    chat, ticket, number = lived(stack)
    person = stack.api.get("/v1/recipients", params={"search": PEOPLE[0]}).json()["data"][0]["id"]
    stack.api.post("/v1/keys", json={"name": "web shop", "scopes": ["send", "read"]})
    stack.api.post("/v1/users", json={"email": "nia@example.com", "name": "Nia Agent", "role": "agent"})
    pages = {
        "chats": "/proactive-chats",
        "conversation": f"/proactive-chats/{chat}",
        "conversations": "/conversations",
        "inbox": f"/inbox/{ticket}",
        "metrics": "/figures?period=90d",
        "recipients": "/recipients",
        "recipient": f"/recipients/{person}",
        "settings": "/settings",
        "keys": "/keys",
        "users": "/users",
        "phone": f"/phone/{number}",
    }
    for look, size, page in everybody(browser):
        page.goto(stack.config.api_url)
        page.get_by_label("Email").wait_for()
        album.keep(page, f"sign-in-{look}-{size}")
        page.get_by_label("Email").fill(email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.locator("#page").wait_for()
        for name, path in pages.items():
            page.goto(stack.config.api_url + path)
            page.get_by_role("heading").first.wait_for()
            page.locator("[aria-busy=true], .skeleton").first.wait_for(state="detached")
            album.keep(page, f"{name}-{look}-{size}")
        page.goto(f"{stack.config.api_url}/proactive-chats")
        dialog(page)
        album.keep(page, f"send-{look}-{size}")


def everybody(browser: Browser) -> Iterator[tuple[str, str, Page]]:
    """A browser for each look and size."""
    for look in LOOKS:
        for size, viewport in SIZES.items():
            context = browser.new_context(viewport=viewport, color_scheme=look, locale="en-GB")  # type: ignore[arg-type]
            yield look, size, context.new_page()
            context.close()


def first_user(stack: Stack) -> str:
    """Sign the first user up by the link that the start printed; their email."""
    log = stack.folder / "supervisor.log"
    token = wait_for(lambda: re.findall(r"/setup\?token=(\S+)", log.read_text()))[-1]
    body = {"token": token, "email": "mira@example.com", "name": "Mira Okafor", "password": PASSWORD}
    httpx.post(f"{stack.config.api_url}/v1/session/setup", json=body).raise_for_status()
    return "mira@example.com"


def lived(stack: Stack) -> tuple[str, str, str]:
    """Some real conversations; a rated one, an open ticket, and the number that it is with."""
    replies = [{"title": "Show me"}, {"title": "Our shop", "url": "https://example.com/sale"}]
    chats, phones = [], []
    for name in PEOPLE:
        phone = stack.phone()
        body = {"user_id": name.split()[0].lower(), "nickname": name, "phone_number": phone.number, "consent": True}
        body.update(timezone="Europe/Vienna", attributes={"plan": "Plus"})
        stack.api.post("/v1/recipients", json=body).raise_for_status()
        message = f"Hi {name.split()[0]}, our spring sale ends on Sunday. Would you like to see what is left?"
        chats.append(stack.opened(phone, message, campaign="spring_sale", suggested_replies=replies))
        phones.append(phone)
    phones[0].say("how much is it?")
    phones[0].hears("less than the listed price")
    stack.close(chats[0])
    phones[0].hears("rate this conversation")
    phones[0].say("5")
    stack.until(chats[0], lambda one: one["csat"] == 5)
    for phone, words in zip(
        phones[1:3], ("My order never came. Can I talk to a real person?", "human please"), strict=True
    ):
        phone.say(words)
    tickets = [stack.ticket(chat)["id"] for chat in chats[1:3]]
    stack.act({"id": tickets[0]}, "messages", text="Hello Omar, here is Mira. Let me look for your order.")
    phones[1].say("Thank you! It is number 20417.")
    return chats[0], tickets[0], phones[1].number


def dialog(page: Page) -> None:
    """The dialog that sends, filled in."""
    page.get_by_role("button", name="Send message").first.click()
    box = page.get_by_role("dialog")
    box.get_by_role("combobox", name="Recipient").fill("Amélie")
    page.get_by_role("option", name=re.compile("Amélie")).first.click()
    box.get_by_label("Message", exact=True).fill("Hi {{ nickname }}, your size is back. Shall I keep one for you?")
    box.get_by_role("button", name="Add a reply").click()
    page.keyboard.type("Yes, please")
    box.get_by_text("1. Yes, please").wait_for(state="attached")


# -- the messenger ------------------------------------------------------------------------------


def messenger(stack: Stack, browser: Browser, album: Album) -> None:
    """The widget's main states: light and dark, and once from right to left and on a phone."""
    site = Shop(stack.config.api_url, stack.config.public_url)
    looks = [
        ("light", "en", "desktop"),
        ("dark", "en", "desktop"),
        ("light", "ar", "desktop"),
        ("light", "en", "phone"),
    ]
    for theme, locale, size in looks:
        context = browser.new_context(viewport=SIZES[size])  # type: ignore[arg-type]
        name = "-".join(("widget", theme, *([locale] if locale != "en" else []), *([size] if size == "phone" else [])))
        life(stack, site, context.new_page(), {"theme": theme, "locale": locale, "title": "Juniper & Co."}, album, name)
        context.close()
    site.close()


def life(stack: Stack, site: Shop, page: Page, look: dict[str, str], album: Album, name: str) -> None:
    """From the preview to the rating."""
    visitor = Visitor(stack, "Maya")
    widget = Messenger(page).visit(site, token=visitor.token(), **look)
    replies = [{"title": "Show me"}, {"title": "Our shop", "url": "https://example.com/sale"}]
    chat = visitor.is_sent(
        "**Our spring sale** ends on Sunday. Would you like to see what is left?", suggested_replies=replies
    )
    widget.preview.wait_for()
    album.keep(page, f"{name}-preview")
    widget.open()
    widget.reply("Show me").wait_for()
    album.keep(page, f"{name}-open")
    widget.say("Can I talk to a real person?")
    ticket = stack.ticket(chat)
    stack.act(ticket, "messages", text="Hello Maya, here is Mira. How can I help?").raise_for_status()
    widget.theirs("here is Mira").wait_for()
    album.keep(page, f"{name}-human")
    stack.act(ticket, "resolve").raise_for_status()
    widget.survey.wait_for()
    album.keep(page, f"{name}-rating")


if __name__ == "__main__":
    main(sys.argv[1:])
