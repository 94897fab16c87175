"""From a claimed row to words in a conversation: who may send it, what is asked again, and what is written."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from typing import Any, List, Optional

import pytest
import sqlalchemy as sa
from rasa.shared.core.events import SessionStarted

from channels.conversation.sending import Sender, claims_from
from proactive_api.lifecycle.figures import Conversation
from proactive_api.lifecycle.values import IfActive, SuggestedReply
from proactive_api.operations.sending_rules import claim_due
from proactive_api.storage.queues import outcomes
from proactive_api.storage.queues.outcomes import Posted
from proactive_api.storage.queues.sends import Claim, Send
from proactive_api.storage.sql import tables as t
from tests.channels.fakes import House, database_down, on_both


class Plain(Sender):
    """A channel that says what it must at once, and waits where a test wants it to."""

    def __init__(self, house: House, at_once: int = 10) -> None:
        super().__init__(house.runtime, house.channel, at_once)
        self.said: List[str] = []
        self.doubts: List[bool] = []
        self.begun, self.gate = asyncio.Event(), asyncio.Event()
        self.gate.set()
        self.inside = self.most_inside = 0
        self.breaks: Optional[Exception] = None

    async def say(self, send: Send, active: Optional[Conversation], in_doubt: bool) -> None:
        self.doubts.append(in_doubt)
        if not await self.may_go_out(send, active):
            return
        self.said.append(send.id)
        self.begun.set()
        await self.gate.wait()
        if self.breaks is not None:
            raise self.breaks
        at = time.time()
        conversation = active.id if active else send.id
        self.inside += 1
        self.most_inside = max(self.most_inside, self.inside)
        await self.write_said(send, active, {"sid": "SM1"}, Posted(send.id, conversation, at), at=at)
        self.inside -= 1


@pytest.fixture
def sender(house: House) -> Plain:
    return Plain(house)


# -- who may send it ------------------------------------------------------------------------------


@on_both
async def test_a_send_that_somebody_else_holds_is_left_alone(house: House, sender: Plain) -> None:
    stale = house.due(house.person())
    house.asked(stale.chat_id)
    fresh = house.claim_again(stale.chat_id)
    await sender.send(stale)
    assert sender.said == [] and house.chat(stale.chat_id).delivery_status == "sending"
    await sender.send(fresh)
    assert sender.said == [stale.chat_id] and sender.doubts == [True]


@pytest.mark.parametrize("status", ["queued", "sent", "skipped", "failed"])
async def test_a_send_that_is_not_being_sent_any_more_is_left_alone(house: House, sender: Plain, status: str) -> None:
    claim = house.due(house.person())
    with house.engine.begin() as conn:
        conn.execute(sa.update(t.proactive_chats).values(delivery_status=status))
    await sender.send(claim)
    assert sender.said == [] and house.chat(claim.chat_id).delivery_status == status


async def test_the_row_is_read_when_the_conversation_is_free_not_before(house: House, sender: Plain) -> None:
    ada = house.person()
    claim = house.due(ada)
    async with house.runtime.agent.lock_store.lock(house.sender(ada)):
        sending = asyncio.ensure_future(sender.send(claim))
        await asyncio.sleep(0)
        with house.engine.begin() as conn:
            outcomes.mark_skipped(conn, claim.chat_id, "cancelled")
    await sending
    assert sender.said == [] and house.chat(claim.chat_id).skip_reason == "cancelled"


async def test_what_breaks_keeps_its_lease_and_hurts_nobody(house: House, sender: Plain) -> None:
    ada = house.person()
    claim = house.due(ada)
    sender.breaks = database_down()
    await sender.send(claim)
    chat = house.chat(claim.chat_id)
    assert (chat.delivery_status, chat.attempt) == ("sending", 1) and chat.lease_until > time.time()
    assert await house.events(ada) == [] and sender.under_way == set()
    sender.breaks = None
    house.asked(claim.chat_id)
    await sender.send(house.claim_again(claim.chat_id))
    assert house.chat(claim.chat_id).delivery_status == "sent" and sender.doubts == [False, True]


async def test_a_send_that_is_gone_does_not_stop_those_beside_it(house: House, sender: Plain) -> None:
    claim = house.due(house.person())
    await asyncio.gather(sender.send(Claim("gone", "sms.gone", 1, False)), sender.send(claim))
    assert sender.said == [claim.chat_id]


async def test_what_is_under_way_is_known_so_that_its_lease_is_renewed(house: House, sender: Plain) -> None:
    claim = house.due(house.person())
    sender.gate.clear()
    sending = asyncio.ensure_future(sender.send(claim))
    await sender.begun.wait()
    assert sender.under_way == {claim.chat_id}
    sender.gate.set()
    await sending
    assert sender.under_way == set()


async def test_no_more_are_sent_at_once_than_there_are_places(house: House) -> None:
    sender = Plain(house, at_once=2)
    people = [house.person(phone_number=f"+1415555010{n}") for n in range(6)]
    chats = [house.accept(one) for one in people]
    with house.engine.begin() as conn:
        claims = claim_due(conn, time.time(), 10)["sms"]
    await asyncio.gather(*(sender.send(claim) for claim in claims))
    assert sender.most_inside == 2 and sorted(sender.said) == sorted(chats)


# -- what is asked again under the lock -----------------------------------------------------------


async def test_who_opts_out_between_claim_and_lock_gets_nothing(house: House, sender: Plain) -> None:
    ada = house.person()
    claim = house.due(ada)
    house.set_person(ada, opted_out_at=time.time())
    await sender.send(claim)
    chat = house.chat(claim.chat_id)
    assert (chat.delivery_status, chat.skip_reason, chat.lease_until) == ("skipped", "opted_out", None)
    assert await house.events(ada) == []


async def test_a_consent_that_was_taken_back_between_claim_and_lock_counts(house: House, sender: Plain) -> None:
    ada = house.person()
    claim = house.due(ada)
    house.set_person(ada, consent=False)
    await sender.send(claim)
    assert house.chat(claim.chat_id).skip_reason == "opted_out" and sender.said == []


async def test_a_number_that_was_taken_away_between_claim_and_lock_is_not_written_to(
    house: House, sender: Plain
) -> None:
    ada = house.person()
    claim = house.due(ada)
    house.set_person(ada, phone_number=None)
    await sender.send(claim)
    assert house.chat(claim.chat_id).skip_reason == "no_phone_number" and sender.said == []


async def test_a_conversation_that_opened_meanwhile_makes_a_send_be_skipped(house: House, sender: Plain) -> None:
    ada = house.person()
    claim = house.due(ada, if_active=IfActive.SKIP)
    open_id = await house.open(ada)
    await sender.send(claim)
    state, chat = await house.state(ada), house.chat(claim.chat_id)
    assert (chat.delivery_status, chat.skip_reason) == ("skipped", "conversation_open")
    assert state.conversation is not None and (state.conversation.id, state.conversation.is_open) == (open_id, True)


async def test_a_send_that_may_wait_goes_out_when_the_conversation_closes(house: House, sender: Plain) -> None:
    ada = house.person()
    claim = house.due(ada, if_active=IfActive.QUEUE)
    await house.open(ada)
    before = time.time()
    await sender.send(claim)
    chat = house.chat(claim.chat_id)
    assert (chat.delivery_status, chat.wait_reason, chat.claimed_at) == ("queued", "open_conversation", None)
    assert chat.not_before >= before + 59, "it is not asked again and again"
    await house.shut(ada)
    await sender.send(house.claim(claim.chat_id))
    state = await house.state(ada)
    assert state.conversation is not None and state.conversation.id == claim.chat_id


async def test_words_that_are_appended_belong_to_the_open_conversation(house: House, sender: Plain) -> None:
    ada = house.person()
    claim = house.due(ada, "And free shipping.", if_active=IfActive.APPEND)
    open_id = await house.open(ada)
    await sender.send(claim)
    state, events = await house.state(ada), await house.events(ada)
    assert state.conversation is not None and (state.conversation.id, state.conversation.is_open) == (open_id, True)
    assert await house.said(ada) == ["Sale!", "And free shipping."] and state.conversation.agent_message_count == 2
    assert sum(isinstance(event, SessionStarted) for event in events) == 1
    assert house.chat(claim.chat_id).conversation_id == open_id


async def test_a_closed_conversation_is_in_nobodys_way(house: House, sender: Plain) -> None:
    ada = house.person()
    await house.open(ada)
    await house.shut(ada)
    claim = house.due(ada)
    await sender.send(claim)
    assert house.chat(claim.chat_id).delivery_status == "sent"


# -- what is written ------------------------------------------------------------------------------


@on_both
async def test_events_figures_and_delivery_are_one_transaction(
    house: House, sender: Plain, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = house.person()
    claim = house.due(ada)

    def fail(_conn: Any, _posted: Any) -> None:
        raise database_down()

    with monkeypatch.context() as patched:
        patched.setattr(Posted, "together", staticmethod(fail))
        await sender.send(claim)
    assert await house.events(ada) == [] and house.rows(t.conversations) == []
    await sender.send(house.claim_again(claim.chat_id))
    assert await house.said(ada) == ["Sale!"] and len(house.rows(t.conversations)) == 1


async def test_a_campaigns_own_timeout_holds_in_its_conversation(house: House, sender: Plain) -> None:
    house.set(sms={"auto_close_timeout": 5000.0, "handoff_timeout": 7000.0})
    ada, bob = house.person(), house.person(phone_number="+14155550178")
    await sender.send(house.due(ada, auto_close_timeout=60.0))
    await sender.send(house.due(bob))
    own, usual = (await house.state(ada)).policy, (await house.state(bob)).policy
    assert (own.auto_close_timeout, own.handoff_timeout, own.pinned) == (60.0, 7000.0, True)
    assert (usual.auto_close_timeout, usual.pinned) == (5000.0, False)
    conversation = (await house.state(ada)).conversation
    assert conversation is not None and conversation.auto_close_at == conversation.started_at + 60.0


async def test_suggested_replies_are_remembered_for_the_answer(house: House, sender: Plain) -> None:
    ada = house.person()
    replies = (SuggestedReply("Yes", payload="/affirm"), SuggestedReply("Shop", url="https://shop.example"))
    await sender.send(house.due(ada, suggested_replies=replies))
    assert [SuggestedReply.from_dict(one) for one in (await house.state(ada)).offered] == list(replies)


async def test_the_assistant_finds_its_slots_and_a_turn_that_ended(house: House, sender: Plain) -> None:
    ada = house.person()
    claim = house.due(ada, campaign="spring")
    await sender.send(claim)
    tracker = await house.store.retrieve(house.sender(ada))
    assert tracker is not None and tracker.latest_action_name == "action_listen"
    assert (tracker.get_slot("campaign"), tracker.get_slot("proactive_chat")) == ("spring", claim.chat_id)
    assert "action_proactive_message" in [event.as_dict().get("name") for event in tracker.events]


# -- what the worker posts ------------------------------------------------------------------------


def test_claims_come_as_the_worker_posts_them() -> None:
    claim = Claim("c1", "sms.ada", 2, True)
    assert claims_from([claim.__dict__]) == [claim] and claims_from([]) == []
    assert claims_from([replace(claim, in_doubt=False).__dict__])[0].in_doubt is False


@pytest.mark.parametrize("raw", [[{"chat_id": "c1"}], [None], 7])
def test_what_is_no_claim_is_told(raw: Any) -> None:
    with pytest.raises((KeyError, TypeError)):
        claims_from(raw)
