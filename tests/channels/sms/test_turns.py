"""What people text: STOP and its like, reactions, numbers of suggested replies; then the assistant."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from typing import List, Tuple

import pytest
import sqlalchemy as sa
from rasa.shared.core.events import ActiveLoop, SlotSet, UserUttered

from channels.conversation import events
from channels.conversation.commands import Commands
from channels.sms.output import SmsOutput
from channels.sms.turns import SmsTurns
from proactive_api.lifecycle.facts import METADATA_KEY
from proactive_api.lifecycle.transcript import transcript
from proactive_api.lifecycle.values import ClosedReason, ResponseStatus, SuggestedReply
from proactive_api.storage.conversations.rebuild import rebuild
from proactive_api.storage.people import consent
from proactive_api.storage.queues import inbound
from proactive_api.storage.sql import tables as t
from tests.channels.fakes import PHONE, House, Lost, busy, on_both, refused


@pytest.fixture
def turns(house: House) -> SmsTurns:
    return SmsTurns(house.runtime, house.carrier)


def consents(house: House, recipient_id: str) -> List[Tuple[str, str]]:
    with house.engine.connect() as conn:
        return [(one.kind, one.by) for one in consent.history(conn, recipient_id)]


# -- STOP -----------------------------------------------------------------------------------------


@on_both
async def test_stop_opts_out_and_closes_without_a_word(house: House, turns: SmsTurns) -> None:
    ada = house.person()
    await house.open(ada)
    await turns.run(house.wrote("m1", Body="Stop."))
    person, conversation = house.person_row(ada), (await house.state(ada)).conversation
    assert person.opted_out_at is not None and person.consent is False
    assert consents(house, ada) == [("opted_out", "recipient")]
    assert conversation is not None and conversation.closed_reason is ClosedReason.OPTED_OUT
    assert conversation.response_status is ResponseStatus.NOT_RESPONDED, "STOP is no response"
    assert house.carrier.taken == [] and house.assistant.read == [] and house.message("m1").done_at is not None


async def test_stop_from_a_stranger_is_remembered(house: House, turns: SmsTurns) -> None:
    await turns.run(house.wrote("m1", Body="STOP"))
    (person,) = house.rows(t.recipients)
    assert person.phone_number == PHONE and person.opted_out_at is not None
    assert house.rows(t.conversations) == [] and house.carrier.taken == []


async def test_stop_while_a_human_owns_the_conversation_ends_the_ticket(house: House, turns: SmsTurns) -> None:
    ada = house.person()
    await house.open(ada)
    await house.hand_over(ada)
    await turns.run(house.wrote("m1", Body="unsubscribe"))
    tracker = await house.store.retrieve(house.sender(ada))
    assert [row.status for row in house.rows(t.handoffs)] == ["closed"]
    assert tracker is not None and not tracker.is_paused(), "the next conversation is the assistant's again"


async def test_stop_ends_the_survey(house: House, turns: SmsTurns) -> None:
    ada = house.person()
    chat_id = await house.open(ada)
    await house.shut(ada, ActiveLoop("csat_form"), SlotSet("requested_slot", "csat_score"))
    await turns.run(house.wrote("m1", Body="STOP"))
    state = await house.state(ada)
    assert not state.survey and state.conversation is not None
    assert (state.conversation.id, state.conversation.closed_reason) == (chat_id, ClosedReason.AUTO)


async def test_the_carriers_own_word_for_stop_counts(house: House, turns: SmsTurns) -> None:
    ada = house.person()
    await turns.run(house.wrote("m1", Body="please leave me alone", OptOutType="STOP"))
    assert house.person_row(ada).opted_out_at is not None and house.carrier.taken == []


async def test_cancel_my_order_is_no_stop(house: House, turns: SmsTurns) -> None:
    ada = house.person()
    await turns.run(house.wrote("m1", Body="Cancel my order"))
    assert house.person_row(ada).opted_out_at is None and house.assistant.read == ["Cancel my order"]


@on_both
@pytest.mark.parametrize(
    "text", ["Stop. Thank you", "take me off your list", "Arrêt\n\nEnvoyé de mon iPhone", "REMOVE"]
)
async def test_a_wish_that_the_carrier_does_not_know_is_confirmed_once(
    house: House, turns: SmsTurns, text: str
) -> None:
    ada = house.person()
    await house.open(ada)
    await turns.run(house.wrote("m1", Body=text))
    conversation = (await house.state(ada)).conversation
    assert house.person_row(ada).opted_out_at is not None and consents(house, ada) == [("opted_out", "recipient")]
    assert conversation is not None and conversation.closed_reason is ClosedReason.OPTED_OUT
    assert house.carrier.bodies == ["You will not hear from us."] and house.assistant.read == []
    assert await house.said(ada) == ["Sale!", text, "You will not hear from us."]
    await turns.run(house.wrote("m2", Body="stop texting me"))
    assert len(house.carrier.taken) == 1, "once"
    assert consents(house, ada) == [("opted_out", "recipient")] * 2, "and each wish is written down"


@pytest.mark.parametrize("text", ["STOP", "stop", " Unsubscribe\n", "CANCEL"])
async def test_what_the_carrier_answers_is_not_confirmed_by_us(house: House, turns: SmsTurns, text: str) -> None:
    ada = house.person()
    await turns.run(house.wrote("m1", Body=text))
    assert house.person_row(ada).opted_out_at is not None and house.carrier.taken == []


async def test_the_wish_is_written_down_before_it_is_confirmed(house: House, turns: SmsTurns) -> None:
    ada = house.person()
    seen: List[bool] = []
    house.carrier.meanwhile = lambda _body: seen.append(house.person_row(ada).opted_out_at is not None)
    await turns.run(house.wrote("m1", Body="please stop texting me"))
    assert seen == [True]


async def test_an_interrupted_opt_out_is_finished_and_confirmed_once(house: House, turns: SmsTurns) -> None:
    ada = house.person()
    message = house.wrote("m1", Body="please stop texting me")
    house.carrier.answers.append(Lost())
    await turns.run(message)
    with house.engine.begin() as conn:  # its server died before it could write that it had answered
        for table in (t.events, t.trackers, t.conversations):
            conn.execute(sa.delete(table))
    await turns.run(replace(message, attempt=2))
    assert house.carrier.bodies == ["You will not hear from us."] and house.message("m1").done_at is not None
    assert consents(house, ada) == [("opted_out", "recipient")]


async def test_a_confirmation_that_the_carrier_blocks_changes_nothing(house: House, turns: SmsTurns) -> None:
    ada = house.person()
    house.carrier.answers.append(refused(21610))
    await turns.run(house.wrote("m1", Body="Stop it"))
    assert consents(house, ada) == [("opted_out", "recipient")] and await house.said(ada) == ["Stop it"]


async def test_a_wish_to_stop_is_granted_even_where_everything_failed(house: House, turns: SmsTurns) -> None:
    ada = house.person()
    await house.open(ada)
    await turns.run(house.wrote("m1", attempt=inbound.MAX_ATTEMPTS + 1, Body="stop texting me"))
    assert house.person_row(ada).opted_out_at is not None and house.rows(t.handoffs) == []


async def test_a_wish_to_stop_in_the_survey_and_while_a_human_listens(house: House, turns: SmsTurns) -> None:
    ada = house.person()
    await house.open(ada)
    await house.shut(ada, ActiveLoop("csat_form"), SlotSet("requested_slot", "csat_comment"))
    await turns.run(house.wrote("m1", Body="Stop texting me, please"))
    assert not (await house.state(ada)).survey and house.person_row(ada).opted_out_at is not None
    bob = house.person(phone_number="+14155550178")
    await house.open(bob)
    await house.hand_over(bob)
    await turns.run(house.wrote("m2", "+14155550178", Body="leave me alone and stop messaging"))
    assert house.person_row(bob).opted_out_at is not None and house.assistant.read == []
    assert [row.status for row in house.rows(t.handoffs)] == ["closed"]


@pytest.mark.parametrize(
    ("text", "stops"), [("2", True), ("stop", True), ("1", False), ("Remove", False), ("cancel", True)]
)
async def test_suggested_replies_that_sound_like_stop(house: House, turns: SmsTurns, text: str, stops: bool) -> None:
    ada = house.person()
    await house.open(ada, [SuggestedReply("Remove"), SuggestedReply("Stop messages"), SuggestedReply("One stop shop")])
    await turns.run(house.wrote("m1", Body=text))
    assert (house.person_row(ada).opted_out_at is not None) is stops
    assert house.assistant.read == ([] if stops else ["Remove"])


async def test_an_unknown_word_of_the_carrier_is_no_keyword(house: House, turns: SmsTurns) -> None:
    ada = house.person()
    await turns.run(house.wrote("m1", Body="greet", OptOutType="LATER"))
    assert house.person_row(ada).opted_out_at is None and house.carrier.bodies == ["Hello!"]


# -- START and HELP -------------------------------------------------------------------------------


@on_both
async def test_start_opts_in_again_with_one_confirmation(house: House, turns: SmsTurns) -> None:
    ada = house.person(consent=False)
    await turns.run(house.wrote("m1", Body="START"))
    person = house.person_row(ada)
    assert person.opted_out_at is None and person.consent is True
    assert consents(house, ada)[0] == ("opted_in", "recipient")
    assert house.carrier.bodies == ["You will hear from us again."]
    assert await house.said(ada) == ["START", "You will hear from us again."]


@pytest.mark.parametrize(("consented", "read"), [(False, []), (True, ["Yes"])])
async def test_yes_opts_in_only_who_opted_out(house: House, turns: SmsTurns, consented: bool, read: List[str]) -> None:
    ada = house.person(consent=consented)
    await turns.run(house.wrote("m1", Body="Yes"))
    assert house.assistant.read == read and house.person_row(ada).opted_out_at is None
    assert len(house.carrier.taken) == (0 if read else 1)


async def test_who_opted_in_again_is_talked_to(house: House, turns: SmsTurns) -> None:
    ada = house.person(consent=False)
    await turns.run(house.wrote("m1", Body="UNSTOP"))
    await turns.run(house.wrote("m2", Body="greet"))
    assert house.carrier.bodies[-1] == "Hello!" and house.person_row(ada).opted_out_at is None


async def test_help_is_answered_and_is_no_response(house: House, turns: SmsTurns) -> None:
    house.set(sms={"help_message": "Call +1 415 555 0100."})
    ada = house.person()
    await house.open(ada)
    await turns.run(house.wrote("m1", Body="INFO"))
    conversation = (await house.state(ada)).conversation
    assert house.carrier.bodies == ["Call +1 415 555 0100."] and house.assistant.read == []
    assert conversation is not None and conversation.response_status is ResponseStatus.NOT_RESPONDED
    assert conversation.is_open and house.message("m1").done_at is not None


@pytest.mark.parametrize("kind", ["START", "HELP"])
async def test_what_the_carrier_answered_is_not_answered_again(house: House, turns: SmsTurns, kind: str) -> None:
    ada = house.person()
    await turns.run(house.wrote("m1", Body=kind, OptOutType=kind))
    assert house.carrier.taken == [] and await house.said(ada) == [kind]


async def test_start_counts_even_if_the_confirmation_is_not_taken(house: House, turns: SmsTurns) -> None:
    ada = house.person(consent=False)
    house.carrier.answers.append(busy())
    await turns.run(house.wrote("m1", Body="START"))
    assert house.person_row(ada).opted_out_at is None and await house.said(ada) == ["START"]
    assert house.message("m1").done_at is not None


# -- who opted out --------------------------------------------------------------------------------


async def test_who_opted_out_is_heard_but_not_answered(house: House, turns: SmsTurns) -> None:
    ada = house.person(consent=False)
    await turns.run(house.wrote("m1", Body="greet"))
    assert await house.said(ada) == ["greet"] and house.carrier.taken == []
    assert house.assistant.read == [] and house.rows(t.conversations) == []
    assert house.message("m1").done_at is not None


async def test_who_opted_out_is_not_told_that_a_human_comes(house: House, turns: SmsTurns) -> None:
    ada = house.person(consent=False)
    await turns.run(house.wrote("m1", attempt=inbound.MAX_ATTEMPTS + 1, Body="greet"))
    assert house.carrier.taken == [] and await house.said(ada) == ["greet"]
    assert house.message("m1").done_at is not None


async def test_a_tapback_of_who_opted_out_is_no_response(house: House, turns: SmsTurns) -> None:
    ada = house.person()
    await house.open(ada)
    await turns.run(house.wrote("m1", Body="STOP"))
    await turns.run(house.wrote("m2", Body="Liked “Sale!”"))
    (row,) = house.rows(t.conversations)
    assert (row.response_status, row.late_response) == ("not_responded", False)


# -- reactions ------------------------------------------------------------------------------------


async def test_a_tapback_is_a_response_that_nobody_answers(house: House, turns: SmsTurns) -> None:
    ada = house.person()
    await house.open(ada)
    await turns.run(house.wrote("m1", Body="Loved “Sale!”"))
    conversation = (await house.state(ada)).conversation
    tracker = await house.store.retrieve(house.sender(ada))
    assert conversation is not None and conversation.response_status is ResponseStatus.RESPONDED
    assert conversation.user_message_count == 0 and house.assistant.read == [] and house.carrier.taken == []
    assert tracker is not None and tracker.get_slot("reaction")["kind"] == "loved"
    assert house.message("m1").done_at is not None


async def test_a_tapback_that_is_taken_back_says_nothing(house: House, turns: SmsTurns) -> None:
    ada = house.person()
    await house.open(ada)
    before = len(await house.events(ada))
    await turns.run(house.wrote("m1", Body="Removed a heart from “Sale!”"))
    assert len(await house.events(ada)) == before and house.message("m1").done_at is not None
    assert house.assistant.read == [] and house.carrier.taken == []


# -- suggested replies and ratings ----------------------------------------------------------------

REPLIES = [SuggestedReply("Monthly", payload="/plan_monthly"), SuggestedReply("Yearly", payload="/greet")]


@pytest.mark.parametrize("text", ["2", "Yearly", "the second one", "year"])
async def test_a_suggested_reply_by_number_title_or_part(house: House, turns: SmsTurns, text: str) -> None:
    ada = house.person()
    await house.open(ada, REPLIES)
    await turns.run(house.wrote("m1", Body=text))
    assert house.assistant.read == ["/greet"] and house.carrier.bodies == ["Hello!"]
    assert (await house.said(ada))[1:2] == ["/greet"]
    heard = [event for event in await house.events(ada) if isinstance(event, UserUttered)][-1]
    assert heard.metadata[METADATA_KEY]["suggested_reply"] == "Yearly"


async def test_two_rates_while_the_survey_asks(house: House, turns: SmsTurns) -> None:
    ada = house.person()
    chat_id = await house.open(ada, REPLIES)
    await house.shut(ada, ActiveLoop("csat_form"), SlotSet("requested_slot", "csat_score"))
    await turns.run(house.wrote("m1", Body="2"))
    assert house.assistant.read == ["2"]
    assert [row.id for row in house.rows(t.conversations)] == [chat_id]


# -- who, and what came with it -------------------------------------------------------------------


async def test_a_stranger_becomes_a_recipient_by_writing(house: House, turns: SmsTurns) -> None:
    await turns.run(house.wrote("m1", Body="greet"))
    (person,) = house.rows(t.recipients)
    assert (person.phone_number, person.consent) == (PHONE, None) and house.carrier.bodies == ["Hello!"]
    await turns.run(house.wrote("m2", Body="greet"))
    assert len(house.rows(t.recipients)) == 1


@on_both
@pytest.mark.parametrize("sender", ["22395", "AMAZON", "whatsapp:+14155550177", "rcs:shop_agent", "+12", "14155550177"])
async def test_a_sender_without_a_number_is_shown_and_not_answered(house: House, turns: SmsTurns, sender: str) -> None:
    await turns.run(house.wrote("m1", sender, Body="greet"))
    await turns.run(house.wrote("m2", sender, Body="", NumMedia="0"))
    await turns.run(house.wrote("m3", sender, Body="HELP"))
    (person,), (conversation,) = house.rows(t.recipients), house.rows(t.conversations)
    assert (person.phone_number, person.nickname, person.user_id) == (None, sender, None)
    assert (conversation.sender_id, conversation.status, conversation.user_message_count) == (
        house.sender(person.id), "open", 3,
    )  # fmt: skip
    assert conversation.auto_close_at is not None and await house.said(person.id) == ["greet", "", "HELP"]
    assert house.carrier.taken == [] and house.assistant.read == []


async def test_the_conversation_of_a_sender_without_a_number_closes_in_silence(house: House, turns: SmsTurns) -> None:
    await turns.run(house.wrote("m1", "22395", Body="Your code is 123456"))
    (conversation,) = house.rows(t.conversations)
    house.ask("close", conversation.id, conversation.sender_id, reason="force_closed")
    (command,) = house.take_commands()
    await Commands(house.runtime, house.channel, partial(SmsOutput, house.runtime, house.carrier)).do(command)
    (conversation,) = house.rows(t.conversations)
    assert conversation.status == "closed" and house.carrier.taken == []
    assert await house.said(conversation.sender_id.partition(".")[2]) == ["Your code is 123456"]


async def test_who_was_given_a_short_code_as_number_before_is_not_answered(house: House, turns: SmsTurns) -> None:
    old = house.person(phone_number="22395", consent=None)
    await turns.run(house.wrote("m1", "22395", Body="greet"))
    assert house.carrier.taken == [] and await house.said(old) == ["greet"] and len(house.rows(t.recipients)) == 1


@on_both
async def test_pictures_are_kept_with_the_message(house: House, turns: SmsTurns) -> None:
    ada = house.person()
    picture = {"MediaUrl0": "https://example.com/cat.jpg", "MediaContentType0": "image/jpeg"}
    await turns.run(house.wrote("m1", Body="", NumMedia="1", **picture))
    heard = [event for event in await house.events(ada) if isinstance(event, UserUttered)][-1]
    assert heard.metadata[METADATA_KEY]["media"] == [
        {"url": "https://example.com/cat.jpg", "content_type": "image/jpeg"}
    ]
    assert house.assistant.read == [], "a model cannot read a picture"
    assert house.carrier.bodies == ["We got your picture."] and (await house.state(ada)).handoff is None
    (entry, answer) = transcript((event.as_dict() for event in await house.events(ada)), "sms")
    assert entry.attachments == ({"url": "https://example.com/cat.jpg", "content_type": "image/jpeg"},)
    assert (answer.sender, answer.text) == ("ai_agent", "We got your picture.")


@on_both
async def test_what_waited_since_before_it_was_cleaned_is_cleaned_now(house: House, turns: SmsTurns) -> None:
    ada = house.person()
    await turns.run(house.wrote("m1", Body="gre\x00et", **{**PICTURE, "MediaContentType0": "image/\x00jpeg"}))
    heard = [event for event in await house.events(ada) if isinstance(event, UserUttered)][-1]
    assert heard.text == heard.metadata[METADATA_KEY]["text"] == "greet" and house.carrier.bodies == ["Hello!"]
    assert heard.metadata[METADATA_KEY]["media"][0]["content_type"] == "image/jpeg"


PICTURE = {"NumMedia": "1", "MediaUrl0": "https://example.com/cat.jpg", "MediaContentType0": "image/jpeg"}


async def test_a_picture_is_a_response_and_the_conversation_closes_in_time(house: House, turns: SmsTurns) -> None:
    ada = house.person()
    chat_id = await house.open(ada)
    await turns.run(house.wrote("m1", Body="", **PICTURE))
    conversation = (await house.state(ada)).conversation
    assert conversation is not None and conversation.id == chat_id
    assert conversation.response_status is ResponseStatus.RESPONDED and conversation.user_message_count == 1
    bob = house.person(phone_number="+14155550178")
    await turns.run(house.wrote("m2", "+14155550178", Body="", **PICTURE))
    first = (await house.state(bob)).conversation
    assert first is not None and first.is_open and first.auto_close_at is not None


@pytest.mark.parametrize("body", ["", " ", "\n\t", "\u200b", "\u2060\u200d\ufeff", "\u3164"])
async def test_a_message_with_nothing_to_see_is_no_turn_of_the_assistant(
    house: House, turns: SmsTurns, body: str
) -> None:
    ada = house.person()
    await house.open(ada)
    await turns.run(house.wrote("m1", Body=body))
    assert house.assistant.read == [] and house.carrier.bodies == ["There was nothing in it."]
    assert (await house.state(ada)).handoff is None and house.message("m1").done_at is not None


async def test_a_picture_with_words_is_answered_by_its_words(house: House, turns: SmsTurns) -> None:
    house.person()
    await turns.run(house.wrote("m1", Body="greet", **PICTURE))
    assert house.assistant.read == ["greet"] and house.carrier.bodies == ["Hello!"]


async def test_a_survey_goes_on_waiting_after_a_picture(house: House, turns: SmsTurns) -> None:
    ada = house.person()
    chat_id = await house.open(ada)
    await house.shut(ada, ActiveLoop("csat_form"), SlotSet("requested_slot", "csat_score"))
    await turns.run(house.wrote("m1", Body="", **PICTURE))
    state = await house.state(ada)
    tracker = await house.store.retrieve(house.sender(ada))
    assert state.survey and state.pending is None and [row.id for row in house.rows(t.conversations)] == [chat_id]
    assert tracker is not None and tracker.active_loop_name == "csat_form"
    await turns.run(house.wrote("m2", Body="4"))
    assert house.assistant.read == ["4"]


async def test_a_picture_after_closing_begins_a_conversation(house: House, turns: SmsTurns) -> None:
    ada = house.person()
    chat_id = await house.open(ada)
    await house.shut(ada)
    await turns.run(house.wrote("m1", Body="", **PICTURE))
    conversation = (await house.state(ada)).conversation
    assert conversation is not None and conversation.previous_conversation_id == chat_id and conversation.is_open


async def test_nothing_automatic_is_said_to_a_picture_that_a_human_gets(house: House, turns: SmsTurns) -> None:
    ada = house.person()
    await house.open(ada)
    await house.hand_over(ada)
    await turns.run(house.wrote("m1", Body="", **PICTURE))
    state = await house.state(ada)
    assert house.carrier.taken == [] and state.handoff is not None and state.handoff.unread


async def test_a_message_that_could_not_be_answered_closes_in_time_too(house: House, turns: SmsTurns) -> None:
    ada = house.person()
    await turns.run(house.wrote("m1", attempt=inbound.MAX_ATTEMPTS + 1, Body="greet"))
    conversation = (await house.state(ada)).conversation
    assert conversation is not None and conversation.auto_close_at is not None


# -- the carrier ----------------------------------------------------------------------------------


async def test_an_answer_that_the_carrier_does_not_take_ends_the_turn_all_the_same(
    house: House, turns: SmsTurns
) -> None:
    ada = house.person()
    house.carrier.answers.append(busy())
    await turns.run(house.wrote("m1", Body="greet"))
    assert house.message("m1").done_at is not None and (await house.state(ada)).handoff is None


async def test_an_answer_refused_because_they_said_stop_there_opts_out(house: House, turns: SmsTurns) -> None:
    ada = house.person()
    house.carrier.answers.append(refused(21610))
    await turns.run(house.wrote("m1", Body="greet"))
    assert house.person_row(ada).opted_out_at is not None and consents(house, ada) == [("opted_out", "carrier")]


async def test_an_interrupted_turn_does_not_say_its_words_again(house: House, turns: SmsTurns) -> None:
    house.person()
    message = house.wrote("m1", Body="greet")
    house.carrier.answers.append(Lost())
    await turns.run(message)
    with house.engine.begin() as conn:  # its server died before it could write that it had answered
        for table in (t.events, t.trackers, t.conversations):
            conn.execute(sa.delete(table))
    again = type(message)(message.sid, message.sender, message.payload, message.received_at, 2)
    await turns.run(again)
    assert house.carrier.bodies == ["Hello!"]


async def test_what_the_carrier_took_is_remembered_with_the_turn(house: House, turns: SmsTurns) -> None:
    ada = house.person()
    await turns.run(house.wrote("m1", Body="greet"))
    (noted,) = house.rows(t.carrier_messages)
    assert (noted.sid, noted.sender_id, noted.chat_id) == ("SM1", house.sender(ada), None)
    assert noted.updated_at <= time.time()


# -- a rating that comes after a newer chat -------------------------------------------------------


async def _asked_then_sent(house: House, replies: List[SuggestedReply], words: str = "Sale!") -> Tuple[str, str, str]:
    """Somebody, the chat that they were asked about, and the one that was sent before they answered."""
    ada = house.person()
    asked = await house.open(ada)
    await house.shut(ada, ActiveLoop("csat_form"), SlotSet("requested_slot", "csat_score"))
    newer = await house.open(ada, replies, words=words)
    return ada, asked, newer


@pytest.mark.parametrize(
    ("text", "score", "comment"),
    [
        ("5", 5, None),
        ("5 Ada was really helpful!", 5, "Ada was really helpful!"),
        ("two stars", 2, None),
        ("4/5", 4, None),
    ],
)
async def test_a_rating_counts_for_the_chat_that_was_asked_about(
    house: House, turns: SmsTurns, text: str, score: int, comment: str | None
) -> None:
    ada, asked, newer = await _asked_then_sent(house, [SuggestedReply("Yes"), SuggestedReply("No")][: score == 5])
    (before,) = [row for row in house.rows(t.conversations) if row.id == newer]
    await turns.run(house.wrote("m1", Body=text))
    rows = {row.id: row for row in house.rows(t.conversations)}
    assert set(rows) == {asked, newer}
    assert (rows[asked].csat, rows[asked].csat_comment) == (score, comment)
    assert rows[newer] == before, "the newer chat's figures do not move"
    assert house.assistant.read == [] and house.carrier.bodies == ["Thank you!"]
    assert house.message("m1").done_at is not None
    assert rebuild(house.engine).differences == []


@pytest.mark.parametrize(
    ("text", "words", "replies"),
    [
        ("1", "Sale!", ["Yes", "No"]), ("5", "How many people will come?", []), ("5", "Rate our shop, 1 to 5!", []),
        ("👍", "Sale!", []), ("great", "Sale!", []), ("7", "Sale!", []), ("I need 2 tickets", "Sale!", []),
    ],
)  # fmt: skip
async def test_the_newest_question_wins(
    house: House, turns: SmsTurns, text: str, words: str, replies: List[str]
) -> None:
    ada, asked, newer = await _asked_then_sent(house, [SuggestedReply(title) for title in replies], words)
    await turns.run(house.wrote("m1", Body=text))
    rows = {row.id: row for row in house.rows(t.conversations)}
    assert (rows[asked].csat, rows[newer].response_status) == (None, "responded")


async def test_a_form_or_a_human_of_the_newer_chat_gets_the_number(house: House, turns: SmsTurns) -> None:
    ada, asked, newer = await _asked_then_sent(house, [])
    await house.tell(ada, ActiveLoop("order_form"), SlotSet("requested_slot", "count"))
    await turns.run(house.wrote("m1", Body="5"))
    await house.tell(ada, ActiveLoop(None))
    await house.hand_over(ada)
    await turns.run(house.wrote("m2", Body="5"))
    rows = {row.id: row for row in house.rows(t.conversations)}
    assert (rows[asked].csat, rows[newer].user_message_count) == (None, 2)


# -- machines -------------------------------------------------------------------------------------


async def test_a_machine_that_answers_is_left_to_a_human_without_a_word(house: House, turns: SmsTurns) -> None:
    ada = house.person()
    await house.open(ada)
    house.assistant.script["say"] = ["utter_greet"]
    for number in range(40):
        await turns.run(house.wrote(f"m{number}", Body="Hello! Our shop is closed at the moment."))
    (ticket,) = house.rows(t.handoffs)
    assert (ticket.reason, ticket.status) == ("looks_automatic", "open")
    assert len(house.carrier.bodies) <= 3 and "A person takes over." not in house.carrier.bodies
    assert (await house.said(ada)).count("Hello! Our shop is closed at the moment.") == 40
    assert rebuild(house.engine).differences == []


async def test_an_automatic_reply_is_no_response_and_gets_none(house: House, turns: SmsTurns) -> None:
    ada = house.person()
    chat_id = await house.open(ada)
    await turns.run(house.wrote("m1", Body="I’m driving right now."))
    (chat,) = house.rows(t.conversations)
    assert (chat.id, chat.response_status, chat.user_message_count) == (chat_id, "not_responded", 1)
    assert house.carrier.taken == [] and house.assistant.read == [] and house.rows(t.handoffs) == []
    await turns.run(house.wrote("m2", Body="greet"))
    assert house.carrier.bodies == ["Hello!"], "the person is answered"
    await turns.run(house.wrote("m3", Body="Out of office until Monday"))
    assert [row.reason for row in house.rows(t.handoffs)] == ["looks_automatic"]


async def test_a_machine_after_closing_is_seen_by_a_human_too(house: House, turns: SmsTurns) -> None:
    ada = house.person()
    await house.open(ada)
    await house.shut(ada, ActiveLoop("csat_form"), SlotSet("requested_slot", "csat_score"))
    for number in range(20):
        await turns.run(house.wrote(f"m{number}", Body="greet"))
    assert len(house.carrier.bodies) <= 5
    assert [row.reason for row in house.rows(t.handoffs)] == ["looks_automatic"]


async def test_a_person_who_writes_fast_is_answered_each_time(house: House, turns: SmsTurns) -> None:
    ada = house.person()
    await house.open(ada)
    for number, word in enumerate(["hi", "size 38", "blue", "two", "ok", "ship it", "how much", "yes", "ok", "great"]):
        await turns.run(house.wrote(f"m{number}", Body=word))
    assert len(house.assistant.read) == 10 and house.rows(t.handoffs) == []


async def test_after_it_was_given_back_it_is_judged_anew(house: House, turns: SmsTurns) -> None:
    ada = house.person()
    await house.open(ada)
    for number in range(6):
        await turns.run(house.wrote(f"m{number}", Body="greet"))
    await house.tell(ada, *events.returned(time.time()))
    before = len(house.carrier.bodies)
    await turns.run(house.wrote("m9", Body="greet"))
    assert len(house.carrier.bodies) == before + 1
