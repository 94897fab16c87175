"""Telling a machine that answers from a person who writes (two machines would go on for ever).

Judged on what was said lately: a machine says the same again and again, whatever it is told. A person may write fast,
and repeat a short word where the questions differ.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from proactive_api.lifecycle.auto_replies import is_auto_reply
from proactive_api.lifecycle.plain import folded, visible

#: Seconds that are looked back.
WINDOW = 3600.0
#: The same sentence so often, each time answered, is a machine's; so is one of which only numbers and marks change.
SENTENCES, NEARLY_SAME = 4, 12
#: So often may a word or two come, where the answers to it are the same as well.
SHORT_WORDS, SAME_ANSWERS = 5, 2
#: Of this many messages in a row, so few are different ones: a machine with a small stock.
IN_ROW, STOCK = 8, 3
#: Automatic replies to one person in ``BURST`` seconds and in ``WINDOW``; beyond them nobody is a person.
BURST, MOST_IN_BURST, MOST_IN_WINDOW = 600.0, 60, 150
#: Shorter ones are words, not sentences: characters, words.
_SENTENCE = (15, 3)
#: How alike two sentences are that differ in a time or a name only.
_ALIKE = 0.88
_LONGEST_COMPARED = 400


@dataclass(frozen=True)
class Said:
    """One message. ``at``: seconds UTC. ``by_person``: from the other side, person or machine."""

    at: float
    text: str
    by_person: bool


def looks_automatic(exchange: Sequence[Said], now: float) -> bool:
    """Whether a machine answers us.

    Args:
        exchange: what the other side and the AI agent said, oldest first; the newest message, which is not yet
            answered, is the last one. Words of human agents are left out.
        now: seconds UTC.
    """
    recent = [one for one in exchange if one.at > now - WINDOW]
    if not recent or not recent[-1].by_person:
        return False
    newest, answered = recent[-1].text, _answered(recent)
    if is_auto_reply(newest) and any(is_auto_reply(one.text) for one in recent[:-1] if one.by_person):
        return True
    replies = [one for one in recent if not one.by_person]
    burst = sum(one.at > now - BURST for one in replies)
    if burst >= MOST_IN_BURST or len(replies) >= MOST_IN_WINDOW:
        return True
    return _repeats(newest, answered) or _has_small_stock(newest, answered)


def _answered(recent: Sequence[Said]) -> list[tuple[str, str]]:
    """Each message that we answered, with our answer."""
    pairs = zip(recent[:-1], recent[1:], strict=True)
    return [(one.text, after.text) for one, after in pairs if one.by_person and not after.by_person]


def _repeats(newest: str, answered: Sequence[tuple[str, str]]) -> bool:
    same = [answer for text, answer in answered if _exact(text) == _exact(newest)]
    if _is_sentence(newest):
        nearly = sum(_alike(text, newest) for text, _ in answered)
        return len(same) >= SENTENCES - 1 or nearly >= NEARLY_SAME - 1
    return len(same) >= SHORT_WORDS - 1 and len({_plain(answer) for answer in same}) <= SAME_ANSWERS


def _has_small_stock(newest: str, answered: Sequence[tuple[str, str]]) -> bool:
    last = [*(text for text, _ in answered), newest][-IN_ROW:]
    if len(last) < IN_ROW or not any(_is_sentence(text) for text in last):
        return False
    different: list[str] = []
    for text in last:
        if not any(_exact(text) == _exact(known) for known in different):
            different.append(text)
    return len(different) <= STOCK


def _is_sentence(text: str) -> bool:
    plain = _plain(text)
    return len(plain) >= _SENTENCE[0] and len(plain.split()) >= _SENTENCE[1]


def _alike(one: str, other: str) -> bool:
    first, second = _plain(one), _plain(other)
    if first == second:
        return True
    if not (_is_sentence(one) and _is_sentence(other)):
        return False
    return SequenceMatcher(None, first, second, autojunk=False).ratio() >= _ALIKE


def _exact(text: str) -> str:
    return " ".join(folded(visible(text[:_LONGEST_COMPARED])).split())


def _plain(text: str) -> str:
    """Words without case, marks and numbers: a machine's time of day and ticket number change."""
    words = re.sub(r"\d+", "0", folded(visible(text[:_LONGEST_COMPARED])))
    return " ".join(re.findall(r"\w+", words)) or words.strip()
