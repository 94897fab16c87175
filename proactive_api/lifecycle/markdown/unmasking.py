"""Literal parts of a tree become themselves again, after it was read (see ``literal``)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from proactive_api.lifecycle.markdown.addresses import bare
from proactive_api.lifecycle.markdown.literal import is_masked, unmask
from proactive_api.lifecycle.markdown.tree import (
    Block,
    Break,
    Bullets,
    Code,
    CodeBlock,
    Inline,
    Link,
    Marked,
    Numbers,
    Text,
    Words,
)

_LINE_END_OR_ADDRESS = re.compile(r"\n|https?:", re.IGNORECASE)


def unmasked(block: Block) -> Block:
    """The block with its words; addresses among them are links, as in what people type."""
    if isinstance(block, Words):
        return replace(block, children=_all(block.children))
    if isinstance(block, CodeBlock):
        return replace(block, text=unmask(block.text))
    if isinstance(block, (Bullets, Numbers)):
        items = tuple(replace(item, children=_all(item.children)) for item in block.items)
        return replace(block, items=items)
    return block


def _all(nodes: Iterable[Inline], links: bool = True) -> tuple[Inline, ...]:
    return tuple(made for node in nodes for made in _node(node, links))


def _node(node: Inline, links: bool) -> tuple[Inline, ...]:
    if isinstance(node, Text):
        return _typed(unmask(node.text), links) if is_masked(node.text) else (node,)
    if isinstance(node, Code):
        return (Code(unmask(node.text)),)
    if isinstance(node, Link):
        return (replace(node, children=_all(node.children, links=False)),)
    return (replace(node, children=_all(node.children, links)),) if isinstance(node, Marked) else (node,)


def _typed(text: str, links: bool) -> tuple[Inline, ...]:
    """Line breaks and bare addresses, nothing else."""
    out: list[Inline] = []
    at = 0
    for start in _LINE_END_OR_ADDRESS.finditer(text):
        ends = start.group() == "\n"
        found = bare(text, start.start()) if links and not ends and start.start() >= at else None
        if ends or found:
            before = text[at : start.start()]
            out += [Text(before)] if before else []
            out.append(Link(found.url, (Text(found.label),)) if found else Break())
            at = found.end if found else start.end()
    return (*out, Text(text[at:])) if text[at:] else tuple(out)
