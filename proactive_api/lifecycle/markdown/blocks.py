"""A safe subset of Markdown, read into a tree, and written as plain text (docs/marketers.md, "What you may write").

``web/shared/src/markdown`` reads the same for the messenger and the dashboard, and ``tests/markdown_cases.json`` holds
both to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from proactive_api.lifecycle.markdown.addresses import BLANKS
from proactive_api.lifecycle.markdown.inline import inline
from proactive_api.lifecycle.markdown.literal import Spans, mask
from proactive_api.lifecycle.markdown.tree import (
    Block,
    Break,
    Bullets,
    CodeBlock,
    Inline,
    Item,
    Link,
    Marked,
    Numbers,
    Rule,
    Words,
)
from proactive_api.lifecycle.markdown.unmasking import unmasked

_CONTROLS = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LINE_END = re.compile("\r\n?")

#: A number, perhaps with a sign and a currency before it.
_SUM = "[-+−~]?(?:[A-Z]{3} |[$\u00a2-\u00a5\u20a0-\u20cf] ?)?[0-9\u0660-\u0669\u06f0-\u06f9]"
#: ``* * *`` is no list.
_BULLET = re.compile(r"([ \t]*)[-*][ \t]+((?![-*](?:[ \t]|$))[^ \t].*)")
_NUMBER = re.compile(r"([ \t]*)(0|[1-9][0-9]{0,3})([.)])[ \t]+([^ \t].*)")
_HEADING = re.compile(r" {0,3}#{1,6}[ \t]+([^ \t].*)")
_HEADING_END = re.compile(r"[ \t]+#+[ \t]*$")
#: ``> 50 EUR``, ``>€50`` and ``> EUR 50`` are sums, and ``>:(`` is a face.
_QUOTE_START = re.compile(rf" {{0,3}}>(?![ \t]*{_SUM})(?:[ \t]+[^ \t]|[A-Za-z\u00c0-\U0010ffff])")
_QUOTE_LINE = re.compile(r" {0,3}>[ \t]?")
_FENCE_START = re.compile(r" {0,3}```[A-Za-z0-9_+#.-]*[ \t]*$")
_FENCE_END = re.compile(r" {0,3}```[ \t]*$")
_RULE = re.compile(r" {0,3}-{3,}[ \t]*$")
_MORE = re.compile(r" {2}|\t")
_DEEPEST = 3

#: Phones know addresses of these kinds by their looks.
_SILENT_SCHEME = re.compile("^(?:mailto|tel):", re.IGNORECASE)
_WEB_SCHEME = re.compile("^https?://", re.IGNORECASE)


def parse(text: str, literal: Spans = ()) -> list[Block]:
    """Read a message into its blocks.

    Args:
        literal: the parts of it that are words as they stand.
    """
    return [unmasked(block) for block in _parse(mask(text, literal))] if literal else _parse(text)


def _parse(text: str) -> list[Block]:
    lines = _CONTROLS.sub("", _LINE_END.sub("\n", text)).split("\n")
    blocks: list[Block] = []
    at = before = 0
    while at < len(lines):
        if not lines[at].strip(BLANKS):
            at, before = at + 1, before + 1
            continue
        block, at = _read_block(lines, at, before)
        blocks.append(block)
        before = 0
    return blocks


def markdown_to_plain(text: str, literal: Spans = ()) -> str:
    """Write Markdown as the plain text of an SMS.

    Marks go, words and lines stay; ``[title](url)`` becomes ``title (url)``. Text without Markdown comes back
    unchanged, save for control characters, and blanks at its ends and on blank lines.

    Args:
        literal: the parts of it that are words as they stand.
    """
    out: list[str] = []
    gap = 0
    for block in parse(text, literal):
        words = _block_text(block)
        gap = max(gap, block.before)
        if words:
            out += ["\n" * (gap + 1) if out else "", words]
            gap = 0
    return "".join(out).strip(BLANKS)


def _read_block(lines: Sequence[str], at: int, before: int) -> tuple[Block, int]:
    """A block that begins at line ``at``, and the index of the line after it."""
    first = lines[at]
    if _FENCE_START.match(first):
        return _read_fence(lines, at, before)
    if _RULE.match(first):
        return Rule(before), at + 1
    heading = _HEADING.match(first)
    if heading:
        return Words("heading", before, inline(_HEADING_END.sub("", heading.group(1)))), at + 1
    if _BULLET.match(first):
        return _read_bullets(lines, at, before)
    if _NUMBER.match(first):
        return _read_numbers(lines, at, before)
    return _read_quote(lines, at, before) if _QUOTE_START.match(first) else _read_paragraph(lines, at, before)


def _read_fence(lines: Sequence[str], at: int, before: int) -> tuple[Block, int]:
    end = at + 1
    while end < len(lines) and not _FENCE_END.match(lines[end]):
        end += 1
    return CodeBlock(before, "\n".join(lines[at + 1 : end])), end + 1


def _read_bullets(lines: Sequence[str], at: int, before: int) -> tuple[Block, int]:
    items: list[Item] = []
    while at < len(lines) and (found := _BULLET.match(lines[at])):
        item, at = _read_item(lines, at, found.group(1), found.group(2))
        items.append(item)
    return Bullets(before, tuple(items)), at


def _read_numbers(lines: Sequence[str], at: int, before: int) -> tuple[Block, int]:
    """Numbers that neither count up nor are all 1 begin a new list each, so that they are shown as written."""
    items: list[Item] = []
    start, delimiter, ones = -1, "", True
    while at < len(lines) and (found := _NUMBER.match(lines[at])):
        indent, number, sign, words = found.group(1), int(found.group(2)), found.group(3), found.group(4)
        if not items:
            start, delimiter = number, sign
        ones = ones and number == 1
        counts = ones or number == start + len(items)
        if not counts or sign != delimiter or (items and items[0].depth != _depth(indent)):
            break
        item, at = _read_item(lines, at, indent, words)
        items.append(item)
    return Numbers(before, start, delimiter, tuple(items)), at


def _read_item(lines: Sequence[str], at: int, indent: str, words: str) -> tuple[Item, int]:
    """An item goes on in lines that are set in and begin nothing else."""
    said = [words]
    end = at + 1
    while end < len(lines) and _goes_on(lines[end]):
        said.append(lines[end].strip(BLANKS))
        end += 1
    return Item(_depth(indent), inline("\n".join(said))), end


def _goes_on(line: str) -> bool:
    return _MORE.match(line) is not None and line.strip(BLANKS) != "" and not _interrupts(line, in_list=True)


def _depth(indent: str) -> int:
    """Two blanks, or a tab, lead one list deeper."""
    return min(_DEEPEST, (len(indent) + indent.count("\t")) // 2)


def _read_quote(lines: Sequence[str], at: int, before: int) -> tuple[Block, int]:
    said: list[str] = []
    while at < len(lines) and (found := _QUOTE_LINE.match(lines[at])):
        said.append(lines[at][found.end() :])
        at += 1
    return Words("quote", before, inline("\n".join(said))), at


def _read_paragraph(lines: Sequence[str], at: int, before: int) -> tuple[Block, int]:
    end = at + 1
    while end < len(lines) and lines[end].strip(BLANKS) and not _interrupts(lines[end]):
        end += 1
    return Words("paragraph", before, inline("\n".join(lines[at:end]))), end


def _interrupts(line: str, in_list: bool = False) -> bool:
    """Whether it begins a block of its own; a number other than 1 is no list in the middle of a sentence."""
    number = _NUMBER.match(line)
    if number:
        return in_list or number.group(2) == "1"
    return any(pattern.match(line) for pattern in (_FENCE_START, _RULE, _HEADING, _BULLET, _QUOTE_START))


def _block_text(block: Block) -> str:
    if isinstance(block, Words):
        return _inline_text(block.children)
    if isinstance(block, CodeBlock):
        return block.text
    if isinstance(block, Bullets):
        return "\n".join(_item_text(item, "- ") for item in block.items)
    if isinstance(block, Numbers):
        numbered = enumerate(block.items, block.start)
        return "\n".join(_item_text(item, f"{number}{block.delimiter} ") for number, item in numbered)
    return ""


def _item_text(item: Item, mark: str) -> str:
    indent = "  " * item.depth
    return indent + mark + _inline_text(item.children).replace("\n", f"\n{indent}  ")


def _inline_text(nodes: Iterable[Inline]) -> str:
    return "".join(_text(node) for node in nodes)


def _text(node: Inline) -> str:
    if isinstance(node, Link):
        return _link_text(node.url, _inline_text(node.children))
    if isinstance(node, Marked):
        return _inline_text(node.children)
    return "\n" if isinstance(node, Break) else node.text


def _link_text(url: str, title: str) -> str:
    if title == _WEB_SCHEME.sub("", url):
        return url
    shown = _SILENT_SCHEME.sub("", url)
    return title if title == shown else f"{title} ({shown})"
