"""The product's own words: the assistant's responses, or the settings that stand in for them."""

from __future__ import annotations

from typing import Any, Awaitable, Callable, Dict, Optional

from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.trackers import DialogueStateTracker

from proactive_api.lifecycle.values import ChannelSettings, ChannelType, Settings

#: Response in ``domain.yml`` -> setting whose text, where set, stands in for it (contract, "API examples").
OVERRIDES = {"utter_closing": "closing_message", "utter_consent": "consent_message", "utter_help": "help_message"}


class SettingsAwareGenerator(TemplatedNaturalLanguageGenerator):
    """Rasa's own response generator, except where a text of the settings replaces a response.

    Args:
        responses: the domain's responses.
        settings: gives the settings as they are now.
    """

    def __init__(self, responses: Dict[str, Any], settings: Callable[[], Awaitable[Settings]]) -> None:
        super().__init__(responses)
        self._settings = settings

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> Optional[Dict[str, Any]]:
        """The message to say, ``None`` for silence."""
        text = await self.override(utter_action, output_channel)
        if text is None:
            return await super().generate(utter_action, tracker, output_channel, **kwargs)
        return {"text": text} if text else None

    async def override(self, utter_action: str, channel: str) -> Optional[str]:
        """The text that the settings put in place of this response; empty for silence, ``None`` for no change."""
        setting = OVERRIDES.get(utter_action)
        if setting is None or channel not in (one.value for one in ChannelType):
            return None
        chosen: ChannelSettings = (await self._settings()).for_channel(ChannelType(channel))
        return getattr(chosen, setting, None)

    async def say(self, utter_action: str, tracker: DialogueStateTracker, channel: str) -> Optional[str]:
        """Only the words of a response, ``None`` if there are none."""
        message = await self.generate(utter_action, tracker, channel)
        return (message or {}).get("text") or None
