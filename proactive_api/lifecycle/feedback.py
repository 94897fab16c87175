"""A rating with words beside it: ``5 Ada was really helpful!`` is a five and a comment (spec section 3).

A number in front of what is counted is none: ``5 people are waiting``. So what follows a bare number has to begin as a
sentence does, or stand behind a mark. A number with its scale (``4/5``, ``2 stars``) asks for less.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from proactive_api.lifecycle.feedback_words import (
    BEGINS,
    BETWEEN,
    BLANKS,
    COUNTED,
    EMPTY,
    FOR_SOMEBODY,
    HEAD,
    IS_JUDGED,
    LIST,
    LONGEST_BEFORE,
    MARK,
    NO_SCORE,
    NUMBERS,
    OPINION,
    SOLVED,
    STAR_ROW,
    TAIL,
    WORD,
)
from proactive_api.lifecycle.plain import folded, own_words
from proactive_api.lifecycle.rating import HIGHEST, LOWEST, any_score


@dataclass(frozen=True)
class Feedback:
    """A rating as somebody wrote it.

    Args:
        score: as it was given, in range or not.
        comment: the words beside it; None where there are none but politeness.
    """

    score: int
    comment: str | None

    @property
    def in_range(self) -> bool:
        """Whether the score is one that is asked for."""
        return LOWEST <= self.score <= HIGHEST


def read_feedback(text: str) -> Feedback | None:
    """Read a rating and the words beside it.

    Args:
        text: the message as typed.

    Returns:
        None where the message is something else, also where it asks a question.
    """
    own = BLANKS.sub(lambda run: "\n" if "\n" in run.group() else " ", own_words(text).replace("’", "'"))
    lone = any_score(own)
    if lone is not None:
        return Feedback(lone, _comment(_beside_lone(own)))
    head = HEAD.fullmatch(own)
    asks = own.rstrip(" .!)").endswith("?") and not (head and head["scale"])
    if asks or LIST.match(own):
        return None
    return _from_head(own) or _from_stars(own) or _from_tail(own)


def _beside_lone(text: str) -> str:
    head, tail = HEAD.fullmatch(text), _tail(text)
    if head is not None and _comment(head["rest"]):
        return head["rest"]
    return _before(tail) if tail and OPINION.search(tail["words"]) else ""


def _from_head(text: str) -> Feedback | None:
    head = HEAD.fullmatch(text)
    score = _score(head) if head else None
    if head is None or score is None or not _is_about_it(head, head["rest"]):
        return None
    return Feedback(score, _comment(head["rest"]))


def _score(found: re.Match[str]) -> int | None:
    word = found["score"].lower()
    score = int(word) if word.isdigit() else NUMBERS[folded(word)]
    scale = found["scale"]
    if scale and (scale.isdigit() and int(scale) != HIGHEST):
        return HIGHEST + 1
    return score if score <= 2 * HIGHEST else None


def _is_about_it(head: re.Match[str], rest: str) -> bool:
    """Whether what follows a score speaks of it, rather than being what is counted."""
    if NO_SCORE.match(rest) or re.match(r"[.,:/-]\d|\s*[-–+]\s*\d|\s*[$€£%°]", rest):
        return False
    if MARK.match(rest):
        return not _is_counted(WORD.findall(folded(rest))[:1]) or "\n" in rest[:3]
    if FOR_SOMEBODY.match(rest) or (head["unit"] and re.match(r"\s*for\s", rest)):
        return True
    words = WORD.findall(folded(rest))
    if not words or (_counts(words) and not SOLVED.match(rest)):
        return False
    if words[0] in BEGINS:
        return folded(head["score"]) != "one" or bool(head["unit"]) or words[0] in ("because", "bc", "cause", "since")
    return (not words[0].endswith("s") or _is_name(rest)) and IS_JUDGED.match(rest.lstrip()) is not None


def _counts(words: list[str]) -> bool:
    """Whether the words name things to be counted: "quick questions", "good seats"."""
    noun = next((word for word in words if word not in BETWEEN), words[-1])
    several = noun != words[0] and noun.endswith("s") and not noun.endswith(("ss", "us", "is", "was"))
    return _is_counted([noun]) or several


def _is_counted(words: list[str]) -> bool:
    return any(word in COUNTED or (word.endswith("s") and word[:-1] in COUNTED) for word in words)


def _is_name(rest: str) -> bool:
    return rest.lstrip()[:1].isupper()


def _from_stars(text: str) -> Feedback | None:
    found = STAR_ROW.fullmatch(text)
    if found is None:
        return None
    return Feedback(sum(not char.isspace() and char != "\ufe0f" for char in found["row"]), _comment(found["rest"]))


def _from_tail(text: str) -> Feedback | None:
    found = _tail(text)
    if found is None or not OPINION.search(found["words"]):
        return None
    ended = any(mark in found["mark"] for mark in ".!…\n")
    marked = ended or any(mark in found["mark"] for mark in ",;:–—-")
    close = OPINION.search(found["words"].split()[-1]) is not None
    score = _score(found)
    if score is None or (re.search(r"\d", found["words"]) and not ended) or not (marked or close or found["unit"]):
        return None
    return Feedback(score, _comment(_before(found)))


def _tail(text: str) -> re.Match[str] | None:
    return TAIL.fullmatch(text) if len(text) <= LONGEST_BEFORE else None


def _before(tail: re.Match[str]) -> str:
    return f"{tail['words']}{tail['mark'].rstrip(' ,;:–—-')}"


def _comment(words: str) -> str | None:
    bare = words.strip().lstrip(" .,;:!…)-–—/*\n⭐★🌟")
    told = [word for word in WORD.findall(folded(bare)) if word not in EMPTY]
    return bare.strip() if told else None
