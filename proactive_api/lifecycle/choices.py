"""Which suggested reply a typed answer means (spec section 2).

What stands around a number or a title does not matter: punctuation, marks, emoji, characters that nobody sees, a
phone's signature, a quoted message, and politeness in the languages that people are polite in.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence

from proactive_api.lifecycle.numbers import COMMON, POLITE, chosen_number, numbers_in
from proactive_api.lifecycle.plain import folded, own_words, visible
from proactive_api.lifecycle.values import SuggestedReply

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
#: Marks that make another word of a word: ``C++`` and ``C#``, ``5%`` and ``5``.
_TELLING = frozenset("+#&@%$€£¥=<>^/°|§\\")
_SIGN = re.compile(r"[-+−]\d")
#: A message that begins by quoting another one: “Which plan?” 2
_AFTER_QUOTE = re.compile(r"[\"“„«「].{8,}[\"”“»」]\s*[:,.\n–-]*\s*(?P<rest>\S.*)", re.DOTALL)


def match_reply(text: str, replies: Sequence[SuggestedReply]) -> SuggestedReply | None:
    """Find the suggested reply that a message means.

    Understood are, in this order: the whole title, first as it was written and then in other marks, case and accents;
    the number (``2``, ``#2``, ``option 2``, ``second``); the number with the title; words of the title, the last of
    which may be unfinished.

    Args:
        text: the message as typed.
        replies: as they were shown.

    Returns:
        The one that fits; None if none does, or several do equally well.
    """
    own = own_words(text)
    titled = _titled(own, replies)
    if titled:
        return _only(titled)
    known = {word for reply in replies for word in _words(reply.title)}
    number = chosen_number(own, known)
    if number is not None:
        return replies[number - 1] if 1 <= number <= len(replies) else None
    found = _numbered_title(own, replies) or _only(_by_part(own, replies))
    quoting = _AFTER_QUOTE.fullmatch(own)
    return found or (match_reply(quoting["rest"], replies) if quoting else None)


def titles_alike(one: str, other: str) -> bool:
    """Whether no typed answer could tell two titles apart: they differ in case, punctuation or decoration only.

    Args:
        one: a title.
        other: another title of the same message.
    """
    if _exact(one) == _exact(other):
        return True
    words = _signed(one)
    if words or _signed(other):
        return words == _signed(other)
    return bool(_pictures(one)) and _pictures(one) == _pictures(other)


def shows_nothing(title: str) -> bool:
    """Whether a title has only characters that nobody sees."""
    return not visible(title).strip()


def _only(found: Sequence[SuggestedReply]) -> SuggestedReply | None:
    return found[0] if len(found) == 1 else None


def _titled(text: str, replies: Sequence[SuggestedReply]) -> list[SuggestedReply]:
    """Replies whose whole title this is, by the strictest reading that fits any; emoji count where nothing else is."""
    if not _words(text):
        return _equal(text, replies, _exact) or _by_emoji(text, replies)
    readings: Sequence[Callable[[str], object]] = (_exact, _signed, _signed_core, _words, _word_core)
    return next((found for reading in readings if (found := _equal(text, replies, reading))), [])


def _equal(text: str, replies: Sequence[SuggestedReply], reading: Callable[[str], object]) -> list[SuggestedReply]:
    wanted = reading(text)
    return [reply for reply in replies if wanted and reading(reply.title) == wanted]


def _exact(text: str) -> str:
    return " ".join(visible(text).casefold().replace("’", "'").split())


def _signed(text: str) -> list[str]:
    """Words with the marks that tell them apart, accents included."""
    bare = "".join(" " if _is_picture(char) else char for char in _exact(text))
    chunks = [_without_marks(chunk) for chunk in bare.replace("_", " ").split()]
    return [chunk for chunk in chunks if chunk]


def _without_marks(chunk: str) -> str:
    sign = chunk[0] if _SIGN.match(chunk) else ""
    bare = chunk[len(sign) :]
    at = [index for index, char in enumerate(bare) if char.isalnum() or char in _TELLING]
    return sign + bare[at[0] : at[-1] + 1] if at else ""


def _signed_core(text: str) -> list[str]:
    return [word for word in _signed(text) if folded(word) not in POLITE]


def _word_core(text: str) -> list[str]:
    return _core(_words(text))


def _by_emoji(text: str, replies: Sequence[SuggestedReply]) -> list[SuggestedReply]:
    wanted = _pictures(text)
    return [reply for reply in replies if wanted and wanted in _pictures(reply.title)]


def _numbered_title(text: str, replies: Sequence[SuggestedReply]) -> SuggestedReply | None:
    """The reply of a copied line such as "2. Talk to a person", if its number and its title mean the same one."""
    for number, rest in numbers_in(text):
        titled = _only(_titled(rest, replies) or _by_part(rest, replies))
        if titled is not None:
            return titled if titled in replies[number - 1 : number] and number > 0 else None
    return None


def _by_part(text: str, replies: Sequence[SuggestedReply]) -> list[SuggestedReply]:
    """Replies whose titles hold these words; whole words come before beginnings of words."""
    words = _core(_words(text))
    if not words or all(word in COMMON or len(word) < 2 for word in words):
        return []
    titles = [(reply, _words(reply.title)) for reply in replies]
    whole = [reply for reply, title in titles if set(words) <= set(title)]
    return whole or [reply for reply, title in titles if _begins(words, title) or _inside(words, title)]


def _begins(words: Sequence[str], title: Sequence[str]) -> bool:
    *finished, last = words
    return len(last) >= 3 and set(finished) <= set(title) and any(word.startswith(last) for word in title)


def _inside(words: Sequence[str], title: Sequence[str]) -> bool:
    """Chinese, Japanese and Thai titles have no blanks between words."""
    part = "".join(words)
    return len(part) >= 2 and min(part) >= "\u0e00" and part in "".join(title)


def _words(text: str) -> list[str]:
    return _WORD.findall(folded(visible(text)))


def _core(words: Iterable[str]) -> list[str]:
    return [word for word in words if word not in POLITE]


def _is_picture(char: str) -> bool:
    """Emoji and their like; their skin tone is none."""
    category = unicodedata.category(char)
    return category in ("So", "Sk", "Cs") or (category in ("Sm", "Po") and ord(char) > 0x2000)


def _pictures(text: str) -> str:
    """The emoji of a text, whatever their skin tone."""
    return "".join(char for char in visible(text) if _is_picture(char) and unicodedata.category(char) != "Sk")
