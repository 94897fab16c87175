"""Texts as people compare them: without case, accents and the marks between words.

Names are looked for as they are typed in haste: ``elodie`` is Élodie, ``МАРИЯ`` is Мария, ``STRASSE`` is Straße.
"""

from __future__ import annotations

import unicodedata

#: Letters that Unicode takes for letters of their own, and people for one with a stroke through it.
_STROKES = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ə": "e"}
)
#: Categories that belong to a word beside letters and digits: vowel signs and emoji.
_LETTERS = ("Mn", "Mc", "So")
#: Selectors of how the character before is drawn; by their class they are no accents.
_SELECTORS = {*map(chr, range(0xFE00, 0xFE10)), *map(chr, range(0xE0100, 0xE01F0))}


def folded(text: str) -> str:
    """``text`` without case, accents, widths and invisible characters, its digits as 0 to 9, one blank between words.

    Only marks that sit on a letter are dropped: the vowel signs of Indian scripts are letters to those who read them.
    """
    if text.isascii():  # the same, sooner
        return " ".join(text.lower().split())
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    kept = "".join(_digit(c) for c in apart if not _is_mark(c))
    return " ".join(kept.translate(_STROKES).split())


def letters_of(text: str) -> str:
    """The letters, digits and pictures of a folded text, without what stands between them."""
    return text if text.isalnum() else "".join(c for c in text if c.isalnum() or unicodedata.category(c) in _LETTERS)


def holds(text: str, part: str) -> bool:
    """Whether ``part`` is in ``text``, whatever the case, accents and marks: ``ring sale`` in ``Spring_Sale``."""
    name, wanted = folded(text), folded(part)
    return wanted in name or bool(letters_of(wanted)) and letters_of(wanted) in letters_of(name)


def _is_mark(character: str) -> bool:
    return bool(unicodedata.combining(character)) or unicodedata.category(character) == "Cf" or character in _SELECTORS


def _digit(character: str) -> str:
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)
