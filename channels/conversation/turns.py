"""What people write, turned into turns of the assistant, on any channel."""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from typing import Any, Dict, List, Mapping, Optional

from rasa.core.channels.channel import UserMessage
from rasa.shared.core.constants import REQUESTED_SLOT

from channels.conversation import events
from channels.conversation.exchange import exchange, last_words
from channels.conversation.outlet import Outlet
from channels.rasa_server.runtime import Runtime, watch_actions
from proactive_api.lifecycle.auto_replies import is_auto_reply
from proactive_api.lifecycle.cleaning import clean, cleaned
from proactive_api.lifecycle.facts import CAMPAIGN_SLOT, METADATA_KEY, RATES_KEY
from proactive_api.lifecycle.feedback import Feedback
from proactive_api.lifecycle.figures import State
from proactive_api.lifecycle.late_ratings import late_rating
from proactive_api.lifecycle.loops import Said, looks_automatic
from proactive_api.lifecycle.replies import escape_payload_syntax, utterance_for
from proactive_api.lifecycle.sight import late_reply_to
from proactive_api.lifecycle.survey import answers_survey
from proactive_api.lifecycle.values import ChannelType, SuggestedReply
from proactive_api.storage.conversations.effects import Effect
from proactive_api.storage.people.contacts import Contact
from proactive_api.storage.queues import inbound
from proactive_api.storage.queues.inbound import Inbound
from proactive_api.tracker_store import alongside, database_error

logger = logging.getLogger(__name__)

#: Why a human gets a conversation that nobody asked to hand over.
ASSISTANT_FAILED = "assistant_failed"
LOOKS_AUTOMATIC = "looks_automatic"
#: Marks a message that a phone or a mail program wrote by itself: it is no response, and is not answered.
AUTO_REPLY = "auto_reply"
#: Seconds until a turn that the database interrupted is tried again.
RETRY_AFTER = 2.0


