"""Saying things by SMS: what a phone can show, to whom, and what is remembered of it."""

from __future__ import annotations

import time
from typing import Any, AsyncIterator, List

import pytest
from rasa.core.channels.channel import OutputChannel

from channels.conversation.failures import CarrierFailure, Refused
from channels.sms.carrier import Carrier as Client
from channels.sms.output import SmsOutput, callback_url
from proactive_api.config import Config
from proactive_api.lifecycle.values import SuggestedReply
from proactive_api.storage.sql import tables as t
from tests.channels.fakes import PHONE, House, busy, no_answer, refused
from tests.sandbox.conftest import ACCOUNT, BUSINESS, TOKEN, start_carrier  # noqa: F401 - fixture

ADA = "sms.ada"


@pytest.fixture
def output(house: House) -> SmsOutput:
    return SmsOutput(house.runtime, house.carrier, PHONE)


# -- what a phone can show ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("message", "bodies"),
    [
        ({"text": "One.\n\nTwo."}, ["One.\n\nTwo."]),
        ({"text": "A **bold** word"}, ["A bold word"]),
        (
            {"text": "Which?", "buttons": [{"title": "Yes", "payload": "/y"}, {"title": "No"}]},
            ["Which?\n1. Yes\n2. No"],
        ),
        ({"text": "Look:", "image": "https://shop.example/cat.jpg"}, ["Look:", "https://shop.example/cat.jpg"]),
        ({"text": "", "attachment": "https://shop.example/a.pdf"}, ["https://shop.example/a.pdf"]),
        ({"custom": {"text": "Only this", "kind": "card"}}, ["Only this"]),
        ({"custom": {"kind": "card"}}, []),
        ({"text": "  \n "}, []),
    ],
)
async def test_an_answer_of_the_assistant(house: House, output: SmsOutput, message: Any, bodies: List[str]) -> None:
    assert isinstance(output, OutputChannel) and output.name() == "sms"
    await output.send_response(ADA, message)
    assert house.carrier.bodies == bodies and len(output.accepted) == len(bodies)


async def test_an_image_that_rasa_repeats_as_attachment_is_shown_once(house: House, output: SmsOutput) -> None:
    await output.send_attachment(ADA, "https://shop.example/cat.jpg", image="https://shop.example/cat.jpg")
    await output.send_attachment(ADA, {"type": "video"})
    assert house.carrier.taken == []


async def test_a_link_among_suggested_replies_is_written_out(house: House, output: SmsOutput) -> None:
    assert await output.say(ADA, "Here", [SuggestedReply("Shop", url="https://shop.example"), SuggestedReply("No")])
    assert house.carrier.bodies == ["Here\n1. Shop: https://shop.example\n2. No"]


# -- to whom --------------------------------------------------------------------------------------


async def test_the_number_is_looked_up_behind_the_trackers_name(house: House) -> None:
    ada = house.person(phone_number="+14155550199")
    assert await SmsOutput(house.runtime, house.carrier).say(house.sender(ada), "Hi")
    assert [one.to for one in house.carrier.taken] == ["+14155550199"]


@pytest.mark.parametrize("values", [{"consent": False}, {"phone_number": None}])
async def test_who_opted_out_or_has_no_number_gets_nothing(house: House, values: Any) -> None:
    ada = house.person(**values)
    assert not await SmsOutput(house.runtime, house.carrier, strict=True).say(house.sender(ada), "Hi")
    assert house.carrier.taken == []


@pytest.mark.parametrize("sender_id", ["sms.nobody", "default", "telegram.ada"])
async def test_a_tracker_that_is_nobodys_gets_nothing(house: House, sender_id: str) -> None:
    assert not await SmsOutput(house.runtime, house.carrier).say(sender_id, "Hi")
    assert house.carrier.taken == []


async def test_another_number_may_be_given(house: House) -> None:
    ada = house.person(consent=False)
    output = SmsOutput(house.runtime, house.carrier).address("+14155550188")
    assert await output.say(house.sender(ada), "You are in again.") and house.carrier.taken[0].to == "+14155550188"


# -- what the carrier answers ---------------------------------------------------------------------


@pytest.mark.parametrize("failure", [busy(), no_answer(), refused(21211)])
async def test_a_turn_goes_on_without_what_the_carrier_did_not_take(
    house: House, output: SmsOutput, failure: CarrierFailure
) -> None:
    house.carrier.answers.append(failure)
    assert not await output.say(ADA, "Hi") and output.accepted == []
    assert await output.say(ADA, "Still here")


@pytest.mark.parametrize("failure", [busy(), no_answer(), refused(21211)])
async def test_a_strict_way_out_tells_what_went_wrong(house: House, failure: CarrierFailure) -> None:
    house.carrier.answers.append(failure)
    with pytest.raises(type(failure)):
        await SmsOutput(house.runtime, house.carrier, PHONE, strict=True).say(ADA, "Hi")


