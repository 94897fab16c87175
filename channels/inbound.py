"""What people write: kept, answered, and turned into turns of the assistant, one after the other."""

from __future__ import annotations

import logging
import time
from typing import Any, Dict, List, Mapping, Optional

from rasa.core.channels.channel import UserMessage
from rasa.shared.core.constants import REQUESTED_SLOT

from channels import events
from channels.carrier import Carrier
from channels.runtime import Runtime, watch_actions
from channels.sms_output import SmsOutput
from proactive_api.lifecycle.facts import CAMPAIGN_SLOT
from proactive_api.lifecycle.figures import State
from proactive_api.lifecycle.keywords import Keyword, classify_keyword, from_opt_out_type, parse_tapback
from proactive_api.lifecycle.replies import escape_payload_syntax, match_reply, utterance_for
from proactive_api.lifecycle.survey import answers_survey
from proactive_api.lifecycle.values import ChannelType, ClosedReason, SuggestedReply
from proactive_api.storage import directory, inbound
from proactive_api.storage.directory import Contact
from proactive_api.storage.inbound import Inbound
from proactive_api.storage.trackers import Effect
from proactive_api.tracker_store import alongside, database_error

logger = logging.getLogger(__name__)

CHANNEL = ChannelType.SMS.value
#: Why a human gets a conversation that nobody asked to hand over.
ASSISTANT_FAILED = "assistant_failed"
#: Seconds until a turn that the database interrupted is tried again.
RETRY_AFTER = 2.0


class Turns:
    """Runs the turn of each inbound SMS under its conversation's lock.

    Args:
        runtime: the running assistant.
        carrier: the shared client.
    """

    def __init__(self, runtime: Runtime, carrier: Carrier) -> None:
        self._runtime = runtime
        self._carrier = carrier

    async def run(self, message: Inbound) -> None:
        """Run one message's turn. Never raises: what fails is tried again or goes to a human."""
        try:
            contact = await self._contact(message)
            sender_id = f"{CHANNEL}.{contact.id}"
            async with self._runtime.agent.lock_store.lock(sender_id):
                await self._run(_Turn(self._runtime, self._carrier, message, contact, sender_id))
        except Exception:
            logger.exception("The turn of message %s was interrupted; it is tried again.", message.sid)
            await self._let_go(message)

    async def _contact(self, message: Inbound) -> Contact:
        store = self._runtime.store
        known = await store.read(directory.contact_by_phone, message.sender)
        return known or await store.write(directory.contact_for_phone, message.sender, message.received_at)

    async def _let_go(self, message: Inbound) -> None:
        try:
            await self._runtime.store.write(inbound.let_go, message.sid, time.time() + RETRY_AFTER * message.attempt)
        except Exception:
            logger.exception("Message %s waits for its lease to run out.", message.sid)

    async def _run(self, turn: _Turn) -> None:
        state = (await self._runtime.store.head(turn.sender_id)).state
        if turn.message.sid in state.seen:
            return await self._runtime.store.write(inbound.mark_done, turn.message.sid, time.time())
        if turn.message.attempt > inbound.MAX_ATTEMPTS:
            return await turn.give_up()
        keyword = from_opt_out_type(turn.opt_out_type) or classify_keyword(turn.text, turn.contact.opted_out)
        tapback = parse_tapback(turn.text)
        if keyword is not None:
            await turn.keyword(keyword, state)
        elif turn.contact.opted_out:
            await turn.only_note()
        elif tapback is not None:
            await turn.reaction(tapback.__dict__)
        else:
            await turn.answer(state)


