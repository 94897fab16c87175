"""Phone numbers in E.164 form, and the time zone that a number tells (spec sections 2 and 5)."""

from __future__ import annotations

import re
from collections.abc import Mapping

import phonenumbers
from phonenumbers import ValidationResult as Length
from phonenumbers import timezone as _zones

from proactive_api.lifecycle.pasted import number_typed

#: The plus is required: without it nobody knows the country. Blanks and marks between digits are for the eye.
_WRITTEN = re.compile(r"\+[0-9](?:[ .()/\u00b7\u2010-\u2015\u2022\u2212-]*[0-9]){1,19}")
_MARKS = re.compile(r"[^+0-9]")
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
#: Numbers of the carrier's tests and of films: accepted whatever the numbering plan says about them.
_SANDBOX = re.compile(r"\+1(?:500|415)555[0-9]{4}")

_REASONS: Mapping[int, str] = {
    Length.INVALID_COUNTRY_CODE: "its country code does not exist",
    Length.TOO_SHORT: "it is too short",
    Length.TOO_LONG: "it is too long",
    Length.IS_POSSIBLE_LOCAL_ONLY: "its area code is missing",
}


class InvalidPhone(ValueError):  # noqa: N818
    """Not a phone number in E.164 form; the message says what is wrong in a sentence."""


def normalize_phone(raw: str) -> str:
    """Write a phone number in E.164 form, such as ``+14155550123``.

    Args:
        raw: the number with its country code, as it was typed or pasted; blanks, dots, dashes, slashes and brackets
            between digits are dropped, and so is what nobody can see.

    Raises:
        InvalidPhone: if it lacks the plus, holds anything else, or cannot exist by its country's numbering plan.
    """
    written = number_typed(raw)
    if not _WRITTEN.fullmatch(written):
        raise InvalidPhone(_malformed(written))
    number = _MARKS.sub("", written)
    if _SANDBOX.fullmatch(number):
        return number
    return _possible(number)


def is_phone(text: str | None) -> bool:
    """Whether this is a phone number in E.164 form, so that an SMS can go there; short codes and names are none."""
    try:
        return text is not None and normalize_phone(text) == text
    except InvalidPhone:
        return False


def _malformed(written: str) -> str:
    if written.startswith("+"):
        return "This is not a phone number: after the plus there must be 7 to 15 digits."
    return "Write the phone number with a plus and its country code, such as +14155550123."


def _possible(number: str) -> str:
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException as error:
        reason = (
            "its country code does not exist" if error.error_type == error.INVALID_COUNTRY_CODE else "it is too short"
        )
        raise InvalidPhone(f"This is not a phone number: {reason}.") from None
    length = phonenumbers.is_possible_number_with_reason(parsed)
    e164 = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    if length != Length.IS_POSSIBLE or not _E164.fullmatch(e164):
        reason = _REASONS.get(length, "its length does not fit its country")
        raise InvalidPhone(f"This is not a phone number: {reason}.")
    return e164


def default_timezone(phone: str) -> str | None:
    """The IANA time zone of a number, where its prefix leaves no doubt.

    Args:
        phone: E.164 number.

    Returns:
        None for countries and regions with several zones, and for numbers that cannot be read.
    """
    try:
        zones = _zones.time_zones_for_number(phonenumbers.parse(phone))
    except phonenumbers.NumberParseException:
        return None
    return zones[0] if len(zones) == 1 and not zones[0].startswith("Etc/") else None
