"""STOP is heard however it is written, and never overheard."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proactive_api.lifecycle.keywords import (
    HELP_WORDS,
    START_WORDS,
    STOP_WORDS,
    Keyword,
    classify_keyword,
    from_opt_out_type,
)

_AROUND = st.text(alphabet=" \n\t.,!?\"'“”‘’()*_-🛑\u200b", max_size=4)


@given(st.sampled_from(sorted(STOP_WORDS)), st.randoms(use_true_random=False), _AROUND, _AROUND, st.booleans())
def test_stop_in_any_dress(word: str, random: object, before: str, after: str, opted_out: bool) -> None:
    mixed = "".join(c.upper() if random.random() < 0.5 else c for c in word)  # type: ignore[attr-defined]
    assert classify_keyword(before + mixed + after, opted_out) is Keyword.STOP


@pytest.mark.parametrize("word", ["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"])
def test_every_stop_word_of_the_specification(word: str) -> None:
    assert classify_keyword(word, False) is Keyword.STOP


@pytest.mark.parametrize("text", ["opt out", "Opt-Out", "STOP ALL", "ＳＴＯＰ", "“Stop”", "stop."])
def test_spellings_of_stop(text: str) -> None:
    assert classify_keyword(text, False) is Keyword.STOP


@pytest.mark.parametrize(
    "text",
    [
        "stop it already",
        "please stop",
        "don't stop",
        "the end",
        "cancel my order",
        "",
        "!!!",
        "stopp",
        "un-all",
        "help me",
    ],
)
def test_words_in_a_sentence_are_no_keywords(text: str) -> None:
    assert classify_keyword(text, False) is None


def test_start_and_help() -> None:
    assert {classify_keyword(word, False) for word in START_WORDS} == {Keyword.START}
    assert {classify_keyword(word.upper() + "?", True) for word in HELP_WORDS} == {Keyword.HELP}


def test_yes_opts_in_only_while_opted_out() -> None:
    assert classify_keyword("Yes!", True) is Keyword.START
    assert classify_keyword("Yes!", False) is None


@pytest.mark.parametrize(
    ("value", "keyword"),
    [("STOP", Keyword.STOP), ("start", Keyword.START), ("HELP", Keyword.HELP), ("", None), (None, None), ("x", None)],
)
def test_opt_out_type_of_the_carrier(value: str | None, keyword: Keyword | None) -> None:
    assert from_opt_out_type(value) is keyword
