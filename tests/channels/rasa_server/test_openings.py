"""What the Rasa server finds out about openings by intent, and writes down for the API."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, Dict

import pytest
from rasa.shared.core.domain import Domain

from channels.rasa_server import openings
from channels.rasa_server.openings import keep, learn
from proactive_api.lifecycle.openings import from_json
from proactive_api.storage import settings
from tests.channels.fakes import DOMAIN, Does, House


def stored(house: House) -> Any:
    with house.engine.connect() as conn:
        raw = settings.read(conn, settings.OPENINGS)
    return None if raw is None else from_json(raw)


def taught(house: House, **changes: Any) -> None:
    house.runtime.agent.domain = house.assistant.domain = Domain.from_dict({**DOMAIN, **changes})


async def test_what_follows_each_external_intent_is_written_down(house: House) -> None:
    house.assistant.script["EXTERNAL_mute"] = ["utter_greet", Does("action_x")]
    await keep(house.runtime)
    known = stored(house)
    assert known.intents["EXTERNAL_reminder"] == {"": ["utter_reminder"]}
    assert known.intents["EXTERNAL_close"] == {"": None}, "the settings may have other words"
    assert known.intents["EXTERNAL_mute"] == {"": None}, "only the action can tell"
    assert known.intents["greet"] == {"": None} and "EXTERNAL_unheard" not in known.intents
    assert known.responses == {"utter_reminder": [{"text": "See you at ten."}]}


async def test_a_model_that_was_trained_anew_replaces_it(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    await keep(house.runtime)
    taught(house, responses={**DOMAIN["responses"], "utter_reminder": [{"text": "At eleven."}]})
    await keep(house.runtime)
    assert stored(house).responses["utter_reminder"] == [{"text": "See you at ten."}], "the same model is asked once"
    house.assistant.model_metadata = SimpleNamespace(**{**vars(house.assistant.model_metadata), "model_id": "newer"})
    await keep(house.runtime)
    assert stored(house).responses["utter_reminder"] == [{"text": "At eleven."}]


async def test_a_model_that_breaks_leaves_sends_as_they_were(house: House) -> None:
    house.assistant.script["EXTERNAL_reminder"] = [RuntimeError("no rule")]
    await keep(house.runtime)
    assert stored(house) is None and house.runtime.openings is None


def slot(influences: bool = False, **mapping: Any) -> Dict[str, Any]:
    return {"type": "any" if not influences else "text", "influence_conversation": influences, "mappings": [mapping]}


async def test_slots_that_entities_fill_and_those_that_decide(house: House) -> None:
    slots = {
        **DOMAIN["slots"],
        "time": slot(type="from_entity", entity="place"),
        "mood": slot(True, type="from_entity", entity="mood"),
        "campaign": {"type": "categorical", "values": ["spring", "own"], "mappings": [{"type": "custom"}]},
    }
    taught(house, slots=slots, entities=["place", "mood"])
    known = learn(house.runtime, "m")
    assert (known.slots, known.deciding) == ({"time": ["place"]}, ["mood"])
    assert "mood" in known.values and "time" not in known.values
    assert known.intents["EXTERNAL_reminder"] == {"": ["utter_reminder"]}, "campaigns like all others are left out"
    assert openings.EXTERNAL == "EXTERNAL_"
