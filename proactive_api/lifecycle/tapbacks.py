"""Reactions that phones send as text, in the languages of their owners."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from proactive_api.lifecycle.plain import folded
from proactive_api.lifecycle.tapback_words import ADDED, ARTICLES, REACTED, REMOVED, REMOVED_THING, THINGS, TO


@dataclass(frozen=True)
class Tapback:
    """A reaction to a message.

    Args:
        kind: ``liked``, ``loved``, ``disliked``, ``laughed``, ``emphasized``, ``questioned``, or ``reacted``.
        quoted: the words reacted to; empty for a picture.
        emoji: the reaction as an emoji; empty where one was taken back and its kind is not known.
        removed: whether the reaction was taken back.
    """

    kind: str
    quoted: str
    emoji: str
    removed: bool = False


@dataclass(frozen=True)
class _Parts:
    """A message around what it quotes: folded words before and after, and the quoted words."""

    before: str
    after: str
    quoted: str


_EMOJI: Mapping[str, str] = {
    "liked": "👍", "loved": "❤️", "disliked": "👎", "laughed": "😂", "emphasized": "‼️", "questioned": "❓",
}  # fmt: skip
_NOUNS: Mapping[str, str] = {
    "like": "liked", "heart": "loved", "dislike": "disliked", "laugh": "laughed", "exclamation": "emphasized",
    "exclamation mark": "emphasized", "emphasis": "emphasized", "question": "questioned", "question mark": "questioned",
}  # fmt: skip
_OPEN, _CLOSE = "“\"„«‹‘‚'「『《〝‟”", "”\"“»›’'」』》〞‘„«"
#: Labels that phones put into quotes of their own: Hat „…“ mit „Gefällt mir“ markiert.
_LABEL = re.compile(
    rf"[{_OPEN}]\s?(gefällt mir(?: nicht)?|(?:je n['’]aime pas|j['’]aime)|(?:non )?mi piace|(?:no )?me gusta|gostei"
    rf"|haha|jaja|likes?|いいね|大好き|よくないね|ハハハ|！！|!!|？|\?|좋아요|싫어요)\s?[{_CLOSE}]",
    re.IGNORECASE,
)
#: Hair spaces and marks without width that Android wraps around, and the marks of right-to-left text.
_INVISIBLE = re.compile("[\u200a-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_PICTURE = re.compile(r"[^\w\s\"“”„«»‹›‘’'.,!?;:()/\[\]{}&%$€£#@+=<>|~^`°-]{1,12}")
_ARTICLE = rf"(?:(?:{'|'.join(re.escape(word) for word in ARTICLES.split('|'))})\s?)"
#: Longer ones are what a person says of a quotation.
_MOST_WORDS = 7


def _template(wording: str) -> tuple[str, str]:
    before, _, after = folded(wording).partition("{}")
    return _bare(before), _bare(after)


def _bare(words: str) -> str:
    """Words without the quotes of labels, blanks and marks at their ends."""
    return " ".join(re.sub(r"[“”\"'’「」„«»]", "", words).split()).strip(" .:-…")


_ADDED: Mapping[tuple[str, str], str] = {
    _template(wording): kind for kind, lines in ADDED.items() for line in lines for wording in line.split("|")
}
_THING = "|".join(sorted({re.escape(folded(word)) for word in THINGS.split("|")}, key=len, reverse=True))
_OBJECT = re.compile(rf"(?P<before>.*?)(?P<thing>(?<!\w){_ARTICLE}?(?:{_THING}))(?P<after>\W.*|)", re.DOTALL)
_REMOVED = tuple(sorted((folded(word) for word in REMOVED.split("|")), key=len, reverse=True))
_REMOVED_THING = re.compile("|".join(re.escape(_bare(folded(word))) for word in REMOVED_THING.split("|")))
_REACTED = re.compile(rf"(?<![a-z])(?:{'|'.join(re.escape(folded(word)) for word in REACTED.split('|'))})")
_TO = frozenset(folded(word) for word in TO)


def parse_tapback(text: str) -> Tapback | None:
    """Recognise a reaction sent as text by an iPhone (``Liked “…”``) or an Android phone (``👍 to “…”``).

    Args:
        text: the message as it arrived, in the language of the phone that sent it.

    Returns:
        None for what a person wrote.
    """
    plain = _LABEL.sub(r"\1", unicodedata.normalize("NFC", _INVISIBLE.sub("", text)).strip())
    for parts in _readings(plain):
        found = _added(parts) or _pictured(parts) or _taken_back(parts)
        if found is not None:
            return found
    return None


def _readings(text: str) -> Iterator[_Parts]:
    """The ways to tell what is quoted: between the outer quotes, up to the end, or a thing without quotes."""
    opened = next((index for index, char in enumerate(text) if _opens(text, index, char)), None)
    if opened is not None:
        closed = max(index for index, char in enumerate(text) if char in _CLOSE or index == opened)
        if closed > opened:
            yield _parts(text[:opened], text[closed + 1 :], text[opened + 1 : closed])
        elif text[opened] in "“„«「":
            yield _parts(text[:opened], "", text[opened + 1 :])
        return
    thing = _OBJECT.fullmatch(folded(text)) if len(text) < 120 else None
    if thing is not None:
        yield _parts(thing["before"], thing["after"], "")


def _opens(text: str, index: int, char: str) -> bool:
    """Whether a quotation begins here; an apostrophe within a word begins none."""
    inside = index > 0 and text[index - 1].isalnum() and index + 1 < len(text) and text[index + 1].isalnum()
    return char in _OPEN and not (char in "'’" and inside)


def _parts(before: str, after: str, quoted: str) -> _Parts:
    return _Parts(_bare(folded(before)), _bare(folded(after)), quoted.strip())


def _added(parts: _Parts) -> Tapback | None:
    kind = _ADDED.get((parts.before, parts.after))
    return Tapback(kind, parts.quoted, _EMOJI[kind]) if kind else None


def _pictured(parts: _Parts) -> Tapback | None:
    """An emoji with a preposition or a form of "reacted"; or with "removed"."""
    around = f"{parts.before} {parts.after}".strip()
    pictures = _PICTURE.findall(around)
    words = _PICTURE.sub(" ", around).split()
    if len(pictures) != 1 or len(words) > _MOST_WORDS or not words:
        return None
    if any(
        around.startswith(word) or around.endswith(word) or f" {word} " in around for word in _REMOVED if word != "hat"
    ):
        return Tapback("reacted", parts.quoted, pictures[0], removed=True)
    spoken = " ".join(words)
    if all(word in _TO for word in words) or _REACTED.search(spoken):
        return Tapback("reacted", parts.quoted, pictures[0])
    return None


def _taken_back(parts: _Parts) -> Tapback | None:
    """A verb in the third person and the name of a reaction: "Removed a heart from"."""
    around = f"{parts.before} {parts.after}".strip()
    begins = any(_begins(parts.before, word) for word in _REMOVED)
    ends = any(around.endswith(word) for word in _REMOVED)
    named = _REMOVED_THING.search(around)
    if not (begins or ends) or named is None or len(around.split()) > _MOST_WORDS or len(around) > 60:
        return None
    kind = next((kind for noun, kind in _NOUNS.items() if re.search(rf"\b{noun}\b(?! mark)", around)), "reacted")
    return Tapback(kind, parts.quoted, _EMOJI.get(kind, ""), removed=True)


def _begins(words: str, verb: str) -> bool:
    """Whether the words begin with this verb; Chinese and Japanese have no blanks after it."""
    rest = words[len(verb) :]
    return words.startswith(verb) and (not rest[:1].isalpha() or verb[0] >= "\u0e00")
