"""A safe subset of Markdown, the same as in the browser (docs/marketers.md, "What you may write")."""

from proactive_api.lifecycle.markdown.blocks import markdown_to_plain, parse

__all__ = ["markdown_to_plain", "parse"]
