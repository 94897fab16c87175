"""What the survey's form makes of an answer, without a server."""

from __future__ import annotations

import asyncio
from typing import Any, Dict, List, Tuple

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.survey import ValidateCsatForm
from proactive_api.lifecycle.survey import answers_survey

SLOTS = ("resolution", "csat_score", "csat_comment")


def _answered(text: str) -> Tuple[List[Tuple[str, Any]], List[Any]]:
    slots: Dict[str, Any] = {**dict.fromkeys(SLOTS), "requested_slot": "csat_score", "survey_questions": ["csat_score"]}
    loop = {"name": "csat_form"}
    tracker = Tracker("sms.1", slots, {"text": text}, [], False, None, loop, "action_listen")
    domain = {
        "forms": {"csat_form": {"required_slots": list(SLOTS)}},
        "slots": {name: {"mappings": [{"type": "custom"}]} for name in SLOTS},
    }
    said = CollectingDispatcher()
    events = asyncio.run(ValidateCsatForm().run(said, tracker, domain))
    return [(event["name"], event["value"]) for event in events if event["event"] == "slot"], said.messages


@pytest.mark.parametrize(
    ("text", "score", "comment", "next_question"),
    [
        ("5 Ada was really helpful!", 5, "Ada was really helpful!", None),
        ("4/5 thanks", 4, None, None),
        ("1 because nobody came", 1, "because nobody came", None),
        ("2", 2, None, "csat_comment"),
    ],
)
def test_words_beside_a_score_are_its_comment(
    text: str, score: int, comment: str | None, next_question: str | None
) -> None:
    events, said = _answered(text)
    told = [pair for pair in events if pair[0] in ("csat_score", "csat_comment")]
    assert told == [("csat_score", score)] + ([("csat_comment", comment)] if comment else [])
    assert ("requested_slot", next_question) in events
    assert said == []
    assert answers_survey(text, "csat_score")


def test_things_that_are_counted_leave_the_survey() -> None:
    assert not answers_survey("I need 2 tickets", "csat_score")
    events, _ = _answered("I need 2 tickets")
    assert ("csat_score", 2) not in events


def test_a_score_out_of_range_is_asked_again() -> None:
    events, said = _answered("10/10 Ada was great")
    assert ("csat_score", None) in events
    assert [one["response"] for one in said] == ["utter_csat_invalid"]
