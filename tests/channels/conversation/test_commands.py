"""What the business asks of a conversation: human words in their order, closing with or without words, giving back."""

from __future__ import annotations

import time
from functools import partial
from typing import Any, List

import pytest
import sqlalchemy as sa
from rasa.core.actions.action import ActionBotResponse
from rasa.core.channels.channel import OutputChannel
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActiveLoop, BotUttered, SlotSet

from channels.conversation.commands import MAX_ATTEMPTS, RETRY_AFTER, Commands
from channels.conversation.events import shown
from channels.messenger.output import MessengerOutput
from channels.sms.output import SmsOutput
from channels.sms.sending import SmsSender
from proactive_api.lifecycle.facts import METADATA_KEY
from proactive_api.lifecycle.transcript import transcript
from proactive_api.lifecycle.values import ChannelType, ClosedReason
from proactive_api.storage.queues import commands as queue
from proactive_api.storage.queues import receipts
from proactive_api.storage.queues.commands import Command
from proactive_api.storage.queues.receipts import Receipt
from proactive_api.storage.sql import tables as t
from tests.channels.fakes import DOMAIN, AssistantBroke, Does, House, Lost, busy, database_down, on_both, refused


@pytest.fixture
def commands(house: House) -> Commands:
    return Commands(house.runtime, ChannelType.SMS, partial(SmsOutput, house.runtime, house.carrier))


async def with_human(house: House) -> tuple[str, str]:
    """Somebody whose conversation a human owns: their id, and its."""
    ada = house.person()
    chat_id = await house.open(ada)
    await house.answered(ada)
    await house.hand_over(ada)
    return ada, chat_id


def words(house: House, recipient_id: str, chat_id: str, text: str) -> str:
    return house.ask("human_message", chat_id, house.sender(recipient_id), text=text, name="Bo")


def closing(house: House, recipient_id: str, chat_id: str, reason: str = "force_closed") -> str:
    return house.ask("close", chat_id, house.sender(recipient_id), reason=reason)


async def do_all(house: House, commands: Commands, after: float = 0.0) -> List[Command]:
    """Everything that is due in ``after`` seconds, in the order of its claims."""
    taken = house.take_commands(after)
    for command in taken:
        await commands.do(command)
    return taken


# -- human words ----------------------------------------------------------------------------------


@on_both
async def test_human_words_go_out_and_are_marked_as_human(house: House, commands: Commands) -> None:
    ada, chat_id = await with_human(house)
    asked = words(house, ada, chat_id, "This is Bo.")
    await do_all(house, commands)
    state, said = await house.state(ada), (await house.events(ada))[-1]
    assert house.carrier.bodies == ["This is Bo."] and house.command(asked).status == "done"
    told = {"human_agent": "Bo", "command_id": asked, "sid": "SM1", "literal": [[0, 11]]}
    assert isinstance(said, BotUttered) and said.metadata[METADATA_KEY] == told
    assert state.conversation is not None and state.conversation.human_message_count == 1
    assert state.handoff is not None and not state.handoff.unread
    assert [row.sid for row in house.rows(t.carrier_messages)] == ["SM1"]


@pytest.mark.parametrize("text", ["+ 10%", "> 50 EUR", "_ada_@example.com", "*abc* __x__", "- a\n- b", "# 1\n\n---"])
async def test_what_a_human_types_is_no_markdown(house: House, commands: Commands, text: str) -> None:
    ada, chat_id = await with_human(house)
    words(house, ada, chat_id, text)
    await do_all(house, commands)
    stored = [event.as_dict() for event in await house.events(ada)]
    assert house.carrier.bodies == [text] and transcript(stored, "sms")[-1].text == text


async def test_human_words_that_the_carrier_does_not_take_are_tried_again(house: House, commands: Commands) -> None:
    ada, chat_id = await with_human(house)
    asked = words(house, ada, chat_id, "This is Bo.")
    house.carrier.answers.append(busy())
    before = time.time()
    await do_all(house, commands)
    row = house.command(asked)
    assert (row.status, house.carrier.taken) == ("queued", [])
    assert before + RETRY_AFTER <= row.not_before <= time.time() + RETRY_AFTER
    await do_all(house, commands, after=RETRY_AFTER + 1)
    assert house.carrier.bodies == ["This is Bo."] and house.command(asked).status == "done"


