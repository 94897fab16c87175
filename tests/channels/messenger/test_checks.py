"""What a widget is told about an event that cannot be used."""

import pytest

from channels.messenger.checks import LONGEST, Problem, is_emoji, text_of


@pytest.mark.parametrize("seconds, told", [(0.0, 0.1), (0.04, 0.1), (0.4, 0.4), (0.41, 0.5), (12.0, 12.0)])
def test_who_waits_as_told_is_not_refused_again(seconds: float, told: float) -> None:
    assert Problem("rate_limited", "Too fast", seconds).answer["retry_after"] == told


def test_a_problem_that_waiting_does_not_mend_names_no_time() -> None:
    assert "retry_after" not in Problem("invalid", "Wrong").answer


@pytest.mark.parametrize("text", ["", "  ", "\u200b", "\u2060\ufeff", None, 5])
def test_a_message_with_nothing_to_see_is_refused(text: object) -> None:
    with pytest.raises(Problem):
        text_of("message", text, LONGEST)


def test_a_message_is_made_fit_to_be_stored() -> None:
    assert text_of("message", "a\x00b\x07 \ud83d\ude00 \ud83d", LONGEST) == "ab 😀 \ufffd"


@pytest.mark.parametrize(
    ("value", "emoji"), [("👍", True), ("❤️", True), ("\ud83d", False), ("👍\uffff", False), ("ok", False)]
)
def test_half_an_emoji_is_none(value: str, emoji: bool) -> None:
    assert is_emoji(value) is emoji
