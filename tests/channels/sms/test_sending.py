"""Proactive chats by SMS: carrier first, then tracker; what is in doubt is asked for before it is said again."""

from __future__ import annotations

import time
from typing import Any, List

import pytest
import sqlalchemy as sa
from rasa.shared.core.domain import Domain

from channels.rasa_server import openings
from channels.sms.carrier import STILL_ARRIVES
from channels.sms.sending import DOUBT_ENDS, GIVEN_UP, MAX_TRIES, NOBODY_KNOWS, SmsSender, consent_key, pause
from proactive_api.lifecycle.transcript import transcript
from proactive_api.lifecycle.values import ChannelType, IfActive, SuggestedReply
from proactive_api.operations.errors import InvalidInput
from proactive_api.storage.people import consent
from proactive_api.storage.queues import receipts
from proactive_api.storage.queues.receipts import Receipt
from proactive_api.storage.sql import tables as t
from tests.channels.fakes import DOMAIN, PHONE, House, Lost, busy, no_answer, on_both, refused, unreachable

ASK = "May we write to you? Reply STOP if not."


@pytest.fixture
def sender(house: House) -> SmsSender:
    return SmsSender(house.runtime, house.carrier)


def consents(house: House, recipient_id: str) -> List[Any]:
    with house.engine.connect() as conn:
        return [(one.kind, one.by) for one in consent.history(conn, recipient_id)]


def columns(house: House, **values: Any) -> None:
    """Change the columns of all sends."""
    with house.engine.begin() as conn:
        conn.execute(sa.update(t.proactive_chats).values(**values))


# -- what the carrier answers ---------------------------------------------------------------------


@on_both
async def test_words_go_out_and_open_a_conversation(house: House, sender: SmsSender) -> None:
    ada = house.person()
    claim = house.due(ada, "Sale on **Sunday**!", campaign="spring")
    await sender.send(claim)
    chat, conversation = house.chat(claim.chat_id), (await house.state(ada)).conversation
    (taken,) = house.carrier.taken
    assert (taken.to, taken.body) == (PHONE, "Sale on Sunday!"), "an SMS is plain text"
    assert taken.callback == f"https://shop.example/webhooks/sms/status?chat={claim.chat_id}"
    assert (chat.delivery_status, chat.carrier_sid, chat.lease_until) == ("sent", "SM1", None)
    assert conversation is not None and conversation.is_open
    assert (conversation.id, conversation.campaign) == (claim.chat_id, "spring") == (chat.conversation_id, "spring")
    assert await house.said(ada) == ["Sale on **Sunday**!"]


@pytest.mark.parametrize("value", ["*Ada*", "+ 10%", "> 50 EUR", "_ada_@example.com", "{{ city }}", "- a\n# b", "`x`"])
async def test_a_value_is_no_markdown_on_the_phone_and_in_the_transcript(
    house: House, sender: SmsSender, value: str
) -> None:
    ada = house.person(nickname=value)
    await sender.send(house.due(ada, "{{ nickname }}\n**Sale** for {{ nickname | you }}!"))
    wanted = f"{value}\nSale for {value}!"
    stored = [event.as_dict() for event in await house.events(ada)]
    assert house.carrier.bodies == [wanted] and [one.text for one in transcript(stored, "sms")] == [wanted]


async def test_the_transcript_waits_for_the_carrier(house: House, sender: SmsSender) -> None:
    claim, stored = house.due(house.person()), []
    house.carrier.meanwhile = lambda _body: stored.append(len(house.rows(t.events)))
    await sender.send(claim)
    assert stored == [0] and house.rows(t.events)


async def test_a_refused_number_fails_with_a_sentence_and_leaves_no_conversation(
    house: House, sender: SmsSender
) -> None:
    ada = house.person()
    claim = house.due(ada)
    house.carrier.answers.append(refused(21211))
    await sender.send(claim)
    chat = house.chat(claim.chat_id)
    assert (chat.delivery_status, chat.error_code) == ("failed", 21211)
    assert chat.error_message == "This is not a valid phone number." and chat.lease_until is None
    assert await house.events(ada) == [] and house.person_row(ada).opted_out_at is None


