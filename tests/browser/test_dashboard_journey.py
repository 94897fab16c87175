"""From signing in to the figure that counts it, on the running product."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser import messenger
from tests.browser.dashboard import NewDesk, Person
from tests.browser.shop import Shop
from tests.journey.stack import Phone, Stack


def send(page: Page, number: str, message: str, campaign: str) -> None:
    """Fill in the dialog as a marketer does, and send."""
    page.get_by_role("button", name="Send message").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="Recipient").fill(number)
    # Until the answer is there, people of earlier searches stand above it, and it moves.
    expect(page.locator(".listbox").get_by_role("option")).to_have_count(1)
    page.get_by_role("option", name=re.compile("Send to")).click()
    dialog.get_by_label("Message", exact=True).fill(message)
    dialog.get_by_role("combobox", name="Campaign").fill(campaign)
    dialog.get_by_role("button", name="Add a reply").click()
    page.keyboard.type("Yes please")
    expect(dialog.get_by_text("Sends immediately.")).to_be_visible()
    expect(dialog.get_by_text("1. Yes please")).to_be_visible()
    dialog.get_by_role("button", name="Send", exact=True).click()
    expect(dialog.get_by_role("heading", name=re.compile("Sent|Delivered"))).to_be_visible()


def test_from_a_send_to_the_figure_that_counts_it(stack: Stack, phone: Phone, admin: Person, new_desk: NewDesk) -> None:
    campaign = f"journey {phone.number[-4:]}"
    page = new_desk().at("/proactive-chats", admin)
    send(page, phone.number, "Our spring sale ends Sunday.", campaign)
    page.get_by_role("dialog").get_by_role("button", name="Done").click()
    row = page.get_by_role("row", name=re.compile("Our spring sale")).first
    expect(row.get_by_text("Delivered")).to_be_visible()
    phone.hears("Our spring sale ends Sunday.")

    page.goto(f"{stack.config.api_url}/phone/{phone.number}")
    page.get_by_label("Text message").fill("can i talk to a real person pls")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("log").get_by_text("can i talk to a real person pls")).to_be_visible()

    page.get_by_role("link", name=re.compile("^Inbox")).click()
    page.get_by_role("link", name=re.compile(re.escape(phone.number[-4:]))).click()
    ticket = page.get_by_role("region", name=re.compile("^Ticket of"))
    expect(ticket.get_by_text("can i talk to a real person pls")).to_be_visible()
    ticket.get_by_label("Your answer").fill("Hello,")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("here is Mira.")
    page.keyboard.press("Enter")
    phone.hears("Hello,\nhere is Mira.")
    expect(ticket.get_by_text("Mira Okafor").first).to_be_visible()
    ticket.get_by_role("button", name="Resolve").click()
    phone.hears("rate this conversation")
    expect(ticket.get_by_text("This ticket was resolved")).to_be_visible()

    phone.say("5")
    chats = stack.api.get("/v1/proactive-chats", params={"campaign": campaign}).json()["data"]
    stack.until(chats[0]["id"], lambda one: one["csat"] == 5)
    page.goto(f"{stack.config.api_url}/figures?campaign={campaign}")
    page.get_by_role("button", name="Show as table").click()
    for name, value in (("Sent", "1"), ("Responded", "1"), ("Resolved", "1"), ("Rated 5", "1")):
        figure = page.get_by_role("region", name="All figures").get_by_role("link", name=f"{name}: {value}", exact=True)
        expect(figure).to_be_visible()
    page.get_by_role("region", name="All figures").get_by_role("link", name="Responded: 1", exact=True).click()
    expect(page.get_by_role("row", name=re.compile("Our spring sale"))).to_have_count(1)
    page.get_by_role("row", name=re.compile("Our spring sale")).get_by_role("link").click()
    expect(page.get_by_role("list", name="Transcript").get_by_text("here is Mira.")).to_be_visible()


def test_every_figure_leads_to_as_many_as_it_counts(
    stack: Stack, phone: Phone, admin: Person, new_desk: NewDesk
) -> None:
    campaign = f"counted {phone.number[-4:]}"
    answered = stack.opened(phone, campaign=campaign)
    stack.opened(stack.phone(), campaign=campaign)
    stack.api.post(
        "/v1/proactive-chats",
        json={"channel_type": "sms", "phone_number": phone.number, "message": "Again", "campaign": campaign},
    )
    phone.say("hello")
    stack.until(answered, lambda one: one["response_status"] == "responded")
    page = new_desk().at(f"/figures?campaign={campaign}", admin)
    table = page.get_by_role("region", name="All figures")
    table.get_by_role("button", name="Show as table").click()
    expect(table.get_by_role("link", name="Sent: 2", exact=True)).to_be_visible()
    listed = "links => links.map(one => [one.ariaLabel, one.getAttribute('href')])"
    links = table.get_by_role("link").evaluate_all(listed)
    names = {label.rpartition(": ")[0] for label, _ in links}
    assert {"Sent", "Rated 5", "Time to first response ≤ 10 s"} <= names
    assert any(name.startswith("Responded on ") for name in names)
    for label, path in links:
        name, _, count = label.rpartition(": ")
        page.goto(stack.config.api_url + path)
        rows = page.locator("tbody tr")
        if count == "0":
            expect(page.get_by_role("heading", name="Nothing matches these filters")).to_be_visible()
        expect(rows, f"{name} at {path}").to_have_count(int(count))


def test_two_agents_cannot_both_own_a_ticket(
    stack: Stack, phone: Phone, invited: Callable[[str, str], Person], new_desk: NewDesk
) -> None:
    chat = stack.opened(phone)
    phone.say("human please")
    ticket = stack.ticket(chat)
    first = new_desk().at(f"/inbox/{ticket['id']}", invited("Ada One", "agent"))
    second = new_desk().at(f"/inbox/{ticket['id']}", invited("Bob Two", "agent"))
    first.get_by_label("Your answer").fill("Hel")
    expect(second.get_by_text("Ada One is typing…")).to_be_visible()
    second.route("**/v1/handoffs/*", lambda route: route.abort())  # the second one does not see it coming
    first.get_by_role("button", name="Take").click()
    expect(first.get_by_role("button", name="Unassign")).to_be_visible()
    second.get_by_label("Your answer").fill("I have this")
    second.keyboard.press("Enter")
    expect(second.get_by_role("alert").get_by_text(re.compile("Ada One"))).to_be_visible()
    expect(second.get_by_label("Your answer")).to_have_value("I have this")
    second.unroute("**/v1/handoffs/*")
    expect(second.get_by_text("Assigned to Ada One. Only they can reply.")).to_be_visible()
    expect(second.get_by_text("Ada One has taken this ticket meanwhile. Your reply was not sent.")).to_be_visible()
    expect(second.get_by_label("Your answer")).to_have_value("I have this")
    expect(second.get_by_role("button", name="Send", exact=True)).to_be_disabled()
    assert "I have this" not in "\n".join(phone.heard())


def test_a_message_for_the_messenger_with_replies_in_the_order_they_were_dragged_to(
    stack: Stack, shop: Shop, page: Page, admin: Person, new_desk: NewDesk
) -> None:
    visitor = messenger.Person(stack, "Drago")
    desk = new_desk().at("/proactive-chats", admin)
    desk.get_by_role("button", name="Send message").first.click()
    dialog = desk.get_by_role("dialog")
    dialog.get_by_text("Messenger", exact=True).click()
    dialog.get_by_role("combobox", name="Recipient").fill(visitor.user_id)
    expect(desk.locator(".listbox").get_by_role("option")).to_have_count(1)
    desk.get_by_role("option", name=re.compile("Drago")).click()
    dialog.get_by_label("Message", exact=True).fill("**Tea** or coffee?")
    for title in ("Coffee", "Neither", "Tea"):
        dialog.get_by_role("button", name="Add a reply").click()
        desk.keyboard.type(title)
    rows = dialog.locator(".replies li")
    rows.nth(2).locator(".grip").hover()
    desk.mouse.down()
    for _ in range(2):  # the first move begins to drag, and only then one can be over something
        rows.nth(0).hover()
    expect(rows.nth(0)).to_have_class("over")
    rows.nth(0).hover()  # dropped in between two moves, it would go back
    desk.mouse.up()
    expect(dialog.get_by_label("Reply 1", exact=True)).to_have_value("Tea")
    preview = dialog.get_by_label("Preview in the messenger")
    expect(preview.locator("strong", has_text="Tea")).to_be_visible()
    dialog.get_by_role("button", name="Send", exact=True).click()
    expect(dialog.get_by_role("heading", name=re.compile("Sent|Delivered"))).to_be_visible()

    theirs = messenger.Messenger(page).visit(shop, token=visitor.token()).open()
    expect(theirs.log.locator("strong", has_text="Tea")).to_be_visible()
    expect(theirs.log.get_by_role("group", name="Suggested replies").get_by_role("button")).to_have_text(
        ["Tea", "Coffee", "Neither"]
    )
    theirs.reply("Tea").click()
    dialog.get_by_role("button", name="Done").click()
    expect(desk.get_by_role("row", name=re.compile("Drago")).first.get_by_text("Responded")).to_be_visible()
