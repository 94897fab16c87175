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

from proactive_api.lifecycle.markdown import in_browser, is_verbatim, markdown_to_plain, parse, read_spans, verbatim

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
    text, literal = case["text"] * case.get("times", 1), read_spans(case.get("literal"))
    assert as_json(parse(text, literal)) == case.get("tree", paragraph(text))
    assert markdown_to_plain(text, literal) == case.get("plain", text.strip())


def test_the_table_is_whole() -> None:
    texts = [(one["text"], one.get("times"), str(one.get("literal"))) for one in CASES]
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


@given(st.text(alphabet=MARKS + "A2\u00e9\U0001f600\r\"'", max_size=40).filter(lambda text: "\x00" not in text))
@pytest.mark.parametrize(
    "around", ["{}", "a {} b", "- {}", "**{}**", "> {}", "# {}", "_{}_!", "{}\n{}", "[{}](https://a.b)"]
)
def test_what_is_literal_stays_as_it_is(around: str, value: str) -> None:
    value = re.sub("\r\n?", "\n", value).strip()
    assume(value and "\n" not in value)
    parts = around.split("{}")
    text, literal = parts[0], []
    for part in parts[1:]:
        literal.append((len(text), len(text) + len(value)))
        text += value + part
    plain = markdown_to_plain(text, tuple(literal))
    assert plain.count(value) >= len(literal)
    assert "**" not in plain.replace(value, "")


@given(st.text(max_size=60))
def test_words_that_people_type_are_no_markdown(text: str) -> None:
    typed = verbatim(text)
    kept = re.sub("[\0-\x08\x0b\x0c\x0e-\x1f\x7f]", "", re.sub("\r\n?", "\n", text))
    assert markdown_to_plain(typed, typed.literal).strip() == kept.strip()
    assert is_verbatim(typed, typed.literal)


def test_browsers_count_some_characters_twice() -> None:
    assert in_browser("\U0001f600 *a*", ((2, 5),)) == [[3, 6]]


def test_spans_that_make_no_sense_are_none() -> None:
    assert read_spans("x") == read_spans(None) == read_spans([["a", 1], [1], 3]) == ()
    assert markdown_to_plain("**a**", ((3, 99), (1, 2))) == "**a**"


@pytest.mark.parametrize("part", ["*", "[", "https:", "\n", "a@b.", "`"])
def test_literal_parts_take_no_longer(part: str) -> None:
    text = (part * 40_000)[:40_000]
    started = time.process_time()
    markdown_to_plain(text, ((0, len(text)),))
    assert time.process_time() - started < 2
