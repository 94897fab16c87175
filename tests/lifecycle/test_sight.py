"""What somebody saw of a conversation, whatever was told of it and in whichever order."""

from __future__ import annotations

from typing import Any, List

import pytest
from hypothesis import given, settings

from proactive_api.lifecycle.figures import State
from proactive_api.lifecycle.fold import fold
from proactive_api.lifecycle.sight import auto_close_at, closes_silently, is_news, late_reply_to
from proactive_api.lifecycle.values import ClosedReason, StartedBy
from tests.lifecycle.test_fold import (
    OPENING,
    POSTED,
    SENDER,
    bot,
    event,
    folded,
    histories,
    listen,
    said,
    shown,
    slot,
    wrote,
)

AUTO, FORCED = ClosedReason.AUTO, ClosedReason.FORCE_CLOSED


def silent(reason: ClosedReason, *events: Any) -> bool:
    state = folded(*events).state
    assert state.conversation is not None
    return closes_silently(state.conversation, state, reason)


@pytest.mark.parametrize("reason", [AUTO, FORCED])
def test_who_saw_nothing_is_told_nothing(reason: ClosedReason) -> None:
    assert silent(reason, *POSTED)
    assert not silent(reason, *POSTED, shown(150.0))
    assert not silent(reason, *POSTED, wrote(150.0))
    assert silent(reason, wrote(150.0), bot(151.0)), "they wrote, and left before the answer"
    assert not silent(reason, wrote(150.0), bot(151.0), wrote(160.0))
    assert not silent(reason, *OPENING), "nothing is known of what an SMS shows"


def test_who_was_away_until_the_end_is_told_nothing_of_it() -> None:
    waiting = (*POSTED, wrote(150.0), event(160.0, "pause"), bot(300.0, human_agent="Ada"))
    assert silent(AUTO, *waiting)
    assert not silent(FORCED, *waiting), "they saw the rest, and find it with the closing words"


def test_only_what_changes_the_clock_is_news() -> None:
    def news(*events: Any, said_at: float, now: float, first: bool = True) -> bool:
        return is_news(folded(*events).state, said_at, now, first)

    assert news(*POSTED, said_at=100.0, now=100.1)
    assert not news(*POSTED, said_at=99.0, now=120.0), "that was of an earlier conversation"
    assert not news(*POSTED, shown(101.0), said_at=100.0, now=500.0)
    assert not news(*POSTED, wrote(150.0), bot(151.0), said_at=151.0, now=151.2), "shown as it was said"
    assert news(*POSTED, wrote(150.0), bot(151.0), said_at=151.0, now=400.0)
    assert not news(*POSTED, wrote(150.0), bot(151.0), said_at=151.0, now=400.0, first=False)
    assert not news(*POSTED, shown(101.0), bot(200.0, appended=True), said_at=100.0, now=201.0), "not what waits"
    assert not news(wrote(150.0), said_at=150.0, now=160.0), "their own words"
    assert not news(*OPENING, said_at=100.0, now=500.0)
    assert not news(*POSTED, slot(200.0, "closed_reason", "auto"), said_at=100.0, now=300.0)


def test_a_late_reply_is_one_that_the_latest_chat_offered_and_nobody_answered() -> None:
    offer = (POSTED[0], bot(100.0, suggested_replies=[{"title": "Yes"}]), listen(100.0))
    closing = slot(200.0, "closed_reason", "auto")

    def late(*events: Any, title: str = "Yes") -> Any:
        return late_reply_to(folded(*events).state, title)

    assert late(*offer, closing) == "c1"
    assert late(*offer) is None, "it is open: everything counts"
    assert late(*offer, closing, title="No") is None
    assert late(*offer, wrote(150.0), closing) is None
    assert late(*offer, closing, said(300.0, "hello")) is None
    assert late(wrote(150.0), bot(151.0, suggested_replies=[{"title": "Yes"}]), closing) is None


@given(histories)
@settings(max_examples=200, deadline=None)
def test_the_clock_always_follows_from_what_is_known(history: List[Any]) -> None:
    state = State()
    for one in history:
        state = fold(SENDER, state, [one]).state
        chat = state.conversation
        if chat is None:
            continue
        assert chat.auto_close_at == auto_close_at(chat, state)
        assert not (chat.is_open and state.waits_since is not None) or chat.auto_close_at is not None
        if chat.started_by is StartedBy.BUSINESS and chat.responded_at is not None and chat.is_open:
            assert not closes_silently(chat, state, FORCED), "who answered has seen it"
