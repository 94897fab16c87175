"""Numbers as people write them, and numbers that cannot be."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proactive_api.lifecycle.phone import InvalidPhone, default_timezone, normalize_phone


@pytest.mark.parametrize(
    ("raw", "e164"),
    [
        ("+14155550123", "+14155550123"),
        (" +1 (415) 555-0123 ", "+14155550123"),
        ("+1.415.555.0123", "+14155550123"),
        ("+49 171 1234567", "+491711234567"),
        ("+442071838750", "+442071838750"),
        ("+15005550006", "+15005550006"),
        ("+15005550199", "+15005550199"),
        ("+14155559999", "+14155559999"),
        ("+6591234567", "+6591234567"),
        ("\u202a+1\u00a0(415)\u00a0555\u20110123\u202c", "+14155550123"),
        ("\ufeff+1415\u200b555\u00ad0123\u2069", "+14155550123"),
        ("＋１４１５５５５０１２３", "+14155550123"),
        ("+١٤١٥٥٥٥٠١٢٣", "+14155550123"),
        ("tel:+1-415-555-0123", "+14155550123"),
        ("Tel:\u202f+1 415\u2009555\u22120123", "+14155550123"),
        ("+43 (0)664 1234567", "+436641234567"),
    ],
)
def test_numbers_in_e164_form(raw: str, e164: str) -> None:
    assert normalize_phone(raw) == e164


@pytest.mark.parametrize(
    "raw",
    [
        "", "+", "4155550123", "0014155550123", "+1415", "+15550123", "+1415555012345", "+0123456789", "+999123456789",
        "+1415555O123", "+1 415 555 0123 x5", "+14155550123\x00", "++14155550123", "fax:+14155550123",
        "+1" + "4" * 100, "null", "+14155550123,+14155550124", "+1\n4155550123",
    ],
)  # fmt: skip
def test_other_things_are_refused_with_a_sentence(raw: str) -> None:
    with pytest.raises(InvalidPhone, match=r"^[A-Z].*(\.|\+14155550123\.)$"):
        normalize_phone(raw)


@given(st.text(max_size=30) | st.from_regex(r"\+[0-9 ().-]{1,25}", fullmatch=True))
def test_what_is_accepted_is_e164_and_stays(raw: str) -> None:
    try:
        phone = normalize_phone(raw)
    except InvalidPhone:
        return
    assert re.fullmatch(r"\+[1-9][0-9]{6,14}", phone)
    assert normalize_phone(phone) == phone


@pytest.mark.parametrize(
    ("phone", "zone"),
    [
        ("+14155550123", "America/Los_Angeles"),
        ("+12125550123", "America/New_York"),
        ("+491711234567", "Europe/Berlin"),
        ("+15005550006", None),
        ("+99912345678", None),
        ("nonsense", None),
    ],
)
def test_time_zone_of_a_number(phone: str, zone: str | None) -> None:
    assert default_timezone(phone) == zone
