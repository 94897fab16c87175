"""Which marks belong together; each sign is looked at a fixed number of times, whatever the text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Union

from proactive_api.lifecycle.markdown.addresses import blank, wordy
from proactive_api.lifecycle.markdown.tree import Inline, Marked, Text

#: Marks inside marks, at most.
_DEEPEST = 6
#: On both sides of an underline they make a face.
_FACE = frozenset("^-<>=;.'")
_DIGITS = frozenset("0123456789")


@dataclass
class _Run:
    """One to three equal signs."""

    sign: str
    count: int


@dataclass
class _Opener:
    """Where its run is, and how deep marks stand within marks after it."""

    at: int
    inside: int


def _flanks(text: str, at: int, end: int) -> tuple[bool, bool]:
    """Whether the signs from ``at`` to ``end`` may open, and may close, what is marked."""
    sign, before, after = text[at], text[at - 1 : at] if at else "", text[end : end + 1]
    single = end - at == 1
    opens, closes = after != "" and not blank(after), before != "" and not blank(before)
    if sign == "_" or single:
        opens, closes = opens and not wordy(before), closes and not wordy(after)
    number = before in _DIGITS and after in _DIGITS
    face = sign == "_" and single and opens and closes and before in _FACE and after in _FACE
    return (False, False) if number or face else (opens, closes)


class Marks:
    """Takes in what a block says, piece by piece, and pairs the marks in it."""

    def __init__(self) -> None:
        self._pieces: list[Union[_Run, Inline]] = []
        self._openers: list[_Opener] = []
        #: By sign and count: how many of the first openers are known not to fit.
        self._floors: dict[tuple[str, int], int] = {}
        #: How deep marks stand within marks.
        self.height = 0

    def add(self, node: Inline, height: int = 0) -> None:
        """Take in a node with marks ``height`` deep."""
        self._pieces.append(node)
        self._raise(height)

    def mark(self, text: str, at: int, end: int) -> None:
        """Take in the signs from ``at`` to ``end`` of the text."""
        sign, count = text[at], end - at
        if count != 2 if sign == "~" else count > 3:
            self.add(Text(text[at:end]))
            return
        opens, closes = _flanks(text, at, end)
        while closes and count:
            used = self._close(sign, count)
            if not used:
                break
            count -= used
        if count:
            self._pieces.append(_Run(sign, count))
            if opens:
                self._openers.append(_Opener(len(self._pieces) - 1, 0))

    def finish(self) -> tuple[Inline, ...]:
        """What there is; marks without a partner are text."""
        return _settled(self._pieces)

    def _close(self, sign: str, count: int) -> int:
        """Mark what stands after the nearest opener that fits; returns how many signs that took."""
        index = self._find(sign, count)
        if index < 0:
            return 0
        opener = self._openers[index]
        run = self._pieces[opener.at]
        assert isinstance(run, _Run)
        used = min(run.count, count)
        inside = self._drop(index + 1, opener.inside)
        height = inside + (2 if used == 3 else 1)
        if height > _DEEPEST:
            self._drop(index, 0)
            self._raise(inside)
            return 0
        children = _settled(self._pieces[opener.at + 1 :])
        run.count -= used
        if not run.count:
            self._drop(index, 0)
        del self._pieces[opener.at + (1 if run.count else 0) :]
        self.add(_marked(sign, used, children), height)
        return used

    def _find(self, sign: str, count: int) -> int:
        floor = self._floors.get((sign, count), 0)
        for index in range(len(self._openers) - 1, floor - 1, -1):
            run = self._pieces[self._openers[index].at]
            if isinstance(run, _Run) and run.sign == sign and (run.count == count or 3 in (run.count, count)):
                return index
        self._floors[sign, count] = len(self._openers)
        return -1

    def _drop(self, index: int, height: int) -> int:
        """Forget the openers from ``index`` on; returns the height of what stands after them, or the one given."""
        gone = self._openers[index:]
        del self._openers[index:]
        for key, floor in self._floors.items():
            self._floors[key] = min(floor, index)
        return max((height, *(opener.inside for opener in gone)))

    def _raise(self, height: int) -> None:
        self.height = max(self.height, height)
        if self._openers:
            self._openers[-1].inside = max(self._openers[-1].inside, height)


def _marked(sign: str, count: int, children: tuple[Inline, ...]) -> Inline:
    if sign == "~":
        return Marked("del", children)
    inner = Marked("em" if count == 1 else "strong", children)
    return Marked("em", (inner,)) if count == 3 else inner


def _settled(pieces: Iterable[Union[_Run, Inline]]) -> tuple[Inline, ...]:
    out: list[Inline] = []
    words: list[str] = []
    for piece in pieces:
        if isinstance(piece, _Run):
            words.append(piece.sign * piece.count)
        elif isinstance(piece, Text):
            words.append(piece.text)
        else:
            if any(words):
                out.append(Text("".join(words)))
            words = []
            out.append(piece)
    return (*out, Text("".join(words))) if any(words) else tuple(out)
