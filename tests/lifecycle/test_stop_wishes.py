"""Whoever wants no more messages is understood, and nobody else is."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Dict, List

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from proactive_api.lifecycle.keywords import STOP_WORDS
from proactive_api.lifecycle.stop_wishes import LONGEST, wants_to_stop

ROOT = Path(__file__).parents[2]
TABLE: Dict[str, Dict[str, List[str]]] = yaml.safe_load(Path(__file__).with_name("stop_wishes.yml").read_text())
POLITE = [
    "please",
    "Please,",
    "thanks",
    "thank you",
    "Thank you!",
    "pls",
    "svp",
    "por favor",
    "merci",
    "gracias",
    "now",
]


@pytest.mark.parametrize("group", TABLE["stop"])
def test_wishes_to_stop(group: str) -> None:
    assert [text for text in TABLE["stop"][group] if not wants_to_stop(text)] == []
    assert [text for text in TABLE["stop"][group] if not wants_to_stop(f"  {text} \n")] == []


@pytest.mark.parametrize("group", TABLE["other"])
def test_something_else(group: str) -> None:
    assert [text for text in TABLE["other"][group] if wants_to_stop(text)] == []
    assert [text for text in TABLE["other"][group] if wants_to_stop(text.upper())] == []


@pytest.mark.parametrize("group", [group for group in TABLE["stop"] if "signature" not in group])
def test_the_case_does_not_matter(group: str) -> None:
    assert [text for text in TABLE["stop"][group] if not wants_to_stop(text.upper())] == []


@given(
    st.sampled_from(sorted(STOP_WORDS)),
    st.sampled_from(POLITE),
    st.sampled_from(["{} {}", "{}. {}", "{}\n{}", "{}, {}"]),
)
def test_every_stop_word_with_politeness(word: str, polite: str, form: str) -> None:
    assert wants_to_stop(form.format(word.upper(), polite)) and wants_to_stop(form.format(polite, word))


def test_what_people_write_to_the_assistant_for_other_reasons() -> None:
    overheard = [text for intent, text in examples() if intent != "stop_messages" and wants_to_stop(text)]
    # The carrier opts these out, whatever the assistant was told.
    assert sorted(overheard) == ["cancel", "cancel please", "please cancel"]


def examples() -> List[tuple[str, str]]:
    """The assistant's training examples, each with its intent."""
    found = []
    for file in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for one in yaml.safe_load(file.read_text())["nlu"]:
            lines = str(one.get("examples", "")).splitlines()
            words = [
                re.sub(r"\[(.*?)\]\(.*?\)", r"\1", line.strip()[2:]) for line in lines if line.strip().startswith("- ")
            ]
            found += [(one["intent"], text) for text in words if "intent" in one]
    return found


@pytest.mark.parametrize("title", ["Cancel", "End", "Quit", "Remove", "Alto", "Cancel, please"])
def test_a_button_of_the_business_may_be_called_cancel(title: str) -> None:
    assert wants_to_stop(title) and not wants_to_stop(title, offered=True)


@pytest.mark.parametrize("title", ["Stop", "STOP", "Unsubscribe", "Stop messages", "Take me off the list", "Opt out"])
def test_a_button_that_says_stop_stops(title: str) -> None:
    assert wants_to_stop(title, offered=True)


def test_a_long_story_is_no_wish() -> None:
    assert not wants_to_stop("stop texting me " + "and then she said " * LONGEST)


@pytest.mark.parametrize(
    "unit",
    ["please ", "i want to ", "no ", "the these ", "ya ", "svp ", "me us ", "stop ", "texts messages ", "- ", "A "],
)
def test_no_words_take_long_to_read(unit: str) -> None:
    text = (unit * LONGEST)[: LONGEST - 20] + "stop texting me x"
    began = time.perf_counter()
    wants_to_stop(text)
    assert time.perf_counter() - began < 0.5


@given(st.text(max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    assert wants_to_stop(text) in (True, False)
