"""Proactive chats in the messenger: words, figures, links and delivery are one transaction, so nothing is in doubt."""

from __future__ import annotations

import time
from typing import Any

import pytest

from channels.messenger.sending import MessengerSender
from proactive_api.lifecycle.transcript import transcript
from proactive_api.lifecycle.values import IfActive, SuggestedReply
from proactive_api.storage.conversations import links
from proactive_api.storage.queues.outcomes import Posted
from proactive_api.storage.sql import tables as t
from tests.channels.fakes import AssistantBroke, House, database_down, on_both


@pytest.fixture
def sender(messenger: House) -> MessengerSender:
    return MessengerSender(messenger.runtime)


@on_both
async def test_words_are_sent_when_they_are_in_the_conversation(messenger: House, sender: MessengerSender) -> None:
    ada = messenger.person(phone_number=None)
    claim = messenger.due(ada, "Sale on **Sunday**!")
    await sender.send(claim)
    chat, conversation = messenger.chat(claim.chat_id), (await messenger.state(ada)).conversation
    assert (chat.delivery_status, chat.lease_until, chat.conversation_id) == ("sent", None, claim.chat_id)
    assert chat.sent_at is not None and chat.carrier_sid is None
    assert conversation is not None and conversation.id == claim.chat_id
    assert await messenger.said(ada) == ["Sale on **Sunday**!"]


async def test_a_value_is_no_markdown(messenger: House, sender: MessengerSender) -> None:
    ada = messenger.person(nickname="*Ada*")
    await sender.send(messenger.due(ada, "**Hi** {{ nickname }}"))
    (said,) = transcript([event.as_dict() for event in await messenger.events(ada)], "messenger")
    assert (said.text, said.format, said.literal) == ("**Hi** *Ada*", "markdown", ((7, 12),))


async def test_links_are_kept_with_the_words(messenger: House, sender: MessengerSender) -> None:
    claim = messenger.due(
        messenger.person(),
        suggested_replies=(SuggestedReply("Later"), SuggestedReply("Shop", "https://shop.example/sale")),
    )
    await sender.send(claim)
    token = messenger.runtime.config.links.token(claim.chat_id, 1)
    with messenger.engine.connect() as conn:
        link = links.find(conn, token)
    assert link is not None and (link.url, link.title) == ("https://shop.example/sale", "Shop")
    assert len(messenger.rows(t.links)) == 1


@on_both
async def test_a_database_that_fails_leaves_nothing_and_the_next_try_says_it_once(
    messenger: House, sender: MessengerSender, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = messenger.person()
    claim = messenger.due(ada, suggested_replies=(SuggestedReply("Shop", "https://shop.example/sale"),))

    def fail(_conn: Any, _posted: Any) -> None:
        raise database_down()

    with monkeypatch.context() as patched:
        patched.setattr(Posted, "together", staticmethod(fail))
        await sender.send(claim)
    assert messenger.chat(claim.chat_id).delivery_status == "sending"
    assert await messenger.events(ada) == [] and messenger.rows(t.links) == []
    await sender.send(messenger.claim_again(claim.chat_id))
    assert await messenger.said(ada) == ["Sale!"] and messenger.chat(claim.chat_id).delivery_status == "sent"


async def test_a_send_in_doubt_is_said_once_even_if_it_was_said(messenger: House, sender: MessengerSender) -> None:
    ada = messenger.person()
    stale = messenger.due(ada)
    fresh = messenger.claim_again(stale.chat_id)
    await sender.send(fresh)
    await sender.send(stale)
    await sender.send(fresh)
    assert await messenger.said(ada) == ["Sale!"]


async def test_who_opted_out_after_it_was_claimed_gets_nothing(messenger: House, sender: MessengerSender) -> None:
    ada = messenger.person()
    claim = messenger.due(ada)
    messenger.set_person(ada, opted_out_at=time.time())
    await sender.send(claim)
    assert messenger.chat(claim.chat_id).skip_reason == "opted_out" and await messenger.events(ada) == []


@pytest.mark.parametrize(
    ("if_active", "status", "said"),
    [
        (IfActive.SKIP, "skipped", ["Sale!"]),
        (IfActive.QUEUE, "queued", ["Sale!"]),
        (IfActive.APPEND, "sent", ["Sale!", "More!"]),
    ],
)
async def test_an_open_conversation_decides(
    messenger: House, sender: MessengerSender, if_active: IfActive, status: str, said: Any
) -> None:
    ada = messenger.person()
    claim = messenger.due(ada, "More!", if_active=if_active)
    open_id = await messenger.open(ada)
    await sender.send(claim)
    conversation = (await messenger.state(ada)).conversation
    assert messenger.chat(claim.chat_id).delivery_status == status and await messenger.said(ada) == said
    assert conversation is not None and (conversation.id, conversation.is_open) == (open_id, True)
    if if_active is IfActive.APPEND:
        assert messenger.chat(claim.chat_id).conversation_id == open_id


# -- openings by intent ---------------------------------------------------------------------------


async def test_the_assistants_rules_write_an_opening_by_intent(messenger: House, sender: MessengerSender) -> None:
    ada = messenger.person()
    claim = messenger.due(ada, intent="EXTERNAL_reminder", campaign="spring")
    await sender.send(claim)
    conversation = (await messenger.state(ada)).conversation
    assert (await messenger.said(ada))[-1] == "See you at ten."
    assert messenger.chat(claim.chat_id).delivery_status == "sent"
    assert conversation is not None and (conversation.id, conversation.campaign) == (claim.chat_id, "spring")


async def test_an_opening_by_intent_with_nothing_said_fails_and_opens_nothing(
    messenger: House, sender: MessengerSender
) -> None:
    ada = messenger.person()
    claim = messenger.due(ada, intent="EXTERNAL_mute")
    await sender.send(claim)
    chat = messenger.chat(claim.chat_id)
    assert (chat.delivery_status, chat.error_code) == ("failed", None)
    assert chat.error_message == "The assistant had nothing to say for the intent EXTERNAL_mute."
    assert await messenger.events(ada) == []


async def test_an_intent_that_the_assistant_does_not_know_fails(messenger: House, sender: MessengerSender) -> None:
    ada = messenger.person()
    claim = messenger.due(ada, intent="EXTERNAL_unheard")
    await sender.send(claim)
    assert messenger.chat(claim.chat_id).delivery_status == "failed" and await messenger.events(ada) == []


async def test_an_assistant_that_breaks_opens_nothing_and_the_next_try_may_succeed(
    messenger: House, sender: MessengerSender
) -> None:
    ada = messenger.person()
    claim = messenger.due(ada, intent="EXTERNAL_reminder")
    messenger.assistant.script["EXTERNAL_reminder"] = ["utter_reminder", AssistantBroke("no rule")]
    await sender.send(claim)
    assert messenger.chat(claim.chat_id).delivery_status == "sending" and await messenger.events(ada) == []
    messenger.assistant.script["EXTERNAL_reminder"] = ["utter_reminder"]
    await sender.send(messenger.claim_again(claim.chat_id))
    assert (await messenger.said(ada)).count("See you at ten.") == 1
    assert messenger.chat(claim.chat_id).delivery_status == "sent"
