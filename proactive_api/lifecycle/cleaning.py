"""Text from outside, made fit to be stored, searched, exported and read.

What is taken away cannot be seen: control characters (PostgreSQL refuses NUL, and so do CSV and XML), halves of
characters, and code points that are no characters. What can be seen stays as it was written, with accents and emoji.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

#: C0 and C1 without tab and line feed; noncharacters (Unicode 23.7).
_UNFIT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff"
    + "".join(chr(plane + last) for plane in range(0x1_0000, 0x11_0000, 0x1_0000) for last in (0xFFFE, 0xFFFF))
    + "]"
)
_LINE_ENDS = re.compile("\r\n?|\x85")
_HALVES = re.compile("[\ud800-\udfff]")
#: Blank, though Unicode counts them among letters and symbols.
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def clean(text: str) -> str:
    """The text without what nobody can see and no file can hold; line ends become line feeds.

    Two halves that make a character become it; a half alone becomes U+FFFD, as Unicode advises.
    """
    if _HALVES.search(text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _UNFIT.sub("", _LINE_ENDS.sub("\n", text))


def cleaned(value: Any) -> Any:
    """A value such as a webhook's fields, with every text in it clean."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {cleaned(name): cleaned(inner) for name, inner in value.items()}
    return [cleaned(inner) for inner in value] if isinstance(value, list) else value


def has_words(text: str) -> bool:
    """Whether there is anything to see in a text: a letter, a digit, a mark, an emoji."""
    return any(char not in _BLANK and unicodedata.category(char) not in _INVISIBLE for char in text)


#: Blanks, controls, formats such as the zero-width space, halves, and marks that have nothing to stand on.
_INVISIBLE = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Mn", "Me"})
