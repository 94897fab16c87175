"""What people text: STOP and its like first, then reactions, then turns of the assistant."""

from __future__ import annotations

import re
import time
from typing import Any, Dict, List, Mapping, Optional

from channels.conversation.keywords import KeywordTurn
from channels.conversation.turns import Turn, Turns
from channels.rasa_server.runtime import Runtime
from channels.sms.carrier import Carrier
from channels.sms.output import SmsOutput
from proactive_api.lifecycle.choices import match_reply
from proactive_api.lifecycle.figures import State
from proactive_api.lifecycle.keywords import carrier_stops
from proactive_api.lifecycle.tapbacks import parse_tapback
from proactive_api.lifecycle.values import ChannelType, SuggestedReply
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
        """The recipient who wrote; made at first contact."""
        store = self._runtime.store
        known = await store.read(contacts.contact_by_phone, message.sender)
        return known or await store.write(contacts.contact_for_sender, message.sender, message.received_at)

    def turn(self, message: Inbound, contact: Contact, sender_id: str) -> Turn:
        """What the assistant is to do with one message, ready to be run under the conversation's lock."""
        phone = None if contact.opted_out else contact.phone_number
        output = SmsOutput(self._runtime, self._carrier, phone, since=message.received_at, in_doubt=message.attempt > 1)
        return SmsTurn(self._runtime, message, contact, sender_id, output)


class SmsTurn(KeywordTurn):
    """One SMS, its conversation locked."""

    channel = ChannelType.SMS

    def __init__(self, runtime: Runtime, message: Inbound, contact: Contact, sender_id: str, output: SmsOutput) -> None:
        super().__init__(runtime, message, contact, sender_id, output, str(message.payload.get("Body") or ""))
        self._sms = output
        self.opt_out_type = message.payload.get("OptOutType")

    async def take(self, state: State) -> None:
        """Keywords first, then reactions, then the assistant (architecture, "Reply")."""
        keyword = await self.asked_for(state)
        tapback = parse_tapback(self.text)
        if keyword is not None:
            await self.obey(keyword, state)
        elif self.contact.opted_out:
            await self.keep_unanswered()
        elif self.contact.phone_number is None:
            await self.keep_unreachable(state)
        elif tapback is not None:
            await self.reaction(tapback.__dict__)
        elif self.wordless:
            await self.keep_wordless(state)
        else:
            await self.answer(state)

    @property
    def blocked_by_carrier(self) -> bool:
        """The carrier answers words of its own, such as STOP and nothing else."""
        return carrier_stops(self.text)

    def address(self) -> None:
        """The number that wrote, though its owner has opted out."""
        self._sms.address(self.contact.phone_number)

    def chosen_reply(self, offered: List[SuggestedReply]) -> Optional[SuggestedReply]:
        """By number, by title, or by an unambiguous part of it."""
        return match_reply(self.text, offered)

    def facts(self) -> Dict[str, Any]:
        """What the tracker remembers: also the pictures and files."""
        media = media_of(self.message.payload)
        return {**super().facts(), **({"media": media} if media else {})}

    async def keep_unanswered(self) -> None:
        """Somebody who opted out writes: it is kept, but nothing may be answered."""
        await self.append([self.heard(keyword="opted_out")])

    async def keep_unreachable(self, state: State) -> None:
        """A short code, a name or an address of another network wrote: it is shown, but no answer could get there."""
        await self._begin_anew_if_closed(state)
        await self.append([await self.kept()])

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
