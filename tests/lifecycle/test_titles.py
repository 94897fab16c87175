"""What cannot be chosen is not sent."""

from __future__ import annotations

import pytest

from proactive_api.lifecycle.keywords import classify_keyword
from proactive_api.lifecycle.titles import _BETTER, BadTitle, bad_title
from proactive_api.lifecycle.values import ChannelType, SuggestedReply

SMS, MESSENGER = ChannelType.SMS, ChannelType.MESSENGER


def _bad(channel: ChannelType, *titles: str) -> BadTitle | None:
    return bad_title([SuggestedReply(title) for title in titles], channel)


@pytest.mark.parametrize(
    "title", ["Cancel", "STOP", "Stop!", "❌ Cancel", "End", "Quit", "Unsubscribe", "Opt out", "cancel."]
)
@pytest.mark.parametrize("channel", [SMS, MESSENGER])
def test_a_title_that_opts_people_out(title: str, channel: ChannelType) -> None:
    found = _bad(channel, "Keep it", title)
    assert found is not None
    assert found.index == 1
    assert "opts out" in found.sentence


@pytest.mark.parametrize(
    ("title", "better"), [("Info", "More information"), ("HELP", "I need help"), ("Start", "Get started")]
)
def test_other_words_of_the_carrier_are_refused_in_sms_with_a_better_one(title: str, better: str) -> None:
    found = _bad(SMS, title)
    assert found is not None
    assert f'Use "{better}" instead.' in found.sentence
    assert _bad(MESSENGER, title) is None


def test_the_better_words_are_no_keywords() -> None:
    assert [better for better in _BETTER.values() if classify_keyword(better, False)] == []
    assert _bad(SMS, *_BETTER.values()) is None


def test_a_tapped_title_with_a_payload_is_not_said() -> None:
    reply = SuggestedReply("Cancel", payload="/cancel_order")
    assert bad_title([reply], MESSENGER) is None
    assert bad_title([reply], SMS) is not None


@pytest.mark.parametrize(
    "title", ["Yes", "No", "Cancel my order", "Stop by the shop", "The end", "Helpdesk", "Starter", "3"]
)
def test_ordinary_titles_are_fine(title: str) -> None:
    assert _bad(SMS, title, "Other") is None


def test_titles_that_typing_cannot_tell_apart_are_refused_in_sms_only() -> None:
    found = _bad(SMS, "Yes", "No", "Yes!")
    assert found is not None
    assert (found.index, "reply 1" in found.sentence) == (2, True)
    assert _bad(MESSENGER, "Yes", "No", "Yes!") is None
    assert _bad(SMS, "C++", "C#", "C") is None


@pytest.mark.parametrize("channel", [SMS, MESSENGER])
def test_equal_titles_and_titles_of_nothing_are_refused_everywhere(channel: ChannelType) -> None:
    assert _bad(channel, "Yes", "yes") == BadTitle(
        1, "This is the title of reply 1 already; nobody could tell them apart."
    )
    assert _bad(channel, "\u200b") == BadTitle(0, "This title shows nothing.")
