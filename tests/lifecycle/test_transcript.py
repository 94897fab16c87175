"""A conversation as people read it."""

from __future__ import annotations

from typing import Any, Dict

import pytest

from proactive_api.lifecycle.transcript import Entry, transcript, with_unsaid


def user(text: str, at: float = 1.0, **ours: Any) -> Dict[str, Any]:
    return {"event": "user", "text": "/read", "timestamp": at, "metadata": {"proactive": {"text": text, **ours}}}


def bot(text: str, at: float = 1.0, **ours: Any) -> Dict[str, Any]:
    return {"event": "bot", "text": text, "timestamp": at, "metadata": {"proactive": ours}}


@pytest.mark.parametrize(
    ("typed", "title", "shown"),
    [
        ("1", "Yes please", "Yes please"),
        ("option 1", "Yes please", "Yes please"),
        ("yes", "Yes please", "Yes please"),
        ("Yes please", "Yes please", None),
        ("YES PLEASE ", "Yes please", None),
        ("1", None, None),
    ],
)
def test_a_reply_in_other_words_tells_the_title_that_it_means(typed: str, title: Any, shown: Any) -> None:
    (entry,) = transcript([user(typed, suggested_reply=title)], "sms")
    assert (entry.text, entry.suggested_reply) == (typed, shown)


def test_words_of_the_business_know_their_chat_and_those_of_the_assistant_have_none() -> None:
    entries = transcript(
        [bot("Sale!", chat_id="c1"), bot("How can I help?"), bot("Hi", human_agent="Bo", command_id="m1")],
        "sms",
    )
    assert [(one.sender, one.chat_id, one.id) for one in entries] == [
        ("ai_agent", "c1", None),
        ("ai_agent", None, None),
        ("human_agent", None, "m1"),
    ]


def test_what_was_said_while_the_queue_was_read_is_there_once_and_in_its_place() -> None:
    said = [
        Entry("recipient", "Hello", 1.0),
        Entry("human_agent", "One", 3.0, "Bo", id="m1"),
        Entry("recipient", "?", 5.0),
    ]
    unsaid = [Entry("human_agent", "One", 2.0, "Bo", id="m1"), Entry("human_agent", "Two", 4.0, "Bo", id="m2")]
    assert [one.text for one in with_unsaid(said, unsaid)] == ["Hello", "One", "Two", "?"]


def test_an_opening_that_the_assistant_words_is_the_businesss_until_its_turn_ends() -> None:
    listen = {"event": "action", "name": "action_listen", "timestamp": 1.0}
    begun = {"event": "session_started", "timestamp": 1.0, "metadata": {"proactive": {"chat_id": "c1"}}}
    trigger = {"event": "user", "text": "EXTERNAL: x", "timestamp": 1.0, "metadata": {"is_external": True}}
    turn = [begun, listen, trigger, bot("Your bill is due."), bot("Pay now?"), listen]
    closing = [trigger, bot("Closing for now."), listen]
    entries = transcript([*turn, *closing], "sms")
    assert [one.chat_id for one in entries] == ["c1", "c1", None]
    answered = transcript(
        [*turn, user("yes"), bot("Thanks!"), listen, {"event": "session_started", "timestamp": 2.0}, bot("Hi")],
        "sms",
    )
    assert [one.chat_id for one in answered] == ["c1", "c1", None, None, None]
