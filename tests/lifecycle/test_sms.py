"""Segments at their edges, and Markdown as plain words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proactive_api.lifecycle.sms import GSM_7, UCS_2, markdown_to_plain, measure


@pytest.mark.parametrize(
    ("text", "encoding", "units", "segments"),
    [
        ("", GSM_7, 0, 1),
        ("a" * 160, GSM_7, 160, 1),
        ("a" * 161, GSM_7, 161, 2),
        ("a" * 306, GSM_7, 306, 2),
        ("a" * 307, GSM_7, 307, 3),
        ("€" * 80, GSM_7, 160, 1),
        ("€" * 81, GSM_7, 162, 2),
        ("a" * 152 + "€" + "b" * 10, GSM_7, 164, 2),
        ("a" * 152 + "€" + "b" * 151, GSM_7, 305, 2),
        ("a" * 152 + "€" + "b" * 152, GSM_7, 306, 3),
        ("^{}\\[~]|€", GSM_7, 18, 1),
        ("ÄÖÜ ñ à é Ω\n", GSM_7, 12, 1),
        ("ç", UCS_2, 1, 1),
        ("’", UCS_2, 1, 1),
        ("я" * 70, UCS_2, 70, 1),
        ("я" * 71, UCS_2, 71, 2),
        ("я" * 134, UCS_2, 134, 2),
        ("я" * 135, UCS_2, 135, 3),
        ("😀" * 35, UCS_2, 70, 1),
        ("😀" * 36, UCS_2, 72, 2),
        ("😀" * 66, UCS_2, 132, 2),
        ("😀" * 67, UCS_2, 134, 3),
        ("مرحبا", UCS_2, 5, 1),
    ],
)
def test_sizes(text: str, encoding: str, units: int, segments: int) -> None:
    size = measure(text)
    assert (size.encoding, size.units, size.segments) == (encoding, units, segments)
    assert size.characters == len(text)


@given(st.text(max_size=400))
def test_segments_hold_the_text_and_no_more_than_needed(text: str) -> None:
    size = measure(text)
    lone, joined = (160, 153) if size.encoding == GSM_7 else (70, 67)
    assert (size.segments == 1) == (size.units <= lone)
    if size.segments > 1:
        assert (size.segments - 1) * (joined - 1) < size.units <= size.segments * joined


@given(st.text(alphabet=st.characters(max_codepoint=0x1FAFF), max_size=300))
def test_ucs_2_units_are_utf_16_code_units(text: str) -> None:
    size = measure(text + "я")
    assert size.units == len((text + "я").encode("utf-16-le", "surrogatepass")) // 2


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("Hello **world**", "Hello world"),
        ("*a* _b_ __c__ ***d*** ~~e~~ `f`", "a b c d e f"),
        ("[Sale](https://x.com/a_b_c)", "Sale (https://x.com/a_b_c)"),
        ("[Rasa](https://x.org/Rasa_(AI))", "Rasa (https://x.org/Rasa_(AI))"),
        ("[https://x.com](https://x.com)", "https://x.com"),
        ("![Shoes](https://x.com/s.png)", "Shoes (https://x.com/s.png)"),
        ("see https://x.com/_a_/b*c*", "see https://x.com/_a_/b*c*"),
        ("<https://x.com>", "https://x.com"),
        ("# Title\n\ntext", "Title\n\ntext"),
        ("> quoted", "quoted"),
        ("* one\n* two\n+ three\n- four", "- one\n- two\n- three\n- four"),
        ("1. one\n2. two", "1. one\n2. two"),
        ("snake_case_name and 2*3*4", "snake_case_name and 2*3*4"),
        ("5 * 3 * 2", "5 * 3 * 2"),
        (r"\*not bold\*", "*not bold*"),
        ("`**raw**`", "**raw**"),
        ("```python\nx = 1\n```", "x = 1"),
        ("a\n\n---\n\nb", "a\n\n\nb"),
        ("**Sale ends _Sunday_!**", "Sale ends Sunday!"),
        ("#1 choice", "#1 choice"),
        ("Call [us](tel:+14155550123)", "Call us (tel:+14155550123)"),
        ("a\x00b", "ab"),
    ],
)
def test_markdown_as_plain_text(markdown: str, plain: str) -> None:
    assert markdown_to_plain(markdown) == plain


@given(
    st.text(alphabet=st.characters(whitelist_categories=("L", "Nd", "Zs"), whitelist_characters=",.!?'"), max_size=80)
)
def test_words_without_marks_stay(text: str) -> None:
    assert markdown_to_plain(text) == text.strip()


@given(st.text(alphabet="ab*_~`[]()<>\\#>-+ \n1\x00/:htps.", max_size=60))
def test_any_mark_up_is_survived(text: str) -> None:
    assert "\x00" not in markdown_to_plain(text)
