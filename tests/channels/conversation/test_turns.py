"""Turns on any channel: the assistant answers, or a human does; nothing is lost, and nothing is answered twice."""

from __future__ import annotations

import asyncio
import time
from typing import Any, List, Optional

import pytest
import sqlalchemy as sa
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, SlotSet, UserUttered

from channels.conversation.turns import ASSISTANT_FAILED, RETRY_AFTER, Turn, Turns
from proactive_api.lifecycle.facts import METADATA_KEY
from proactive_api.lifecycle.figures import State
from proactive_api.lifecycle.values import ChannelType, ResponseStatus, StartedBy, SuggestedReply
from proactive_api.storage.people.contacts import Contact
from proactive_api.storage.queues import inbound
from proactive_api.storage.queues.inbound import Inbound
from proactive_api.storage.sql import tables as t
from tests.channels.fakes import Does, House, Notebook, database_down, on_both


class PlainTurn(Turn):
    channel = ChannelType.SMS

    async def take(self, state: State) -> None:
        await self.answer(state)

    def chosen_reply(self, offered: List[SuggestedReply]) -> Optional[SuggestedReply]:
        return next((reply for reply in offered if reply.title == self.text), None)


class PlainTurns(Turns):
    """A channel whose messages name the recipient who sent them; what is said goes into a notebook."""

    def __init__(self, house: House) -> None:
        super().__init__(house.runtime, house.channel)
        self._house = house
        self.output = Notebook()
        self.nobody: Optional[Exception] = None

    async def contact(self, message: Inbound) -> Contact:
        if self.nobody is not None:
            raise self.nobody
        return Contact(message.sender, None, False)

    def turn(self, message: Inbound, contact: Contact, sender_id: str) -> Turn:
        text = str(message.payload["text"])
        return PlainTurn(self._house.runtime, message, contact, sender_id, self.output, text)

    async def say(self, recipient_id: str, text: str, sid: str = "m1", attempt: int = 1) -> None:
        """Somebody writes, and the turn runs."""
        await self.run(self._house.wrote(sid, recipient_id, attempt, text=text))


@pytest.fixture
def turns(house: House) -> PlainTurns:
    return PlainTurns(house)


SURVEY = (ActiveLoop("csat_form"), SlotSet("requested_slot", "csat_score"))


# -- the assistant answers ------------------------------------------------------------------------


@on_both
async def test_the_assistant_answers_and_the_message_is_done(house: House, turns: PlainTurns) -> None:
    ada = house.person()
    await house.open(ada)
    await turns.say(ada, "greet")
    conversation = (await house.state(ada)).conversation
    assert turns.output.words == ["Hello!"] and await house.said(ada) == ["Sale!", "greet", "Hello!"]
    assert house.message("m1").done_at is not None and house.message("m1").lease_until is None
    assert conversation is not None and conversation.response_status is ResponseStatus.RESPONDED


async def test_who_writes_first_starts_a_conversation(house: House, turns: PlainTurns) -> None:
    ada = house.person()
    await turns.say(ada, "greet")
    conversation = (await house.state(ada)).conversation
    assert conversation is not None and conversation.started_by is StartedBy.RECIPIENT and conversation.is_open
    assert conversation.auto_close_at is not None, "the settings' timeout holds from the first message"


async def test_a_repeated_message_is_answered_once(house: House, turns: PlainTurns) -> None:
    ada = house.person()
    await turns.say(ada, "greet")
    with house.engine.begin() as conn:  # the answer to its webhook was lost, and so was the note that it is done
        conn.execute(sa.update(t.inbound_messages).values(done_at=None))
    await turns.run(Inbound("m1", ada, {"text": "greet"}, time.time(), 2))
    assert turns.output.words == ["Hello!"] and house.assistant.read == ["greet"]
    assert house.message("m1").done_at is not None and await house.said(ada) == ["greet", "Hello!"]


