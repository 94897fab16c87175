"""The agents' inbox, as agents know inboxes: it stays where one reads, tells what is new, and loses no words."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.dashboard import NewDesk, Person
from tests.journey.stack import Phone, Stack, wait_for

Invited = Callable[[str, str], Person]
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360f8cf000000030001"
    "5c9cb0250000000049454e44ae426082"
)


def ticket_of(stack: Stack, phone: Phone) -> str:
    chat = stack.opened(phone)
    phone.say("human please")
    return str(stack.ticket(chat)["id"])


def in_view(bubble: Locator) -> bool:
    """Whether the middle of a bubble is what one sees there: not cut off, and nothing above it."""
    return bool(
        bubble.evaluate(
            "it => { const box = it.getBoundingClientRect();"
            " return it.contains(document.elementFromPoint(box.x + box.width / 2, box.bottom - 3)) }"
        )
    )


def talked_about(stack: Stack, phone: Phone, ticket: str) -> None:
    """Enough words that the messages scroll."""
    for number in range(14):
        stack.act({"id": ticket}, "messages", text=f"Line {number}: " + "a long explanation " * 12).raise_for_status()
    phone.hears("Line 13")


@pytest.mark.parametrize("width", [1280, 375])
def test_reading_upwards_is_not_disturbed_and_the_end_is_followed(
    width: int, stack: Stack, phone: Phone, admin: Person, new_desk: NewDesk
) -> None:
    ticket = ticket_of(stack, phone)
    talked_about(stack, phone, ticket)
    page = new_desk(viewport={"width": width, "height": 700}).at(f"/inbox/{ticket}", admin)
    messages = page.get_by_role("region", name="Messages")
    newest = messages.get_by_text("Line 13")
    expect(newest).to_be_visible()
    wait_for(lambda: in_view(newest))
    messages.evaluate("box => box.scrollTo(0, 40)")
    phone.say("are you still there?")
    pill = page.get_by_role("button", name="New messages")
    expect(pill).to_be_visible()
    assert messages.evaluate("box => box.scrollTop") == 40
    pill.click()
    wait_for(lambda: in_view(messages.get_by_text("are you still there?")))
    expect(pill).to_have_count(0)
    phone.say("hello hello")
    wait_for(lambda: messages.get_by_text("hello hello").count() == 1)
    wait_for(lambda: in_view(messages.get_by_text("hello hello")))


def test_the_composer_does_not_hide_the_newest_words(
    stack: Stack, phone: Phone, invited: Invited, new_desk: NewDesk
) -> None:
    ticket = ticket_of(stack, phone)
    page = new_desk(viewport={"width": 1280, "height": 520}).at(f"/inbox/{ticket}", invited("Cara Three", "agent"))
    answer = page.get_by_label("Your answer")
    answer.fill("\n".join(f"line {number}" for number in range(9)))
    wait_for(lambda: in_view(page.get_by_role("region", name="Messages").get_by_text("human please")))


def test_unread_is_what_this_agent_has_not_looked_at(
    stack: Stack, phone: Phone, invited: Invited, new_desk: NewDesk
) -> None:
    ticket = ticket_of(stack, phone)
    reader, other = invited("Dee Four", "agent"), invited("Eli Five", "agent")
    link = f"a[href^='/inbox/{ticket}']"
    first = new_desk().at(f"/inbox/{ticket}", reader)
    expect(first.locator(link)).to_be_visible()
    expect(first.locator(link).get_by_text("Unread")).to_have_count(0)
    second_device = new_desk().at("/inbox", reader)
    expect(second_device.locator(link)).to_be_visible()
    expect(second_device.locator(link).get_by_text("Unread")).to_have_count(0)
    elsewhere = new_desk().at("/inbox", other)
    expect(elsewhere.locator(link).get_by_text("Unread")).to_be_visible()
    first.close()  # or its reader would look at what comes
    phone.say("anybody?")
    expect(second_device.locator(link).get_by_text("Unread")).to_be_visible()


#: A browser whose notifications are kept in a list, and in front of which nobody sits.
AWAY = """
window.told = [];
window.Notification = class {
  static permission = "granted";
  constructor(title, options) { Object.assign(this, {title, body: options.body}); window.told.push(this); }
  close() {}
};
document.hasFocus = () => false;
"""


def test_an_agent_is_told_of_tickets_and_of_words_in_their_own(
    stack: Stack, phone: Phone, invited: Invited, new_desk: NewDesk
) -> None:
    desk = new_desk()
    desk.page.add_init_script(AWAY)
    page = desk.at("/inbox", invited("Fay Six", "agent"))
    page.get_by_role("heading", level=1).wait_for()
    expect(page.get_by_role("region", name="Tickets").locator(".skeleton")).to_have_count(0)
    ticket = ticket_of(stack, phone)

    def told() -> list[str]:
        return list(page.evaluate("told.map(one => `${one.title}: ${one.body}`)"))

    wait_for(lambda: any("New ticket from" in one for one in told()))
    page.evaluate("told.find(one => one.title.startsWith('New ticket')).onclick()")
    expect(page).to_have_url(re.compile(f"/inbox/{ticket}"))
    page.get_by_role("button", name="Take").click()
    expect(page.get_by_role("button", name="Unassign")).to_be_visible()
    page.goto(f"{desk.url}/settings")
    page.get_by_role("heading", level=1).wait_for()
    wait_for(lambda: page.evaluate("document.querySelector('.sidebar') !== null"))
    page.wait_for_event("response", lambda one: "/v1/handoffs" in one.url)
    phone.say("my number is 20417")
    wait_for(lambda: any("my number is 20417" in one for one in told()))
    page.evaluate("told.at(-1).onclick()")
    expect(page).to_have_url(re.compile(f"/inbox/{ticket}"))


def test_pictures_are_shown(stack: Stack, phone: Phone, admin: Person, new_desk: NewDesk) -> None:
    ticket = ticket_of(stack, phone)
    desk = new_desk()

    def serve(route: Route) -> None:
        route.fulfill(body=PIXEL, content_type="image/png")

    desk.page.route("https://media.example.com/**", serve)
    phone.say("like this", media_url=["https://media.example.com/photo.png"])
    page: Page = desk.at(f"/inbox/{ticket}", admin)
    picture = page.get_by_role("region", name="Messages").get_by_role("img", name="Picture")
    expect(picture).to_be_visible()
    assert picture.evaluate("it => it.complete && it.naturalWidth > 0")


def test_words_of_who_was_second_are_kept_with_what_was_written_since(
    stack: Stack, phone: Phone, invited: Invited, new_desk: NewDesk
) -> None:
    ticket = ticket_of(stack, phone)
    page = new_desk().at(f"/inbox/{ticket}", invited("Gil Seven", "agent"))
    answer = page.get_by_label("Your answer")
    answer.fill("My long answer")

    def too_late(route: Route) -> None:
        stack.act({"id": ticket}, "messages", text="Hi, I have this", agent_name="Ada").raise_for_status()
        answer.fill("and more")
        route.continue_()

    page.route("**/messages", too_late)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text(re.compile("Ada has (answered|taken this ticket) meanwhile"))).to_be_visible()
    expect(answer).to_have_value("My long answer\nand more")
    assert "My long answer" not in "\n".join(phone.heard())