class Turn:
    """One message, its conversation locked.

    Args:
        runtime: the running assistant.
        message: what was written.
        contact: who wrote it.
        sender_id: the tracker's name.
        output: the way out.
        text: the words as they were typed.
    """

    channel: ChannelType

    def __init__(
        self, runtime: Runtime, message: Inbound, contact: Contact, sender_id: str, output: Outlet, text: str
    ) -> None:
        self._runtime = runtime
        # Clean since it came in, unless it has waited since before that was so.
        self.message = replace(message, payload=cleaned(dict(message.payload)))
        self.contact = contact
        self.sender_id = sender_id
        self.text = clean(text)
        self._output = output

    async def take(self, state: State) -> None:
        """Do what this message asks for."""
        raise NotImplementedError

    def chosen_reply(self, offered: List[SuggestedReply]) -> Optional[SuggestedReply]:
        """The suggested reply that the message is, if it is one."""
        raise NotImplementedError

    def facts(self) -> Dict[str, Any]:
        """What the tracker remembers of the message beside its words."""
        return {"text": self.text, "sid": self.message.sid}

    async def give_up(self) -> None:
        """Turn after turn was interrupted: a human reads the message instead."""
        logger.error("Message %s could not be answered in %s tries.", self.message.sid, inbound.MAX_ATTEMPTS)
        await self._hand_over([await self.kept()])

    async def answer(self, state: State) -> None:
        """Let the assistant answer, or the human who owns the conversation read it."""
        rates = await self.answers_survey(state)
        late = None if rates else await self.late_rating(state)
        if late is not None:
            return await self._rate_earlier(state, late)
        if state.handoff is None and await self._left_unanswered(state):
            return None
        if not rates:
            await self._begin_anew_if_closed(state)
        # "2" rates while the survey asks, and means the second suggested reply at any other time.
        reply = None if rates else self.chosen_reply([SuggestedReply.from_dict(raw) for raw in state.offered])
        said = utterance_for(reply) if reply else escape_payload_syntax(self.text)
        chat_id = late_reply_to(state, reply.title) if reply else None
        metadata = await self._metadata(suggested_reply=reply.title if reply else None, reply_to=chat_id)
        message = UserMessage(
            said,
            self._output,
            self.sender_id,
            input_channel=self.channel.value,
            message_id=self.message.sid,
            metadata=metadata,
        )
        failures = watch_actions()
        try:
            with alongside(self.done(), self._output.note(self.sender_id)):
                await self._runtime.processor.handle_message(message)
        except Exception as error:
            if database_error(error):
                raise
            logger.exception("The assistant broke on message %s; a human takes over.", self.message.sid)
            return await self._hand_over(
                [events.heard(time.time(), self.text, self.message.sid, self.channel.value, metadata["proactive"])]
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

    async def answers_survey(self, state: State) -> bool:
        """Whether the survey of a closed conversation waits for this message."""
        if not self.survey_waits(state):
            return False
        tracker = await self._runtime.tracker(self.sender_id)
        return answers_survey(self.text, tracker.get_slot(REQUESTED_SLOT))

    async def _left_unanswered(self, state: State) -> bool:
        """Say nothing to a machine: its first automatic reply is kept, and a human sees one that goes on."""
        said = exchange(await self._runtime.tracker(self.sender_id))
        now = time.time()
        if looks_automatic([*said, Said(now, self.text, by_person=True)], now):
            await self._begin_anew_if_closed(state)
            await self.append([await self.kept(), *events.handed_over(time.time(), LOOKS_AUTOMATIC)])
            return True
        if is_auto_reply(self.text):
            await self.append([self.heard(keyword=AUTO_REPLY)])
            return True
        return False

    async def late_rating(self, state: State) -> Optional[Feedback]:
        """The rating of an earlier conversation, where the survey waited when a newer chat was sent."""
        offered = [SuggestedReply.from_dict(raw) for raw in state.offered]
        if state.unrated is None or self.chosen_reply(offered) is not None:
            return None
        tracker = await self._runtime.tracker(self.sender_id)
        return None if tracker.active_loop_name else late_rating(self.text, state, last_words(tracker), time.time())

    async def _rate_earlier(self, state: State, rating: Feedback) -> None:
        """Write the rating down and say thanks; the newer chat stays as it is."""
        rated = state.unrated.id if state.unrated else None
        said = await self.speak("utter_csat_thanks", {RATES_KEY: rated})
        heard = self.heard(**{RATES_KEY: {"conversation_id": rated, **rating.__dict__}})
        await self.append([heard, *said])

    def survey_waits(self, state: State) -> bool:
        """Whether the survey of a closed conversation waits for an answer, and still takes it."""
        conversation, expiry = state.conversation, state.policy.csat_expiry
        if not state.survey or conversation is None or conversation.closed_at is None:
            return False
        return expiry is None or time.time() <= conversation.closed_at + expiry

    async def _hand_over(self, heard: List[Any]) -> None:
        """The AI agent broke: the conversation goes to a human instead of falling silent (spec section 4)."""
        state = (await self._runtime.store.head(self.sender_id)).state
        if state.handoff is not None:
            return await self.append(heard)
        said = await self.speak("utter_handoff")
        await self.append(heard + said + events.handed_over(time.time(), ASSISTANT_FAILED))

    # -- pieces -------------------------------------------------------------------------------

    async def speak(self, response: str, about: Optional[Mapping[str, Any]] = None) -> List[Any]:
        """Say one of the assistant's responses; the events that tell of it, with what ``about`` adds to them."""
        words = self._runtime.words
        text = await words.say(response, await self._runtime.tracker(self.sender_id), self.channel.value)
        if not text or not await self._output.say(self.sender_id, text):
            return []
        return events.words(time.time(), text, {"response": response, **(about or {})})

    def heard(self, **about: Any) -> Any:
        """The event of this message, where no turn of the assistant follows."""
        facts = {**self.facts(), **about}
        return events.heard(time.time(), self.text, self.message.sid, self.channel.value, facts)

    async def kept(self, **about: Any) -> Any:
        """As ``heard``, where the message counts as a response: with the durations that hold from here on."""
        return self.heard(**(await self._metadata(**about))[METADATA_KEY])

    async def _metadata(self, **about: Any) -> Dict[str, Any]:
        policy = events.policy_metadata(await self._runtime.policy(self.channel))
        known = {name: value for name, value in about.items() if value is not None}
        return {METADATA_KEY: {"policy": policy, **self.facts(), **known}}

    def done(self) -> Effect:
        """An effect: this message has had its turn."""
        return lambda conn: inbound.mark_done(conn, self.message.sid, time.time())

    async def append(self, heard: List[Any], *effects: Effect) -> None:
        """Write what happened without the assistant."""
        effects = (self.done(), self._output.note(self.sender_id), *effects)
        if heard:
            await self._runtime.store.append(self.sender_id, events.stored(heard), *effects)

    async def react(self, value: Mapping[str, Any]) -> None:
        """A reaction is no message, and nobody answers it."""
        await self.append([events.reaction(time.time(), value)])


class Turns:
    """Runs the turn of each inbound message of one channel under its conversation's lock.

    Args:
        runtime: the running assistant.
        channel: where the messages come from.
    """

    def __init__(self, runtime: Runtime, channel: ChannelType) -> None:
        self._runtime = runtime
        self._channel = channel

    async def contact(self, message: Inbound) -> Contact:
        """The recipient who wrote a message; made at first contact (spec section 2)."""
        raise NotImplementedError

    def turn(self, message: Inbound, contact: Contact, sender_id: str) -> Turn:
        """What the assistant is to do with one message, ready to be run under the conversation's lock."""
        raise NotImplementedError

    async def run(self, message: Inbound) -> None:
        """Run one message's turn. Never raises: what fails is tried again or goes to a human."""
        try:
            contact = await self.contact(message)
            sender_id = f"{self._channel.value}.{contact.id}"
            async with self._runtime.agent.lock_store.lock(sender_id):
                await self._run(self.turn(message, contact, sender_id))
        except Exception:
            logger.exception("The turn of message %s was interrupted; it is tried again.", message.sid)
            await self._release(message)

    async def _release(self, message: Inbound) -> None:
        try:
            await self._runtime.store.write(inbound.release, message.sid, time.time() + RETRY_AFTER * message.attempt)
        except Exception:
            logger.exception("Message %s waits for its lease to run out.", message.sid)

    async def _run(self, turn: Turn) -> None:
        state = (await self._runtime.store.head(turn.sender_id)).state
        if turn.message.sid in state.seen:
            return await self._runtime.store.write(inbound.mark_done, turn.message.sid, time.time())
        if turn.message.attempt > inbound.MAX_ATTEMPTS:
            return await turn.give_up()
        await turn.take(state)
