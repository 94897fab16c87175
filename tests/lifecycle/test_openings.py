"""What an assistant will say for an opening by intent: the words that Rasa would choose, or why it cannot say them."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

import pytest

from proactive_api.lifecycle.openings import Known, MissingEntities, UnknownOpening, from_json, opening, to_json

REMIND: List[Dict[str, Any]] = [
    {"condition": [{"type": "slot", "name": "place", "value": None}], "text": "At {time}."},
    {"text": "At {time}, {place}."},
]
KNOWN = from_json(
    to_json(
        Known(
            model="m",
            intents={
                "EXTERNAL_remind": {"": ["utter_remind"], "spring": ["utter_spring"], "own": None},
                "EXTERNAL_plan": {"": ["utter_plan"]},
                "EXTERNAL_channel": {"": ["utter_channel", "utter_time"]},
                "EXTERNAL_action": {"": None},
                "greet": {"": None},
            },
            responses={
                "utter_remind": REMIND,
                "utter_spring": [{"text": "Spring in {campaign}{mood}!"}],
                "utter_plan": [
                    {"condition": [{"type": "slot", "name": "plan", "value": "Yearly"}], "text": "A year."},
                    {"text": "Which? {nobody}"},
                ],
                "utter_channel": [
                    {"channel": "sms", "text": "By SMS"},
                    {"condition": [{"type": "slot", "name": "plan", "value": "yearly"}], "text": "Elsewhere, yearly"},
                    {"text": "Elsewhere"},
                ],
                "utter_time": [{"text": "At {time}"}],
            },
            slots={"time": ["time"], "place": ["place", "city"], "plan": ["plan"]},
            values={"mood": None},
            deciding=["mood"],
        )
    )
)


def words(intent: str, campaign: Optional[str] = None, channel: str = "sms", **entities: Any) -> Optional[List[str]]:
    said = opening(KNOWN, f"EXTERNAL_{intent}", entities, campaign, channel)
    return None if said is None else [str(one.words) for one in said]


def test_the_wording_is_the_one_that_fits() -> None:
    assert words("remind", time="noon") == ["At noon."]
    assert words("remind", time="noon", city="Bonn") == ["At noon, Bonn."]
    assert words("plan", plan="yearly") == ["A year."]
    assert words("plan") == ["Which? {nobody}"]
    assert words("channel", time=5) == ["By SMS", "At 5"]
    assert words("channel", channel="messenger", plan="yearly", time="5") == ["Elsewhere, yearly", "At 5"]
    assert words("channel", channel="messenger", time="5") == ["Elsewhere", "At 5"]


def test_a_campaign_may_have_words_of_its_own() -> None:
    assert words("remind", campaign="spring") == ["Spring in spring!"]
    assert words("remind", campaign="another", time="noon") == ["At noon."]
    assert words("remind", campaign="own") is None


def test_values_are_words_as_they_stand() -> None:
    said = opening(KNOWN, "EXTERNAL_remind", {"time": "*{place}*"}, None, "sms")
    assert said is not None and said[0].words == "At *{place}*." and said[0].words.literal == ((3, 12),)


def test_where_only_the_assistant_can_tell_nothing_is_told() -> None:
    assert words("action") is None
    assert words("remind", mood="good") is None


@pytest.mark.parametrize("entities", [{}, {"time": None}, {"time": " "}, {"place": "Bonn"}])
def test_what_the_words_need_must_be_given(entities: Dict[str, Any]) -> None:
    with pytest.raises(MissingEntities, match="The words of EXTERNAL_remind need a value for time."):
        words("remind", **entities)


def test_an_unknown_intent_is_told_with_the_one_that_was_meant() -> None:
    with pytest.raises(UnknownOpening, match="intent EXTERNAL_reminds. Did you mean EXTERNAL_remind?"):
        words("reminds")
    with pytest.raises(UnknownOpening, match="the intent EXTERNAL_x.$"):
        words("x")
