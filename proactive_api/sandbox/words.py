"""How the carrier counts and reads a text: segments, and the keywords that opt in and out."""

from __future__ import annotations

import re
from typing import Optional

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€\f")
_STOP = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
_START = frozenset({"START", "YES", "UNSTOP"})
_HELP = frozenset({"HELP", "INFO"})
_PLAIN = str.maketrans(
    {
        **dict.fromkeys("“”„«»", '"'), **dict.fromkeys("‘’‚", "'"), **dict.fromkeys("–—−", "-"),
        **dict.fromkeys("\u00a0\u2009\u202f", " "), **dict.fromkeys("\u200b\u200d\ufeff", None), "…": "...",
    }
)  # fmt: skip
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_SENDER = re.compile(r"\+[1-9][0-9]{6,14}|[0-9]{3,6}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}")


def segments(text: str) -> int:
    """How many SMS segments the carrier charges for; a text without characters is one."""
    if all(character in _BASIC or character in _EXTENDED for character in text):
        return _packed([2 if character in _EXTENDED else 1 for character in text], 160, 153)
    return _packed([2 if ord(character) > 0xFFFF else 1 for character in text], 70, 67)


def smart_encoded(text: str) -> str:
    """The text with typographic characters exchanged for plain ones, as Twilio's Smart Encoding does."""
    return text.translate(_PLAIN)


def keyword(text: str) -> Optional[str]:
    """``STOP``, ``START`` or ``HELP`` if the text is nothing but such a word, in any case."""
    word = text.strip().upper()
    for kind, words in (("STOP", _STOP), ("START", _START), ("HELP", _HELP)):
        if word in words:
            return kind
    return None


def is_phone(text: str) -> bool:
    """Whether this is a phone number in E.164 form."""
    return _E164.fullmatch(text) is not None


def is_sender(text: str) -> bool:
    """Whether this may stand as sender: E.164, a short code, or a name of up to 11 letters and digits."""
    return _SENDER.fullmatch(text) is not None


def _packed(units: list[int], whole: int, part: int) -> int:
    if sum(units) <= whole:
        return 1
    count, used = 1, 0
    for size in units:
        # What takes two units is never split over two segments.
        if used + size > part:
            count, used = count + 1, 0
        used += size
    return count