async def test_what_people_type_is_never_an_intent(house: House, turns: PlainTurns) -> None:
    ada = house.person()
    await turns.say(ada, " /EXTERNAL_close")
    assert house.assistant.read == ["EXTERNAL_close"] and turns.output.words == []
    heard = [event for event in await house.events(ada) if isinstance(event, UserUttered)]
    assert heard[0].metadata[METADATA_KEY]["text"] == " /EXTERNAL_close", "the transcript shows what was typed"


async def test_a_suggested_reply_is_read_by_its_payload_and_shown_as_it_was_written(
    house: House, turns: PlainTurns
) -> None:
    ada = house.person()
    await house.open(ada, [SuggestedReply("Yearly", payload="/greet"), SuggestedReply("No")])
    await turns.say(ada, "Yearly")
    heard = [event for event in await house.events(ada) if isinstance(event, UserUttered)][-1]
    assert house.assistant.read == ["/greet"] and turns.output.words == ["Hello!"]
    assert (heard.metadata[METADATA_KEY]["text"], heard.metadata[METADATA_KEY]["suggested_reply"]) == ("Yearly",) * 2


async def test_a_suggested_reply_of_the_latest_message_counts_after_it_closed(house: House, turns: PlainTurns) -> None:
    ada = house.person()
    await house.open(ada, [SuggestedReply("Yearly", payload="/greet")])
    await house.shut(ada)
    await turns.say(ada, "Yearly")
    assert house.assistant.read == ["/greet"]


async def test_a_turn_waits_until_the_conversation_is_free(house: House, turns: PlainTurns) -> None:
    ada = house.person()
    async with house.runtime.agent.lock_store.lock(house.sender(ada)):
        running = asyncio.ensure_future(turns.say(ada, "greet"))
        while not house.rows(t.inbound_messages):
            await asyncio.sleep(0)
        await house.store.read(lambda _conn: None)
        await house.open(ada)
        assert house.assistant.read == []
    await running
    assert await house.said(ada) == ["Sale!", "greet", "Hello!"]


# -- after closing --------------------------------------------------------------------------------


async def test_a_message_after_closing_begins_a_conversation_of_its_own(house: House, turns: PlainTurns) -> None:
    ada = house.person()
    first = await house.open(ada, campaign="spring")
    await house.shut(ada)
    await turns.say(ada, "greet")
    new = (await house.state(ada)).conversation
    old = next(row for row in house.rows(t.conversations) if row.id == first)
    tracker = await house.store.retrieve(house.sender(ada))
    assert new is not None and new.id != first and new.previous_conversation_id == first
    assert (old.status, old.response_status, old.late_response) == ("closed", "not_responded", True)
    assert tracker is not None and tracker.get_slot("campaign") == "spring", "the assistant still knows what about"
    assert [e.text for e in tracker.events if isinstance(e, (UserUttered, BotUttered))] == ["greet", "Hello!"]


@pytest.mark.parametrize("text", ["4", "five", "9"])
async def test_a_rating_goes_to_the_survey_and_begins_nothing(house: House, turns: PlainTurns, text: str) -> None:
    ada = house.person()
    chat_id = await house.open(ada, [SuggestedReply("4", payload="/greet")])
    await house.shut(ada, *SURVEY)
    house.assistant.script["say"] = [Does("action_rate", SlotSet("csat_score", 4.0), ActiveLoop(None))]
    await turns.say(ada, text)
    conversation = (await house.state(ada)).conversation
    assert house.assistant.read == [text], "a number rates, whatever reply has it as title"
    assert conversation is not None and (conversation.id, conversation.csat) == (chat_id, 4)
    assert len(house.rows(t.conversations)) == 1


async def test_words_during_the_survey_that_answer_nothing_begin_anew(house: House, turns: PlainTurns) -> None:
    ada = house.person()
    chat_id = await house.open(ada)
    await house.shut(ada, *SURVEY)
    await turns.say(ada, "greet")
    state = await house.state(ada)
    assert state.conversation is not None and state.conversation.id != chat_id and not state.survey
    assert turns.output.words == ["Hello!"]


