"""The product's own words: the assistant's responses, or the settings that stand in for them."""

from __future__ import annotations

import logging
from contextvars import ContextVar
from typing import Any, Awaitable, Callable, Dict, Optional

from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.trackers import DialogueStateTracker

from channels.rasa_server.filling import fill
from proactive_api.lifecycle.facts import METADATA_KEY
from proactive_api.lifecycle.markdown import Words, read_spans
from proactive_api.lifecycle.values import ChannelSettings, ChannelType, Settings

#: Response in ``domain.yml`` -> setting whose text, where set, stands in for it (contract, "API examples").
OVERRIDES = {"utter_closing": "closing_message", "utter_consent": "consent_message", "utter_help": "help_message"}


#: The response that the settings silenced last, in this task.
_silenced: ContextVar[Optional[str]] = ContextVar("silenced_response", default=None)


class _Wanted(logging.Filter):
    """Keeps Rasa from calling it an error that a response which the settings silenced has no words."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is written."""
        silenced, told = _silenced.get(), record.getMessage()
        return silenced is None or f"'{silenced}'" not in told or "create message for response" not in told


_WANTED = _Wanted()


class SettingsAwareGenerator(TemplatedNaturalLanguageGenerator):
    """The assistant's own response generator, except where a text of the settings replaces a response.

    Args:
        responses: the domain's responses.
        settings: gives the settings as they are now.
        own: the generator that the assistant is configured with, such as an NLG server; default Rasa's templates.
    """

    def __init__(
        self,
        responses: Dict[str, Any],
        settings: Callable[[], Awaitable[Settings]],
        own: Optional[NaturalLanguageGenerator] = None,
    ) -> None:
        super().__init__(responses)
        logging.getLogger("rasa.core.actions.action").addFilter(_WANTED)
        self._settings = settings
        self._own = None if isinstance(own, TemplatedNaturalLanguageGenerator) else own

    @property
    def elsewhere(self) -> bool:
        """Whether the words are an NLG server's, so that the domain does not tell them."""
        return self._own is not None

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> Optional[Dict[str, Any]]:
        """The message to say, ``None`` for silence."""
        text = await self.override(utter_action, output_channel)
        _silenced.set(utter_action if text == "" else None)
        if text is None:
            return await self._generate(utter_action, tracker, output_channel, **kwargs)
        return {"text": text} if text else None

    async def _generate(self, utter_action: str, *args: Any, **kwargs: Any) -> Optional[Dict[str, Any]]:
        if self._own is not None:
            return await self._own.generate(utter_action, *args, **kwargs)
        return await super().generate(utter_action, *args, **kwargs)

    def _fill_response(
        self, response: Dict[str, Any], filled_slots: Optional[Dict[str, Any]] = None, **kwargs: Any
    ) -> Dict[str, Any]:
        return fill(response, self._response_variables(filled_slots or {}, kwargs))

    async def override(self, utter_action: str, channel: str) -> Optional[str]:
        """The text that the settings put in place of this response; empty for silence, ``None`` for no change."""
        setting = OVERRIDES.get(utter_action)
        if setting is None or channel not in (one.value for one in ChannelType):
            return None
        chosen: ChannelSettings = (await self._settings()).for_channel(ChannelType(channel))
        text: Optional[str] = getattr(chosen, setting, None)
        return "" if text is not None and not text.strip() else text

    async def say(self, utter_action: str, tracker: DialogueStateTracker, channel: str) -> Optional[Words]:
        """Only the words of a response, ``None`` if there are none; they know their literal parts."""
        if utter_action not in self.responses and await self.override(utter_action, channel) is None:
            return None  # not every NLG server can tell an unknown response from a failure
        message = await self.generate(utter_action, tracker, channel, domain_responses=self.responses)
        text, ours = (message or {}).get("text"), (message or {}).get(METADATA_KEY)
        return Words(text, read_spans(ours.get("literal")) if isinstance(ours, dict) else ()) if text else None
