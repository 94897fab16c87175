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
    carrier_stops,
    classify_keyword,
    from_opt_out_type,
)

_AROUND = st.text(alphabet=" \n\t.,!?\"'“”‘’()*_-🛑\u200b", max_size=4)


@given(st.sampled_from(sorted(STOP_WORDS)), st.randoms(use_true_random=False), _AROUND, _AROUND, st.booleans())
def test_stop_in_any_dress(word: str, random: object, before: str, after: str, opted_out: bool) -> None:
    mixed = "".join(c.upper() if random.random() < 0.5 else c for c in word)  # type: ignore[attr-defined]
    assert classify_keyword(before + mixed + after, opted_out) is Keyword.STOP


@pytest.mark.parametrize(
    "word",
    ["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT", "REMOVE"]
    + ["ARRET", "Arrêt", "ALTO", "PARAR"],
)
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


@pytest.mark.parametrize("text", ["help please", "Please help", "HELP, thank you!", "info pls", "Hi, help please"])
def test_help_with_politeness(text: str) -> None:
    assert classify_keyword(text, False) is Keyword.HELP


@pytest.mark.parametrize(
    "text", ["start please", "Please START", "UNSTOP, thanks", "un-stop please", "Start. Thank you"]
)
def test_start_with_politeness(text: str) -> None:
    assert classify_keyword(text, False) is Keyword.START


@pytest.mark.parametrize("text", ["please", "start the car", "help me please", "info about shoes", "starting?"])
def test_politeness_alone_asks_for_nothing(text: str) -> None:
    assert classify_keyword(text, True) is None


@pytest.mark.parametrize(
    ("text", "known"),
    [("STOP", True), (" stop\n", True), ("Stop.", True), ("“STOP”!", True), ("stop 🛑", False), ("stop please", False)],
)
def test_what_the_carrier_takes_for_stop(text: str, known: bool) -> None:
    assert carrier_stops(text) is known


def test_a_carrier_that_knows_more_words_is_no_carrier_of_ours() -> None:
    assert {word for word in STOP_WORDS if not carrier_stops(word)} == {"remove", "arret", "alto", "parar"}


def test_yes_opts_in_only_while_opted_out() -> None:
    assert classify_keyword("Yes!", True) is classify_keyword("yes please", True) is Keyword.START
    assert classify_keyword("Yes!", False) is None


@pytest.mark.parametrize(
    ("value", "keyword"),
    [("STOP", Keyword.STOP), ("start", Keyword.START), ("HELP", Keyword.HELP), ("", None), (None, None), ("x", None)],
)
def test_opt_out_type_of_the_carrier(value: str | None, keyword: Keyword | None) -> None:
    assert from_opt_out_type(value) is keyword
