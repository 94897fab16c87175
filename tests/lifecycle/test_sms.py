"""Segments at their edges."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict, List

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proactive_api.lifecycle.sms import SmsSize, measure

CASES: List[Dict[str, Any]] = json.loads((Path(__file__).parents[1] / "sms_cases.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[f"{one.get('times', 1)} {one['text'][:20]!r}" for one in CASES])
def test_the_table_that_the_dashboard_counts_by_as_well(case: Dict[str, Any]) -> None:
    size = measure(case["text"] * case.get("times", 1))
    assert size == SmsSize(case["encoding"], case["characters"], case["units"], case["segments"])


@given(st.text(max_size=400))
def test_segments_hold_the_text_and_no_more_than_needed(text: str) -> None:
    size = measure(text)
    lone, joined = (160, 153) if size.encoding == "GSM-7" else (70, 67)
    assert (size.segments == 1) == (size.units <= lone)
    if size.segments > 1:
        assert (size.segments - 1) * (joined - 1) < size.units <= size.segments * joined


@given(st.text(alphabet=st.characters(max_codepoint=0x1FAFF), max_size=300))
def test_ucs_2_units_are_utf_16_code_units(text: str) -> None:
    size = measure(text + "я")
    assert size.units == len((text + "я").encode("utf-16-le", "surrogatepass")) // 2
