"""The words of a message without what phones, people and mail programs put around them."""

from __future__ import annotations

import re
import unicodedata

from proactive_api.lifecycle.signatures import without_signature

#: Characters that show nothing but that Unicode counts as letters or marks: fillers, joiners, what makes a keycap.
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u20e3\u2800\u3164\uffa0\ufffc\ufffd")
_QUOTED_LINE = re.compile(r"^[^\S\n]*>.*$", re.MULTILINE)
#: "On Monday the shop wrote:" and what follows it, in the languages of the mail programs that write it.
_QUOTATION = re.compile(
    r"^[^\S\n]*(?:(?:on|am|le|el|il|em|op|den|dnia|в|вт|пн)\b.{4,120}\b(?:wrote|schrieb|a écrit|escribió"
    r"|ha scritto|escreveu"
    r"|schreef|skrev|napisał\w*|написал\w*)|-{3,}\s*(?:original message|ursprüngliche nachricht|mensaje original"
    r"|message d'origine|messaggio originale|mensagem original))\b.*",
    re.MULTILINE | re.DOTALL | re.IGNORECASE,
)
_EMOTICON = re.compile(
    r"(?<!\S)(?:<3+|[:;=]['’]?[-o^]?[()\[\]dpo/|*3]+|\^_?\^|xd+)(?!\S)|(?<=\d)[:;=]-?[()dp](?!\w)", re.IGNORECASE
)


def visible(text: str) -> str:
    """What a reader sees: no invisible characters, digits of all scripts and dresses as ``0`` to ``9``, one width.

    Lines stay lines.
    """
    spread = unicodedata.normalize("NFKC", text.replace("🔟", " 10 "))
    return "".join(_seen(char) for char in spread)


def _seen(char: str) -> str:
    if char in _UNSEEN or "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef":
        return ""
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    category = unicodedata.category(char)
    return "" if category == "Cf" else (" " if category == "Cc" and char != "\n" else char)


def own_words(text: str) -> str:
    """The visible words that the person wrote: no phone's signature, no quoted message, no emoticons.

    Where nothing else would be left, what is there stays.
    """
    seen = visible(text)
    for remove in (_without_quotations, without_signature, _without_emoticons):
        rest = remove(seen)
        seen = rest if rest.strip() else seen
    return seen.strip()


def _without_quotations(text: str) -> str:
    return _QUOTED_LINE.sub("", _QUOTATION.sub("", text))


def _without_emoticons(text: str) -> str:
    return _EMOTICON.sub(" ", text)


def folded(text: str) -> str:
    """``text`` where case, Latin accents and the shape of an apostrophe do not matter."""
    spread = unicodedata.normalize("NFKD", text).casefold().replace("’", "'")
    return unicodedata.normalize("NFC", re.sub(r"([a-z])[\u0300-\u036f]+", r"\1", spread))
