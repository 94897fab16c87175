"""Proactive chats: from a claimed row to words in a conversation, exactly once, on any channel."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass
from typing import Any, Dict, List, Optional, Sequence, Set, Tuple, Union

from sqlalchemy.engine import Connection, Engine

from channels.conversation import events
from channels.conversation.failures import Overtaken
from channels.conversation.outlet import Outlet
from channels.rasa_server.runtime import Runtime
from proactive_api.lifecycle.figures import Conversation
from proactive_api.lifecycle.links import Links
from proactive_api.lifecycle.openings import MissingEntities, UnknownOpening, opening
from proactive_api.lifecycle.sending import Skip, Wait
from proactive_api.lifecycle.values import ChannelType, SuggestedReply
from proactive_api.operations.sending_rules import Decision, decide_now
from proactive_api.storage.conversations import links, trackers
from proactive_api.storage.conversations.effects import Effect
from proactive_api.storage.conversations.trackers import Head
from proactive_api.storage.queues import outcomes, sends
from proactive_api.storage.queues.sends import Claim, Send
from proactive_api.storage.sql.batching import Batcher
from proactive_api.tracker_store import alongside

logger = logging.getLogger(__name__)

#: A suggested reply that is a link: its index, the link's token, and the reply.
LinkRow = Tuple[int, str, SuggestedReply]


class NothingSaid(Exception):
    """The assistant had no words for an opening by intent."""


@dataclass(frozen=True)
class LoadedSend:
    """A send and its tracker's head, read under the conversation's lock."""

    send: Send
    head: Head


class Sender:
    """Sends claimed chats, many at once.

    Args:
        runtime: the running assistant.
        channel: where to.
        at_once: sends under way at once.
    """

    def __init__(self, runtime: Runtime, channel: ChannelType, at_once: int) -> None:
        self._runtime = runtime
        self._channel = channel
        self._slots = asyncio.Semaphore(at_once)
        self._read: Batcher[str, LoadedSend] = runtime.store.batched(_load, write=False)
        self.under_way: Set[str] = set()

    async def send(self, claim: Claim) -> None:
        """Send one chat and write down what came of it. Never raises."""
        self.under_way.add(claim.chat_id)
        try:
            async with self._slots:
                await self._send(claim)
        except Overtaken:
            logger.info("Somebody else sends chat %s by now.", claim.chat_id)
        except Exception:
            # The row keeps its lease; whoever claims it next finds out first what was said.
            logger.exception("Sending chat %s was interrupted; it will be settled.", claim.chat_id)
        finally:
            self.under_way.discard(claim.chat_id)

    async def _send(self, claim: Claim) -> None:
        async with self._runtime.agent.lock_store.lock(claim.sender_id):
            loaded = await self._read(claim.chat_id)
            if loaded.send.delivery_status != "sending" or loaded.send.attempt != claim.attempt:
                return  # somebody else holds it by now
            conversation = loaded.head.state.conversation
            active = conversation if conversation is not None and conversation.is_open else None
            await self.say(loaded.send, active, claim.in_doubt)

    async def say(self, send: Send, active: Optional[Conversation], in_doubt: bool) -> None:
        """Say it, or write down why not. Runs under the conversation's lock.

        Args:
            active: the conversation that is open, if one is.
            in_doubt: whether an earlier try may have said it.
        """
        raise NotImplementedError

    async def may_go_out(self, send: Send, active: Optional[Conversation]) -> bool:
        """Ask the sending rules a last time, and write down why it does not go out if they say no.

        Args:
            active: the conversation that is open, if one is.
        """
        return await self.obey(send, decide_now(send, active is not None, time.time()))

    async def obey(self, send: Send, decision: Decision) -> bool:
        """Whether the rules let it go; if not, why not is written down."""
        if isinstance(decision, Skip):
            await self.write(outcomes.mark_skipped, send.id, decision.reason)
        elif isinstance(decision, Wait):
            await self.write(_release, send.id, decision)
        return not isinstance(decision, (Skip, Wait))

    async def write_said(
        self,
        send: Send,
        active: Optional[Conversation],
        metadata: Dict[str, Any],
        *effects: Effect,
        first: Sequence[Any] = (),
        at: float,
    ) -> None:
        """Events, figures and delivery in one transaction. With a conversation open, the words belong to it.

        Args:
            first: events of what was said before these words.
            at: seconds UTC.
        """
        action = events.OPENING_ACTION if self._runtime.knows_action(events.OPENING_ACTION) else None
        begun = [] if active else await self._opening(send, at)
        about = {"chat_id": send.id, **metadata, **({"appended": True} if active else {})}
        said = events.words(at, send.message or "", about, send.suggested_replies, action)
        spoken = [*begun, *first, *said, events.listen(at)]
        await self._runtime.store.append(send.sender_id, events.stored(spoken), *effects)

    async def _opening(self, send: Send, at: float) -> List[Any]:
        policy = await self._runtime.policy(self._channel, send.auto_close_timeout)
        return events.opening(at, send.id, send.campaign, self._channel.value, policy)

    async def open_by_intent(self, send: Send, output: Outlet, *effects: Effect, first: Sequence[Any] = ()) -> None:
        """Let the assistant's own rules write the opening, as with Rasa's external events.

        Args:
            first: events of what was said before.
            effects: written with the opening's events; one may raise ``NothingSaid``.
        """
        sentence = self._cannot_open(send)
        if sentence is not None:
            return await self.write(outcomes.mark_failed, send.id, None, sentence)
        tracker = await self._runtime.tracker(send.sender_id)
        at = time.time()
        # A rule that begins with an intent begins after a turn that ended, as Rasa's own sessions do.
        for event in [*await self._opening(send, at), *first, events.listen(at)]:
            tracker.update(event, self._runtime.agent.domain)
        try:
            with alongside(*effects):
                entities = [{"entity": name, "value": value} for name, value in send.entities.items()]
                await self._runtime.agent.trigger_intent(send.intent, entities, output, tracker)
        except NothingSaid:
            sentence = f"The assistant had nothing to say for the intent {send.intent}."
            await self.write(outcomes.mark_failed, send.id, None, sentence)

    def _cannot_open(self, send: Send) -> Optional[str]:
        """Why the assistant cannot say this opening; it may have been asked for before the assistant was known."""
        intent, known = send.intent or "", self._runtime.openings
        if not self._runtime.knows_intent(intent):
            return f"The assistant does not know the intent {intent}."
        try:
            if known is not None:
                opening(known, intent, send.entities, send.campaign, self._channel.value)
        except (MissingEntities, UnknownOpening) as error:
            return str(error)
        return None

    async def write(self, work: Any, *args: Any) -> None:
        """Run ``work(conn, *args)`` in a transaction of its own."""
        await self._runtime.store.write(work, *args)


def _load(engine: Engine, chat_ids: List[str]) -> Sequence[Union[LoadedSend, Exception]]:
    with engine.connect() as conn:
        loaded = {send.id: send for send in sends.load(conn, chat_ids)}
        found = trackers.heads(conn, [send.sender_id for send in loaded.values()])
    return [
        LoadedSend(loaded[one], found[loaded[one].sender_id]) if one in loaded else KeyError(one) for one in chat_ids
    ]


def _release(conn: Connection, chat_id: str, wait: Wait) -> None:
    sends.release(conn, chat_id, wait.until, wait_reason=wait.reason)


def link_rows(made: Links, send: Send) -> List[LinkRow]:
    """The suggested replies of a send that are links, each as ``(index, token, reply)``."""
    linked = [(index, reply) for index, reply in enumerate(send.suggested_replies) if reply.url]
    return [(index, made.token(send.id, index), reply) for index, reply in linked]


def keep_links(conn: Connection, chat_id: str, rows: Sequence[LinkRow]) -> None:
    """Remember what the links lead to, before anybody can open them."""
    for _, token, reply in rows:
        links.remember(conn, token, chat_id, reply.title, reply.url or "")


def claims_from(raw: Sequence[Dict[str, Any]]) -> List[Claim]:
    """The claims in a trigger's body.

    Raises:
        KeyError, TypeError: if the body is not one of ours.
    """
    return [
        Claim(str(one["chat_id"]), str(one["sender_id"]), int(one["attempt"]), bool(one["in_doubt"])) for one in raw
    ]
