"""Proactive chats: from a claimed row to words on a phone and events in a tracker, exactly once."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass
from typing import Any, Dict, List, Optional, Sequence, Set, Tuple, Union

from sqlalchemy.engine import Connection, Engine

from channels import events
from channels.carrier import CONNECTIONS, Accepted, Busy, Carrier, CarrierFailure, Refused
from channels.runtime import Runtime
from channels.sms_output import SmsOutput
from proactive_api.lifecycle.figures import Conversation
from proactive_api.lifecycle.links import link_token, link_url
from proactive_api.lifecycle.replies import sms_body
from proactive_api.lifecycle.sms import markdown_to_plain
from proactive_api.lifecycle.values import ChannelType, SuggestedReply
from proactive_api.storage import carried, directory, dispatch, links, trackers
from proactive_api.storage.batcher import Batcher
from proactive_api.storage.dispatch import Claim, Send
from proactive_api.storage.trackers import Effect, Head
from proactive_api.tracker_store import alongside

logger = logging.getLogger(__name__)

#: A carrier that keeps failing is asked again after 2, 4, 8, … seconds, at most this often.
MAX_ATTEMPTS = 7
MAX_WAIT = 300.0
#: A carrier that cannot be reached at all is asked for much longer: nobody said no.
MAX_UNREACHED = 100


class NothingSaid(Exception):
    """The assistant had no words for an opening by intent."""


@dataclass(frozen=True)
class Fresh:
    """A send and its tracker as they are under the conversation's lock."""

    send: Send
    head: Head


class SmsSender:
    """Sends claimed chats by SMS, many at once.

    Args:
        runtime: the running assistant.
        carrier: the shared client.
    """

    def __init__(self, runtime: Runtime, carrier: Carrier) -> None:
        self._runtime = runtime
        self._carrier = carrier
        self._slots = asyncio.Semaphore(CONNECTIONS)
        self._fresh: Batcher[str, Fresh] = runtime.store.batched(_load, write=False)
        self.under_way: Set[str] = set()

    async def send(self, claim: Claim) -> None:
        """Send one chat and write down what came of it. Never raises."""
        self.under_way.add(claim.chat_id)
        try:
            async with self._slots:
                await self._send(claim)
        except Exception:
            # The row keeps its lease; whoever claims it next asks the carrier first.
            logger.exception("Sending chat %s was interrupted; it will be settled.", claim.chat_id)
        finally:
            self.under_way.discard(claim.chat_id)

    async def _send(self, claim: Claim) -> None:
        async with self._runtime.agent.lock_store.lock(claim.sender_id):
            fresh = await self._fresh(claim.chat_id)
            if fresh.send.delivery_status != "sending" or fresh.send.attempt != claim.attempt:
                return  # somebody else holds it by now
            try:
                await self._say(fresh, claim.in_doubt)
            except CarrierFailure as failure:
                await self._not_sent(fresh.send, failure)

    async def _say(self, fresh: Fresh, in_doubt: bool) -> None:
        send, conversation = fresh.send, fresh.head.state.conversation
        active = conversation if conversation is not None and conversation.is_open else None
        if in_doubt and not send.intent:
            settled = await self._settled(send)
            if settled is not None:
                return await self._write_sent(send, active, settled)
        if send.opted_out or not send.phone_number:
            reason = "opted_out" if send.opted_out else "no_phone_number"
            return await self._write(dispatch.mark_skipped, send.id, reason)
        if active is not None and send.if_active != "append":
            return await self._stand_back(send)
        if send.intent:
            return await self._open_by_intent(send, in_doubt)
        await self._say_words(send, active, in_doubt)

    async def _stand_back(self, send: Send) -> None:
        if send.if_active == "queue":
            await self._write(_wait_for_closing, send.id, time.time() + MAX_WAIT)
        else:
            await self._write(dispatch.mark_skipped, send.id, "conversation_open")

    async def _say_words(self, send: Send, active: Optional[Conversation], in_doubt: bool) -> None:
        output = self._output(send, in_doubt)
        consent = await self._ask_consent(send, output)
        accepted = await output.hand_over(send.sender_id, await self._body(send), send.id)
        assert accepted is not None
        await self._write_sent(send, active, accepted, consent)

    async def _write_sent(
        self, send: Send, active: Optional[Conversation], accepted: Accepted, consent: Sequence[Any] = ()
    ) -> None:
        """Events, figures and delivery in one transaction. With a conversation open, the words belong to it."""
        at = time.time()
        metadata = {"chat_id": send.id, "sid": accepted.sid}
        action = events.OPENING_ACTION if self._runtime.knows_action(events.OPENING_ACTION) else None
        begun = [] if active else await self._opening(send, at)
        said = events.words(at, send.message or "", metadata, send.suggested_replies, action)
        effects: List[Effect] = [_sent(send, active.id if active else send.id, accepted, at)]
        if consent:
            effects.append(lambda conn: directory.consent_asked(conn, send.recipient_id, at))
        spoken = [*begun, *consent, *said, events.listen(at)]
        await self._runtime.store.append(send.sender_id, events.stored(spoken), *effects)

    async def _settled(self, send: Send) -> Optional[Accepted]:
        """What the carrier has of a send whose connector died: told by a receipt, or asked for.

        Raises:
            CarrierFailure: if the carrier cannot be asked.
        """
        row = await self._runtime.store.read(carried.carried_for, send.id)
        if row is not None:
            return Accepted(row.sid, row.status)
        if not send.phone_number or send.claimed_at is None:
            return None
        others = await self._runtime.store.read(carried.carried, send.sender_id, send.claimed_at - 60)
        body = await self._body(send)
        return await self._carrier.find(send.phone_number, body, send.claimed_at, [row.sid for row in others])

    async def _opening(self, send: Send, at: float) -> List[Any]:
        policy = await self._runtime.policy(ChannelType.SMS, send.auto_close_timeout)
        return events.opening(at, send.id, send.campaign, ChannelType.SMS.value, policy)

    def _output(self, send: Send, in_doubt: bool) -> SmsOutput:
        return SmsOutput(
            self._runtime, self._carrier, send.phone_number, since=send.claimed_at, in_doubt=in_doubt, strict=True
        )

    async def _ask_consent(self, send: Send, output: SmsOutput) -> List[Any]:
        """First contact with a number that never gave consent starts with the consent message, if there is one."""
        if send.consent or send.consent_asked:
            return []
        words = self._runtime.words
        configured = await words.override("utter_consent", ChannelType.SMS.value)
        if not configured and "utter_consent" not in words.responses:
            return []
        text = configured or await words.say("utter_consent", await self._runtime.tracker(send.sender_id), "sms")
        if not text or await output.hand_over(send.sender_id, text) is None:
            return []
        return events.words(time.time(), text, {"consent": True})

    async def _body(self, send: Send) -> str:
        secret, public_url = self._runtime.config.trigger_token, self._runtime.config.public_url
        linked = [(i, reply) for i, reply in enumerate(send.suggested_replies) if reply.url]
        tokens = {i: link_token(secret, send.id, i) for i, _ in linked}
        if linked:
            await self._write(_remember_links, send.id, [(tokens[i], reply) for i, reply in linked])
        return sms_body(
            markdown_to_plain(send.message or ""),
            list(send.suggested_replies),
            lambda index, _reply: link_url(public_url, tokens[index]),
        )

    async def _open_by_intent(self, send: Send, in_doubt: bool) -> None:
        if not self._runtime.knows_intent(send.intent or ""):
            sentence = f"The assistant does not know the intent {send.intent}."
            return await self._write(dispatch.mark_failed, send.id, None, sentence)
        output = self._output(send, in_doubt)
        tracker = await self._runtime.tracker(send.sender_id)
        at = time.time()
        for event in await self._opening(send, at):
            tracker.update(event, self._runtime.agent.domain)

        def write(conn: Connection) -> None:
            if not output.accepted:
                raise NothingSaid(send.intent)
            _sent(send, send.id, output.accepted[0], at)(conn)

        try:
            with alongside(write, output.note(send.sender_id, send.id)):
                entities = [{"entity": name, "value": value} for name, value in send.entities.items()]
                await self._runtime.agent.trigger_intent(send.intent, entities, output, tracker)
        except NothingSaid:
            sentence = f"The assistant had nothing to say for the intent {send.intent}."
            await self._write(dispatch.mark_failed, send.id, None, sentence)

    async def _not_sent(self, send: Send, failure: CarrierFailure) -> None:
        error = failure.error
        if isinstance(failure, Refused):
            await self._write(_refused, send, error.code, error.sentence, error.opted_out)
            return None
        unreached = error.code is None
        if send.attempt >= (MAX_UNREACHED if unreached else MAX_ATTEMPTS):
            return await self._write(dispatch.mark_failed, send.id, error.code, error.sentence)
        wait = min(MAX_WAIT, 2.0**send.attempt)
        in_doubt = not isinstance(failure, Busy)
        await self._write(_later, send.id, time.time() + wait, in_doubt)

    async def _write(self, work: Any, *args: Any) -> None:
        await self._runtime.store.write(work, *args)


