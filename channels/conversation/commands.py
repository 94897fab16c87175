"""What the business asks of a conversation: human words, closing, giving back to the AI agent."""

from __future__ import annotations

import logging
import time
from typing import Any, Awaitable, Callable, Dict, List, Optional

from sqlalchemy.engine import Connection

from channels.conversation import events
from channels.conversation.failures import CarrierFailure, Refused
from channels.conversation.outlet import MakeOutlet, Outlet
from channels.rasa_server.runtime import Runtime
from proactive_api.lifecycle.figures import Conversation, State
from proactive_api.lifecycle.markdown import verbatim
from proactive_api.lifecycle.senders import split_sender
from proactive_api.lifecycle.sight import closes_silently
from proactive_api.lifecycle.survey import survey_questions
from proactive_api.lifecycle.values import ChannelType, ClosedReason
from proactive_api.storage.people import contacts
from proactive_api.storage.queues import commands, outcomes
from proactive_api.storage.queues.commands import Command
from proactive_api.tracker_store import alongside

logger = logging.getLogger(__name__)

CLOSE_INTENT = "EXTERNAL_close"
#: Seconds between tries, and how many there are, when the carrier does not answer.
RETRY_AFTER = 5.0
MAX_ATTEMPTS = 20


class Commands:
    """Does commands for conversations on one channel.

    Args:
        runtime: the running assistant.
        channel: where the conversations are.
        outlet: makes the way out of a command.
    """

    def __init__(self, runtime: Runtime, channel: ChannelType, outlet: MakeOutlet) -> None:
        self._runtime = runtime
        self._channel = channel
        self._outlet = outlet
        self._kinds: Dict[str, Callable[[Command, State], Awaitable[None]]] = {
            "human_message": self._say_for_human,
            "close": self._close,
            "return_to_agent": self._give_back,
        }

    async def load(self, ids: List[str]) -> List[Command]:
        """The commands with these ids that are still to be done, oldest first."""
        return await self._runtime.store.read(commands.load, ids)

    async def do(self, command: Command) -> None:
        """Do one command and write down what came of it. Never raises."""
        try:
            async with self._runtime.agent.lock_store.lock(command.sender_id):
                if await self._may_do(command):
                    state = (await self._runtime.store.head(command.sender_id)).state
                    await self._kinds[command.kind](command, state)
        except CarrierFailure as failure:
            await self._not_taken(command, failure)
        except Exception:
            # Its lease runs out and it is tried again, with care for what was said already.
            logger.exception("Command %s (%s) was interrupted.", command.id, command.kind)

    async def _may_do(self, command: Command) -> bool:
        """Whether it is its turn; words before it that the carrier did not take are to come first."""
        store = self._runtime.store
        if not await store.read(commands.still_held, command):
            return False
        if not await store.read(commands.next_in_line, command):
            await store.write(commands.release, command.id, 0.0)
            return False
        return True

    async def _not_taken(self, command: Command, failure: CarrierFailure) -> None:
        if isinstance(failure, Refused) or command.attempt >= MAX_ATTEMPTS:
            await self._finish(command, str(failure), failure.error.code)
        else:
            await self._runtime.store.write(commands.release, command.id, time.time() + RETRY_AFTER)

    async def _finish(self, command: Command, error: Optional[str] = None, code: Optional[int] = None) -> None:
        await self._runtime.store.write(commands.finish, command.id, time.time(), error, code)

    def _done(self, command: Command) -> Callable[[Connection], None]:
        return lambda conn: commands.finish(conn, command.id, time.time())

    def _output(self, command: Command, strict: bool = False) -> Outlet:
        return self._outlet(since=command.claimed_at, in_doubt=command.in_doubt, strict=strict)

    async def _say_for_human(self, command: Command, state: State) -> None:
        if not _owned_by_human(command, state):
            return await self._finish(command, "The conversation is no longer with a human agent.")
        output = self._output(command, strict=True)
        text = verbatim(str(command.payload.get("text", "")))  # a person typed it: nothing in it is a mark
        if not await output.say(command.sender_id, text):
            return await self._finish(command, await self._unreachable(command.sender_id))
        metadata = {"human_agent": command.payload.get("name") or "Agent", "command_id": command.id}
        carried = output.carrier_id()
        if carried is not None:
            metadata["sid"] = carried
        said = events.stored(events.words(time.time(), text, metadata))
        await self._runtime.store.append(command.sender_id, said, self._done(command), output.note(command.sender_id))

    async def _unreachable(self, sender_id: str) -> str:
        """Why somebody gets nothing."""
        _, recipient_id = split_sender(sender_id) or ("", "")
        contact = await self._runtime.store.read(contacts.contact, recipient_id)
        if contact is not None and contact.opted_out:
            return "The recipient has opted out of messages."
        if contact is None or contact.phone_number is None:
            return "The recipient has no phone number."
        return "Nothing is left of this as plain text."

    async def _give_back(self, command: Command, state: State) -> None:
        if not _owned_by_human(command, state):
            return await self._finish(command)
        output = self._output(command)
        said = await self._speak("utter_returned_to_agent", command.sender_id, output)
        at = time.time()
        await self._runtime.store.append(
            command.sender_id,
            events.stored(events.returned(at) + said + [events.listen(at)]),
            self._done(command),
            output.note(command.sender_id),
        )

    async def _speak(self, response: str, sender_id: str, output: Outlet) -> List[Any]:
        text = await self._runtime.words.say(response, await self._runtime.tracker(sender_id), output.name())
        if not text or not await output.say(sender_id, text):
            return []
        return events.words(time.time(), text, {"response": response}, action=response)

    async def _close(self, command: Command, state: State) -> None:
        reason = ClosedReason(command.payload["reason"])
        conversation = state.conversation
        if conversation is None or conversation.id != command.conversation_id or not conversation.is_open:
            return await self._finish(command)
        if reason is ClosedReason.AUTO and not _due(conversation):
            return await self._finish(command)  # somebody spoke in the meantime
        silent = closes_silently(conversation, state, reason) or await self._must_be_silent(
            conversation, command.sender_id
        )
        settings = (await self._runtime.settings()).for_channel(self._channel)
        questions = [] if silent else survey_questions(conversation, settings)
        ending = events.closed(time.time(), reason, questions, paused=state.handoff is not None)
        if silent or not await self._close_with_words(command, ending):
            await self._runtime.store.append(command.sender_id, events.stored(ending), self._done(command))

    async def _must_be_silent(self, conversation: Conversation, sender_id: str) -> bool:
        """Whether closing words would reach nobody, or must not: opted out, no number, or the opening never arrived."""
        if self._channel is not ChannelType.SMS:
            return False  # who saw some of it sees the rest when they come back
        _, recipient_id = split_sender(sender_id) or ("", "")
        contact = await self._runtime.store.read(contacts.contact, recipient_id)
        if contact is None or contact.opted_out or contact.phone_number is None:
            return True
        unanswered = conversation.responded_at is None
        return unanswered and await self._runtime.store.read(outcomes.never_arrived, conversation.id)

    async def _close_with_words(self, command: Command, ending: List[Any]) -> bool:
        """Let the assistant's own rules say the closing words and begin the survey."""
        if not self._runtime.knows_intent(CLOSE_INTENT):
            return False
        output = self._output(command)
        tracker = await self._runtime.tracker(command.sender_id)
        for event in ending:
            tracker.update(event, self._runtime.agent.domain)
        try:
            with alongside(self._done(command), output.note(command.sender_id)):
                await self._runtime.agent.trigger_intent(CLOSE_INTENT, [], output, tracker)
        except Exception:
            logger.exception(
                "The assistant broke while closing %s; it is closed without words.", command.conversation_id
            )
            return False
        return True


def _owned_by_human(command: Command, state: State) -> bool:
    return state.handoff is not None and state.handoff.conversation_id == command.conversation_id


def _due(conversation: Conversation) -> bool:
    return conversation.auto_close_at is not None and conversation.auto_close_at <= time.time()
