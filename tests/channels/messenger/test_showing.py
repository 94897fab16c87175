"""What a person was shown, in the messenger: when its clock starts, and what is said and asked at the end."""

from __future__ import annotations

import asyncio
import time
from typing import Any, List, Tuple

import pytest
from rasa.shared.core.events import BotUttered

from channels.conversation import events
from channels.conversation.commands import Commands
from channels.messenger.display import Display
from channels.messenger.output import MessengerOutput
from channels.messenger.sending import MessengerSender
from channels.messenger.turns import MessengerTurns
from proactive_api.lifecycle.facts import Policy
from proactive_api.lifecycle.values import ChannelType, ClosedReason, IfActive, ResponseStatus, SuggestedReply
from proactive_api.storage.conversations import seen
from proactive_api.storage.conversations.rebuild import rebuild
from proactive_api.storage.sql import tables as t
from tests.channels.fakes import House, on_both

WEEK = 604800.0


class Wire:
    """A Socket.IO server with nobody at the other end."""

    def __init__(self) -> None:
        self.emitted: List[Tuple[str, Any]] = []

    async def emit(self, name: str, data: Any, **_to: Any) -> None:
        """Keep what would be shown."""
        self.emitted.append((name, data))


@pytest.fixture
def display(messenger: House) -> Display:
    return Display(Wire(), messenger.runtime)  # type: ignore[arg-type]


@pytest.fixture
def turns(messenger: House, display: Display) -> MessengerTurns:
    return MessengerTurns(messenger.runtime, display)


@pytest.fixture
def commands(messenger: House) -> Commands:
    return Commands(messenger.runtime, ChannelType.MESSENGER, lambda **_: MessengerOutput())


async def sent(house: House, ada: str, words: str = "Sale!", **fields: Any) -> str:
    claim = house.due(ada, words, **fields)
    await MessengerSender(house.runtime).send(claim)
    assert house.chat(claim.chat_id).delivery_status in ("sent", "delivered")
    return claim.chat_id


def last_id(house: House) -> int:
    return max(int(row.id) for row in house.rows(t.events) if row.type_name == "bot")


async def at_rest() -> None:
    """What runs in the background has ended."""
    while others := [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]:
        await asyncio.wait(others)


async def sees(house: House, display: Display, ada: str) -> None:
    """The person's open widget says that everything is on its screen."""
    await display.read_on(house.sender(ada), shown=last_id(house))
    await at_rest()


async def closes_in(house: House, ada: str) -> float:
    conversation = (await house.state(ada)).conversation
    assert conversation is not None and conversation.auto_close_at is not None
    return conversation.auto_close_at - time.time()


async def closed_by(house: House, commands: Commands, ada: str, reason: str = "force_closed") -> List[str]:
    """What the business said in all, once its conversation is closed."""
    conversation = (await house.state(ada)).conversation
    assert conversation is not None
    house.ask("close", conversation.id, house.sender(ada), reason=reason)
    for command in house.take_commands():
        await commands.do(command)
    closed = (await house.state(ada)).conversation
    assert closed is not None and closed.closed_reason is ClosedReason(reason)
    return [str(event.text) for event in await house.events(ada) if isinstance(event, BotUttered)]


@on_both
async def test_the_clock_starts_when_the_message_is_shown(messenger: House, display: Display) -> None:
    ada = messenger.person()
    chat = await sent(messenger, ada)
    assert await closes_in(messenger, ada) == pytest.approx(WEEK, abs=20)
    await sees(messenger, display, ada)
    assert await closes_in(messenger, ada) == pytest.approx(600, abs=20)
    assert messenger.chat(chat).delivery_status == "delivered"
    before = len(await messenger.events(ada))
    await display.read_on(messenger.sender(ada), read=last_id(messenger))
    await at_rest()
    assert len(await messenger.events(ada)) == before, "seeing it again is no news"
    assert rebuild(messenger.engine).differences == []


async def test_a_widget_that_cannot_say_what_it_showed_shows_it_by_being_there(
    messenger: House, display: Display
) -> None:
    ada, ben = messenger.person(), messenger.person(phone_number=None)
    await display.plain_came("socket", messenger.sender(ada))
    await sent(messenger, ada)
    await at_rest()
    assert await closes_in(messenger, ada) == pytest.approx(600, abs=20)
    await sent(messenger, ben)
    await display.catch_up("other", messenger.sender(ben))
    await at_rest()
    assert await closes_in(messenger, ben) == pytest.approx(600, abs=20)
    assert rebuild(messenger.engine).differences == []


async def test_what_a_server_that_died_did_not_write_down_is_told_again(messenger: House, display: Display) -> None:
    ada = messenger.person()
    await sent(messenger, ada)
    said = last_id(messenger)
    with messenger.engine.begin() as conn:  # the cursor moved, and then it died
        seen.move_cursor(conn, messenger.sender(ada), time.time(), shown=said)
    assert await closes_in(messenger, ada) == pytest.approx(WEEK, abs=20)
    await sees(messenger, display, ada)
    assert await closes_in(messenger, ada) == pytest.approx(600, abs=20)


async def test_the_setting_says_how_long_it_waits(messenger: House) -> None:
    messenger.set(messenger={"unseen_timeout": 90.0})
    ada = messenger.person()
    await sent(messenger, ada)
    assert await closes_in(messenger, ada) == pytest.approx(90, abs=20)


