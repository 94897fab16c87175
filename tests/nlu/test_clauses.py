"""How a message is divided into what it says."""

from __future__ import annotations

import pytest

from proactive_api.nlu.clauses import MOST_CLAUSES, clauses


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("human please", ["human please"]),
        ("ok thanks. can i talk to someone?", ["ok thanks", "can i talk to someone"]),
        ("charged twice 😡 need a human", ["charged twice", "need a human"]),
        ("wheres my refund??agent pls", ["wheres my refund", "agent pls"]),
        ("you dont get it...human", ["you dont get it", "human"]),
        ("not that one but get me an agent", ["not that one", "get me an agent"]),
        ("its broken again can i speak to somebody", ["its broken again", "can i speak to somebody"]),
        ("no i want a human", ["no", "i want a human"]),
        ("Send it\ncall me", ["Send it", "call me"]),
        ("it is at example.com for 3.50, ok", ["it is at example.com for 3.50", "ok"]),
    ],
)
def test_a_message_is_divided(text: str, expected: list[str]) -> None:
    assert clauses(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "i dont want to talk to a person",
        "do i need to talk to someone",
        "no need to talk to anyone",
        "thanks for letting me talk to someone",
        "the agent was so rude to me",
        "who can i ask",
        "why would i want a human",
    ],
)
def test_what_belongs_together_stays_together(text: str) -> None:
    assert clauses(text) == [text]


@pytest.mark.parametrize("text", ["", "  ", "...", "😡😡", "?!"])
def test_marks_alone_are_no_clauses(text: str) -> None:
    assert clauses(text) == []


def test_an_endless_message_is_not_read_to_its_end() -> None:
    assert len(clauses("and so on. " * 1000)) == MOST_CLAUSES