async def test_nothing_overtakes_words_that_the_carrier_did_not_take(house: House, commands: Commands) -> None:
    ada, chat_id = await with_human(house)
    asked = [words(house, ada, chat_id, "One."), words(house, ada, chat_id, "Two."), closing(house, ada, chat_id)]
    house.carrier.answers.append(busy())
    await do_all(house, commands)
    assert house.carrier.taken == [] and (await house.state(ada)).handoff is not None
    assert [house.command(one).status for one in asked] == ["queued"] * 3
    await do_all(house, commands, after=RETRY_AFTER + 1)
    assert house.carrier.bodies == ["One.", "Two.", "Closing for now."]
    assert [house.command(one).status for one in asked] == ["done"] * 3


async def test_words_whose_answer_was_lost_are_said_once(house: House, commands: Commands) -> None:
    ada, chat_id = await with_human(house)
    words(house, ada, chat_id, "This is Bo.")
    house.carrier.answers.append(Lost())
    await do_all(house, commands)
    assert "This is Bo." not in await house.said(ada)
    await do_all(house, commands, after=RETRY_AFTER + 1)
    assert house.carrier.bodies == ["This is Bo."] and (await house.said(ada)).count("This is Bo.") == 1


async def test_the_same_words_twice_are_two_messages(house: House, commands: Commands) -> None:
    ada, chat_id = await with_human(house)
    words(house, ada, chat_id, "Hello?")
    await do_all(house, commands)
    words(house, ada, chat_id, "Hello?")
    house.carrier.answers.append(busy())
    await do_all(house, commands)
    await do_all(house, commands, after=RETRY_AFTER + 1)
    assert house.carrier.bodies == ["Hello?", "Hello?"], "what an earlier command said is not taken for this one"


async def test_refused_words_fail_with_the_carriers_reason(house: House, commands: Commands) -> None:
    ada, chat_id = await with_human(house)
    asked = words(house, ada, chat_id, "This is Bo.")
    house.carrier.answers.append(refused(21610))
    await do_all(house, commands)
    row = house.command(asked)
    assert (row.status, row.error) == ("failed", "The recipient has opted out of messages from this number.")
    assert house.person_row(ada).opted_out_at is not None and "This is Bo." not in await house.said(ada)


@pytest.mark.parametrize(("attempt", "status"), [(MAX_ATTEMPTS - 1, "queued"), (MAX_ATTEMPTS, "failed")])
async def test_a_carrier_that_is_always_busy_is_given_up(
    house: House, commands: Commands, attempt: int, status: str
) -> None:
    ada, chat_id = await with_human(house)
    asked = words(house, ada, chat_id, "This is Bo.")
    with house.engine.begin() as conn:
        conn.execute(sa.update(t.commands).values(attempt=attempt - 1))
    house.carrier.answers.append(busy())
    await do_all(house, commands)
    assert house.command(asked).status == status


async def test_who_opted_out_is_not_written_to_by_humans_either(house: House, commands: Commands) -> None:
    ada, chat_id = await with_human(house)
    asked = words(house, ada, chat_id, "This is Bo.")
    house.set_person(ada, opted_out_at=time.time())
    await do_all(house, commands)
    row = house.command(asked)
    assert row.status == "failed" and "opted out" in row.error and house.carrier.taken == []
    assert "This is Bo." not in await house.said(ada)


async def test_words_for_a_conversation_that_was_given_back_are_not_said(house: House, commands: Commands) -> None:
    ada, chat_id = await with_human(house)
    house.ask("return_to_agent", chat_id, house.sender(ada))
    late = words(house, ada, chat_id, "One more thing.")
    await do_all(house, commands)
    assert house.carrier.bodies == ["The assistant is back."]
    assert house.command(late).error == "The conversation is no longer with a human agent."


async def test_words_for_an_earlier_conversation_are_not_said_in_the_next(house: House, commands: Commands) -> None:
    ada, first = await with_human(house)
    await house.shut(ada)
    await house.open(ada)
    await house.hand_over(ada)
    asked = words(house, ada, first, "About your earlier question.")
    await do_all(house, commands)
    assert house.command(asked).status == "failed" and house.carrier.taken == []


# -- who may do it --------------------------------------------------------------------------------


