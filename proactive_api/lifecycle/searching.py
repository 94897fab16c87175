"""How people are found: the words under which somebody is kept, and those that a search asks for.

A word is found by its beginning. Whatever is written as one (``crm-4711``, ``Jean-Luc Picard``) is kept from each of
its parts on to the end, so that it is found by any part, with or without the marks between them. A phone number is
kept from each of its digits on: people remember the last ones, and leave out the country or write a 0 for it.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Dict, List, Optional, Tuple

import phonenumbers

from proactive_api.lifecycle.folding import folded, letters_of
from proactive_api.lifecycle.pasted import number_typed

#: Characters of a word that count; what is longer is found by its beginning.
LONGEST = 60
#: Parts of one name under which it is kept.
MOST_PARTS = 32
#: The last digits of a number that still are kept as a word.
FEWEST_DIGITS = 3

#: What a word is: somebody's whole user ID, phone number or nickname, or a part of one.
USER_ID, PHONE, NICKNAME, PART = "u", "p", "n", "-"

Words = List[Tuple[str, str]]
#: Beginnings of words; one of them is enough.
Term = Tuple[str, ...]

#: Scripts that write no blanks between words: each character may begin one. Of Korean it is each syllable's first.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1100-\u1112\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]"
)
_NUMBER_INSIDE = re.compile("[0-9]{3}")


def words_of(user_id: Optional[str], nickname: Optional[str], phone_number: Optional[str]) -> Words:
    """The words under which somebody is kept, each with what it is.

    Args:
        phone_number: E.164.
    """
    found: Dict[Tuple[str, str], None] = {}
    for kind, name in ((USER_ID, user_id), (NICKNAME, nickname)):
        parts = _parts(folded(name)) if name else []
        found.update(dict.fromkeys((word, PART if i else kind) for i, word in enumerate(parts)))
    found.update(dict.fromkeys(_words_of_number(phone_number) if phone_number else []))
    return list(found)


def terms_of(text: str) -> List[Term]:
    """What a search asks for: somebody is found who has a word for each term. Empty if there is nothing to look for."""
    wanted = folded(number_typed(text))
    if letters_of(wanted).isdigit():
        return [_numbers(wanted)]
    chunks = (letters_of(chunk) for chunk in wanted.split())
    return [_numbers(chunk) if chunk.isdigit() else (chunk[:LONGEST],) for chunk in chunks if chunk]


def whole_of(text: str) -> str:
    """The word of somebody whose user ID, nickname or phone number is just what is searched."""
    return letters_of(folded(number_typed(text)))[:LONGEST]


def _parts(name: str) -> List[str]:
    """What is left of a folded name from each of its parts on, the whole of it first."""
    letters, begins = "", []
    for place, character in enumerate(name):
        if not letters_of(character):
            continue
        if _begins_part(name, place):
            begins.append(len(letters))
        letters += character
    return [letters[begin : begin + LONGEST] for begin in begins[:MOST_PARTS]]


def _begins_part(name: str, place: int) -> bool:
    character, before = name[place], name[place - 1] if place else " "
    if not letters_of(before) or _UNSPACED.match(character):
        return unicodedata.category(character)[0] != "M"
    if not _NUMBER_INSIDE.match(name, place):
        return False
    return before.isalpha() or before == "0" and character != "0"


def _words_of_number(phone_number: str) -> Words:
    digits = letters_of(folded(phone_number))
    ends = [digits[begin:] for begin in range(1, len(digits) - FEWEST_DIGITS + 1)]
    at_home = _with_trunk_prefix(phone_number)
    others = [at_home] if at_home and not digits.endswith(at_home) else []
    return [(digits[:LONGEST], PHONE), *((word[:LONGEST], PART) for word in ends + others)]


def _with_trunk_prefix(phone_number: str) -> str:
    """A number as it is dialled in its own country, without zeros before it: with an 8 in Russia, a 06 in Hungary."""
    try:
        parsed = phonenumbers.parse(phone_number)
    except phonenumbers.NumberParseException:
        return ""
    region = phonenumbers.region_code_for_country_code(parsed.country_code or 0)
    prefix = phonenumbers.ndd_prefix_for_region(region, True) or ""
    return (prefix + phonenumbers.national_significant_number(parsed)).lstrip("0")


def _numbers(typed: str) -> Term:
    """A number as it may be kept: as it is; without a 0 that stands for the country, or that is added in brackets."""
    digits = letters_of(typed)
    forms = (digits, digits.lstrip("0"), letters_of(re.sub(r"\(\s*0\s*\)", "", typed)), _from_abroad(digits))
    return tuple(dict.fromkeys(form[:LONGEST] for form in forms if form))


def _from_abroad(digits: str) -> str:
    """A number as North America dials other countries."""
    return digits[3:] if digits.startswith("011") and len(digits) > 10 else ""
