"""What people type when asked for a number, and what only looks like it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proactive_api.lifecycle.rating import is_rating_attempt, parse_rating, parse_yes_no


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("5", 5), (" 5 ", 5), ("5!", 5), ("5.", 5), ("#4", 4), ("five", 5), ("FIVE", 5), ("fiv", 5), ("thre", 3),
        ("5 stars", 5), ("5stars", 5), ("one star", 1), ("a 4", 4), ("4 thanks", 4), ("I'd say 4", 4),
        ("I’d say 4", 4),
        ("4/5", 4), ("4 / 5", 4), ("5 out of 5", 5), ("4 out of five", 4), ("Definitely a 5, thank you!", 5),
        ("5, great", 5),
        ("⭐⭐⭐⭐", 4), ("★★★☆☆", 3), ("⭐️⭐️", 2), ("***", 3), ("5*", 5), ("5 ⭐", 5), ("5️⃣", 5), ("５", 5), ("٣", 3),
        ("😍", 5), ("🙂", 4), ("😐", 3), ("🙁", 2), ("😡", 1), ("😡😡😡", 1), ("☹️", 2), ("👍", 5), ("👍🏽", 5),
        ("👎", 1), ("5 😍", 5), ("3 🙁", 3), ("cinco", 5), ("5-star", 5), ("rating: 2", 2), ("5 5", 5), ("1️⃣", 1),
        ("5 :D", 5), ("4.0", 4),
        ("5 - great service", 5), ("3 because it was slow", 3), ("2, very disappointing", 2),
    ],
)  # fmt: skip
def test_ratings_are_read(text: str, score: int) -> None:
    assert parse_rating(text) == score


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "I need 2 tickets", "10", "0", "6", "10/10", "4/10", "⭐" * 6, "-3", "4.5", "4,5", "4 or 5", "3-4",
        "I need a human please", "someone", "fine", "call me at 5", "5pm", "at 5?", "5%", "$5", "😍😡", "order 4",
        "2 more questions", "1/5/2026", "3 days late", "is there a plan for 5 people", "/EXTERNAL_close", "yes",
        "great",
        "nice one", "That's the one, thanks", "5?", "what", "12", "4155550123", "99999999999999999999",
    ],
)  # fmt: skip
def test_what_is_no_rating_in_range_is_none(text: str) -> None:
    assert parse_rating(text) is None


@pytest.mark.parametrize(
    "text", ["7", "10/10", "0", "100", "six stars", "⭐" * 6, "4.5", "-1", "4/10", "ten", "🔟", "3"]
)
def test_scores_out_of_range_are_still_attempts(text: str) -> None:
    assert is_rating_attempt(text)


@pytest.mark.parametrize("text", ["", "I need 2 tickets", "human", "call 911 please", "no", "+14155550123", "12:30"])
def test_other_messages_are_not_attempts(text: str) -> None:
    assert not is_rating_attempt(text)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("y", True), ("Yes", True), ("YES!!", True), ("yep", True), ("yup thanks", True), ("si", True),
        ("Sí", True),
        ("👍", True), ("👍🏾", True), ("yes👍", True), ("yes it was", True), ("it was", True), ("sure", True),
        ("ok", True),
        ("n", False), ("No.", False), ("nope", False), ("nah", False), ("👎", False), ("not really", False),
        ("no thanks", False), ("no it wasn’t", False), ("not yet", False), ("❌", False), ("no 😞", False),
        ("not what I was looking for", False),
        ("no it didn't help", False), ("Yes it helped", True), ("yes, thank you so much!", True), ("good", True),
        ("Not at all, thanks", False),
        ("", None), ("yes and no", None), ("not sure", None), ("no idea where my order is", None),
        ("maybe", None), ("🤷", None), ("no, human please", None),
        ("thanks", None), ("5", None), ("yes but I have another question", None), ("I need a human", None),
    ],
)  # fmt: skip
def test_yes_and_no(text: str, answer: bool | None) -> None:
    assert parse_yes_no(text) is answer


@given(st.text(max_size=60))
def test_any_text_is_read_without_harm(text: str) -> None:
    score = parse_rating(text)
    assert score is None or 1 <= score <= 5
    assert score is None or is_rating_attempt(text)
    assert parse_yes_no(text) in (True, False, None)


@given(st.integers(min_value=6, max_value=10**8))
def test_numbers_above_five_never_become_ratings(number: int) -> None:
    assert parse_rating(str(number)) is None
