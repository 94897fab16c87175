"""Proactive chats by SMS: carrier first, then tracker, so that the transcript holds only what went out."""

from __future__ import annotations

import time
from typing import Any, List, Optional, Sequence, Tuple

from sqlalchemy.engine import Connection

from channels.conversation import events
from channels.conversation.failures import Busy, CarrierFailure, NoAnswer, Overtaken, Refused
from channels.conversation.sending import NothingSaid, Sender, keep_links, link_rows
from channels.rasa_server.runtime import Runtime
from channels.sms.carrier import CONNECTIONS, STILL_ARRIVES, Accepted, Carrier, Known
from channels.sms.output import SmsOutput
from proactive_api.lifecycle.figures import Conversation
from proactive_api.lifecycle.markdown import literal_of, markdown_to_plain
from proactive_api.lifecycle.values import ChannelType
from proactive_api.lifecycle.wording import sms_text
from proactive_api.operations import consent
from proactive_api.operations.sending_rules import decide_again
from proactive_api.storage.queues import outcomes, receipts, sends
from proactive_api.storage.queues.sends import Send
from proactive_api.storage.sql.batching import Batcher

#: Longest wait of a send before the carrier is asked again, seconds.
MAX_WAIT = 300.0
#: A carrier that does not take a message is asked again after 2, 4, 8, … seconds (see ``pause``), so often: for a day.
MAX_TRIES = 300
GIVEN_UP = "The carrier did not take the message for a day."
#: A carrier that cannot even say whether it took a message is asked for so long, seconds.
DOUBT_ENDS = 3600.0
NOBODY_KNOWS = "The carrier did not say whether it took the message: it may have arrived. It was not sent again."


class _HeldBack(Exception):
    """The sending rules said no in the middle of it; that is written down already."""