@on_both
async def test_a_refusal_because_they_said_stop_there_opts_out(house: House, sender: SmsSender) -> None:
    ada = house.person()
    claim = house.due(ada)
    house.carrier.answers.append(refused(21610))
    await sender.send(claim)
    person = house.person_row(ada)
    assert (house.chat(claim.chat_id).delivery_status, house.chat(claim.chat_id).error_code) == ("failed", 21610)
    assert person.opted_out_at is not None and person.consent is False
    assert consents(house, ada) == [("opted_out", "carrier")]


async def test_a_busy_carrier_is_asked_again_later_and_nothing_is_in_doubt(house: House, sender: SmsSender) -> None:
    claim = house.due(house.person())
    house.carrier.answers.append(busy())
    before = time.time()
    await sender.send(claim)
    chat = house.chat(claim.chat_id)
    assert (chat.delivery_status, chat.wait_reason, chat.asked_at) == ("queued", "carrier_unavailable", None)
    assert chat.tries == 1
    assert before + 2 <= chat.not_before <= time.time() + 2, "after the first try it waits two seconds"
    assert not house.claim(claim.chat_id, after=3).in_doubt


async def test_each_failing_try_waits_longer(house: House, sender: SmsSender) -> None:
    chat_id = house.accept(house.person())
    waits = []
    for tries in (2, 5):
        columns(house, tries=tries)
        house.carrier.answers.append(busy())
        before = time.time()
        await sender.send(house.claim(chat_id, after=10))
        waits.append(round(house.chat(chat_id).not_before - before))
    assert waits == [8, 64]


@pytest.mark.parametrize("failure", [unreachable(), busy()])
async def test_claims_while_the_assistant_was_down_are_no_tries_of_the_carrier(
    house: House, sender: SmsSender, failure: Exception
) -> None:
    chat_id = house.accept(house.person())
    columns(house, attempt=500)
    house.carrier.answers.append(failure)
    before = time.time()
    await sender.send(house.claim(chat_id))
    assert (house.chat(chat_id).delivery_status, house.chat(chat_id).tries) == ("queued", 1)
    assert house.chat(chat_id).not_before - before < 3


@pytest.mark.parametrize(("tries", "seconds"), [(1, 2), (2, 4), (6, 64), (9, 300), (300, 300)])
def test_a_wait_doubles_up_to_five_minutes(tries: int, seconds: float) -> None:
    assert pause(tries) == seconds


@pytest.mark.parametrize("failure", [busy(), unreachable()])
async def test_a_carrier_that_takes_nothing_for_a_day_is_given_up(
    house: House, sender: SmsSender, failure: Exception
) -> None:
    assert pause(MAX_TRIES) * MAX_TRIES > 24 * 3600
    chat_id = house.accept(house.person())
    told = []
    for tries in (MAX_TRIES - 2, MAX_TRIES - 1):
        columns(house, tries=tries)
        house.carrier.answers.append(failure)
        await sender.send(house.claim(chat_id, after=400))
        told.append(house.chat(chat_id).delivery_status)
    assert told == ["queued", "failed"] and house.chat(chat_id).error_message == GIVEN_UP


@on_both
async def test_a_receipt_that_is_faster_than_the_answer_counts(house: House, sender: SmsSender) -> None:
    claim = house.due(house.person())
    early = Receipt("SM1", "delivered", None, time.time())
    house.carrier.meanwhile = lambda _body: receipts.record_receipts(house.engine, [early])
    await sender.send(claim)
    assert house.chat(claim.chat_id).delivery_status == "delivered" and house.chat(claim.chat_id).delivered_at


# -- in doubt -------------------------------------------------------------------------------------


async def test_a_lost_answer_leaves_the_send_in_doubt(house: House, sender: SmsSender) -> None:
    ada = house.person()
    claim = house.due(ada)
    house.carrier.answers.append(Lost())
    await sender.send(claim)
    chat = house.chat(claim.chat_id)
    assert (chat.delivery_status, await house.events(ada)) == ("queued", [])
    assert chat.asked_at is not None and house.claim(claim.chat_id, after=3).in_doubt


