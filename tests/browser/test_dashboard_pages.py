"""Each page: what it shows, for everybody: light and dark, wide and narrow, by keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.dashboard import NewDesk, Person, choose
from tests.journey.stack import Stack

NASTY = "<img src=x onerror=alert(1)> " + "W" * 60 + " عمر 🌸"


@pytest.fixture(scope="module")
def filled(running_stack: Stack) -> dict[str, str]:
    """Somebody with a difficult name, a chat, and a ticket."""
    phone = running_stack.phone()
    body = {"user_id": "nasty", "nickname": NASTY, "phone_number": phone.number, "attributes": {"plan": NASTY}}
    recipient = running_stack.api.post("/v1/recipients", json=body).json()
    chat = running_stack.opened(phone, f"Hi {NASTY}")
    phone.say("human please")
    running_stack.ticket(chat)
    return {"recipient": recipient["id"], "chat": chat}


PAGES = {
    "Proactive chats": "/proactive-chats",
    "Conversations": "/conversations",
    "Inbox": "/inbox",
    "Metrics": "/figures",
    "Recipients": "/recipients",
    "Settings": "/settings",
    "API keys": "/keys",
    "Users": "/users",
    "Phone": "/phone",
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 375])
def test_pages_are_for_everybody(
    scheme: str,
    width: int,
    filled: dict[str, str],
    admin: Person,
    new_desk: NewDesk,
    serious_findings: Callable[..., list[str]],
) -> None:
    desk = new_desk(viewport={"width": width, "height": 780}, color_scheme=scheme)
    page = desk.at("/proactive-chats", admin)
    more = {"Conversation": f"/proactive-chats/{filled['chat']}", "Recipient": f"/recipients/{filled['recipient']}"}
    for name, path in {**PAGES, **more}.items():
        desk.goto(path)
        page.get_by_role("heading", level=1).wait_for()
        expect(page.locator("[aria-busy=true], .skeleton")).to_have_count(0)
        assert serious_findings(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, f"{name} scrolls sideways"
        assert page.title().endswith("Proactive")
    desk.goto("/proactive-chats")
    page.get_by_role("button", name="Send message").click()
    page.get_by_role("dialog").wait_for()
    page.get_by_role("button", name="Add a reply").click()
    assert serious_findings(page) == []


def test_words_of_others_are_shown_as_they_are(filled: dict[str, str], admin: Person, new_desk: NewDesk) -> None:
    page = new_desk().at(f"/proactive-chats/{filled['chat']}", admin)
    expect(page.get_by_role("list", name="Transcript").get_by_text(f"Hi {NASTY}").first).to_be_visible()
    expect(page.get_by_role("heading", name=NASTY)).to_be_visible()
    assert page.locator("img[src=x]").count() == 0


def test_filters_live_in_the_address(filled: dict[str, str], admin: Person, new_desk: NewDesk) -> None:
    desk = new_desk()
    page = desk.at("/proactive-chats", admin)
    expect(page.locator("tbody tr").first).to_be_visible()
    choose(page, "Delivery", "Sending")
    choose(page, "Channel", "SMS")
    expect(page).to_have_url(re.compile(r"channel_type=sms&delivery_status=sending"))
    page.reload()
    expect(page.get_by_role("button", name="Sending Delivery")).to_be_visible()
    expect(page.get_by_role("heading", name="Nothing matches these filters")).to_be_visible()
    page.get_by_role("button", name="Clear the filters").click()
    expect(page.locator("tbody tr").first).to_be_visible()


def test_the_list_pages_and_exports(stack: Stack, admin: Person, new_desk: NewDesk) -> None:
    campaign = f"many {stack.phone().number[1:]}"
    for number in range(27):
        body = {
            "channel_type": "sms",
            "phone_number": f"+1415557{number:04d}",
            "message": f"=SUM({number})",
            "campaign": campaign,
            "scheduled_at": "2099-01-01T00:00:00Z",
        }
        assert stack.api.post("/v1/proactive-chats", json=body).status_code == 202
    page = new_desk().at(f"/proactive-chats?campaign={campaign}", admin)
    expect(page.locator("tbody tr")).to_have_count(25)
    page.get_by_role("button", name="Older").click()
    expect(page.locator("tbody tr")).to_have_count(2)
    page.get_by_role("button", name="Newer").click()
    expect(page.locator("tbody tr")).to_have_count(25)
    with page.expect_download() as download:
        page.get_by_role("button", name="Export CSV").click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert text.count("\n") >= 27
    assert "'=SUM(3)" in text


def test_a_message_can_be_sent_by_keyboard_alone(stack: Stack, admin: Person, new_desk: NewDesk) -> None:
    phone = stack.phone()
    stack.api.post("/v1/recipients", json={"user_id": "keys", "nickname": "Kay Board", "phone_number": phone.number})
    page = new_desk().at("/proactive-chats", admin)
    page.get_by_role("heading", name="Proactive chats").wait_for()
    tab_to(page, "Send message")
    page.keyboard.press("Enter")
    page.get_by_role("dialog").wait_for()
    for _ in range(12):
        if page.evaluate("document.activeElement.matches('[role=combobox]')"):
            break
        page.keyboard.press("Tab")
    page.keyboard.type("Kay")
    page.get_by_role("option", name=re.compile("Kay Board")).wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_text("Kay Board")).to_be_visible()
    page.get_by_label("Message", exact=True).focus()
    page.keyboard.type("Hello {{ nickname }}")
    page.keyboard.press("Control+Enter")
    phone.hears("Hello Kay Board")
    expect(page.get_by_role("heading", name=re.compile("Sent|Delivered"))).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def tab_to(page: Page, name: str) -> None:
    for _ in range(40):
        page.keyboard.press("Tab")
        if name in page.evaluate("document.activeElement.textContent"):
            return
    raise AssertionError(f"the keyboard does not reach {name}")


def test_settings_say_what_they_mean_and_are_saved(stack: Stack, admin: Person, new_desk: NewDesk) -> None:
    page = new_desk().at("/settings", admin)
    page.get_by_role("switch", name="Frequency cap").check()
    page.get_by_label("Maximum messages").fill("")
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_text("This field is required.")).to_be_visible()
    expect(page.get_by_label("Maximum messages")).to_be_focused()
    page.get_by_label("Maximum messages").fill("50")
    expect(page.get_by_text("This field is required.")).to_have_count(0)
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_text("Settings saved.")).to_be_visible()
    try:
        assert stack.api.get("/v1/settings").json()["frequency_cap"] == {"messages": 50, "per_seconds": 604800}
    finally:
        stack.api.patch("/v1/settings", json={"frequency_cap": None})


@pytest.mark.parametrize("way", ["link", "back"])
def test_unsaved_settings_are_not_left_without_a_question(way: str, admin: Person, new_desk: NewDesk) -> None:
    page = new_desk().at("/users", admin)
    page.get_by_role("heading", name="Users").wait_for()
    page.get_by_role("link", name="Settings").click()

    def leave() -> None:
        if way == "link":
            page.get_by_role("link", name="Users").click()
        else:
            page.go_back()

    page.get_by_role("switch", name="Quiet hours").check()
    hour = page.get_by_role("group", name="From").get_by_role("spinbutton").first
    hour.press("ArrowUp")
    leave()
    question = page.get_by_role("alertdialog", name="Leave without saving?")
    question.get_by_role("button", name="Keep editing").click()
    expect(page).to_have_url(re.compile("/settings$"))
    expect(hour).to_have_text("22")
    leave()
    question.get_by_role("button", name="Leave page").click()
    expect(page.get_by_role("heading", name="Users")).to_be_visible()
    page.get_by_role("link", name="Settings").click()
    expect(page.get_by_role("switch", name="Quiet hours")).not_to_be_checked()
    leave()
    expect(page.get_by_role("heading", name="Users")).to_be_visible()


def test_people_and_keys_are_let_in_and_shut_out(stack: Stack, admin: Person, new_desk: NewDesk) -> None:
    desk = new_desk()
    page = desk.at("/users", admin)
    page.get_by_role("button", name="Invite").click()
    page.get_by_label("Name").fill("Nia Agent")
    page.get_by_label("Email").fill("nia@example.com")
    choose(page, "Role", "Agent")
    page.get_by_role("button", name="Create link").click()
    link = page.get_by_role("textbox", name="Link").input_value()
    theirs = new_desk().page
    theirs.goto(link)
    theirs.get_by_label("Password").fill("another long password")
    theirs.get_by_role("button", name="Sign in").click()
    expect(theirs.get_by_role("link", name=re.compile("^Inbox"))).to_be_visible()
    expect(theirs.get_by_role("link", name="Users")).to_have_count(0)
    expect(theirs.get_by_role("button", name="Send message")).to_have_count(0)
    desk.goto("/keys")
    page.get_by_role("button", name="Create key").first.click()
    page.get_by_label("Name").fill("web shop")
    page.get_by_role("dialog").get_by_role("button", name="Create key").click()
    key = page.get_by_label("API key", exact=True).input_value()
    assert key
    page.get_by_role("button", name="Done").click()
    page.get_by_role("button", name="Revoke web shop").click()
    page.get_by_role("button", name="Revoke key").click()
    expect(page.get_by_role("row", name=re.compile("web shop")).get_by_text("Revoked")).to_be_visible()


def test_a_recipient_is_made_changed_and_erased(stack: Stack, admin: Person, new_desk: NewDesk) -> None:
    page = new_desk().at("/recipients", admin)
    page.get_by_role("button", name="Add recipient").first.click()
    page.get_by_label("Name", exact=True).fill("Era Seme")
    page.get_by_label("User ID").fill("erase-me")
    page.get_by_role("dialog").get_by_role("button", name="Add recipient").click()
    page.get_by_role("button", name="Add an attribute").click()
    page.get_by_label("Name of attribute 1").fill("plan")
    page.get_by_label("Value of attribute 1").fill("pro")
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    found = stack.api.get("/v1/recipients?search=erase-me").json()["data"]
    assert found[0]["attributes"] == {"plan": "pro"}
    consent = page.get_by_role("region", name="Consent")
    choose(page, "Agreed to receive messages", "Yes")
    expect(consent.get_by_text(f"Consent given, recorded by {admin.name}")).to_be_visible()
    page.get_by_role("button", name="Erase").click()
    page.get_by_label(re.compile("Type")).fill("erase")
    page.get_by_role("button", name="Erase permanently").click()
    expect(page).to_have_url(re.compile("/recipients$"))
    assert stack.api.get("/v1/recipients?search=erase-me").json()["data"] == []
