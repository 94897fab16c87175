"""Messages without words: a picture, or nothing that can be seen. No model can read them."""

from __future__ import annotations

import time

from channels.conversation import events
from channels.conversation.turns import Turn
from proactive_api.lifecycle.cleaning import has_words
from proactive_api.lifecycle.figures import State

#: What is said to a picture or a file, and to a message with nothing in it (``domain.yml``).
MEDIA_RECEIVED, NOTHING_RECEIVED = "utter_media_received", "utter_empty_message"


class WordlessTurn(Turn):
    """One message, its conversation locked; it may hold nothing to read."""

    @property
    def wordless(self) -> bool:
        """Whether there is nothing for the assistant to read."""
        return not has_words(self.text)

    async def keep_wordless(self, state: State) -> None:
        """Keep the message as a response, and say that it came, unless a human has the conversation.

        A survey or another form that waits goes on waiting: nobody answers a question with a picture.
        """
        survey_waits = self.survey_waits(state)
        if not survey_waits:
            await self._begin_anew_if_closed(state)
        heard = [await self.kept()]
        response = MEDIA_RECEIVED if self.facts().get("media") else NOTHING_RECEIVED
        said = [] if state.handoff is not None else await self.speak(response)
        # With it the fold knows that the message belonged to the survey, though it answered nothing.
        ending = [events.listen(time.time())] if survey_waits else []
        await self.append(heard + said + ending)