async def test_a_number_after_the_survey_expired_is_no_rating(house: House, turns: PlainTurns) -> None:
    house.set(sms={"csat_expiry": 60.0})
    ada = house.person()
    chat_id = await house.open(ada, [SuggestedReply("4", payload="/greet")])
    await house.shut(ada, *SURVEY, ago=61)
    await turns.say(ada, "4")
    conversation = (await house.state(ada)).conversation
    assert house.assistant.read == ["/greet"]
    assert conversation is not None and conversation.id != chat_id


async def test_a_number_while_a_conversation_is_open_is_no_rating(house: House, turns: PlainTurns) -> None:
    ada = house.person()
    chat_id = await house.open(ada, [SuggestedReply("4", payload="/greet")])
    await house.tell(ada, *SURVEY)
    await turns.say(ada, "4")
    state = await house.state(ada)
    assert house.assistant.read == ["/greet"] and state.conversation is not None
    assert (state.conversation.id, state.conversation.csat) == (chat_id, None)


# -- what goes wrong ------------------------------------------------------------------------------


async def test_an_assistant_that_breaks_hands_over(house: House, turns: PlainTurns) -> None:
    ada = house.person()
    await house.open(ada)
    await turns.say(ada, "break")
    state = await house.state(ada)
    assert turns.output.words == ["A person takes over."]
    assert await house.said(ada) == ["Sale!", "break", "A person takes over."]
    assert state.handoff is not None and state.handoff.reason == ASSISTANT_FAILED
    assert house.message("m1").done_at is not None
    heard = [event for event in await house.events(ada) if isinstance(event, UserUttered)][-1]
    assert heard.message_id == "m1" and heard.metadata[METADATA_KEY]["sid"] == "m1"


@on_both
async def test_an_action_that_fails_hands_over_once(house: House, turns: PlainTurns) -> None:
    ada = house.person()
    await house.open(ada)
    house.assistant.script["act"] = ["utter_greet", "action_of_server"]
    await turns.say(ada, "act")
    state = await house.state(ada)
    assert turns.output.words == ["Hello!", "A person takes over."]
    assert await house.said(ada) == ["Sale!", "act", "Hello!", "A person takes over."]
    assert state.handoff is not None and state.handoff.reason == ASSISTANT_FAILED
    assert [row.status for row in house.rows(t.handoffs)] == ["open"]


async def test_an_action_that_failed_in_an_earlier_turn_is_forgotten(house: House, turns: PlainTurns) -> None:
    ada, bob = house.person(), house.person(phone_number="+14155550178")
    await turns.say(ada, "act", "m1")
    await turns.say(bob, "greet", "m2")
    assert (await house.state(bob)).handoff is None and (await house.state(ada)).handoff is not None


async def test_a_database_that_fails_makes_the_turn_run_again_not_a_human_come(house: House, turns: PlainTurns) -> None:
    ada = house.person()
    await house.open(ada)
    turns.output.cannot_note = database_down()
    before = time.time()
    await turns.say(ada, "greet", attempt=2)
    message, state = house.message("m1"), await house.state(ada)
    assert message.done_at is None and before + 2 * RETRY_AFTER <= message.lease_until <= time.time() + 2 * RETRY_AFTER
    assert await house.said(ada) == ["Sale!"] and state.handoff is None
    with house.engine.begin() as conn:
        (again,) = inbound.claim(conn, time.time() + 5, ChannelType.SMS)
    await turns.run(again)
    assert await house.said(ada) == ["Sale!", "greet", "Hello!"] and house.message("m1").done_at is not None


async def test_whoever_wrote_cannot_be_read_and_the_message_waits(house: House, turns: PlainTurns) -> None:
    ada = house.person()
    turns.nobody = database_down()
    await turns.say(ada, "greet")
    message = house.message("m1")
    assert message.done_at is None and time.time() < message.lease_until <= time.time() + RETRY_AFTER