class SmsSender(Sender):
    """Sends claimed chats by SMS.

    Args:
        runtime: the running assistant.
        carrier: the shared client.
    """

    def __init__(self, runtime: Runtime, carrier: Carrier) -> None:
        super().__init__(runtime, ChannelType.SMS, CONNECTIONS)
        self._carrier = carrier
        self._mark_asked: Batcher[Tuple[Send, float], bool] = runtime.store.batched(sends.mark_asked)

    async def say(self, send: Send, active: Optional[Conversation], in_doubt: bool) -> None:
        """Hand it to the carrier, unless the carrier has it, the person must not get it, or it has to wait."""
        try:
            await self._say(send, active, in_doubt)
        except CarrierFailure as failure:
            await self._not_sent(send, failure)
        except _HeldBack:
            pass

    async def _say(self, send: Send, active: Optional[Conversation], in_doubt: bool) -> None:
        if in_doubt and not send.intent:
            settled = await self._settled(send)
            if settled is not None:
                return await self._write_sent(send, active, settled, await self._asked_before(send))
        if not in_doubt and not await self.may_go_out(send, active):
            return None
        output = self._output(send, active, in_doubt)
        if send.intent:
            return await self._open_by_intent(send, output)
        await self._say_words(send, active, output)

    async def _say_words(self, send: Send, active: Optional[Conversation], output: SmsOutput) -> None:
        asked = await self._ask_consent(send, output)
        accepted = await output.deliver_text(send.sender_id, await self._body(send), send.id)
        assert accepted is not None
        await self._write_sent(send, active, accepted, asked)

    async def _write_sent(
        self, send: Send, active: Optional[Conversation], accepted: Accepted, asked: Sequence[Any]
    ) -> None:
        at = time.time()
        sent = _sent(send, active.id if active else send.id, accepted, at)
        await self.write_said(send, active, {"sid": accepted.sid}, sent, first=asked, at=at)

    async def _settled(self, send: Send) -> Optional[Accepted]:
        """What the carrier has of a send in doubt: told by a receipt, or asked for.

        Returns:
            ``None`` if it has nothing, and will have nothing.

        Raises:
            CarrierFailure: if that cannot be told yet.
        """
        row = await self._runtime.store.read(receipts.known_for_chat, send.id)
        if row is not None:
            return Accepted(row.sid, row.status)
        if not send.phone_number or send.asked_at is None:
            return None
        return await self._carrier.look(
            send.phone_number,
            await self._body(send),
            since=send.claimed_at or send.asked_at,
            arrives_until=send.asked_at + STILL_ARRIVES,
            known=self._known(send),
        )

    def _known(self, send: Send) -> Known:
        async def sids() -> List[str]:
            since = (send.claimed_at or send.asked_at or time.time()) - 60
            rows = await self._runtime.store.read(receipts.known_for_sender, send.sender_id, since)
            return [row.sid for row in rows]

        return sids

    def _output(self, send: Send, active: Optional[Conversation], in_doubt: bool) -> SmsOutput:
        async def before() -> None:
            # What was in doubt and is not with the carrier obeys the rules of this moment: it may have become night.
            if in_doubt and not output.accepted and not await self._may_go_out_again(send, active):
                raise _HeldBack
            if not await self._mark_asked((send, time.time())):
                raise Overtaken(send.id)

        output = SmsOutput(
            self._runtime,
            self._carrier,
            send.phone_number,
            since=send.claimed_at,
            in_doubt=in_doubt,
            strict=True,
            arrives_until=(send.asked_at or 0.0) + STILL_ARRIVES,
            before=before,
        )
        return output

    async def _may_go_out_again(self, send: Send, active: Optional[Conversation]) -> bool:
        decision = await self._runtime.store.read(decide_again, send, active is not None, time.time())
        return await self.obey(send, decision)

    async def _ask_consent(self, send: Send, output: SmsOutput) -> List[Any]:
        """First contact with a number that never gave consent starts with the consent message, if there is one.

        That it went out is written down at once: whatever becomes of the words behind it, it is said once.

        Returns:
            The events that tell of it.
        """
        asked = await self._asked_before(send)
        if asked or send.consent or send.consent_asked:
            return asked
        text = await self._consent_text(send)
        if not text:
            return []
        body = markdown_to_plain(text, literal_of(text))
        accepted = await output.deliver_text(send.sender_id, body, consent_key(send.id))
        if accepted is None:
            return []
        await self.write(_note_asked, send, accepted)
        return _consent_words(text)

    async def _asked_before(self, send: Send) -> List[Any]:
        """The events of the consent message that an earlier try of this send said, if it did."""
        if send.consent_asked and await self._runtime.store.read(receipts.known_for_chat, consent_key(send.id)):
            return _consent_words(await self._consent_text(send))
        return []

    async def _consent_text(self, send: Send) -> str:
        words = self._runtime.words
        configured = await words.override("utter_consent", ChannelType.SMS.value)
        if configured is not None or "utter_consent" not in words.responses:
            return configured or ""
        return await words.say("utter_consent", await self._runtime.tracker(send.sender_id), "sms") or ""

    async def _body(self, send: Send) -> str:
        made = self._runtime.config.links
        rows = link_rows(made, send)
        if rows:
            await self.write(keep_links, send.id, rows)
        return sms_text(send.message or "", send.suggested_replies, send.id, made)

    async def _open_by_intent(self, send: Send, output: SmsOutput) -> None:
        asked = await self._ask_consent(send, output)

        def write(conn: Connection) -> None:
            if not output.accepted:
                raise NothingSaid(send.intent)
            _sent(send, send.id, output.accepted[0], time.time())(conn)

        try:
            await self.open_by_intent(send, output, write, output.note(send.sender_id, send.id), first=asked)
        except Busy as failure:
            if output.accepted:
                # Some of its words are out, and nothing tells of them yet: they are looked for before the next try.
                raise NoAnswer(failure.error) from failure
            raise

    async def _not_sent(self, send: Send, failure: CarrierFailure) -> None:
        error, now = failure.error, time.time()
        if isinstance(failure, Refused):
            return await self.write(_refused, send, error.code, error.sentence, error.opted_out)
        in_doubt = not isinstance(failure, Busy)
        if in_doubt and send.asked_at is not None and now > send.asked_at + DOUBT_ENDS:
            return await self.write(outcomes.mark_failed, send.id, error.code, NOBODY_KNOWS)
        if not in_doubt and send.tries + 1 >= MAX_TRIES:
            return await self.write(outcomes.mark_failed, send.id, error.code, GIVEN_UP)
        await self.write(_later, send.id, now + pause(send.tries + 1), in_doubt)


def pause(tries: int) -> float:
    """Seconds until the carrier is asked again: 2, 4, 8, … at most five minutes.

    Args:
        tries: how often it did not take the message, or could not say; this time counts.
    """
    return min(MAX_WAIT, 2.0**tries)


def consent_key(chat_id: str) -> str:
    """By what the receipts of a chat's consent message are known: it is no message of the chat itself."""
    return f"{chat_id}/consent"


def _consent_words(text: str) -> List[Any]:
    return events.words(time.time(), text, {"consent": True}) if text else []


def _note_asked(conn: Connection, send: Send, accepted: Accepted) -> None:
    at = time.time()
    receipts.note_accepted(
        conn, accepted.sid, accepted.status, at, sender_id=send.sender_id, chat_id=consent_key(send.id)
    )
    consent.note_asked(conn, send.recipient_id, at)


def _sent(send: Send, conversation_id: str, accepted: Accepted, at: float) -> outcomes.Sent:
    """The delivery side of a send, for the transaction of its events."""
    return outcomes.Sent(send.id, conversation_id, send.sender_id, accepted.sid, accepted.status, at)


def _later(conn: Connection, chat_id: str, not_before: float, in_doubt: bool) -> None:
    sends.release(conn, chat_id, not_before, wait_reason="carrier_unavailable", in_doubt=in_doubt, tried=True)


def _refused(conn: Connection, send: Send, code: Optional[int], sentence: str, opted_out: bool) -> None:
    outcomes.mark_failed(conn, send.id, code, sentence)
    if opted_out:
        consent.opt_out(conn, send.recipient_id, time.time(), "carrier")