async def test_a_send_is_in_doubt_before_the_carrier_is_asked(house: House, sender: SmsSender) -> None:
    claim, asked = house.due(house.person()), []
    house.carrier.meanwhile = lambda _body: asked.append(house.chat(claim.chat_id).asked_at)
    await sender.send(claim)
    assert asked[0] is not None


async def test_what_was_never_asked_for_is_sent_at_once_when_its_holder_died(house: House, sender: SmsSender) -> None:
    claim = house.due(house.person())
    house.carrier.cannot_look = no_answer()
    again = house.claim_again(claim.chat_id)
    await sender.send(again)
    assert not again.in_doubt and house.carrier.bodies == ["Sale!"]


@on_both
async def test_who_was_overtaken_does_not_ask_the_carrier(house: House, sender: SmsSender) -> None:
    claim = house.due(house.person())
    may_go_out = sender.may_go_out

    async def slow(*about: Any) -> bool:
        house.claim_again(claim.chat_id)  # this one was paused for longer than its lease
        return await may_go_out(*about)

    sender.may_go_out = slow  # type: ignore[method-assign]
    await sender.send(claim)
    assert house.carrier.taken == [] and house.chat(claim.chat_id).delivery_status == "sending"


@on_both
async def test_what_the_carrier_has_is_not_sent_again(house: House, sender: SmsSender) -> None:
    ada = house.person()
    claim = house.due(ada, suggested_replies=(SuggestedReply("Yes"), SuggestedReply("No")))
    house.carrier.answers.append(Lost())
    await sender.send(claim)
    await sender.send(house.claim(claim.chat_id, after=3))
    assert house.carrier.bodies == ["Sale!\n1. Yes\n2. No"]
    assert (house.chat(claim.chat_id).delivery_status, house.chat(claim.chat_id).carrier_sid) == ("sent", "SM1")
    assert await house.said(ada) == ["Sale!"]


async def test_a_receipt_settles_a_send_before_the_carrier_is_asked(house: House, sender: SmsSender) -> None:
    ada = house.person()
    claim = house.due(ada)  # whoever claimed it died after the carrier took it
    house.asked(claim.chat_id)
    told = Receipt("SM9", "delivered", None, time.time(), claim.chat_id)
    receipts.record_receipts(house.engine, [told])
    house.carrier.cannot_look = no_answer()
    await sender.send(house.claim_again(claim.chat_id))
    chat = house.chat(claim.chat_id)
    assert (chat.delivery_status, chat.carrier_sid, house.carrier.taken) == ("delivered", "SM9", [])
    assert await house.said(ada) == ["Sale!"]


async def test_what_may_still_arrive_is_waited_for_and_then_sent(house: House, sender: SmsSender) -> None:
    claim = house.due(house.person())
    told = []
    for ago in (1, STILL_ARRIVES - 5, STILL_ARRIVES + 1):
        house.asked(claim.chat_id, ago)
        await sender.send(house.claim_again(claim.chat_id))
        told.append((house.chat(claim.chat_id).delivery_status, len(house.carrier.taken)))
        columns(house, not_before=0.0)
    assert told == [("queued", 0), ("queued", 0), ("sent", 1)]


async def test_a_message_that_arrives_late_is_found_and_not_sent_again(house: House, sender: SmsSender) -> None:
    ada = house.person()
    claim = house.due(ada)
    house.carrier.answers.append(no_answer(on_its_way=True))
    await sender.send(claim)
    await sender.send(house.claim(claim.chat_id, after=3))  # the list shows nothing yet
    assert house.chat(claim.chat_id).delivery_status == "queued"
    house.carrier.take(PHONE, "Sale!")
    await sender.send(house.claim(claim.chat_id, after=9))
    assert house.carrier.bodies == ["Sale!"] == await house.said(ada)
    assert house.chat(claim.chat_id).delivery_status == "sent"


