"""What a message says, as a tree; ``web/shared/src/markdown/tree.ts`` has the same one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Union


@dataclass(frozen=True)
class Text:
    """Words."""

    text: str


@dataclass(frozen=True)
class Break:
    """The end of a line."""


@dataclass(frozen=True)
class Code:
    """Words in which no sign has a meaning."""

    text: str


@dataclass(frozen=True)
class Marked:
    """Words that stand out."""

    kind: Literal["strong", "em", "del"]
    children: tuple[Inline, ...]


@dataclass(frozen=True)
class Link:
    """Words that lead to an absolute address of a harmless scheme."""

    url: str
    children: tuple[Inline, ...]


Inline = Union[Text, Break, Code, Marked, Link]


@dataclass(frozen=True)
class Item:
    """One entry of a list; ``depth`` is 0 in the outermost list."""

    depth: int
    children: tuple[Inline, ...]


@dataclass(frozen=True)
class Words:
    """Lines of words; ``before`` counts the blank lines before them, as in every block."""

    kind: Literal["paragraph", "heading", "quote"]
    before: int
    children: tuple[Inline, ...]


@dataclass(frozen=True)
class CodeBlock:
    """Lines of code."""

    before: int
    text: str


@dataclass(frozen=True)
class Rule:
    """A line across."""

    before: int


@dataclass(frozen=True)
class Bullets:
    """A list without an order."""

    before: int
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Numbers:
    """A list that counts from ``start``; ``delimiter`` stands after each number."""

    before: int
    start: int
    delimiter: str
    items: tuple[Item, ...]


Block = Union[Words, CodeBlock, Rule, Bullets, Numbers]
