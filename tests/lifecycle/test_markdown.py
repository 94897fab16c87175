"""Markdown as the table of cases has it, which the messenger and the dashboard are held to as well."""

from __future__ import annotations

import json
import re
import time
from dataclasses import fields
from pathlib import Path
from typing import Any, Dict, List

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from proactive_api.lifecycle.markdown import markdown_to_plain, parse

TABLE = Path(__file__).parents[1] / "markdown_cases.json"
CASES: List[Dict[str, Any]] = json.loads(TABLE.read_text(encoding="utf-8"))

KINDS = {
    "Text": "text",
    "Break": "break",
    "Code": "code",
    "Link": "link",
    "CodeBlock": "code",
    "Rule": "rule",
    "Bullets": "bullets",
    "Numbers": "numbers",
}


def as_json(node: Any) -> Any:
    """The tree as the table writes it."""
    if isinstance(node, (list, tuple)):
        return [as_json(one) for one in node]
    if isinstance(node, (str, int)):
        return node
    kind = KINDS.get(type(node).__name__)
    return {**({"kind": kind} if kind else {}), **{one.name: as_json(getattr(node, one.name)) for one in fields(node)}}


def paragraph(text: str) -> List[Dict[str, Any]]:
    return [{"kind": "paragraph", "before": 0, "children": [{"kind": "text", "text": text}]}]


@pytest.mark.parametrize("case", CASES, ids=[f"{one['about']}: {one['text'][:40]!r}" for one in CASES])
def test_the_table(case: Dict[str, Any]) -> None:
    text = case["text"] * case.get("times", 1)
    assert as_json(parse(text)) == case.get("tree", paragraph(text))
    assert markdown_to_plain(text) == case.get("plain", text.strip())


def test_the_table_is_whole() -> None:
    texts = [(one["text"], one.get("times")) for one in CASES]
    assert len(set(texts)) == len(texts) > 100
    kinds = set(re.findall(r'"kind": "(\w+)"', json.dumps(CASES)))
    assert kinds == {"paragraph", "heading", "quote", "strong", "em", "del", *KINDS.values()}


@given(
    st.text(alphabet=st.characters(whitelist_categories=("L", "Nd", "Zs"), whitelist_characters=",.!?'"), max_size=80)
)
def test_words_without_marks_stay(text: str) -> None:
    assume(not re.match(r"\s*\d+\.\s", text))
    assert markdown_to_plain(text) == text.strip()


MARKS = "ab*_~`[]()<>\\#>-+ \n1\x00/:htps.@"


@given(st.text(alphabet=MARKS, max_size=60))
def test_any_mark_up_is_survived(text: str) -> None:
    assert "\x00" not in markdown_to_plain(text)


@given(st.text(alphabet=MARKS, max_size=60))
def test_every_letter_is_kept(text: str) -> None:
    """Only marks go; the name of a fence's language is one."""
    assume("```" not in text)
    wanted = re.sub("[^ab1]", "", text)
    assert re.sub("[^ab1]", "", markdown_to_plain(text)) == wanted or "<h" in text or "](" in text


HOSTILE = ["*", "_", "~~", "`", "[", "](", "**a", "*a ", "a* ", "[a](", "*(_(", ")*)_", '[a](b "', "<http://a", "a@b."]
HOSTILE += [
    "https://a.example/",
    "http://a!!!",
    "\\",
    "![",
    "***a*",
    "*a**b*** ",
    "[\\[",
    "`a``b```c",
    "> ",
    "- ",
    "1. a\n",
]
HOSTILE += ["1. a\n", "\n", "- a\n  "]


@pytest.mark.parametrize("part", HOSTILE)
def test_time_grows_with_the_text_only(part: str) -> None:
    """Four thousand characters are the longest that anybody can send; ten times as many take a moment."""
    text = (part * 40_000)[:40_000]
    started = time.process_time()
    markdown_to_plain(text)
    assert time.process_time() - started < 2


def test_marks_within_marks_end_somewhere() -> None:
    text = "*(_(" * 1_000 + "x" + ")_)*" * 1_000
    assert markdown_to_plain(text).count("x") == 1