async def test_a_send_in_doubt_waits_for_a_carrier_that_cannot_be_asked(house: House, sender: SmsSender) -> None:
    claim = house.due(house.person())
    house.asked(claim.chat_id, STILL_ARRIVES + 5)
    house.carrier.cannot_look = no_answer()
    await sender.send(house.claim_again(claim.chat_id))
    assert house.carrier.taken == [] and house.chat(claim.chat_id).delivery_status == "queued"
    assert house.claim(claim.chat_id, after=5).in_doubt


async def test_a_doubt_that_nobody_can_settle_ends_and_is_not_sent_again(house: House, sender: SmsSender) -> None:
    claim = house.due(house.person())
    house.carrier.cannot_look = no_answer()
    told = []
    for ago in (DOUBT_ENDS - 60, DOUBT_ENDS + 1):
        house.asked(claim.chat_id, ago)
        await sender.send(house.claim_again(claim.chat_id))
        told.append(house.chat(claim.chat_id).delivery_status)
        columns(house, not_before=0.0)
    assert told == ["queued", "failed"] and house.chat(claim.chat_id).error_message == NOBODY_KNOWS
    assert house.carrier.taken == []


async def test_the_same_words_of_another_send_settle_nothing(house: House, sender: SmsSender) -> None:
    ada = house.person()
    second = house.accept(ada, if_active=IfActive.APPEND)
    first = house.due(ada)  # claims both; who held the second died before the carrier got it
    await sender.send(first)
    house.asked(second, STILL_ARRIVES + 1)
    await sender.send(house.claim_again(second))
    assert house.carrier.bodies == ["Sale!", "Sale!"] and house.chat(second).carrier_sid == "SM2"


@pytest.mark.parametrize("words", [{"message": "Sale!"}, {"message": None, "intent": "EXTERNAL_reminder"}])
async def test_what_was_in_doubt_and_never_arrived_obeys_the_rules_of_the_moment(
    house: House, sender: SmsSender, words: Any
) -> None:
    claim = house.due(house.person(timezone="UTC"), **words)
    house.asked(claim.chat_id, STILL_ARRIVES + 1)
    house.set(quiet_hours={"start": "00:00", "end": "23:59"})
    await sender.send(house.claim_again(claim.chat_id))
    chat = house.chat(claim.chat_id)
    assert (chat.delivery_status, chat.wait_reason, chat.asked_at) == ("queued", "quiet_hours", None)
    assert house.carrier.taken == []


async def test_what_was_in_doubt_and_never_arrived_obeys_the_cap_and_does_not_count_itself(
    house: House, sender: SmsSender
) -> None:
    ada = house.person()
    claim, other = (house.due(ada, words, if_active=IfActive.APPEND) for words in ("Sale!", "More!"))
    house.set(frequency_cap={"messages": 1, "per_seconds": 3600})
    house.asked(claim.chat_id, STILL_ARRIVES + 1)
    await sender.send(other)
    await sender.send(house.claim_again(claim.chat_id))
    assert (house.chat(claim.chat_id).skip_reason, house.carrier.bodies) == ("frequency_cap", ["More!"])
    bob = house.person(phone_number="+14155550111")
    alone = house.due(bob)
    house.asked(alone.chat_id, STILL_ARRIVES + 1)
    await sender.send(house.claim_again(alone.chat_id))
    assert house.chat(alone.chat_id).delivery_status == "sent"


async def test_who_opts_out_while_a_send_is_in_doubt_gets_nothing(house: House, sender: SmsSender) -> None:
    ada = house.person()
    claim = house.due(ada)
    house.asked(claim.chat_id, STILL_ARRIVES + 1)
    house.set_person(ada, opted_out_at=time.time())
    await sender.send(house.claim_again(claim.chat_id))
    chat = house.chat(claim.chat_id)
    assert (chat.delivery_status, chat.skip_reason, house.carrier.taken) == ("skipped", "opted_out", [])


