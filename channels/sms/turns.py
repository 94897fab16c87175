"""What people text: STOP and its like first, then reactions, then turns of the assistant."""

from __future__ import annotations

import re
import time
from typing import Any, Dict, List, Mapping, Optional

from channels.conversation import events
from channels.conversation.turns import Turn, Turns
from channels.rasa_server.runtime import Runtime
from channels.sms.carrier import Carrier
from channels.sms.output import SmsOutput
from proactive_api.lifecycle.choices import match_reply
from proactive_api.lifecycle.figures import State
from proactive_api.lifecycle.keywords import Keyword, classify_keyword, from_opt_out_type
from proactive_api.lifecycle.tapbacks import parse_tapback
from proactive_api.lifecycle.values import ChannelType, ClosedReason, SuggestedReply
from proactive_api.operations import consent
from proactive_api.storage.conversations.effects import Effect
from proactive_api.storage.people import contacts
from proactive_api.storage.people.contacts import Contact
from proactive_api.storage.queues import inbound
from proactive_api.storage.queues.inbound import Inbound


class SmsTurns(Turns):
    """Runs the turns of inbound SMS.

    Args:
        runtime: the running assistant.
        carrier: the shared client.
    """

    def __init__(self, runtime: Runtime, carrier: Carrier) -> None:
        super().__init__(runtime, ChannelType.SMS)
        self._carrier = carrier

    async def contact(self, message: Inbound) -> Contact:
        """The recipient with the number that wrote; made at first contact."""
        store = self._runtime.store
        known = await store.read(contacts.contact_by_phone, message.sender)
        return known or await store.write(contacts.contact_for_phone, message.sender, message.received_at)

    def turn(self, message: Inbound, contact: Contact, sender_id: str) -> Turn:
        """What the assistant is to do with one message, ready to be run under the conversation's lock."""
        phone = None if contact.opted_out else contact.phone_number
        output = SmsOutput(self._runtime, self._carrier, phone, since=message.received_at, in_doubt=message.attempt > 1)
        return SmsTurn(self._runtime, message, contact, sender_id, output)


class SmsTurn(Turn):
    """One SMS, its conversation locked."""

    channel = ChannelType.SMS

    def __init__(self, runtime: Runtime, message: Inbound, contact: Contact, sender_id: str, output: SmsOutput) -> None:
        super().__init__(runtime, message, contact, sender_id, output, str(message.payload.get("Body") or ""))
        self._sms = output
        self.opt_out_type: Optional[str] = message.payload.get("OptOutType")

    async def take(self, state: State) -> None:
        """Keywords first, then reactions, then the assistant (architecture, "Reply")."""
        keyword = from_opt_out_type(self.opt_out_type) or classify_keyword(self.text, self.contact.opted_out)
        tapback = parse_tapback(self.text)
        if keyword is not None:
            await self.keyword(keyword, state)
        elif self.contact.opted_out:
            await self.keep_unanswered()
        elif tapback is not None:
            await self.reaction(tapback.__dict__)
        else:
            await self.answer(state)

    def chosen_reply(self, offered: List[SuggestedReply]) -> Optional[SuggestedReply]:
        """By number, by title, or by an unambiguous part of it."""
        return match_reply(self.text, offered)

    def facts(self) -> Dict[str, Any]:
        """What the tracker remembers: also the pictures and files."""
        media = media_of(self.message.payload)
        return {**super().facts(), **({"media": media} if media else {})}

    async def keyword(self, keyword: Keyword, state: State) -> None:
        """STOP, START and HELP (spec section 5); the carrier's ``OptOutType`` means it has answered."""
        if keyword is Keyword.STOP:
            return await self._opt_out(state)
        response = "utter_opted_in" if keyword is Keyword.START else "utter_help"
        effects: List[Effect] = []
        if keyword is Keyword.START:
            effects.append(lambda conn: consent.opt_in(conn, self.contact.id, time.time()))
            self._sms.address(self.contact.phone_number)
        said = [] if self.opt_out_type else await self.speak(response)
        await self.append([self.heard(keyword=keyword.value)] + said, *effects)

    async def _opt_out(self, state: State) -> None:
        at = time.time()
        heard = [self.heard(keyword=Keyword.STOP.value)] + events.survey_left(at)
        if state.conversation is not None and state.conversation.is_open:
            heard += events.closed(at, ClosedReason.OPTED_OUT, (), paused=state.handoff is not None)
        await self.append(heard, lambda conn: consent.opt_out(conn, self.contact.id, at))

    async def keep_unanswered(self) -> None:
        """Somebody who opted out writes: it is kept, but nothing may be answered."""
        await self.append([self.heard(keyword="opted_out")])

    async def reaction(self, value: Mapping[str, Any]) -> None:
        """A tapback arrives as text. Taking one back says nothing."""
        if value.get("removed"):
            await self._runtime.store.write(inbound.mark_done, self.message.sid, time.time())
        else:
            await self.react(value)


def media_of(payload: Mapping[str, Any]) -> List[Dict[str, str]]:
    """The pictures and files of an inbound message (Twilio ``NumMedia``, ``MediaUrlN``)."""
    told = str(payload.get("NumMedia") or "0")
    count = int(told) if re.fullmatch("[0-9]{1,2}", told) else 0
    found = [(payload.get(f"MediaUrl{i}"), payload.get(f"MediaContentType{i}")) for i in range(count)]
    return [{"url": str(url), "content_type": str(kind or "")} for url, kind in found if url]