def _sent(send: Send, conversation_id: str, accepted: Accepted, at: float) -> dispatch.Sent:
    """The delivery side of a send, for the transaction of its events."""
    return dispatch.Sent(send.id, conversation_id, send.sender_id, accepted.sid, accepted.status, at)


def _load(engine: Engine, chat_ids: List[str]) -> Sequence[Union[Fresh, Exception]]:
    with engine.connect() as conn:
        sends = {send.id: send for send in dispatch.load(conn, chat_ids)}
        found = trackers.heads(conn, [send.sender_id for send in sends.values()])
    return [Fresh(sends[one], found[sends[one].sender_id]) if one in sends else KeyError(one) for one in chat_ids]


def _wait_for_closing(conn: Connection, chat_id: str, not_before: float) -> None:
    dispatch.put_back(conn, chat_id, not_before, wait_reason="open_conversation")


def _later(conn: Connection, chat_id: str, not_before: float, in_doubt: bool) -> None:
    dispatch.put_back(conn, chat_id, not_before, wait_reason="carrier_unavailable", in_doubt=in_doubt)


def _refused(conn: Connection, send: Send, code: Optional[int], sentence: str, opted_out: bool) -> None:
    dispatch.mark_failed(conn, send.id, code, sentence)
    if opted_out:
        directory.opt_out(conn, send.recipient_id, time.time())


def _remember_links(conn: Connection, chat_id: str, tokens: Sequence[Tuple[str, SuggestedReply]]) -> None:
    for token, reply in tokens:
        links.remember(conn, token, chat_id, reply.title, reply.url or "")


def claims_from(raw: Sequence[Dict[str, Any]]) -> List[Claim]:
    """The claims in a trigger's body.

    Raises:
        KeyError, TypeError: if the body is not one of ours.
    """
    return [
        Claim(str(one["chat_id"]), str(one["sender_id"]), int(one["attempt"]), bool(one["in_doubt"])) for one in raw
    ]