async def test_what_had_gone_out_before_they_opted_out_is_written_down(house: House, sender: SmsSender) -> None:
    ada = house.person()
    claim = house.due(ada)
    house.asked(claim.chat_id)
    house.carrier.take(PHONE, "Sale!")
    house.set_person(ada, opted_out_at=time.time())
    await sender.send(house.claim_again(claim.chat_id))
    assert house.chat(claim.chat_id).delivery_status == "sent" and await house.said(ada) == ["Sale!"]
    assert len(house.carrier.taken) == 1


async def test_a_database_that_fails_after_the_carrier_leaves_one_message(
    house: House, sender: SmsSender, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = house.person()
    claim = house.due(ada)
    append = house.store.append

    async def fail(*_args: Any) -> None:
        raise sa.exc.OperationalError("INSERT", {}, Exception("disk full"))

    monkeypatch.setattr(house.store, "append", fail)
    await sender.send(claim)
    assert house.chat(claim.chat_id).delivery_status == "sending", "it keeps its lease"
    monkeypatch.setattr(house.store, "append", append)
    await sender.send(house.claim_again(claim.chat_id))
    assert house.carrier.bodies == ["Sale!"] == await house.said(ada)
    assert house.chat(claim.chat_id).delivery_status == "sent"


# -- consent --------------------------------------------------------------------------------------


async def test_first_contact_begins_with_the_consent_message(house: House, sender: SmsSender) -> None:
    house.set(sms={"consent_message": ASK})
    ada = house.person(consent=None)
    claim = house.due(ada)
    await sender.send(claim)
    assert house.carrier.bodies == [ASK, "Sale!"] == await house.said(ada)
    assert house.chat(claim.chat_id).carrier_sid == "SM2", "the chat is the words, not the question before them"
    assert house.person_row(ada).consent_asked_at is not None and consents(house, ada) == [("asked", "business")]
    state = await house.state(ada)
    assert state.conversation is not None and state.conversation.id == claim.chat_id


async def test_the_consent_message_is_said_once(house: House, sender: SmsSender) -> None:
    house.set(sms={"consent_message": ASK})
    ada = house.person(consent=None)
    await sender.send(house.due(ada))
    await sender.send(house.due(ada, "More!", if_active=IfActive.APPEND))
    assert house.carrier.bodies == [ASK, "Sale!", "More!"]


@pytest.mark.parametrize(("given", "message"), [(True, ASK), (None, None), (None, "")])
async def test_nobody_is_asked_who_said_yes_or_where_there_is_no_question(
    house: House, sender: SmsSender, given: Any, message: Any
) -> None:
    house.set(sms={"consent_message": message})
    ada = house.person(consent=given)
    await sender.send(house.due(ada))
    assert house.carrier.bodies == ["Sale!"] and house.person_row(ada).consent_asked_at is None


async def test_words_do_not_follow_a_consent_message_that_was_refused(house: House, sender: SmsSender) -> None:
    house.set(sms={"consent_message": ASK})
    ada = house.person(consent=None)
    claim = house.due(ada)
    house.carrier.answers.append(refused(21610))
    await sender.send(claim)
    assert house.carrier.taken == [] and house.chat(claim.chat_id).delivery_status == "failed"
    assert house.person_row(ada).opted_out_at is not None and house.person_row(ada).consent_asked_at is None


@pytest.mark.parametrize("failure", [busy(), unreachable()])
async def test_the_consent_message_is_not_repeated_when_the_words_behind_it_have_to_wait(
    house: House, sender: SmsSender, failure: Exception
) -> None:
    house.set(sms={"consent_message": ASK})
    ada = house.person(consent=None)
    claim = house.due(ada)
    house.carrier.answers.extend([None, failure])
    await sender.send(claim)
    assert house.carrier.bodies == [ASK] and consents(house, ada) == [("asked", "business")]
    await sender.send(house.claim(claim.chat_id, after=3))
    assert house.carrier.bodies == [ASK, "Sale!"] == await house.said(ada)
    assert consents(house, ada) == [("asked", "business")]


async def test_the_consent_message_stands_in_the_transcript_of_a_send_that_was_settled(
    house: House, sender: SmsSender
) -> None:
    house.set(sms={"consent_message": ASK})
    ada = house.person(consent=None)
    claim = house.due(ada)
    house.carrier.answers.extend([None, Lost()])
    await sender.send(claim)
    await sender.send(house.claim(claim.chat_id, after=3))
    assert house.carrier.bodies == [ASK, "Sale!"] == await house.said(ada)


async def test_an_opening_by_intent_asks_for_consent_too(house: House, sender: SmsSender) -> None:
    house.set(sms={"consent_message": ASK})
    ada = house.person(consent=None)
    claim = house.due(ada, intent="EXTERNAL_reminder")
    await sender.send(claim)
    assert house.carrier.bodies == [ASK, "See you at ten."]
    assert [words for words in await house.said(ada) if "EXTERNAL" not in words] == house.carrier.bodies
    assert house.chat(claim.chat_id).carrier_sid == "SM2" and consents(house, ada) == [("asked", "business")]
    noted = {row.sid: row.chat_id for row in house.rows(t.carrier_messages)}
    assert noted == {"SM1": consent_key(claim.chat_id), "SM2": claim.chat_id}


async def test_a_lost_answer_to_the_consent_message_does_not_double_it(house: House, sender: SmsSender) -> None:
    house.set(sms={"consent_message": ASK})
    ada = house.person(consent=None)
    claim = house.due(ada)
    house.carrier.answers.append(Lost())
    await sender.send(claim)
    columns(house, asked_at=time.time() - STILL_ARRIVES - 1)  # the words behind it were never handed over
    await sender.send(house.claim(claim.chat_id, after=3))
    assert house.carrier.bodies == [ASK, "Sale!"] == await house.said(ada)


# -- links ----------------------------------------------------------------------------------------


async def test_links_are_kept_before_the_words_go(house: House, sender: SmsSender) -> None:
    claim = house.due(
        house.person(), suggested_replies=(SuggestedReply("Later"), SuggestedReply("Shop", "https://shop.example/sale"))
    )
    known: List[Any] = []
    house.carrier.meanwhile = lambda _body: known.extend(house.rows(t.links))
    await sender.send(claim)
    (link,) = known
    address = house.runtime.config.links.url(claim.chat_id, 1, ChannelType.SMS)
    assert house.carrier.bodies == [f"Sale!\n1. Later\n2. Shop: {address}"]
    assert address.endswith(link.token) and (link.url, link.chat_id) == ("https://shop.example/sale", claim.chat_id)


# -- openings by intent ---------------------------------------------------------------------------


async def test_the_assistants_rules_write_an_opening_by_intent(house: House, sender: SmsSender) -> None:
    ada = house.person()
    claim = house.due(ada, intent="EXTERNAL_reminder", entities={"place": "Vienna"}, campaign="spring")
    await sender.send(claim)
    chat, state = house.chat(claim.chat_id), await house.state(ada)
    assert house.carrier.bodies == ["See you at ten."] == (await house.said(ada))[-1:]
    assert (chat.delivery_status, chat.carrier_sid, chat.conversation_id) == ("sent", "SM1", claim.chat_id)
    assert state.conversation is not None and state.conversation.campaign == "spring"
    tracker = await house.store.retrieve(house.sender(ada))
    assert tracker is not None and tracker.latest_message is not None
    assert [(one["entity"], one["value"]) for one in tracker.latest_message.entities] == [("place", "Vienna")]


async def test_all_words_of_an_opening_by_intent_are_remembered_and_the_first_is_the_chat(
    house: House, sender: SmsSender
) -> None:
    ada = house.person()
    house.assistant.script["EXTERNAL_reminder"] = ["utter_reminder", "utter_greet"]
    claim = house.due(ada, intent="EXTERNAL_reminder")
    await sender.send(claim)
    noted = [(row.sid, row.chat_id, row.sender_id) for row in house.rows(t.carrier_messages)]
    assert sorted(noted) == [("SM1", claim.chat_id, house.sender(ada)), ("SM2", None, house.sender(ada))]
    assert house.chat(claim.chat_id).carrier_sid == "SM1"


@on_both
async def test_an_opening_by_intent_with_nothing_said_fails_and_opens_nothing(house: House, sender: SmsSender) -> None:
    ada = house.person()
    claim = house.due(ada, intent="EXTERNAL_mute")
    await sender.send(claim)
    chat = house.chat(claim.chat_id)
    assert chat.delivery_status == "failed"
    assert chat.error_message == "The assistant had nothing to say for the intent EXTERNAL_mute."
    assert await house.events(ada) == [] and house.rows(t.conversations) == []


async def test_an_intent_that_the_assistant_does_not_know_fails(house: House, sender: SmsSender) -> None:
    ada = house.person()
    claim = house.due(ada, intent="EXTERNAL_unheard")
    await sender.send(claim)
    chat = house.chat(claim.chat_id)
    assert chat.delivery_status == "failed" and "does not know the intent EXTERNAL_unheard" in chat.error_message
    assert await house.events(ada) == []


async def test_an_opening_without_what_its_words_need_fails_and_says_why(house: House, sender: SmsSender) -> None:
    place = {"type": "text", "influence_conversation": False, "mappings": [{"type": "from_entity", "entity": "place"}]}
    slots = {**DOMAIN["slots"], "place": place}
    responses = {**DOMAIN["responses"], "utter_reminder": [{"text": "See you in {place}."}]}
    domain = Domain.from_dict({**DOMAIN, "slots": slots, "responses": responses})
    house.runtime.agent.domain = house.assistant.domain = domain
    claim = house.due(house.person(), intent="EXTERNAL_reminder")  # the API knows nothing yet
    await openings.keep(house.runtime)
    await sender.send(claim)
    chat = house.chat(claim.chat_id)
    assert (chat.delivery_status, house.carrier.taken) == ("failed", [])
    assert chat.error_message == "The words of EXTERNAL_reminder need a value for place."
    with pytest.raises(InvalidInput) as refused:
        house.accept(chat.recipient_id, intent="EXTERNAL_reminder")
    assert refused.value.field == "entities"
    house.accept(chat.recipient_id, intent="EXTERNAL_reminder", entities={"place": "Bonn"})


async def test_an_opening_by_intent_whose_words_are_refused_opens_nothing(house: House, sender: SmsSender) -> None:
    ada = house.person()
    claim = house.due(ada, intent="EXTERNAL_reminder")
    house.carrier.answers.append(refused(21610))
    await sender.send(claim)
    assert (house.chat(claim.chat_id).delivery_status, house.chat(claim.chat_id).error_code) == ("failed", 21610)
    assert await house.events(ada) == [] and house.person_row(ada).opted_out_at is not None


async def test_an_opening_by_intent_in_doubt_says_its_words_once(house: House, sender: SmsSender) -> None:
    ada = house.person()
    claim = house.due(ada, intent="EXTERNAL_reminder")
    house.carrier.answers.append(Lost())
    await sender.send(claim)
    assert (house.chat(claim.chat_id).delivery_status, await house.events(ada)) == ("queued", [])
    await sender.send(house.claim(claim.chat_id, after=3))
    assert house.carrier.bodies == ["See you at ten."]
    assert (house.chat(claim.chat_id).delivery_status, house.chat(claim.chat_id).carrier_sid) == ("sent", "SM1")


async def test_an_opening_of_several_words_goes_on_where_the_carrier_stopped_it(
    house: House, sender: SmsSender
) -> None:
    ada = house.person()
    house.assistant.script["EXTERNAL_reminder"] = ["utter_reminder", "utter_greet"]
    claim = house.due(ada, intent="EXTERNAL_reminder")
    house.carrier.answers.extend([None, busy()])
    await sender.send(claim)
    assert (house.chat(claim.chat_id).delivery_status, house.carrier.bodies) == ("queued", ["See you at ten."])
    house.asked(claim.chat_id, STILL_ARRIVES + 1)
    await sender.send(house.claim(claim.chat_id, after=3))
    assert house.carrier.bodies == ["See you at ten.", "Hello!"]
    assert house.chat(claim.chat_id).delivery_status == "sent"
