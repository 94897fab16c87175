"""Marks, links and line breaks within a block of Markdown, read into a tree."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from proactive_api.lifecycle.markdown.addresses import ESCAPABLE, Found, angled, bare, blank, bracketed, email
from proactive_api.lifecycle.markdown.marks import Marks
from proactive_api.lifecycle.markdown.tree import Break, Code, Inline, Link, Text

_ESCAPE = re.compile(rf"\\([{ESCAPABLE}])")
_RUN = re.compile(r"\*+|_+|~+")
_TICKS = re.compile("`+")
#: No construct begins within these.
_DULL = re.compile(
    "[^\\n`\\[!<hH*_~\\\\0-9A-Za-z\u00c0-\u024f.%+-]+|[0-9A-GI-Za-gi-z\u00c0-\u024f.%+-]+|[\\s\\S]",
)


def inline(text: str) -> tuple[Inline, ...]:
    """Marks, links and breaks within a block."""
    return _Reader(text, links=True).read()[0]


class _Reader:
    def __init__(self, text: str, links: bool) -> None:
        self._text, self._links = text, links
        self._marks = Marks()
        self._at = 0
        #: Up to here there is no email address.
        self._no_email = 0
        self._readers: Mapping[str, Callable[[], bool]] = {
            "\n": self._break,
            "\\": self._escaped,
            "`": self._code,
            "!": self._picture,
            "[": lambda: self._link(bracketed(text, self._at)),
            "<": lambda: self._link(angled(text, self._at)),
            **dict.fromkeys("hH", lambda: self._link(bare(text, self._at))),
            **dict.fromkeys("*_~", self._mark),
        }

    def read(self) -> tuple[tuple[Inline, ...], int]:
        """The tree, and how deep marks stand within marks."""
        while self._at < len(self._text):
            read = self._readers.get(self._text[self._at])
            if not (self._email() or (read and read())):
                self._words()
        return self._marks.finish(), self._marks.height

    def _put(self, node: Inline, end: int, height: int = 0) -> bool:
        self._marks.add(node, height)
        self._at = end
        return True

    def _words(self) -> None:
        """As far as nothing begins, at least one sign."""
        found = _DULL.match(self._text, self._at)
        if found:
            self._put(Text(found.group()), found.end())

    def _break(self) -> bool:
        return self._put(Break(), self._at + 1)

    def _escaped(self) -> bool:
        found = _ESCAPE.match(self._text, self._at)
        return found is not None and self._put(Text(found.group(1)), found.end())

    def _email(self) -> bool:
        if self._at < self._no_email:
            return False
        words, self._no_email = email(self._text, self._at)
        return bool(words) and self._put(Text(words), self._no_email)

    def _picture(self) -> bool:
        stands_alone = self._at == 0 or blank(self._text[self._at - 1])
        return stands_alone and self._link(bracketed(self._text, self._at))

    def _link(self, found: Found | None) -> bool:
        if found is None or not self._links:
            return False
        children, height = _Reader(found.label, links=False).read() if found.rich else ((Text(found.label),), 0)
        return self._put(Link(found.url, children), found.end, height)

    def _mark(self) -> bool:
        found = _RUN.match(self._text, self._at)
        if found is None:
            return False
        self._marks.mark(self._text, found.start(), found.end())
        self._at = found.end()
        return True

    def _code(self) -> bool:
        """Code between equally many backticks on one line; without a partner, as happens once per number, words."""
        start = self._at + self._ticks(self._at)
        line_end = self._text.find("\n", start)
        for found in _TICKS.finditer(self._text, start, len(self._text) if line_end < 0 else line_end):
            if found.end() - found.start() == start - self._at:
                return self._put(Code(self._text[start : found.start()]), found.end())
        return self._put(Text(self._text[self._at : start]), start)

    def _ticks(self, at: int) -> int:
        found = _TICKS.match(self._text, at)
        return found.end() - at if found else 0
