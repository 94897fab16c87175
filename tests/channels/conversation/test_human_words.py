"""A human agent sees what became of each of their messages, also of those that were never sent."""

from __future__ import annotations

import time
from functools import partial
from typing import Any, List

import pytest

from channels.conversation.commands import MAX_ATTEMPTS, RETRY_AFTER, Commands
from channels.messenger.output import MessengerOutput
from channels.sms.output import SmsOutput
from proactive_api.lifecycle.transcript import Entry
from proactive_api.lifecycle.values import ChannelType
from proactive_api.operations import handoff
from proactive_api.operations.errors import Conflict, NotFound
from proactive_api.operations.handoff import Agent
from proactive_api.storage import housekeeping
from proactive_api.storage.conversations import seen
from proactive_api.storage.conversations.spoken import spoken
from proactive_api.storage.queues.receipts import Receipt, record_receipts
from proactive_api.storage.sql import tables as t
from tests.channels.fakes import House, busy, no_answer, on_both, refused

BO, CY = Agent("user-bo", "Bo", True), Agent("user-cy", "Cy", True)


@pytest.fixture
def commands(house: House) -> Commands:
    return Commands(house.runtime, ChannelType.SMS, partial(SmsOutput, house.runtime, house.carrier))


async def with_human(house: House) -> tuple[str, str, str]:
    """Somebody whose conversation a human owns: their id, its, and the ticket's."""
    ada = house.person()
    chat_id = await house.open(ada)
    await house.answered(ada)
    await house.hand_over(ada)
    (ticket,) = house.rows(t.handoffs)
    return ada, chat_id, ticket.id


def say(house: House, ticket: str, text: str = "This is Bo.") -> None:
    with house.engine.begin() as conn:
        handoff.say(conn, ticket, BO, text, time.time())


def retry(house: House, ticket: str, message_id: str, agent: Agent = BO) -> None:
    with house.engine.begin() as conn:
        handoff.retry(conn, ticket, message_id, agent, time.time())


async def do_all(house: House, commands: Commands, after: float = 0.0) -> None:
    for command in house.take_commands(after):
        await commands.do(command)


def by_human(house: House, chat_id: str) -> List[Entry]:
    with house.engine.connect() as conn:
        return [one.entry for one in spoken(conn, chat_id, house.channel.value) if one.entry.sender == "human_agent"]


def state(entry: Entry) -> Any:
    return entry.delivery.value if entry.delivery else None


@on_both
async def test_words_are_shown_while_they_wait_and_when_they_are_sent(house: House, commands: Commands) -> None:
    _, chat_id, ticket = await with_human(house)
    say(house, ticket)
    (waiting,) = by_human(house, chat_id)
    assert (waiting.text, waiting.name, state(waiting), waiting.error) == ("This is Bo.", "Bo", "sending", None)
    await do_all(house, commands)
    (sent,) = by_human(house, chat_id)
    assert (sent.id, sent.text, state(sent)) == (waiting.id, "This is Bo.", "sent")


async def test_receipts_tell_how_far_they_got(house: House, commands: Commands) -> None:
    _, chat_id, ticket = await with_human(house)
    say(house, ticket, "One.")
    say(house, ticket, "Two.")
    await do_all(house, commands)
    record_receipts(house.engine, [Receipt("SM1", "delivered", None, time.time())])
    record_receipts(house.engine, [Receipt("SM2", "undelivered", 30003, time.time(), sentence="…")])
    one, two = by_human(house, chat_id)
    assert (state(one), one.error) == ("delivered", None)
    assert (state(two), two.error_code, two.can_retry) == ("failed", 30003, False)
    assert two.error is not None and "phone" in two.error


@on_both
async def test_words_that_the_carrier_refuses_stay_with_their_reason(house: House, commands: Commands) -> None:
    _, chat_id, ticket = await with_human(house)
    say(house, ticket)
    house.carrier.answers.append(refused(21610))
    await do_all(house, commands)
    (failed,) = by_human(house, chat_id)
    assert (failed.text, state(failed), failed.error_code) == ("This is Bo.", "failed", 21610)
    assert failed.error == "The recipient has opted out of messages from this number." and not failed.can_retry
    with house.engine.begin() as conn:
        housekeeping.tidy(conn, time.time() + 400 * 86400)
    assert [one.text for one in by_human(house, chat_id)] == ["This is Bo."], "a part of the transcript, for good"


