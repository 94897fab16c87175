"""A safe subset of Markdown, the same as in the browser (docs/marketers.md, "What you may write")."""

from proactive_api.lifecycle.markdown.blocks import markdown_to_plain, parse
from proactive_api.lifecycle.markdown.literal import (
    Spans,
    Words,
    in_browser,
    is_verbatim,
    join,
    literal_of,
    read_spans,
    verbatim,
)

__all__ = [
    "Spans",
    "Words",
    "in_browser",
    "is_verbatim",
    "join",
    "literal_of",
    "markdown_to_plain",
    "parse",
    "read_spans",
    "verbatim",
]
