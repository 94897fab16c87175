"""What marketers and agents do about a chat: plan it, change their mind, see what became of it."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.dashboard import NewDesk, Person
from tests.journey.stack import Phone, Stack


def planned(stack: Stack, phone: Phone, message: str) -> str:
    """A message to somebody in Tokyo for nine o'clock there; the chat's id."""
    body = {
        "user_id": f"yuki{phone.number[1:]}",
        "nickname": "Yuki",
        "phone_number": phone.number,
        "timezone": "Asia/Tokyo",
    }
    stack.api.post("/v1/recipients", json=body)
    send = {
        "channel_type": "sms",
        "user_id": body["user_id"],
        "message": message,
        "scheduled_at": "2099-06-01T00:00:00Z",
    }
    return str(stack.api.post("/v1/proactive-chats", json=send).json()["id"])


def test_a_scheduled_message_tells_its_time_and_can_be_edited_and_cancelled(
    stack: Stack, phone: Phone, admin: Person, new_desk: NewDesk
) -> None:
    chat = planned(stack, phone, "Our summer sale begins.")
    page = new_desk(timezone_id="Europe/Berlin").at("/proactive-chats", admin)
    row = page.get_by_role("row", name=re.compile("Our summer sale"))
    expect(row.get_by_text("Scheduled")).to_be_visible()
    expect(row.get_by_text(re.compile(r"1 Jun.* 09:00 Tokyo \(02:00 yours\)"))).to_be_visible()
    row.get_by_role("link").click()
    page.get_by_role("button", name="Edit").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Message").fill("")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("Write a message.")).to_be_visible()
    dialog.get_by_role("textbox", name="Message").fill("Our autumn sale begins.")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("list", name="Message").get_by_text("Our autumn sale begins.")).to_be_visible()
    page.get_by_role("button", name="Cancel message").click()
    page.get_by_role("button", name="Keep it").click()
    assert stack.api.get(f"/v1/proactive-chats/{chat}").json()["delivery_status"] == "queued"
    page.get_by_role("button", name="Cancel message").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Cancel message").click()
    expect(page.get_by_text("Cancelled before it was sent.")).to_be_visible()
    expect(page.get_by_role("button", name="Edit")).to_have_count(0)
    page.get_by_role("button", name="Send again").click()
    page.get_by_role("dialog").get_by_role("button", name="Send", exact=True).click()
    phone.hears("Our autumn sale begins.")


def test_a_scheduled_message_goes_out_now(stack: Stack, phone: Phone, admin: Person, new_desk: NewDesk) -> None:
    chat = planned(stack, phone, "Doors are open.")
    page = new_desk().at(f"/proactive-chats/{chat}", admin)
    page.get_by_role("button", name="Send now").click()
    phone.hears("Doors are open.")
    expect(page.get_by_text("Delivered").first).to_be_visible()
    expect(page.get_by_role("button", name="Cancel message")).to_have_count(0)


def test_a_transcript_tells_who_wrote_what_and_what_a_number_meant(
    stack: Stack, phone: Phone, admin: Person, new_desk: NewDesk
) -> None:
    replies = ["Yes please", "Talk to a person"]
    send = {"channel_type": "sms", "phone_number": phone.number, "message": "A demo?", "suggested_replies": replies}
    chat = stack.api.post("/v1/proactive-chats", json={**send, "campaign": "demo days"}).json()["id"]
    phone.hears("A demo?")
    phone.say("2")
    stack.ticket(chat)
    page = new_desk().at(f"/proactive-chats/{chat}", admin)
    transcript = page.get_by_role("list", name="Transcript")
    expect(transcript.get_by_text("2 · Talk to a person")).to_be_visible()
    expect(transcript.get_by_role("listitem").filter(has_text="A demo?").get_by_text("You · demo days")).to_be_visible()
    expect(page.get_by_text("API key", exact=True)).to_be_visible()


def test_an_answer_that_is_refused_stays_with_its_reason(
    stack: Stack, phone: Phone, admin: Person, new_desk: NewDesk
) -> None:
    chat = stack.opened(phone, "Hello?")
    phone.say("human please")
    ticket = stack.ticket(chat)
    recipient = stack.api.get(f"/v1/conversations/{chat}").json()["recipient"]["id"]
    page = new_desk().at(f"/inbox/{ticket['id']}", admin)
    stack.api.patch(f"/v1/recipients/{recipient}", json={"phone_number": "+15005550009"})
    page.get_by_label("Your answer").fill("Here I am.")
    page.keyboard.press("Enter")
    refused = page.get_by_text("Not sent: this number cannot receive SMS")
    expect(refused).to_be_visible()
    page.reload()
    expect(refused).to_be_visible()
    expect(page.get_by_role("list", name="Transcript").get_by_text("Here I am.")).to_be_visible()


def test_a_recipient_is_taken_as_typed_and_named_if_out_of_reach(
    stack: Stack, phone: Phone, admin: Person, new_desk: NewDesk
) -> None:
    user_id = f"noor{phone.number[1:]}"
    stack.api.post("/v1/recipients", json={"user_id": user_id, "nickname": "Noor"})
    page = new_desk().at("/proactive-chats", admin)
    page.get_by_role("button", name="Send message").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="Recipient").fill(phone.number)
    page.keyboard.press("Tab")
    dialog.get_by_role("button", name="Choose another recipient").click()
    dialog.get_by_role("combobox", name="Recipient").fill(user_id)
    page.get_by_role("option", name=re.compile("Noor")).click()
    expect(dialog.get_by_text("Noor has no phone number.")).to_be_visible()


def test_a_fault_goes_when_its_field_changes_and_comes_back_if_it_is_still_there(
    admin: Person, new_desk: NewDesk
) -> None:
    page = new_desk().at("/recipients", admin)
    page.get_by_role("button", name="Add recipient").click()
    dialog = page.get_by_role("dialog")
    number, fault = dialog.get_by_label("Phone number"), dialog.locator(".field-error")
    for wrong in ("12", "123", "123"):
        number.fill("")
        number.fill(wrong)
        expect(fault).to_have_count(0)
        dialog.get_by_role("button", name="Add recipient").click()
        expect(fault).to_have_count(1)


def test_pages_of_recipients_go_both_ways_from_anywhere(stack: Stack, admin: Person, new_desk: NewDesk) -> None:
    for number in range(26):
        stack.api.post("/v1/recipients", json={"user_id": f"paged-{number}", "nickname": f"Paged {number}"})
    page = new_desk(viewport={"width": 1280, "height": 500}).at("/recipients?search=paged-", admin)
    expect(page.locator("tbody tr")).to_have_count(25)
    page.get_by_role("button", name="Older").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    assert page.evaluate("scrollY") == 0
    page.reload()
    page.get_by_role("button", name="Newer").click()
    expect(page.locator("tbody tr")).to_have_count(25)


def test_a_part_of_a_campaigns_name_finds_it(stack: Stack, phone: Phone, admin: Person, new_desk: NewDesk) -> None:
    for campaign in (f"Summer sale {phone.number}", f"Winter {phone.number}"):
        send = {"channel_type": "sms", "phone_number": phone.number, "message": campaign, "campaign": campaign}
        stack.api.post("/v1/proactive-chats", json={**send, "scheduled_at": "2099-01-01T00:00:00Z"})
    page = new_desk().at("/proactive-chats", admin)
    page.get_by_role("combobox", name="Campaign").fill(f"mer sale {phone.number[:6]}")
    expect(page).to_have_url(re.compile("campaign_search="))
    page.keyboard.press("Tab")  # while its suggestions are open, the rest of the page is hidden from roles
    expect(page.get_by_role("row", name=re.compile(f"Summer sale {re.escape(phone.number)}"))).to_have_count(1)
    expect(page.get_by_role("row", name=re.compile(f"Winter {re.escape(phone.number)}"))).to_have_count(0)
