"""Encoding and number of segments of an SMS, and plain text for it (spec section 2, 3GPP TS 23.038)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

GSM_7, UCS_2 = "GSM-7", "UCS-2"

_GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
#: Each takes an escape septet and its own, side by side in one segment.
_GSM_EXTENDED = frozenset("^{}\\[~]|€\f")

#: Units in a lone segment, and in each of several (six bytes go to the header that joins them).
_LIMITS = {GSM_7: (160, 153), UCS_2: (70, 67)}


@dataclass(frozen=True)
class SmsSize:
    """What an SMS takes.

    Args:
        encoding: ``GSM-7`` or ``UCS-2``.
        characters: characters as people count them in the text (code points).
        units: septets in GSM-7, UTF-16 code units in UCS-2; segments are filled with these.
        segments: SMS that the carrier sends and charges.
    """

    encoding: str
    characters: int
    units: int
    segments: int


def measure(text: str) -> SmsSize:
    """Encoding and segments of ``text`` as the carrier will count them."""
    encoding = GSM_7 if all(c in _GSM_BASIC or c in _GSM_EXTENDED for c in text) else UCS_2
    widths = [_width(c, encoding) for c in text]
    alone, joined = _LIMITS[encoding]
    units = sum(widths)
    return SmsSize(encoding, len(text), units, 1 if units <= alone else _fill(widths, joined))


def _width(char: str, encoding: str) -> int:
    if encoding == GSM_7:
        return 2 if char in _GSM_EXTENDED else 1
    return 2 if ord(char) > 0xFFFF else 1


def _fill(widths: Iterable[int], limit: int) -> int:
    """Segments of ``limit`` units that hold characters of these widths, none of them split."""
    segments, room = 1, limit
    for width in widths:
        if width > room:
            segments, room = segments + 1, limit
        room -= width
    return segments


_FENCE = re.compile(r"^[ \t]*(?:```|~~~).*$\n?", re.MULTILINE)
_KEPT = re.compile(r"\\([\\`*_{}\[\]()#+\-.!>~|])|`+([^`\n]+)`+|<((?:https?://|mailto:)[^<>\s]+)>")
_LINK = re.compile(r"!?\[([^\[\]\n]*)\]\(\s*<?([^\s()>]+(?:\([^\s()]*\)[^\s()>]*)*)>?(?:\s+[\"'][^\"'\n]*[\"'])?\s*\)")
_BARE_URL = re.compile(r"https?://[^\s\x00]+")
_LINES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"^[ \t]*(?:[-*_][ \t]*){3,}$\n?", re.MULTILINE), ""),
    (re.compile(r"^[ \t]{0,3}#{1,6}[ \t]+(.*?)[ \t#]*$", re.MULTILINE), r"\1"),
    (re.compile(r"^[ \t]{0,3}>[ \t]?", re.MULTILINE), ""),
    (re.compile(r"^([ \t]*)[*+][ \t]+", re.MULTILINE), r"\1- "),
)
#: Longest marks first. Marks inside a word (snake_case, 2*3*4) are not emphasis.
_EMPHASIS = tuple(
    re.compile(
        rf"(?<![\w{re.escape(mark[0])}]){re.escape(mark)}(?=\S)(.+?)(?<=\S){re.escape(mark)}(?![\w{re.escape(mark[0])}])"
    )
    for mark in ("***", "___", "**", "__", "~~", "*", "_")
)


def markdown_to_plain(text: str) -> str:
    """Write Markdown as the plain text of an SMS.

    Marks go, words stay; ``[title](url)`` becomes ``title (url)``. Addresses, code and escaped characters keep
    theirs. Text without Markdown comes back unchanged, save for blanks at its ends.
    """
    kept: list[str] = []

    def keep(words: str) -> str:
        kept.append(words)
        return f"\x00{len(kept) - 1}\x00"

    plain = _FENCE.sub("", text.replace("\x00", ""))
    plain = _KEPT.sub(lambda found: keep(next(part for part in found.groups() if part)), plain)
    plain = _LINK.sub(lambda found: _link(found.group(1), keep(found.group(2)), found.group(2)), plain)
    plain = _BARE_URL.sub(lambda found: keep(found.group()), plain)
    for pattern, replacement in (*_LINES, *((emphasis, r"\1") for emphasis in _EMPHASIS)):
        plain = pattern.sub(replacement, plain)
    return _restore(plain, kept).strip()


def _link(title: str, kept_url: str, url: str) -> str:
    bare = {url, url.removeprefix("mailto:"), url.removeprefix("tel:")}
    return kept_url if not title.strip() or title.strip() in bare else f"{title} ({kept_url})"


def _restore(text: str, kept: list[str]) -> str:
    """Put kept words back; a link's address may hold an escaped character, hence from the last to the first."""
    for index in reversed(range(len(kept))):
        text = text.replace(f"\x00{index}\x00", kept[index])
    return text
