"""Suggested replies in SMS, and the guard between people's words and payload syntax (spec section 2)."""

# ruff: noqa: SIM905 - word lists read better as a line of words
from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence

from proactive_api.lifecycle.values import SuggestedReply

_CARDINALS = "one two three four five six seven eight nine ten".split()
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
_NUMBER_WORDS: Mapping[str, int] = {
    word: number for words in (_CARDINALS, _ORDINALS) for number, word in enumerate(words, 1)
}
#: Words around a choice that do not make it another one.
_AROUND = frozenset("please pls thanks thank you thx ty i'd i'll i want choose pick take like would".split())
#: Words found in too many titles to point at one.
_COMMON = frozenset("a an the to of and or is it me my i you your for in on at be do with this that".split())
_CHOICE = re.compile(
    r"(?:the )?(?:#|n[or]\.? ?(?=\d)|number |option |reply |choice |answer )?(?P<number>\d{1,2}|[a-z]+)(?:st|nd|rd|th)?"
    r"(?: one| option| reply| choice)?"
)
_LINE = re.compile(r"(?P<number>\d{1,2})\s*[.):-]\s*(?P<title>.*\S.*)", re.DOTALL)
_WORD = re.compile(r"\w+(?:['’]\w+)*")

#: Blanks as Rasa's ``str.strip`` sees them, and marks without width that could hide a slash.
_BLANK = r"[\s\x1c-\x1f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
_SLASHES = re.compile(rf"{_BLANK}*/(?:/|{_BLANK})*")
#: Stands for a message that was nothing but slashes.
_HARMLESS_SLASH = "\u2215"


def sms_body(message: str, replies: Sequence[SuggestedReply], link_for: Callable[[int, SuggestedReply], str]) -> str:
    """Write suggested replies as numbered lines under the message.

    Args:
        message: plain text.
        replies: in the order to show, numbered from 1.
        link_for: the tracked link of a reply with a ``url``; gets its index, from 0, and the reply.
    """
    lines = [message, *(_line(index, reply, link_for) for index, reply in enumerate(replies))]
    return "\n".join(line for line in lines if line)


def _line(index: int, reply: SuggestedReply, link_for: Callable[[int, SuggestedReply], str]) -> str:
    title = f"{index + 1}. {' '.join(reply.title.split())}"
    return f"{title}: {link_for(index, reply)}" if reply.url else title


def match_reply(text: str, replies: Sequence[SuggestedReply]) -> SuggestedReply | None:
    """Find the suggested reply that a message means.

    Understood are, in this order: the whole title; the number (``2``, ``#2``, ``option 2``, ``second``); the number
    with the title; words of the title, the last of which may be unfinished. Case and emoji do not matter.

    Args:
        text: the message as typed.
        replies: as they were shown.

    Returns:
        The one that fits; None if none does, or several do equally well.
    """
    by_title = _titled(text, replies)
    if by_title:
        return _only(by_title)
    number = _number(text)
    if number is not None:
        return replies[number - 1] if 1 <= number <= len(replies) else None
    copied = _LINE.fullmatch(text.strip())
    if copied:
        return _agreeing(int(copied["number"]), copied["title"], replies)
    return _only(_by_part(text, replies))


def _only(found: Sequence[SuggestedReply]) -> SuggestedReply | None:
    return found[0] if len(found) == 1 else None


def _agreeing(number: int, title: str, replies: Sequence[SuggestedReply]) -> SuggestedReply | None:
    """The reply of a copied line, if its number and its title mean the same one."""
    titled = match_reply(title, replies)
    return titled if titled is not None and titled in replies[number - 1 : number] else None


def _titled(text: str, replies: Sequence[SuggestedReply]) -> list[SuggestedReply]:
    """Replies whose whole title this is; emoji count only where there is nothing else."""
    words = _words(text)
    if not words:
        return _by_emoji(text, replies)
    exact = [reply for reply in replies if _words(reply.title) == words]
    return exact or [reply for reply in replies if _core(words) and _words(reply.title) == _core(words)]


def _by_emoji(text: str, replies: Sequence[SuggestedReply]) -> list[SuggestedReply]:
    wanted = _pictures(text)
    return [reply for reply in replies if wanted and wanted in _pictures(reply.title)]


def _by_part(text: str, replies: Sequence[SuggestedReply]) -> list[SuggestedReply]:
    """Replies whose titles hold these words; whole words come before beginnings of words."""
    words = _core(_words(text))
    if not words or all(word in _COMMON or len(word) < 2 for word in words):
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


def _number(text: str) -> int | None:
    """The number that a message consists of."""
    folded = " ".join(word for word in _fold(text).replace(",", " ").split() if word.strip(".!") not in _AROUND)
    found = _CHOICE.fullmatch(folded.strip(" .!)(:\"'“”"))
    if found is None:
        return None
    return int(found["number"]) if found["number"].isdigit() else _NUMBER_WORDS.get(found["number"])


def _fold(text: str) -> str:
    """Case, width, Latin accents and what turns a digit into a keycap do not matter."""
    spread = unicodedata.normalize("NFKD", text).casefold().replace("’", "'")
    spread = re.sub(r"([a-z])[\u0300-\u036f]+", r"\1", spread)
    return unicodedata.normalize("NFC", re.sub("[\ufe00-\ufe0f\u20e3]", "", spread))


def _words(text: str) -> list[str]:
    return _WORD.findall(_fold(text))


def _core(words: Iterable[str]) -> list[str]:
    return [word for word in words if word not in _AROUND]


def _pictures(text: str) -> str:
    """The emoji of a text, whatever their skin tone."""
    return "".join(c for c in _fold(text) if unicodedata.category(c) in ("So", "Sm", "Po") and ord(c) > 0x2000)


def utterance_for(reply: SuggestedReply) -> str:
    """What the assistant reads when this reply is chosen: its payload, else its title as words."""
    return reply.payload or escape_payload_syntax(reply.title)


def escape_payload_syntax(text: str) -> str:
    """Make sure that Rasa reads ``text`` as words and never as ``/intent{"entity": …}``.

    Rasa takes a message for a payload when its first character that is not blank is a slash; those are dropped.
    (``EXTERNAL: x`` is harmless: Rasa knows external events by their metadata.)

    Args:
        text: what a person typed.
    """
    found = _SLASHES.match(text)
    return text if found is None else text[found.end() :] or _HARMLESS_SLASH