@pytest.mark.parametrize("strict", [True, False])
async def test_a_refusal_because_they_said_stop_there_opts_out(house: House, strict: bool) -> None:
    ada = house.person()
    house.carrier.answers.append(refused(21610))
    output = SmsOutput(house.runtime, house.carrier, strict=strict)
    try:
        assert not await output.say(house.sender(ada), "Hi")
    except Refused:
        assert strict
    assert house.person_row(ada).opted_out_at is not None


async def test_another_refusal_opts_nobody_out(house: House) -> None:
    ada = house.person()
    house.carrier.answers.append(refused(21614))
    await SmsOutput(house.runtime, house.carrier).say(house.sender(ada), "Hi")
    assert house.person_row(ada).opted_out_at is None


# -- what is remembered ---------------------------------------------------------------------------


async def test_all_that_went_out_is_noted_and_the_first_is_the_chat(house: House, output: SmsOutput) -> None:
    await output.say(ADA, "One")
    await output.say(ADA, "Two")
    await house.store.write(output.note(ADA, "chat-1"))
    noted = [(row.sid, row.sender_id, row.chat_id) for row in house.rows(t.carrier_messages)]
    assert sorted(noted) == [("SM1", ADA, "chat-1"), ("SM2", ADA, None)]


async def test_in_doubt_what_the_carrier_has_is_not_said_again_but_a_repetition_is(house: House) -> None:
    house.carrier.take(PHONE, "Hello!")
    output = SmsOutput(house.runtime, house.carrier, PHONE, since=time.time(), in_doubt=True)
    assert await output.say(ADA, "Hello!") and house.carrier.bodies == ["Hello!"]
    assert await output.say(ADA, "Hello!") and house.carrier.bodies == ["Hello!", "Hello!"]
    assert [one.sid for one in output.accepted] == ["SM1", "SM2"]


async def test_in_doubt_the_words_of_an_earlier_turn_are_not_these(house: House, output: SmsOutput) -> None:
    await output.say(ADA, "Hello!")
    await house.store.write(output.note(ADA))
    again = SmsOutput(house.runtime, house.carrier, PHONE, since=time.time(), in_doubt=True)
    assert await again.say(ADA, "Hello!") and house.carrier.bodies == ["Hello!", "Hello!"]


async def test_receipts_come_to_our_address_with_the_chat(house: House, output: SmsOutput) -> None:
    await output.deliver_text(ADA, "Hi", "chat 1")
    await output.deliver_text(ADA, "Hi")
    assert [one.callback for one in house.carrier.taken] == [
        "https://shop.example/webhooks/sms/status?chat=chat%201",
        "https://shop.example/webhooks/sms/status",
    ]
    assert callback_url("https://shop.example/") == "https://shop.example/webhooks/sms/status"


# -- the official client and a carrier that answers by HTTP ---------------------------------------


@pytest.fixture
async def real(house: House, start_carrier: Any) -> AsyncIterator[Any]:  # noqa: F811
    """A carrier process, and a way out over the official client to a number."""
    process = start_carrier("http://127.0.0.1:9/")
    account = {"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN, "TWILIO_FROM_NUMBER": BUSINESS}
    client = Client(Config.from_env({**account, "TWILIO_API_BASE_URL": process.base}))
    yield process, lambda phone: SmsOutput(house.runtime, client, phone, strict=True)
    await client.close()


async def test_words_reach_the_phone_and_a_lost_answer_does_not_double_them(real: Any) -> None:
    process, output_to = real
    assert await output_to(PHONE).say(ADA, "Hi *there*", [SuggestedReply("Yes")])
    output = output_to("+15005550131")  # takes the message, then cuts the connection
    assert await output.say(ADA, "Once") and output.accepted[0].sid.startswith("SM")
    assert process.call("/stats")[1]["created"] == 2
    with pytest.raises(Refused) as refusal:
        await output_to("+15005550004").say(ADA, "Hi")
    assert refusal.value.error.opted_out


@pytest.mark.parametrize("number", ["+15005550134", "+15005550135"])
async def test_a_message_that_is_queued_or_changed_is_still_found(real: Any, number: str) -> None:
    """Its connection is cut, and no receipt comes: only the list tells."""
    process, output_to = real
    assert await output_to(number).say(ADA, "“Only today” – it’s on…")
    assert process.call("/stats")[1]["created"] == 1


async def test_a_message_that_is_taken_after_we_gave_up_waiting_comes_once(
    real: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    process, output_to = real
    monkeypatch.setattr("channels.sms.carrier.REQUEST_TIMEOUT", 2.0)
    output = output_to("+15005550133")  # takes it after 25 seconds
    assert await output.say(ADA, "Late") and len(output.accepted) == 1
    assert [one["body"] for one in process.screen("+15005550133")] == ["Late"]
    assert process.call("/stats")[1]["created"] == 1


async def test_the_same_words_said_twice_come_twice_though_the_carrier_stumbles(house: House, real: Any) -> None:
    process, output_to = real
    for _ in range(2):
        output = output_to("+15005550122")  # HTTP 500 to the first two tries of the same words
        assert await output.say(ADA, "Bye now!")
        await house.store.write(output.note(ADA))
    assert [one["body"] for one in process.screen("+15005550122")] == ["Bye now!", "Bye now!"]
