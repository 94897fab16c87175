"""Reads a CSAT rating, and a yes or no, out of what people type (spec section 3).

A rating has to be nearly all of the message: "I need 2 tickets" is a request, not a two.
"""

# ruff: noqa: SIM905 - word lists read better as a line of words
from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

LOWEST, HIGHEST = 1, 5

_NUMBER_WORDS: Mapping[str, int] = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5,
    "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "tow": 2, "twoo": 2, "thre": 3, "threee": 3, "tree": 3, "foru": 4, "fuor": 4, "fourr": 4,
    "fiv": 5, "fve": 5, "fivee": 5, "fiive": 5,
    "uno": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5,
}  # fmt: skip

#: A thumb is a judgement without a scale: up counts as the best and down as the worst.
_FACES: Mapping[str, int] = {
    "😍": 5, "🤩": 5, "😁": 5, "😄": 5, "😃": 5, "😀": 5, "🥰": 5, "❤": 5, "👍": 5, "💯": 5,
    "🙂": 4, "😊": 4, "☺": 4,
    "😐": 3, "😑": 3, "😶": 3,
    "🙁": 2, "☹": 2, "😕": 2, "😟": 2, "😞": 2,
    "😡": 1, "😠": 1, "🤬": 1, "😤": 1, "👎": 1,
}  # fmt: skip

_STARS: frozenset[str] = frozenset("⭐★🌟*")
_EMPTY_STARS: frozenset[str] = frozenset("☆")

#: An opinion may explain the number; with it "one" is more often "nice one" than a one.
_OPINION = frozenset(
    "the great good bad nice awesome excellent perfect okay ok terrible awful horrible amazing fantastic poor useless"
    " slow fast quick quickly easy helpful unhelpful friendly rude love loved happy unhappy disappointed disappointing"
    " best worst service experience because but too".split()
)
#: Words that may stand beside a rating and leave it a rating.
_FILLERS = _OPINION | frozenset(
    "a an i id i'd ill i'll i'm say give gave giving rate rated rating score scored you it its it's is was that's thats"
    " my for me would will star stars point points out of and let's lets solid definitely probably maybe just only"
    " about easily full thanks thank thx ty tnx cheers pls please sure yes yeah yep well hmm um so very much as guess"
    " think number # be estrellas gracias".split()
)

_YES = frozenset(
    "y yes yea yeah yeh yep yepp yup yess yesss ye ya yah yas aye ok okay k kk okey sure surely correct right true"
    " absolutely definitely certainly indeed affirmative totally exactly resolved solved perfect great si sí oui ja da"
    " sim good yse eys ues tes 👍 ✅ ✔ ☑ 👌 💯 🙌".split()
)
_NO = frozenset(
    "n no nope nop nah naw nay noo nooo non nein nej nao não never negative unresolved unsolved incorrect wrong false"
    " noe onn 👎 ❌ ✖ 🚫 🙅".split()
)
_POLITE = frozenset(
    "thanks thank you thx ty please pls it its it's was did is that very much so i guess think for me my sir ma'am mam"
    " gracias man dude bro helped help".split()
)
_UNDECIDED = re.compile(r"\b(?:not sure|unsure|yes and no|no and yes)\b")
_NO_PHRASES = re.compile(
    r"\b(?:not what i (?:was looking for|wanted|needed|meant)"
    r"|not (?:really|at all|yet|quite|exactly|right|ok|okay)|(?:of course|definitely|absolutely|certainly) not"
    r"|no way|(?:it )?(?:was|did|is|does) not|(?:it )?(?:wasn't|wasnt|didn't|didnt|isn't|isnt))\b"
)
_YES_PHRASES = re.compile(
    r"\b(?:it (?:was|did|is)|of course|you bet|for sure|all good|all set|sounds good|por supuesto)\b"
)

_SMILEY = re.compile(r"(?<!\S)[:;=]-?[()dp/|](?!\S)")
_SCORE = re.compile(r"(?<![\w.,])(-?\d+(?:[.,]\d+)?)\s*(?:/|\\|out of|of|von|de)\s*(\d+)(?![\w])")
_WORD = re.compile(r"[#\w'.]+", re.UNICODE)