async def test_who_opted_out_in_the_meantime_is_named_as_the_reason(house: House, commands: Commands) -> None:
    ada, chat_id, ticket = await with_human(house)
    say(house, ticket)
    house.set_person(ada, opted_out_at=time.time())
    await do_all(house, commands)
    assert [one.error for one in by_human(house, chat_id)] == ["The recipient has opted out of messages."]
    house.set_person(ada, opted_out_at=None, phone_number=None)
    say(house, ticket, "And now?")
    await do_all(house, commands)
    assert by_human(house, chat_id)[1].error == "The recipient has no phone number."


async def test_words_that_failed_for_a_while_are_sent_by_another_try(house: House, commands: Commands) -> None:
    _, chat_id, ticket = await with_human(house)
    say(house, ticket, "One.")
    house.carrier.answers.extend([busy()] * MAX_ATTEMPTS)
    for number in range(MAX_ATTEMPTS):
        await do_all(house, commands, after=number * (RETRY_AFTER + 1))
    say(house, ticket, "Two.")
    await do_all(house, commands)
    one, two = by_human(house, chat_id)
    assert (state(one), one.can_retry, state(two)) == ("failed", True, "sent")
    retry(house, ticket, str(one.id))
    assert [(e.text, state(e)) for e in by_human(house, chat_id)] == [("Two.", "sent"), ("One.", "sending")]
    await do_all(house, commands)
    assert [(e.text, state(e)) for e in by_human(house, chat_id)] == [("Two.", "sent"), ("One.", "sent")]
    assert house.carrier.bodies == ["Two.", "One."]


async def test_another_try_does_not_say_twice_what_the_carrier_had(house: House, commands: Commands) -> None:
    ada, chat_id, ticket = await with_human(house)
    say(house, ticket)
    house.carrier.cannot_look = no_answer()
    house.carrier.answers.append(no_answer())
    for number in range(MAX_ATTEMPTS):
        await do_all(house, commands, after=number * (RETRY_AFTER + 1))
    house.carrier.cannot_look = None
    house.carrier.take(house.person_row(ada).phone_number, "This is Bo.")  # it had taken it, and nobody heard
    (failed,) = by_human(house, chat_id)
    retry(house, ticket, str(failed.id))
    await do_all(house, commands)
    assert [state(one) for one in by_human(house, chat_id)] == ["sent"] and len(house.carrier.taken) == 1


async def test_only_what_failed_is_tried_again_and_by_whoever_has_the_ticket(house: House, commands: Commands) -> None:
    _, chat_id, ticket = await with_human(house)
    say(house, ticket)
    (waiting,) = by_human(house, chat_id)
    with pytest.raises(Conflict, match="being sent"):
        retry(house, ticket, str(waiting.id))
    house.carrier.answers.append(refused(30001))
    await do_all(house, commands)
    with pytest.raises(Conflict, match="assigned to Bo"):
        retry(house, ticket, str(waiting.id), CY)
    retry(house, ticket, str(waiting.id))
    await do_all(house, commands)
    with pytest.raises(NotFound):
        retry(house, ticket, str(waiting.id))
    assert house.carrier.bodies == ["This is Bo."]


async def test_a_ticket_that_is_over_has_nothing_to_try_again(house: House, commands: Commands) -> None:
    ada, chat_id, ticket = await with_human(house)
    say(house, ticket)
    await house.shut(ada)
    await do_all(house, commands)
    (failed,) = by_human(house, chat_id)
    assert (state(failed), failed.can_retry) == ("failed", False)
    with pytest.raises(Conflict, match="already closed"):
        retry(house, ticket, str(failed.id))


async def test_in_the_messenger_delivered_is_shown(messenger: House) -> None:
    commands = Commands(messenger.runtime, ChannelType.MESSENGER, lambda **_kinds: MessengerOutput())
    ada, chat_id, ticket = await with_human(messenger)
    say(messenger, ticket)
    await do_all(messenger, commands)
    assert [state(one) for one in by_human(messenger, chat_id)] == ["sent"]
    last = max(row.id for row in messenger.rows(t.events))
    with messenger.engine.begin() as conn:
        seen.move_cursor(conn, messenger.sender(ada), time.time(), shown=last)
    assert [state(one) for one in by_human(messenger, chat_id)] == ["delivered"]
