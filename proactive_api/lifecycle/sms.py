"""Encoding and number of segments of an SMS (spec section 2, 3GPP TS 23.038)."""

from __future__ import annotations

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
