"""Segments at their edges."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proactive_api.lifecycle.sms import GSM_7, UCS_2, measure


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
