"""Texts as people paste them: without what nobody can see (spec section 2)."""

from __future__ import annotations

import re
import unicodedata

#: How links and other programs write that a phone number follows.
_SCHEMES = re.compile(r"^(?:tel|sms|callto):(?://)?", re.IGNORECASE)
#: They make one letter of two, or one picture of several; between other characters they are invisible, too.
_JOINERS = "\u200c\u200d"
_BLANK = "\u2800\u3164\uffa0\u115f\u1160"


def visible(text: str) -> str:
    """``text`` without characters that show nothing, its blanks as plain ones, trimmed, accents composed (NFC).

    Marks of direction and order, soft hyphens, blanks of no width: they come with what is copied from a web page, a
    spreadsheet or the contacts of a phone. A joiner stays where it has something to join.
    """
    kept = "".join(" " if _is_blank(c) else c for c in text if not _is_invisible(c))
    return unicodedata.normalize("NFC", _without_idle_joiners(kept)).strip()


def number_typed(text: str) -> str:
    """A phone number as it was typed: visible characters, plain digits, no ``tel:`` before it."""
    plain = unicodedata.normalize("NFKC", visible(text))
    digits = "".join(_digit(c) for c in plain)
    return _SCHEMES.sub("", digits).strip()


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) == "Cf" and character not in _JOINERS and not _is_tag(character)


def _is_tag(character: str) -> bool:
    """Flags of regions are written with these."""
    return "\U000e0020" <= character <= "\U000e007f"


def _is_blank(character: str) -> bool:
    return unicodedata.category(character) == "Zs" or character in _BLANK


def _without_idle_joiners(text: str) -> str:
    """Joiners between two characters outside of ASCII may have something to join; all others have not."""
    return re.sub(rf"(?<![^\x00-\x7f{_JOINERS}])[{_JOINERS}]+|[{_JOINERS}]+(?![^\x00-\x7f{_JOINERS}])", "", text)


def _digit(character: str) -> str:
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)
