"""The server is down, slow, or says no: the pages say so, keep what was typed, and offer another try."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.dashboard import NewDesk, Person
from tests.journey.stack import Phone, Stack

SEND = re.compile(r"/v1/proactive-chats$")


def written(page: Page, number: str, message: str) -> None:
    """The dialog, ready to send."""
    page.get_by_role("button", name="Send message").first.click()
    page.get_by_role("combobox", name="Recipient").fill(number)
    # Until the answer is there, people of earlier searches stand above it, and it moves.
    expect(page.locator(".listbox").get_by_role("option")).to_have_count(1)
    page.get_by_role("option", name=re.compile("Send to")).click()
    page.get_by_label("Message", exact=True).fill(message)


def press_send(page: Page) -> None:
    page.get_by_role("dialog").get_by_role("button", name="Send", exact=True).click()


def test_a_send_pressed_twice_is_one_send(stack: Stack, phone: Phone, admin: Person, new_desk: NewDesk) -> None:
    page = new_desk().at("/proactive-chats", admin)
    written(page, phone.number, "Only once")
    page.get_by_role("dialog").get_by_role("button", name="Send", exact=True).dblclick()
    expect(page.get_by_role("heading", name=re.compile("Sent|Delivered"))).to_be_visible()
    assert phone.hears("Only once") and len(phone.heard()) == 1


def test_an_answer_that_got_lost_is_asked_for_again(
    stack: Stack, phone: Phone, admin: Person, new_desk: NewDesk
) -> None:
    page = new_desk().at("/proactive-chats", admin)
    written(page, phone.number, "Once, though the line broke")

    def lose(route: Route) -> None:
        if route.request.method == "POST":
            route.fetch()  # the server gets it; the answer does not arrive
            route.abort()
        else:
            route.continue_()

    page.route(SEND, lose)
    press_send(page)
    expect(page.get_by_role("alert").get_by_text("Can’t reach the server")).to_be_visible()
    expect(page.get_by_label("Message", exact=True)).to_have_value("Once, though the line broke")
    page.unroute(SEND)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name=re.compile("Sent|Delivered"))).to_be_visible()
    assert phone.hears("Once, though") and len(phone.heard()) == 1


@pytest.mark.parametrize(
    ("status", "words"), [(409, "That didn’t work"), (429, "Please wait 7 seconds"), (503, "on our side")]
)
def test_a_refusal_is_told_and_nothing_is_lost(
    status: int, words: str, phone: Phone, admin: Person, new_desk: NewDesk
) -> None:
    page = new_desk().at("/proactive-chats", admin)
    written(page, phone.number, "Kept as it was")
    body = json.dumps({"type": "urn:proactive:problem:x", "title": "x", "status": status, "detail": "It is so."})
    refusal = {"status": status, "body": body, "headers": {"Retry-After": "7"}}
    page.route(SEND, lambda route: route.fulfill(**refusal) if route.request.method == "POST" else route.continue_())
    press_send(page)
    expect(page.get_by_role("alert").get_by_text(re.compile(words))).to_be_visible()
    expect(page.get_by_label("Message", exact=True)).to_have_value("Kept as it was")
    page.unroute(SEND)
    page.get_by_role("button", name="Try again").click()
    phone.hears("Kept as it was")


def test_a_wrong_field_is_named_beside_it(phone: Phone, admin: Person, new_desk: NewDesk) -> None:
    page = new_desk().at("/proactive-chats", admin)
    written(page, phone.number, "Hi {{ unheard_of }}")
    message = page.get_by_label("Message", exact=True)
    expect(message).to_have_attribute("aria-invalid", "true")
    press_send(page)
    expect(message).to_have_value("Hi {{ unheard_of }}")
    assert phone.heard() == []


def test_a_list_without_a_server_says_so_and_comes_back(admin: Person, new_desk: NewDesk) -> None:
    page = new_desk().at("/recipients", admin)
    page.route("**/v1/proactive-chats?**", lambda route: route.abort())
    page.get_by_role("link", name="Proactive chats", exact=True).click()
    expect(page.get_by_role("heading", name="Can’t reach the server")).to_be_visible()
    page.unroute("**/v1/proactive-chats?**")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="Can’t reach the server")).to_have_count(0)


def test_a_session_that_ended_asks_and_goes_on_where_it_was(phone: Phone, admin: Person, new_desk: NewDesk) -> None:
    desk = new_desk()
    page = desk.at("/proactive-chats?channel_type=sms", admin)
    written(page, phone.number, "Written before the session ended")
    # What the page asks by itself would find out first, now and then, and cover the button.
    ours = re.compile(r"/v1/")
    page.route(ours, lambda route: route.continue_() if SEND.search(route.request.url) else route.abort())
    page.context.clear_cookies()
    press_send(page)
    page.unroute(ours)
    ended = page.get_by_role("dialog", name="Your session has expired")
    ended.get_by_label("Password").fill("correct horse battery")
    ended.get_by_role("button", name="Sign in").click()
    expect(ended).to_have_count(0)
    expect(page.get_by_label("Message", exact=True)).to_have_value("Written before the session ended")
    press_send(page)
    phone.hears("Written before the session ended")
    expect(page).to_have_url(re.compile("channel_type=sms"))


def test_signing_in_leads_back_but_never_away(admin: Person, new_desk: NewDesk) -> None:
    desk = new_desk()
    page = desk.at("/figures?channel_type=sms", admin)
    expect(page).to_have_url(re.compile(r"/figures\?channel_type=sms$"))
    page.context.clear_cookies()
    desk.goto("/signin?return=https%3A%2F%2Fevil.example%2F")
    desk.sign_in(admin)
    expect(page).to_have_url(f"{desk.url}/proactive-chats")


def test_a_wrong_password_says_no_more_than_that(admin: Person, new_desk: NewDesk) -> None:
    desk = new_desk()
    page = desk.goto("/signin")
    page.get_by_label("Email").fill("nobody@example.com")
    page.get_by_label("Password").fill("wrong, entirely")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert").get_by_text("The email address or the password is wrong.")).to_be_visible()
    expect(page.get_by_label("Email")).to_have_value("nobody@example.com")


def test_signing_out_forgets(admin: Person, new_desk: NewDesk) -> None:
    desk = new_desk()
    page = desk.at("/proactive-chats", admin)
    page.get_by_role("button", name=re.compile("^Account of")).click()
    page.get_by_role("menuitem", name="Sign out", exact=True).click()
    page.get_by_label("Email").wait_for()
    desk.goto("/users")
    expect(page.get_by_label("Email")).to_be_visible()