async def test_a_turn_never_raises_even_if_it_cannot_be_put_back(
    house: House, turns: PlainTurns, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = house.person()
    message = house.wrote("m1", ada, text="greet")
    lease = house.message("m1").lease_until
    turns.nobody = database_down()

    async def fail(*_args: Any) -> None:
        raise database_down()

    monkeypatch.setattr(house.store, "write", fail)
    await turns.run(message)
    assert house.message("m1").lease_until == lease


@pytest.mark.parametrize(("attempt", "read"), [(inbound.MAX_ATTEMPTS, ["greet"]), (inbound.MAX_ATTEMPTS + 1, [])])
async def test_five_interrupted_turns_go_to_a_human(
    house: House, turns: PlainTurns, attempt: int, read: List[str]
) -> None:
    ada = house.person()
    await house.open(ada)
    await turns.say(ada, "greet", attempt=attempt)
    handed_over = (await house.state(ada)).handoff is not None
    assert house.assistant.read == read and handed_over is (read == [])
    assert (await house.said(ada))[:2] == ["Sale!", "greet"] and house.message("m1").done_at is not None


# -- a human owns it ------------------------------------------------------------------------------


async def test_the_assistant_is_silent_while_a_human_owns_the_conversation(house: House, turns: PlainTurns) -> None:
    ada = house.person()
    await house.open(ada)
    await house.hand_over(ada)
    await turns.say(ada, "greet")
    events, state = await house.events(ada), await house.state(ada)
    assert turns.output.words == [] and await house.said(ada) == ["Sale!", "greet"]
    assert state.handoff is not None and state.handoff.unread and house.message("m1").done_at is not None
    assert not any(isinstance(e, ActionExecuted) and e.action_name == "utter_greet" for e in events)


async def test_an_assistant_that_breaks_while_a_human_owns_it_says_nothing(house: House, turns: PlainTurns) -> None:
    ada = house.person()
    await house.open(ada)
    await house.hand_over(ada)
    before = (await house.state(ada)).handoff
    await turns.say(ada, "break")
    after = (await house.state(ada)).handoff
    assert turns.output.words == [] and await house.said(ada) == ["Sale!", "break"]
    assert before is not None and after is not None and (after.id, after.reason) == (before.id, "requested")
    assert house.message("m1").done_at is not None


async def test_who_must_not_be_answered_is_handed_over_in_silence(house: House, turns: PlainTurns) -> None:
    ada = house.person()
    await house.open(ada)
    turns.output.mute = True
    await turns.say(ada, "break")
    assert await house.said(ada) == ["Sale!", "break"], "the transcript has no words that did not go out"
    assert (await house.state(ada)).handoff is not None


@pytest.mark.parametrize(
    ("words", "status"), [("Yearly", ResponseStatus.RESPONDED), ("hm", ResponseStatus.NOT_RESPONDED)]
)
async def test_what_a_closed_chat_suggested_still_counts_for_it(
    house: House, turns: PlainTurns, words: str, status: ResponseStatus
) -> None:
    ada = house.person()
    chat_id = await house.open(ada, [SuggestedReply("Yearly", payload="/greet")])
    await house.shut(ada)
    await turns.say(ada, words)
    (chat,) = [row for row in house.rows(t.conversations) if row.id == chat_id]
    assert (chat.response_status, chat.late_response, chat.resolution_time) == (status.value, True, None)
    fresh = (await house.state(ada)).conversation
    assert fresh is not None and fresh.previous_conversation_id == chat_id


# -- pieces ---------------------------------------------------------------------------------------


async def test_a_reaction_is_a_response_but_no_message(house: House, turns: PlainTurns) -> None:
    ada = house.person()
    await house.open(ada)
    message = house.wrote("m1", ada, text="")
    await turns.turn(message, Contact(ada, None, False), house.sender(ada)).react({"kind": "liked"})
    conversation = (await house.state(ada)).conversation
    assert conversation is not None and conversation.response_status is ResponseStatus.RESPONDED
    assert conversation.user_message_count == 0 and house.message("m1").done_at is not None


async def test_the_durations_in_force_travel_with_each_message(house: House, turns: PlainTurns) -> None:
    house.set(sms={"auto_close_timeout": 321.0})
    ada = house.person()
    await turns.say(ada, "greet")
    assert (await house.state(ada)).policy.auto_close_timeout == 321.0
