"""STOP, START and HELP on any channel: heard before anybody else reads the message (spec section 5)."""

from __future__ import annotations

import time
from typing import List, Optional

from channels.conversation import events
from channels.conversation.wordless import WordlessTurn
from proactive_api.lifecycle.figures import State
from proactive_api.lifecycle.keywords import Keyword, classify_keyword, from_opt_out_type
from proactive_api.lifecycle.stop_wishes import wants_to_stop
from proactive_api.lifecycle.values import ClosedReason, SuggestedReply
from proactive_api.operations import consent
from proactive_api.storage.conversations.effects import Effect


class KeywordTurn(WordlessTurn):
    """One message, its conversation locked; it may ask for no more messages, for messages again, or for help."""

    #: The carrier's own word for what the message asks.
    opt_out_type: Optional[str] = None

    @property
    def blocked_by_carrier(self) -> bool:
        """Whether the carrier takes the message for STOP by itself, and tells the person so."""
        return False

    def opts_in_or_asks(self, state: State) -> Optional[Keyword]:
        """START or HELP, where the message is one of them on this channel."""
        keyword = classify_keyword(self.text, self.contact.opted_out)
        return None if keyword is Keyword.STOP else keyword

    def address(self) -> None:
        """Let words through to somebody who has opted out: the confirmation of it, or of opting in again."""

    async def asked_for(self, state: State) -> Optional[Keyword]:
        """What the message asks for; ``None`` if it is for others to read."""
        told = from_opt_out_type(self.opt_out_type)
        if told is not None:
            return told
        if self.blocked_by_carrier or wants_to_stop(self.text, offered=True):
            return Keyword.STOP
        chosen = self.chosen_reply([SuggestedReply.from_dict(raw) for raw in state.offered])
        if chosen is not None:
            return Keyword.STOP if await self._stops(chosen, state) else self.opts_in_or_asks(state)
        return Keyword.STOP if wants_to_stop(self.text) else self.opts_in_or_asks(state)

    async def _stops(self, chosen: SuggestedReply, state: State) -> bool:
        """Whether a suggested reply, by its number perhaps, is a wish to stop; "2" in a survey is a rating."""
        plain = not chosen.payload and not chosen.url
        return plain and wants_to_stop(chosen.title, offered=True) and not await self.answers_survey(state)

    async def obey(self, keyword: Keyword, state: State) -> None:
        """Do what a keyword asks for."""
        if keyword is Keyword.STOP:
            return await self.opt_out(state)
        effects: List[Effect] = []
        if keyword is Keyword.START:
            effects.append(lambda conn: consent.opt_in(conn, self.contact.id, time.time()))
            self.address()
        response = "utter_opted_in" if keyword is Keyword.START else "utter_help"
        said = [] if self.opt_out_type else await self.speak(response)
        await self.append([self.heard(keyword=keyword.value)] + said, *effects)

    async def opt_out(self, state: State, confirm: bool = True) -> None:
        """Nothing more is sent, and the conversation closes; it is confirmed once, where the carrier does not.

        The wish is written down first, so that nothing goes out while the confirmation waits for a slow carrier.
        """
        at, before = time.time(), self.contact.opted_out_at
        earlier_try = before is not None and before >= self.message.received_at
        if not earlier_try:
            await self._runtime.store.write(consent.opt_out, self.contact.id, at)
        heard = [self.heard(keyword=Keyword.STOP.value)] + events.survey_left(at)
        if state.conversation is not None and state.conversation.is_open:
            heard += events.closed(at, ClosedReason.OPTED_OUT, (), paused=state.handoff is not None)
        told = self.blocked_by_carrier or from_opt_out_type(self.opt_out_type) is not None
        if confirm and not told and (earlier_try or not self.contact.opted_out):
            self.address()
            heard += await self.speak("utter_opted_out")
        await self.append(heard)

    async def give_up(self) -> None:
        """A wish to stop is granted, whatever it was that failed."""
        state = (await self._runtime.store.head(self.sender_id)).state
        if await self.asked_for(state) is Keyword.STOP:
            return await self.opt_out(state, confirm=False)
        await super().give_up()
