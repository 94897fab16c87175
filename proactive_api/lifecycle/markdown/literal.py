"""Parts of a message that are words as they stand: values filled in, and what people typed.

While a message is read, signs in such parts stand as others that mean nothing (see ``mask``); then they become
themselves again. So no value can begin or end a mark, a list or a link, wherever in the Markdown it stands.
``web/shared/src/markdown/literal.ts`` does the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Tuple
from urllib.parse import quote

#: Where literal parts begin and end, in order: indexes of code points, the end not included.
Spans = Tuple[Tuple[int, int], ...]

_SIGNS = "\\`*_{}[]()#+-.!>~|<\"':/ \t\n"
#: Of the private use area, which nobody types.
_FIRST = 0xEE00
_MASK = {ord(sign): _FIRST + ord(sign) for sign in _SIGNS}
_UNMASK = {there: here for here, there in _MASK.items()}
_LINE_END = re.compile("\r\n?")
_MASKED = re.compile("[\uee00-\uee7f]")
#: These would end an address too early.
_NOT_IN_ADDRESS = frozenset('<>" \t\n')


class Words(str):
    """What the business says: Markdown, in which the ``literal`` parts are words as they stand.

    It is a ``str``, so that whoever does not care need not know.
    """

    literal: Spans

    def __new__(cls, text: str, literal: Iterable[Sequence[int]] = ()) -> Words:
        """The same text, knowing its literal parts."""
        made = super().__new__(cls, text)
        made.literal = tuple((int(start), int(end)) for start, end in literal)
        return made


def verbatim(text: str) -> Words:
    """Words that are no Markdown at all, such as those that a person typed."""
    return Words(text, [(0, len(text))] if text else ())


def literal_of(text: str) -> Spans:
    """The literal parts of a text; none of one that is Markdown all through."""
    return text.literal if isinstance(text, Words) else ()


def join(several: Sequence[Words]) -> Words:
    """One after the other, with a blank line between."""
    text, literal = "", []
    for one in several:
        text += "\n\n" if text else ""
        literal += [(start + len(text), end + len(text)) for start, end in one.literal]
        text += one
    return Words(text, literal)


def is_verbatim(text: str, literal: Spans) -> bool:
    """Whether nothing of the text is Markdown."""
    covered = 0
    for start, end in literal:
        if start > covered:
            break
        covered = max(covered, end)
    return covered >= len(text)


def read_spans(raw: Any) -> Spans:
    """Spans as they were stored; none where there are none, or no such thing."""
    if not isinstance(raw, (list, tuple)):
        return ()
    pairs = [tuple(one) for one in raw if isinstance(one, (list, tuple)) and len(one) == 2]
    return tuple((one[0], one[1]) for one in pairs if all(isinstance(at, int) for at in one))


def in_browser(text: str, literal: Spans) -> list[list[int]]:
    """The spans as browsers count: a character outside the basic plane is two."""
    return [[_units(text[:start]), _units(text[:end])] for start, end in literal]


def mask(text: str, literal: Spans) -> str:
    """The text with meaningless signs in its literal parts."""
    out, at = [], 0
    for start, end in literal:
        out += [text[at:start], _LINE_END.sub("\n", text[max(at, start) : end]).translate(_MASK)]
        at = max(at, end)
    return "".join((*out, text[at:]))


def is_masked(text: str) -> bool:
    """Whether something literal is in it."""
    return _MASKED.search(text) is not None


def unmask(text: str) -> str:
    """The words themselves."""
    return text.translate(_UNMASK)


def as_address(text: str) -> str:
    """Part of an address, or all of it: what would end it is written with percent signs."""
    return _MASKED.sub(_in_address, text)


def _in_address(found: re.Match[str]) -> str:
    sign = unmask(found.group())
    return quote(sign, safe="") if sign in _NOT_IN_ADDRESS else sign


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