class _Turn:
    """One message, its conversation locked."""

    def __init__(self, runtime: Runtime, carrier: Carrier, message: Inbound, contact: Contact, sender_id: str) -> None:
        self._runtime = runtime
        self.message = message
        self.contact = contact
        self.sender_id = sender_id
        self.text = str(message.payload.get("Body") or "")
        self.opt_out_type: Optional[str] = message.payload.get("OptOutType")
        phone = None if contact.opted_out else contact.phone_number
        self._output = SmsOutput(runtime, carrier, phone, since=message.received_at, in_doubt=message.attempt > 1)

    # -- messages that the assistant does not see ---------------------------------------------

    async def keyword(self, keyword: Keyword, state: State) -> None:
        """STOP, START and HELP (spec section 5); the carrier's ``OptOutType`` means it has answered."""
        if keyword is Keyword.STOP:
            return await self._opt_out(state)
        response = "utter_opted_in" if keyword is Keyword.START else "utter_help"
        effects: List[Effect] = []
        if keyword is Keyword.START:
            effects.append(lambda conn: directory.opt_in(conn, self.contact.id, time.time()))
            self._output = self._output.to(self.contact.phone_number)
        said = [] if self.opt_out_type else await self._speak(response)
        await self._append([self._heard(keyword=keyword.value)] + said, *effects)

    async def _opt_out(self, state: State) -> None:
        at = time.time()
        heard = [self._heard(keyword=Keyword.STOP.value)] + events.survey_left(at)
        if state.conversation is not None and state.conversation.is_open:
            heard += events.closed(at, ClosedReason.OPTED_OUT, (), paused=state.handoff is not None)
        await self._append(heard, lambda conn: directory.opt_out(conn, self.contact.id, at))

    async def only_note(self) -> None:
        """Somebody who opted out writes: it is kept, but nothing may be answered."""
        await self._append([self._heard(keyword="opted_out")])

    async def reaction(self, value: Mapping[str, Any]) -> None:
        """A tapback arrives as text; it is no message, and nobody answers it. Taking one back says nothing."""
        if value.get("removed"):
            await self._runtime.store.write(inbound.mark_done, self.message.sid, time.time())
        else:
            await self._append([events.reaction(time.time(), value)])

    async def give_up(self) -> None:
        """Turn after turn was interrupted: a human reads the message instead."""
        logger.error("Message %s could not be answered in %s tries.", self.message.sid, inbound.MAX_ATTEMPTS)
        await self._hand_over([self._heard()])

    # -- the assistant's turn -----------------------------------------------------------------

    async def answer(self, state: State) -> None:
        """Let the assistant answer, or the human who owns the conversation read it."""
        rates = await self._answers_survey(state)
        if not rates:
            await self._begin_anew_if_closed(state)
        # "2" rates while the survey asks, and means the second suggested reply at any other time.
        reply = None if rates else match_reply(self.text, [SuggestedReply.from_dict(raw) for raw in state.offered])
        said = utterance_for(reply) if reply else escape_payload_syntax(self.text)
        metadata = await self._metadata(suggested_reply=reply.title if reply else None)
        message = UserMessage(
            said, self._output, self.sender_id, input_channel=CHANNEL, message_id=self.message.sid, metadata=metadata
        )
        failures = watch_actions()
        try:
            with alongside(self._done(), self._output.note(self.sender_id)):
                await self._runtime.processor.handle_message(message)
        except Exception as error:
            if database_error(error):
                raise
            logger.exception("The assistant broke on message %s; a human takes over.", self.message.sid)
            return await self._hand_over(
                [events.heard(time.time(), self.text, self.message.sid, CHANNEL, metadata["proactive"])]
            )
        if failures:
            logger.error("An action failed on message %s; a human takes over: %s", self.message.sid, failures[0])
            await self._hand_over([])

    async def _begin_anew_if_closed(self, state: State) -> None:
        """A message after closing that is no answer to the survey begins a session of its own."""
        conversation = state.conversation
        if conversation is None or conversation.is_open:
            return
        at = time.time()
        kept = {CAMPAIGN_SLOT: conversation.campaign}
        begun = events.session(at, kept) + [events.listen(at)]
        await self._runtime.store.append(self.sender_id, events.stored(begun))

    async def _answers_survey(self, state: State) -> bool:
        conversation, expiry = state.conversation, state.policy.csat_expiry
        if not state.survey or conversation is None or conversation.closed_at is None:
            return False
        if expiry is not None and time.time() > conversation.closed_at + expiry:
            return False
        tracker = await self._runtime.tracker(self.sender_id)
        return answers_survey(self.text, tracker.get_slot(REQUESTED_SLOT))

    async def _hand_over(self, heard: List[Any]) -> None:
        """The AI agent broke: the conversation goes to a human instead of falling silent (spec section 4)."""
        state = (await self._runtime.store.head(self.sender_id)).state
        if state.handoff is not None:
            return await self._append(heard)
        said = await self._speak("utter_handoff")
        await self._append(heard + said + events.handed_over(time.time(), ASSISTANT_FAILED))

    # -- pieces -------------------------------------------------------------------------------

    async def _speak(self, response: str) -> List[Any]:
        text = await self._runtime.words.say(response, await self._runtime.tracker(self.sender_id), CHANNEL)
        if not text or await self._output.say(self.sender_id, text) is None:
            return []
        return events.words(time.time(), text, {"response": response})

    def _heard(self, **about: Any) -> Any:
        return events.heard(time.time(), self.text, self.message.sid, CHANNEL, {**self._facts(), **about})

    def _facts(self) -> Dict[str, Any]:
        media = media_of(self.message.payload)
        return {"text": self.text, "sid": self.message.sid, **({"media": media} if media else {})}

    async def _metadata(self, **about: Any) -> Dict[str, Any]:
        policy = events.policy_metadata(await self._runtime.policy(ChannelType.SMS))
        known = {name: value for name, value in about.items() if value is not None}
        return {events.METADATA_KEY: {"policy": policy, **self._facts(), **known}}

    def _done(self) -> Effect:
        return lambda conn: inbound.mark_done(conn, self.message.sid, time.time())

    async def _append(self, heard: List[Any], *effects: Effect) -> None:
        effects = (self._done(), self._output.note(self.sender_id), *effects)
        if heard:
            await self._runtime.store.append(self.sender_id, events.stored(heard), *effects)


def media_of(payload: Mapping[str, Any]) -> List[Dict[str, str]]:
    """The pictures and files of an inbound message (Twilio ``NumMedia``, ``MediaUrlN``)."""
    count = int(payload.get("NumMedia") or 0) if str(payload.get("NumMedia") or "0").isdigit() else 0
    found = [(payload.get(f"MediaUrl{i}"), payload.get(f"MediaContentType{i}")) for i in range(count)]
    return [{"url": str(url), "content_type": str(kind or "")} for url, kind in found if url]
