"""How well replies are understood that nobody trained on."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rasa.shared.utils.io import read_yaml_file

from tests.assistant.conftest import ROOT

if TYPE_CHECKING:
    from rasa.core.agent import Agent

CORE = ("greet", "goodbye", "affirm", "deny", "thank", "request_human", "out_of_scope")
#: Not understood and out of scope get the same answer.
SAME = {"nlu_fallback": "out_of_scope"}


def _normalize(text: str) -> str:
    return " ".join(text.casefold().split())


def heldout() -> dict[str, list[str]]:
    """Replies kept apart from the training data, by what they mean."""
    replies: dict[str, list[str]] = read_yaml_file(Path(__file__).parent / "heldout.yml")
    return replies


def training_examples() -> set[str]:
    """Every example that the model has seen."""
    blocks = [b for p in (ROOT / "data").rglob("*.yml") for b in read_yaml_file(p).get("nlu", [])]
    lines = [line for block in blocks if "intent" in block for line in block["examples"].splitlines()]
    return {_normalize(line.removeprefix("- ")) for line in lines}


@dataclass(frozen=True)
class Verdict:
    """What was meant and what was understood."""

    text: str
    meant: str
    understood: str


@pytest.fixture(scope="module")
def replies() -> list[tuple[str, str]]:
    return [(text, intent) for intent, texts in heldout().items() for text in texts]


async def _judge(agent: Agent, replies: list[tuple[str, str]]) -> list[Verdict]:
    names = [(await agent.parse_message(text))["intent"]["name"] for text, _ in replies]
    return [Verdict(text, meant, SAME.get(name, name)) for (text, meant), name in zip(replies, names, strict=True)]


def test_held_out_replies_were_never_trained_on() -> None:
    seen = training_examples()
    assert [text for texts in heldout().values() for text in texts if _normalize(text) in seen] == []
    assert sum(map(len, heldout().values())) >= 400


def test_every_intent_of_the_contract_has_examples() -> None:
    assert set(CORE) <= set(heldout())


async def test_replies_are_understood(agent: Agent, replies: list[tuple[str, str]]) -> None:
    verdicts = await _judge(agent, replies)
    wrong = [v for v in verdicts if v.meant != v.understood]
    assert 1 - len(wrong) / len(verdicts) >= 0.9, wrong
    for intent in CORE:
        meant = [v for v in verdicts if v.meant == intent]
        recall = sum(v.understood == intent for v in meant) / len(meant)
        assert recall >= 0.85, (intent, [v for v in meant if v.understood != intent])


async def test_nobody_is_sent_to_a_human_by_mistake(agent: Agent, replies: list[tuple[str, str]]) -> None:
    verdicts = await _judge(agent, replies)
    understood = Counter(v.meant == "request_human" for v in verdicts if v.understood == "request_human")
    assert understood[True] / understood.total() >= 0.97


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("y", "affirm"), ("Y", "affirm"), ("k", "affirm"), ("👍", "affirm"), ("ok", "affirm"), ("YES!!!", "affirm"),
        ("n", "deny"), ("N.", "deny"), ("👎", "deny"), ("nope", "deny"), ("no thx", "deny"),
        ("ty", "thank"), ("🙏", "thank"), ("thx", "thank"), ("hi", "greet"), ("yo", "greet"), ("👋", "greet"),
        ("😡", "complain"), ("human", "request_human"), ("speak 2 sum1", "request_human"), ("agent", "request_human"),
    ],
)  # fmt: skip
async def test_shortest_replies(agent: Agent, text: str, intent: str) -> None:
    assert (await agent.parse_message(text))["intent"]["name"] == intent


async def test_a_reply_is_read_in_milliseconds(agent: Agent) -> None:
    await agent.parse_message("warm up")
    started = time.process_time()  # what others on this machine take does not count
    for _ in range(50):
        await agent.parse_message("can i talk to a human pls")
    # Ten times the usual.
    assert (time.process_time() - started) / 50 < 0.05
