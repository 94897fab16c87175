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


#: Those that the carrier knows: a message that is nothing but one of them is blocked, and answered, by the carrier.
CARRIER_STOP_WORDS = frozenset("stop stopall unsubscribe cancel end quit revoke optout".split())
STOP_WORDS = CARRIER_STOP_WORDS | frozenset("remove arret alto parar".split())
START_WORDS = frozenset("start unstop".split())
HELP_WORDS = frozenset("help info".split())
#: A yes means "opt in again" to those who opted out, and is an ordinary answer from everybody else.
_YES = "yes"
#: What may stand around a single word and leave it one.
_MARKS = " \t\r\n.,!?;:…\"'“”‘’()*"
#: Beside START and HELP; "help me" is for the assistant. STOP has a module of its own (``stop_wishes``).
_POLITE = frozenset("please pls plz thanks thank you thx ty hi hello".split())
#: People write some keywords as two words.
_TWO_WORDS = re.compile(r"(stop|opt|un)[\s-](all|out|stop)")


def classify_keyword(text: str, opted_out: bool) -> Keyword | None:
    """Recognise a keyword that stands alone in a message.

    Args:
        text: the message as typed; case, accents, blanks, quotes, punctuation and emoji around the word do not matter,
            nor does politeness beside START and HELP.
        opted_out: whether the person is opted out now.
    """
    word = _bare(_folded(text))
    word = _TWO_WORDS.sub(r"\1\2", word) if _TWO_WORDS.fullmatch(word) else word
    if word in STOP_WORDS:
        return Keyword.STOP
    word = " ".join(part for part in map(_bare, word.split()) if part not in _POLITE)
    word = _TWO_WORDS.sub(r"\1\2", word) if _TWO_WORDS.fullmatch(word) else word
    if word in START_WORDS or (opted_out and word == _YES):
        return Keyword.START
    return Keyword.HELP if word in HELP_WORDS else None


def carrier_stops(text: str) -> bool:
    """Whether the carrier takes this for STOP by itself: it blocks the number, and says so to the person.

    Twilio does so for a message of a single word of its own, in any case ("support for opt-out keywords").
    """
    return text.strip(_MARKS).casefold() in CARRIER_STOP_WORDS


def _folded(text: str) -> str:
    """Without case, width and accents, and without what cannot be seen."""
    spread = unicodedata.normalize("NFKD", text).casefold()
    return "".join(char for char in spread if unicodedata.category(char) not in ("Mn", "Me", "Cf"))


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
