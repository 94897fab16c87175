"""What people write in the messenger, turned into turns of the assistant."""

from __future__ import annotations

import time
from typing import Any, Dict, List, Optional

from channels.conversation.keywords import KeywordTurn
from channels.conversation.turns import Turn, Turns
from channels.messenger.display import Display
from channels.messenger.output import MessengerOutput
from channels.rasa_server.runtime import Runtime
from proactive_api.lifecycle.figures import State
from proactive_api.lifecycle.keywords import Keyword, classify_keyword
from proactive_api.lifecycle.values import ChannelType, SuggestedReply
from proactive_api.storage.people import contacts, visitors
from proactive_api.storage.people.contacts import Contact
from proactive_api.storage.queues import inbound
from proactive_api.storage.queues.inbound import Inbound

#: Facts of an event that go into the tracker with the words.
_FACTS = ("client_id", "title", "survey", "custom")


class MessengerTurns(Turns):
    """Runs the turns of messages from browsers.

    Args:
        runtime: the running assistant.
        display: shows that an answer is on its way.
    """

    def __init__(self, runtime: Runtime, display: Display) -> None:
        super().__init__(runtime, ChannelType.MESSENGER)
        self._display = display

    async def contact(self, message: Inbound) -> Contact:
        """The recipient whom the connection belongs to; an anonymous visitor becomes one by writing."""
        store = self._runtime.store
        known = await store.read(contacts.contact, message.sender)
        if known is None:
            await store.write(visitors.ensure_recipient, message.sender, message.received_at)
        return known or Contact(message.sender, None, False)

    def turn(self, message: Inbound, contact: Contact, sender_id: str) -> Turn:
        """What the assistant is to do with one message, ready to be run under the conversation's lock."""
        return MessengerTurn(self._runtime, message, contact, sender_id, self._display)


class MessengerTurn(KeywordTurn):
    """One message from a browser, its conversation locked."""

    channel = ChannelType.MESSENGER

    def __init__(self, runtime: Runtime, message: Inbound, contact: Contact, sender_id: str, display: Display) -> None:
        text = str(message.payload.get("text") or "")
        super().__init__(runtime, message, contact, sender_id, MessengerOutput(), text)
        self._display = display

    async def take(self, state: State) -> None:
        """STOP and its like first, then the assistant; an answer to a survey that no longer asks is no message."""
        if self.message.payload.get("survey") and not await self._rates(state):
            return await self._runtime.store.write(inbound.mark_done, self.message.sid, time.time())
        keyword = await self.asked_for(state)
        if keyword is not None:
            return await self.obey(keyword, state)
        if self.wordless:
            return await self.keep_wordless(state)
        if state.handoff is not None:
            return await self.answer(state)
        await self._display.typing(self.sender_id, True)
        try:
            await self.answer(state)
        finally:
            await self._display.typing(self.sender_id, False)

    async def _rates(self, state: State) -> bool:
        return await self.answers_survey(state) or await self.late_rating(state) is not None

    def opts_in_or_asks(self, state: State) -> Optional[Keyword]:
        """START from who has opted out, and HELP while no human listens; a suggested reply of that name comes first.

        Who has opted out is answered here all the same when they write, so "yes" answers what was asked.
        """
        if self.chosen_reply([SuggestedReply.from_dict(raw) for raw in state.offered]) is not None:
            return None
        keyword = classify_keyword(self.text, opted_out=False)
        if keyword is Keyword.START:
            return keyword if self.contact.opted_out else None
        helps = "utter_help" in self._runtime.words.responses and state.handoff is None
        return keyword if keyword is Keyword.HELP and helps else None

    def chosen_reply(self, offered: List[SuggestedReply]) -> Optional[SuggestedReply]:
        """What was tapped: a widget sends a reply's payload, or its title. People may type a title, too."""
        wanted = self.text.strip()
        by_payload = [reply for reply in offered if reply.payload and reply.payload == wanted]
        by_title = [reply for reply in offered if not reply.url and reply.title.casefold() == wanted.casefold()]
        return next(iter(by_payload or by_title), None)

    def facts(self) -> Dict[str, Any]:
        """What the tracker remembers: also the client's own id of the message, and what a tapped reply said."""
        payload = self.message.payload
        known = {name: payload[name] for name in _FACTS if payload.get(name) is not None}
        shown = payload.get("title") or self.text
        return {**super().facts(), **known, "text": shown}
