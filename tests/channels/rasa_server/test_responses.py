"""Responses with values in them: what the assistant says, whatever its slots hold."""

from __future__ import annotations

from typing import Any, Dict, Optional

import pytest
from rasa.shared.core.events import SlotSet
from rasa.shared.core.slots import AnySlot
from rasa.shared.core.trackers import DialogueStateTracker

from channels.rasa_server.responses import SettingsAwareGenerator
from proactive_api.lifecycle.facts import METADATA_KEY
from proactive_api.lifecycle.values import Settings


async def response(parts: Dict[str, Any], **slots: Any) -> Dict[str, Any]:
    """What the generator makes of a response."""
    filled: Optional[Dict[str, Any]] = await generator(parts).generate("utter_x", tracker(slots), "sms")
    assert filled is not None
    return filled


def generator(parts: Dict[str, Any]) -> SettingsAwareGenerator:
    async def settings() -> Settings:
        return Settings()

    return SettingsAwareGenerator({"utter_x": [parts]}, settings)


def tracker(slots: Dict[str, Any]) -> DialogueStateTracker:
    names = {"time", "place", "campaign", *slots}
    made = DialogueStateTracker("sms.somebody", [AnySlot(name, []) for name in names])
    for name, value in slots.items():
        made.update(SlotSet(name, value))
    return made


@pytest.mark.parametrize(
    ("text", "slots", "words"),
    [
        ("At {time}, {place}. All right?", {"time": "noon", "place": "Bonn"}, "At noon, Bonn. All right?"),
        ("At {time}, {place}. All right?", {"time": "noon"}, "At noon. All right?"),
        ("Your appointment: {time}. All right?", {}, "Your appointment. All right?"),
        ("Hi {place}, welcome!", {"place": " "}, "Hi, welcome!"),
        ("Hi {place}!", {"place": None}, "Hi!"),
        ("{time}", {}, ""),
        ("At {time}", {"time": 5}, "At 5"),
        ("At {time}", {"time": "{place}", "place": "Bonn"}, "At {place}"),
        ("At {time}", {"time": "{{ nickname }}"}, "At {{ nickname }}"),
        ("At {time}", {"time": "0[time]"}, "At 0[time]"),
        ("At {time} and {nowhere}", {"time": "noon"}, "At noon and {nowhere}"),
        ("{{time}} is it", {"time": "noon"}, "{time} is it"),
        ("About {campaign}", {"campaign": "spring_sale_*2*"}, "About spring_sale_*2*"),
    ],
)
async def test_values_are_words_and_empty_slots_are_nothing(text: str, slots: Dict[str, Any], words: str) -> None:
    assert (await response({"text": text}, **slots))["text"] == words


async def test_values_are_no_markdown() -> None:
    said = await response({"text": "**At** {time}: {place}"}, time="*noon*", place="Bonn")
    assert said[METADATA_KEY] == {"literal": [[7, 13], [15, 19]]}
    words = await generator({"text": "At {time}"}).say("utter_x", tracker({"time": "*noon*"}), "sms")
    assert words == "At *noon*" and words.literal == ((3, 9),)


async def test_nowhere_in_a_response_is_a_none() -> None:
    parts = {
        "text": "Hi",
        "buttons": [{"title": "To {place}", "payload": '/go{"to":"x"}'}, {"title": "At {time}", "payload": "/t"}],
        "custom": {"at": "{time}", "deep": [{"place": "{place}"}]},
    }
    said = await response(parts, time="noon")
    assert [one["title"] for one in said["buttons"]] == ["To", "At noon"]
    assert said["buttons"][0]["payload"] == '/go{"to":"x"}'
    assert said["custom"] == {"at": "noon", "deep": [{"place": ""}]}
    assert METADATA_KEY not in said