async def test_a_command_that_somebody_else_holds_is_left_alone(house: House, commands: Commands) -> None:
    ada, chat_id = await with_human(house)
    asked = words(house, ada, chat_id, "This is Bo.")
    (stale,) = house.take_commands()
    (fresh,) = house.take_commands(after=queue.LEASE + 1)
    await commands.do(stale)
    assert house.carrier.taken == [] and house.command(asked).status == "sending"
    await commands.do(fresh)
    await commands.do(fresh)
    assert house.carrier.bodies == ["This is Bo."]


async def test_an_interrupted_command_keeps_its_lease_and_is_done_later(
    house: House, commands: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, chat_id = await with_human(house)
    asked = words(house, ada, chat_id, "This is Bo.")

    async def fail(*_args: Any) -> None:
        raise database_down()

    with monkeypatch.context() as patched:
        patched.setattr(house.store, "append", fail)
        await do_all(house, commands)
    assert house.command(asked).status == "sending" and house.command(asked).lease_until > time.time()
    await do_all(house, commands, after=queue.LEASE + 1)
    assert house.carrier.bodies == ["This is Bo."] and house.command(asked).status == "done"


async def test_only_what_is_claimed_is_loaded_oldest_first(house: House, commands: Commands) -> None:
    ada, chat_id = await with_human(house)
    first, second = words(house, ada, chat_id, "One."), words(house, ada, chat_id, "Two.")
    assert await commands.load([second, first]) == []
    house.take_commands()
    waiting = words(house, ada, chat_id, "Three.")
    assert [command.id for command in await commands.load([waiting, second, first])] == [first, second]


# -- closing --------------------------------------------------------------------------------------


@on_both
async def test_closing_lets_the_assistant_say_its_words_and_begin_the_survey(house: House, commands: Commands) -> None:
    ada = house.person()
    chat_id = await house.open(ada)
    await house.answered(ada)
    asked = closing(house, ada, chat_id)
    await do_all(house, commands)
    conversation = (await house.state(ada)).conversation
    tracker = await house.store.retrieve(house.sender(ada))
    assert house.carrier.bodies == ["Closing for now."] == (await house.said(ada))[-1:]
    assert conversation is not None and conversation.closed_reason is ClosedReason.FORCE_CLOSED
    assert conversation.resolution_time is not None and conversation.id == chat_id
    assert tracker is not None and tracker.get_slot("survey_questions") == ["csat_score"]
    assert tracker.get_slot("survey_wanted") is True and house.command(asked).status == "done"
    assert [row.sid for row in house.rows(t.carrier_messages)] == ["SM1"]


@pytest.mark.parametrize("silent", ["", "  \n"])
async def test_an_empty_closing_message_is_silence_and_no_error(
    house: House, commands: Commands, caplog: pytest.LogCaptureFixture, silent: str
) -> None:
    ada = house.person()
    chat_id = await house.open(ada)
    house.set(sms={"closing_message": silent, "help_message": silent, "consent_message": silent})
    house.assistant.script["EXTERNAL_close"] = ["utter_closing", "utter_ask_csat", Does("ask", ActiveLoop("csat_form"))]
    closing(house, ada, chat_id)
    await do_all(house, commands)
    state = await house.state(ada)
    assert state.survey and house.carrier.bodies == ["How was it, 1 to 5?"]
    assert [record.getMessage() for record in caplog.records if record.levelname in ("WARNING", "ERROR")] == []


class _Sms(OutputChannel):
    @classmethod
    def name(cls) -> str:
        return "sms"


async def test_a_response_without_words_that_nobody_silenced_is_still_an_error(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    ada = house.person()
    house.set(sms={"closing_message": ""})
    tracker = await house.runtime.tracker(house.sender(ada))
    domain = house.assistant.domain
    for response in ("utter_closing", "utter_without_words"):
        action = ActionBotResponse(response)
        assert await action.run(_Sms(), house.runtime.words, tracker, domain) == []
    (error,) = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert "utter_without_words" in error


@pytest.mark.parametrize(("answered", "questions"), [(True, ["resolution", "csat_score"]), (False, [])])
async def test_the_settings_say_which_questions_are_asked(
    house: House, commands: Commands, answered: bool, questions: List[str]
) -> None:
    house.set(sms={"resolution_check_enabled": True, "csat_when_unanswered": False})
    ada = house.person()
    chat_id = await house.open(ada)
    if answered:
        await house.answered(ada)
    closing(house, ada, chat_id)
    await do_all(house, commands)
    tracker = await house.store.retrieve(house.sender(ada))
    assert tracker is not None and tracker.get_slot("survey_questions") == questions
    assert tracker.get_slot("survey_wanted") is bool(questions)


async def test_answers_of_an_earlier_survey_are_gone_when_the_next_begins(house: House, commands: Commands) -> None:
    ada = house.person()
    chat_id = await house.open(ada)
    await house.tell(ada, SlotSet("csat_score", 5.0), SlotSet("csat_comment", "Great"))
    closing(house, ada, chat_id)
    await do_all(house, commands)
    tracker = await house.store.retrieve(house.sender(ada))
    assert tracker is not None and tracker.get_slot("csat_score") is None and tracker.get_slot("csat_comment") is None


async def test_closing_what_is_closed_says_nothing(house: House, commands: Commands) -> None:
    ada = house.person()
    chat_id = await house.open(ada)
    await house.shut(ada, ActiveLoop("csat_form"))
    before = len(await house.events(ada))
    asked = closing(house, ada, chat_id)
    await do_all(house, commands)
    assert len(await house.events(ada)) == before and house.carrier.taken == []
    assert (house.command(asked).status, house.command(asked).error) == ("done", None)


async def test_closing_an_earlier_conversation_leaves_the_open_one_alone(house: House, commands: Commands) -> None:
    ada = house.person()
    first = await house.open(ada)
    second = await house.open(ada)
    asked = closing(house, ada, first)
    await do_all(house, commands)
    conversation = (await house.state(ada)).conversation
    assert conversation is not None and (conversation.id, conversation.is_open) == (second, True)
    assert house.carrier.taken == [] and house.command(asked).status == "done"


async def test_who_opted_out_sees_no_closing_words_and_no_survey(house: House, commands: Commands) -> None:
    ada = house.person()
    chat_id = await house.open(ada)
    await house.answered(ada)
    house.set_person(ada, opted_out_at=time.time())
    asked = closing(house, ada, chat_id)
    await do_all(house, commands)
    conversation, tracker = (await house.state(ada)).conversation, await house.store.retrieve(house.sender(ada))
    assert house.carrier.taken == [] and house.assistant.read == [] and "Closing for now." not in await house.said(ada)
    assert conversation is not None and conversation.closed_reason is ClosedReason.FORCE_CLOSED
    assert tracker is not None and tracker.get_slot("survey_wanted") is False
    assert house.command(asked).status == "done"


@pytest.mark.parametrize(("answered", "bodies"), [(False, ["Sale!"]), (True, ["Sale!", "Closing for now."])])
async def test_an_opening_that_never_arrived_is_closed_in_silence_unless_they_answered(
    house: House, commands: Commands, answered: bool, bodies: List[str]
) -> None:
    ada = house.person()
    claim = house.due(ada)
    await SmsSender(house.runtime, house.carrier).send(claim)
    receipts.record_receipts(house.engine, [Receipt("SM1", "undelivered", 30003, time.time())])
    if answered:
        await house.answered(ada)
    asked = closing(house, ada, claim.chat_id)
    await do_all(house, commands)
    conversation = (await house.state(ada)).conversation
    assert conversation is not None and not conversation.is_open and house.carrier.bodies == bodies
    assert house.command(asked).status == "done"


async def test_the_messenger_closes_with_words_that_wait_for_who_comes(messenger: House) -> None:
    ada = messenger.person(phone_number=None)
    chat_id = await messenger.open(ada)
    await messenger.tell(ada, shown(time.time() - 50, chat_id))
    closing(messenger, ada, chat_id)
    await do_all(messenger, Commands(messenger.runtime, ChannelType.MESSENGER, lambda **_: MessengerOutput()))
    assert (await messenger.said(ada))[-1] == "Closing for now."


@pytest.mark.parametrize(("silence", "closed"), [(10.0, False), (100.0, True)])
async def test_speaking_prevents_an_auto_close(house: House, commands: Commands, silence: float, closed: bool) -> None:
    house.set(sms={"auto_close_timeout": 60.0})
    ada = house.person()
    chat_id = await house.open(ada)  # 100 seconds ago: it is due
    asked = closing(house, ada, chat_id, "auto")
    if silence < 60:
        await house.answered(ada)  # 50 seconds ago
    await do_all(house, commands)
    conversation = (await house.state(ada)).conversation
    assert conversation is not None and conversation.is_open is not closed
    assert house.carrier.bodies == (["Closing for now."] if closed else [])
    assert house.command(asked).status == "done"


async def test_an_assistant_that_breaks_while_closing_closes_without_words(house: House, commands: Commands) -> None:
    ada = house.person()
    chat_id = await house.open(ada)
    house.assistant.script["EXTERNAL_close"] = [AssistantBroke("no rule")]
    asked = closing(house, ada, chat_id)
    await do_all(house, commands)
    conversation = (await house.state(ada)).conversation
    assert conversation is not None and not conversation.is_open and house.command(asked).status == "done"
    assert await house.said(ada) == ["Sale!"]


async def test_an_assistant_that_knows_no_closing_closes_in_silence(house: House, commands: Commands) -> None:
    ada = house.person()
    chat_id = await house.open(ada)
    house.runtime.agent.domain = Domain.from_dict({**DOMAIN, "intents": ["say", "greet"]})
    closing(house, ada, chat_id)
    await do_all(house, commands)
    conversation = (await house.state(ada)).conversation
    assert conversation is not None and not conversation.is_open
    assert house.carrier.taken == [] and await house.said(ada) == ["Sale!"]


async def test_closing_words_that_the_carrier_does_not_take_do_not_keep_it_open(
    house: House, commands: Commands
) -> None:
    ada = house.person()
    chat_id = await house.open(ada)
    house.carrier.answers.append(busy())
    asked = closing(house, ada, chat_id)
    await do_all(house, commands)
    conversation = (await house.state(ada)).conversation
    assert conversation is not None and not conversation.is_open and house.command(asked).status == "done"


async def test_a_human_who_closes_resolves_the_ticket_and_the_assistant_asks_for_the_rating(
    house: House, commands: Commands
) -> None:
    ada, chat_id = await with_human(house)
    house.assistant.script["EXTERNAL_close"] = ["utter_closing", "utter_ask_csat", Does("ask", ActiveLoop("csat_form"))]
    closing(house, ada, chat_id, "by_human_agent")
    await do_all(house, commands)
    state, tracker = await house.state(ada), await house.store.retrieve(house.sender(ada))
    assert [row.status for row in house.rows(t.handoffs)] == ["resolved"]
    assert state.handoff is None and state.survey and tracker is not None and not tracker.is_paused()
    assert house.carrier.bodies == ["Closing for now.", "How was it, 1 to 5?"]


# -- giving back ----------------------------------------------------------------------------------


async def test_a_conversation_that_is_given_back_is_the_assistants_again(house: House, commands: Commands) -> None:
    ada, chat_id = await with_human(house)
    asked = house.ask("return_to_agent", chat_id, house.sender(ada))
    await do_all(house, commands)
    state, tracker = await house.state(ada), await house.store.retrieve(house.sender(ada))
    assert house.carrier.bodies == ["The assistant is back."] == (await house.said(ada))[-1:]
    assert state.handoff is None and state.conversation is not None and state.conversation.is_open
    assert tracker is not None and not tracker.is_paused() and tracker.latest_action_name == "action_listen"
    assert tracker.get_slot("handoff_reason") is None
    assert [row.status for row in house.rows(t.handoffs)] == ["returned"] and house.command(asked).status == "done"


async def test_giving_back_does_not_depend_on_the_carrier(house: House, commands: Commands) -> None:
    ada, chat_id = await with_human(house)
    asked = house.ask("return_to_agent", chat_id, house.sender(ada))
    house.carrier.answers.append(busy())
    await do_all(house, commands)
    assert (await house.state(ada)).handoff is None and house.command(asked).status == "done"
    assert "The assistant is back." not in await house.said(ada)


async def test_what_no_human_owns_cannot_be_given_back(house: House, commands: Commands) -> None:
    ada = house.person()
    chat_id = await house.open(ada)
    before = len(await house.events(ada))
    asked = house.ask("return_to_agent", chat_id, house.sender(ada))
    await do_all(house, commands)
    assert len(await house.events(ada)) == before and house.carrier.taken == []
    assert house.command(asked).status == "done"