def _normalize(text: str) -> str:
    """Fold case, full-width and keycap digits, curly quotes, variation selectors and skin tones."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("’", "'").replace("🔟", " 10 ")
    folded = "".join(
        c for c in folded if c not in "\u20e3\u200d" and not "\ufe00" <= c <= "\ufe0f" and not "🏻" <= c <= "🏿"
    )
    return " ".join(_SMILEY.sub(" ", folded).split())


def _count_stars(text: str) -> int | None:
    """Number of stars when the message is a row of stars, with thanks at most."""
    stars = sum(text.count(star) for star in _STARS)
    rest = "".join(" " if c in _STARS or c in _EMPTY_STARS else c for c in text)
    if not stars or any(word not in _FILLERS for word in _words(rest)):
        return None
    # "5*" and "***** 5" carry their number in digits.
    return None if any(c.isdigit() for c in rest) else stars


def _words(text: str) -> list[str]:
    """Words without the punctuation around them, emoji left out."""
    return [word for word in (raw.strip(".,!?'_") for raw in _WORD.findall(text)) if word]


def _face(text: str) -> int | None:
    """Score of the one kind of face in a message that has nothing else to say."""
    scores = {score for face, score in _FACES.items() if face in text}
    return scores.pop() if len(scores) == 1 and all(word in _FILLERS for word in _words(text)) else None


def _as_number(word: str) -> int | None:
    """A digit or number word as a number; None for anything else, decimals and dates included."""
    if word.lstrip("#").isdecimal() and len(word) <= 6:
        return int(word.lstrip("#"))
    return _NUMBER_WORDS.get(word)


def _lone_number(text: str) -> int | None:
    """The single number of a message whose other words are mere politeness."""
    scored = _SCORE.search(text.replace("out of five", "out of 5"))
    if scored:
        rest = scored.string[: scored.start()] + " " + scored.string[scored.end() :]
        return _scored(scored) if all(word in _FILLERS for word in _words(rest)) else None
    text = re.sub(r"\b(\d)[.,]0\b", r"\1", text)
    if re.search(r"\d[.,:/-]\d|-\s*\d|[$€£%+]|\d\s*\?", text):
        return None
    numbers = _numbers_beside_fillers(text)
    if not numbers or len(numbers) != 1 or _is_figure_of_speech(text):
        return None
    return numbers.popitem()[0]


def _is_figure_of_speech(text: str) -> bool:
    """Tell praise ("nice one", "that's the one") from a score ("one star")."""
    words = set(_words(text))
    return "one" in words and bool(words & _OPINION) and not words & {"star", "stars"}


def _scored(match: re.Match[str]) -> int | None:
    """``4/5`` is a four; a score on another scale is kept out of range so that it is asked again."""
    value, scale = match.group(1), int(match.group(2)[:6])
    if not value.isdecimal():
        return None
    return int(value[:6]) if scale == HIGHEST else HIGHEST + 1


def _numbers_beside_fillers(text: str) -> dict[int, str] | None:
    """Numbers in the message; None as soon as a word means something else."""
    numbers: dict[int, str] = {}
    for word in _words(text.replace("-", " ")):
        number = _as_number(re.sub(r"^(\d)(?:stars?|th|st|nd|rd)$", r"\1", word))
        if number is not None:
            numbers[number] = word
        elif word not in _FILLERS:
            return None
    return numbers


def any_score(text: str) -> int | None:
    """The score that a message is nearly all of, in range or not; a six stands for a score on another scale."""
    folded = _normalize(text)
    for read in (_count_stars, _lone_number, _face):
        score = read(folded)
        if score is not None:
            return score
    return None


def parse_rating(text: str) -> int | None:
    """Read a CSAT rating.

    Understands digits, number words (common typos, Spanish), ``4/5``, rows of stars, keycaps and faces; a thumb up
    is a 5 and a thumb down a 1. Thanks and the like may stand beside it; other words make it no rating.

    Args:
        text: the message as typed.

    Returns:
        1 to 5, or None when the message is not a rating in that range.
    """
    score = any_score(text)
    return score if score is not None and LOWEST <= score <= HIGHEST else None


def is_rating_attempt(text: str) -> bool:
    """Tell whether the message is a score alone, be it out of range ("7", "10/10", six stars) or half ("4.5").

    Args:
        text: the message as typed.
    """
    return any_score(text) is not None or bool(
        re.fullmatch(r"-?\d{1,3}(?:[.,]\d{1,2})?(?:\s*(?:/|out of)\s*\d{1,3})?(?:\s*stars?)?[.! ]*", _normalize(text))
    )


def parse_yes_no(text: str) -> bool | None:
    """Read the answer to a yes-or-no question such as the resolution check.

    Args:
        text: the message as typed.

    Returns:
        True, False, or None when it says neither, or both.
    """
    folded = re.sub(r"([^\w\s'])", r" \1 ", _normalize(text))
    folded = " ".join(re.sub(r"[.,!?;:\"“”()\[\]…/-]", " ", folded).split())
    if _UNDECIDED.search(folded):
        return None
    folded = _YES_PHRASES.sub("yes", _NO_PHRASES.sub("no", folded))
    return _yes_no_of({_side(word) for word in folded.split()})


def _side(word: str) -> str | None:
    """``yes``, ``no``, ``polite``, or None for a word that makes the message something else."""
    if word in _YES:
        return "yes"
    if word in _NO:
        return "no"
    return "polite" if word in _POLITE or not any(c.isalnum() for c in word) else None


def _yes_no_of(sides: set[str | None]) -> bool | None:
    if None in sides or {"yes", "no"} <= sides:
        return None
    return True if "yes" in sides else (False if "no" in sides else None)
