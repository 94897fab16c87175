"""Text from outside is fit to be stored, exported and read, and says what it said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proactive_api.lifecycle.cleaning import clean, cleaned, has_words

#: Halves of characters included, which ``st.text`` leaves out.
ANY = st.text(st.characters(blacklist_categories=()))


@pytest.mark.parametrize(
    ("text", "fit"),
    [
        ("a\x00b", "ab"),
        ("\x00", ""),
        ("a\x07\x1b[31mb\x7f\x9f", "a[31mb"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("a\r\nb\rc\x85d", "a\nb\nc\nd"),
        ("\ud83d\ude00", "😀"),
        ("half \ud83d", "half \ufffd"),
        ("\ufdd0a\ufffeb\uffffc\U0001ffff", "abc"),
        ("e\u0301 é", "e\u0301 é"),
        ("👩‍💻 العربية \u200fright\u200e", "👩‍💻 العربية \u200fright\u200e"),
    ],
)
def test_what_is_left(text: str, fit: str) -> None:
    assert clean(text) == fit


@given(ANY)
def test_what_is_clean_can_be_encoded_and_stays_as_it_is(text: str) -> None:
    once = clean(text)
    once.encode()
    assert clean(once) == once and "\x00" not in once


def test_every_text_of_a_value_is_cleaned() -> None:
    payload = {"Body": "a\x00", "custom": {"k\x00": ["\x01b", 1, None, True]}}
    assert cleaned(payload) == {"Body": "a", "custom": {"k": ["b", 1, None, True]}}


@pytest.mark.parametrize(
    "text",
    ["", " ", "\n\t", "\u200b", "\u200b\u200d\ufeff", "\u2060", "\u00a0\u3000", "\u2800", "\u3164", "\ufe0f", "\u00ad"],
)
def test_nothing_to_see(text: str) -> None:
    assert not has_words(text)


@pytest.mark.parametrize("text", ["a", "?", "👍", "❤️", "1", ".", "你", "\u200bx", "\U0001fae8", "\ufffd"])
def test_something_to_see(text: str) -> None:
    assert has_words(text)
