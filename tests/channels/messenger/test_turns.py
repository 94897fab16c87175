"""What people write in the messenger: STOP and its like, messages without words; then the assistant."""

from __future__ import annotations

from typing import Any, List, Tuple, cast

import pytest
from rasa.shared.core.events import ActiveLoop, SlotSet

from channels.conversation.connector import Connector
from channels.messenger.display import Display
from channels.messenger.turns import MessengerTurns
from proactive_api.lifecycle.values import ClosedReason, ResponseStatus, SuggestedReply
from proactive_api.storage.people import consent
from proactive_api.storage.queues.inbound import Inbound
from proactive_api.storage.sql import tables as t
from tests.channels.fakes import House, on_both


class NobodyWatches:
    """A display without widgets."""

    async def typing(self, _sender_id: str, _on: bool) -> None:
        """Nobody sees it."""


@pytest.fixture
def turns(messenger: House) -> MessengerTurns:
    return MessengerTurns(messenger.runtime, cast(Display, NobodyWatches()))


def consents(house: House, recipient_id: str) -> List[Tuple[str, str]]:
    with house.engine.connect() as conn:
        return [(one.kind, one.by) for one in consent.history(conn, recipient_id)]


@on_both
@pytest.mark.parametrize("text", ["STOP", "stop please", "take me off your list", "no me manden más mensajes"])
async def test_stop_opts_out_here_too_and_is_confirmed(messenger: House, turns: MessengerTurns, text: str) -> None:
    ada = messenger.person()
    await messenger.open(ada)
    await turns.run(messenger.wrote("m1", ada, text=text))
    conversation = (await messenger.state(ada)).conversation
    assert messenger.person_row(ada).opted_out_at is not None and consents(messenger, ada) == [
        ("opted_out", "recipient")
    ]
    assert conversation is not None and conversation.closed_reason is ClosedReason.OPTED_OUT
    assert conversation.response_status is ResponseStatus.NOT_RESPONDED
    assert await messenger.said(ada) == ["Sale!", text, "You will not hear from us."]
    assert messenger.assistant.read == [] and messenger.message("m1").done_at is not None


async def test_who_opted_out_is_answered_when_they_write_and_opts_in_with_start(
    messenger: House, turns: MessengerTurns
) -> None:
    ada = messenger.person()
    await turns.run(messenger.wrote("m1", ada, text="STOP"))
    await turns.run(messenger.wrote("m2", ada, text="greet"))
    await turns.run(messenger.wrote("m3", ada, text="yes"))
    assert messenger.assistant.read == ["greet", "yes"] and messenger.person_row(ada).opted_out_at is not None
    await turns.run(messenger.wrote("m4", ada, text="Start!"))
    assert messenger.person_row(ada).opted_out_at is None
    assert (await messenger.said(ada))[-1] == "You will hear from us again."


async def test_start_is_an_ordinary_word_for_others(messenger: House, turns: MessengerTurns) -> None:
    ada = messenger.person(consent=None)
    await turns.run(messenger.wrote("m1", ada, text="start"))
    assert messenger.assistant.read == ["start"] and messenger.person_row(ada).consent is None


async def test_help_is_answered_unless_a_human_listens(messenger: House, turns: MessengerTurns) -> None:
    ada, bob = messenger.person(), messenger.person(phone_number="+14155550178")
    await turns.run(messenger.wrote("m1", ada, text="Help please"))
    assert (await messenger.said(ada))[-1] == "Ask us anything."
    await messenger.open(bob)
    await messenger.hand_over(bob)
    await turns.run(messenger.wrote("m2", bob, text="help"))
    assert await messenger.said(bob) == ["Sale!", "help"]


@pytest.mark.parametrize(
    ("reply", "tapped", "stops"),
    [
        (SuggestedReply("Cancel"), "Cancel", False),
        (SuggestedReply("End"), "End", False),
        (SuggestedReply("Remove", payload="/greet"), "/greet", False),
        (SuggestedReply("Help"), "Help", False),
        (SuggestedReply("Stop"), "Stop", True),
        (SuggestedReply("Unsubscribe"), "Unsubscribe", True),
    ],
)
async def test_buttons(
    messenger: House, turns: MessengerTurns, reply: SuggestedReply, tapped: str, stops: bool
) -> None:
    ada = messenger.person()
    await messenger.open(ada, [reply])
    await turns.run(messenger.wrote("m1", ada, text=tapped))
    assert (messenger.person_row(ada).opted_out_at is not None) is stops
    assert messenger.assistant.read == ([] if stops else [tapped])


async def test_stop_ends_the_survey(messenger: House, turns: MessengerTurns) -> None:
    ada = messenger.person()
    await messenger.open(ada)
    await messenger.shut(ada, ActiveLoop("csat_form"), SlotSet("requested_slot", "csat_comment"))
    await turns.run(messenger.wrote("m1", ada, text="stop messaging me", survey="csat_comment"))
    assert not (await messenger.state(ada)).survey and messenger.person_row(ada).opted_out_at is not None


async def test_a_message_with_nothing_to_see_is_no_turn(messenger: House, turns: MessengerTurns) -> None:
    ada = messenger.person()
    await messenger.open(ada)
    await turns.run(messenger.wrote("m1", ada, text="\u200b"))
    assert messenger.assistant.read == [] and (await messenger.state(ada)).handoff is None
    assert (await messenger.said(ada))[-1] == "There was nothing in it."


@on_both
async def test_what_no_database_holds_is_left_out_at_the_door(messenger: House, turns: MessengerTurns) -> None:
    ada = messenger.person()
    connector = Connector(messenger.runtime, messenger.channel, *cast(Any, (None, None, turns)))
    payload = {"text": "a\x00b \ud83d\ude00 \ud83d", "title": "t\x07", "custom": {"k": ["\x00"]}}
    message = Inbound("m1", ada, payload, 1.0, 1, messenger.channel.value)
    assert await connector.receive(message) and not await connector.receive(message)
    (row,) = messenger.rows(t.inbound_messages)
    assert row.payload == '{"text": "ab \\ud83d\\ude00 \\ufffd", "title": "t", "custom": {"k": [""]}}'
