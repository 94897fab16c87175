"""Words of the carrier's own: STOP, START, HELP (spec section 5)."""

# ruff: noqa: SIM905 - word lists read better as a line of words
from __future__ import annotations

import re
import unicodedata
from enum import Enum


class Keyword(str, Enum):
    """What a keyword asks for."""

    STOP = "stop"
    START = "start"
    HELP = "help"


STOP_WORDS = frozenset("stop stopall unsubscribe cancel end quit revoke optout".split())
START_WORDS = frozenset("start unstop".split())
HELP_WORDS = frozenset("help info".split())
#: A yes means "opt in again" to those who opted out, and is an ordinary answer from everybody else.
_YES = "yes"
#: People write some keywords as two words.
_TWO_WORDS = re.compile(r"(stop|opt|un)[\s-](all|out|stop)")


def classify_keyword(text: str, opted_out: bool) -> Keyword | None:
    """Recognise a keyword that stands alone in a message.

    Args:
        text: the message as typed; case, blanks, quotes, punctuation and emoji around the word do not matter.
        opted_out: whether the person is opted out now.
    """
    word = _bare(unicodedata.normalize("NFKC", text).casefold())
    word = _TWO_WORDS.sub(r"\1\2", word) if _TWO_WORDS.fullmatch(word) else word
    if word in STOP_WORDS:
        return Keyword.STOP
    if word in START_WORDS or (opted_out and word == _YES):
        return Keyword.START
    return Keyword.HELP if word in HELP_WORDS else None


def _bare(text: str) -> str:
    """The text from its first to its last letter or digit."""
    at = [index for index, char in enumerate(text) if char.isalnum()]
    return text[at[0] : at[-1] + 1] if at else ""


def from_opt_out_type(opt_out_type: str | None) -> Keyword | None:
    """Translate the ``OptOutType`` that the carrier adds when it handled the keyword itself."""
    try:
        return Keyword((opt_out_type or "").strip().lower())
    except ValueError:
        return None