async def test_a_chat_said_in_an_open_conversation_waits_to_be_seen_too(messenger: House, display: Display) -> None:
    ada = messenger.person()
    await sent(messenger, ada)
    await sees(messenger, display, ada)
    await sent(messenger, ada, "One more thing", if_active=IfActive.APPEND)
    assert await closes_in(messenger, ada) == pytest.approx(WEEK, abs=20)
    await sees(messenger, display, ada)
    assert await closes_in(messenger, ada) == pytest.approx(600, abs=20)


@pytest.mark.parametrize("reason", [reason.value for reason in ClosedReason if reason is not ClosedReason.AUTO])
async def test_what_nobody_saw_closes_without_words_and_without_survey(
    messenger: House, commands: Commands, reason: str
) -> None:
    ada = messenger.person()
    await sent(messenger, ada)
    assert await closed_by(messenger, commands, ada, reason) == ["Sale!"]
    tracker = await messenger.store.retrieve(messenger.sender(ada))
    assert tracker is not None and tracker.get_slot("survey_wanted") is False


async def test_what_was_seen_closes_with_words_and_asks(messenger: House, commands: Commands, display: Display) -> None:
    ada = messenger.person()
    await sent(messenger, ada)
    await sees(messenger, display, ada)
    assert await closed_by(messenger, commands, ada) == ["Sale!", "Closing for now."]
    tracker = await messenger.store.retrieve(messenger.sender(ada))
    assert tracker is not None and tracker.get_slot("survey_wanted") is True


async def test_who_wrote_and_left_before_the_answer_is_not_asked(
    messenger: House, commands: Commands, display: Display, turns: MessengerTurns
) -> None:
    ada, ben = messenger.person(), messenger.person(phone_number=None)
    for one in (ada, ben):
        await turns.run(messenger.wrote(f"m-{one}", one, text="greet"))
    await sees(messenger, display, ben)
    assert await closed_by(messenger, commands, ada) == ["Hello!"]
    assert await closed_by(messenger, commands, ben) == ["Hello!", "Closing for now."]
    assert rebuild(messenger.engine).differences == []


async def test_a_week_of_absence_ends_in_silence(messenger: House, commands: Commands, display: Display) -> None:
    messenger.set(messenger={"unseen_timeout": 0.1})
    ada = messenger.person()
    await sent(messenger, ada)
    await sees(messenger, display, ada)
    await sent(messenger, ada, "One more thing", if_active=IfActive.APPEND)
    conversation = (await messenger.state(ada)).conversation
    assert conversation is not None and conversation.auto_close_at is not None
    await asyncio.sleep(max(0.0, conversation.auto_close_at - time.time()))
    assert await closed_by(messenger, commands, ada, "auto") == ["Sale!", "One more thing"]


@on_both
async def test_a_reply_that_it_suggested_counts_after_it_closed(
    messenger: House, commands: Commands, turns: MessengerTurns
) -> None:
    ada = messenger.person()
    chat = await sent(messenger, ada, suggested_replies=(SuggestedReply("Yes", payload="/greet"),))
    await closed_by(messenger, commands, ada)
    await turns.run(messenger.wrote("m1", ada, text="/greet", title="Yes"))
    (closed,) = [row for row in messenger.rows(t.conversations) if row.id == chat]
    assert (closed.response_status, closed.status) == (ResponseStatus.RESPONDED.value, "closed")
    assert (await messenger.said(ada))[-1] == "Hello!"
    assert rebuild(messenger.engine).differences == []


@pytest.mark.parametrize("newer", ["chat", "words"])
async def test_it_does_not_count_once_something_newer_was_said(
    messenger: House, commands: Commands, turns: MessengerTurns, newer: str
) -> None:
    ada = messenger.person()
    chat = await sent(messenger, ada, suggested_replies=(SuggestedReply("Yes"),))
    await closed_by(messenger, commands, ada)
    if newer == "chat":
        await sent(messenger, ada, "Another sale!")
    else:
        await turns.run(messenger.wrote("m0", ada, text="something else"))
    await turns.run(messenger.wrote("m1", ada, text="Yes", title="Yes"))
    (closed,) = [row for row in messenger.rows(t.conversations) if row.id == chat]
    assert closed.response_status == ResponseStatus.NOT_RESPONDED.value


async def test_other_words_after_closing_do_not_count_for_it(
    messenger: House, commands: Commands, turns: MessengerTurns
) -> None:
    ada = messenger.person()
    chat = await sent(messenger, ada, suggested_replies=(SuggestedReply("Yes"),))
    await closed_by(messenger, commands, ada)
    await turns.run(messenger.wrote("m1", ada, text="what is this?"))
    (closed,) = [row for row in messenger.rows(t.conversations) if row.id == chat]
    assert (closed.response_status, closed.late_response) == (ResponseStatus.NOT_RESPONDED.value, True)


async def test_conversations_of_before_go_on_as_they_were(messenger: House, commands: Commands) -> None:
    ada, at = messenger.person(), time.time()
    opening = events.opening(at, "old", None, "messenger", Policy(600.0, 86400.0, 86400.0))
    said = events.words(at, "Sale!", {"chat_id": "old"}, [SuggestedReply("Yes")], events.OPENING_ACTION)
    await messenger.tell(ada, *opening, *said, events.listen(at))
    assert await closes_in(messenger, ada) == pytest.approx(600, abs=20)
    assert await closed_by(messenger, commands, ada) == ["Sale!", "Closing for now."]
    heard = events.heard(time.time(), "Yes", "m1", "messenger", {"suggested_reply": "Yes"})
    await messenger.tell(ada, heard)
    (closed,) = [row for row in messenger.rows(t.conversations) if row.id == "old"]
    assert (closed.response_status, closed.late_response) == (ResponseStatus.NOT_RESPONDED.value, True)
    assert rebuild(messenger.engine).differences == []
