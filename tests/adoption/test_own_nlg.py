"""A project that has its responses from an NLG server of its own keeps it."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

import pytest
from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.shared.core.trackers import DialogueStateTracker

from channels.rasa_server.responses import SettingsAwareGenerator
from proactive_api.lifecycle.settings import merge
from proactive_api.lifecycle.values import Settings

TRACKER = DialogueStateTracker("sms.somebody", [])
RESPONSES = {"utter_greet": [], "utter_closing": []}


class Server(NaturalLanguageGenerator):
    def __init__(self) -> None:
        self.asked: List[str] = []

    async def generate(self, utter_action: str, *_: Any, **__: Any) -> Optional[Dict[str, Any]]:
        self.asked.append(utter_action)
        return {"text": f"the server's {utter_action}"}


@pytest.fixture
def server() -> Server:
    return Server()


def words(server: Server, **sms: Any) -> SettingsAwareGenerator:
    async def settings() -> Settings:
        return merge(Settings(), {"sms": sms})

    return SettingsAwareGenerator(RESPONSES, settings, server)


async def test_its_server_is_asked_for_the_assistants_words(server: Server) -> None:
    assert await words(server).generate("utter_greet", TRACKER, "sms") == {"text": "the server's utter_greet"}


async def test_a_text_of_the_settings_comes_before_it(server: Server) -> None:
    assert await words(server, closing_message="Bye!").generate("utter_closing", TRACKER, "sms") == {"text": "Bye!"}
    assert server.asked == []


async def test_it_is_not_asked_for_words_of_ours_that_its_domain_lacks(server: Server) -> None:
    assert await words(server).say("utter_help", TRACKER, "sms") is None
    assert await words(server, help_message="Ask us.").say("utter_help", TRACKER, "sms") == "Ask us."
    assert await words(server).say("utter_closing", TRACKER, "sms") == "the server's utter_closing"
    assert server.asked == ["utter_closing"]
