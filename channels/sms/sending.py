"""Proactive chats by SMS: carrier first, then tracker, so that the transcript holds only what went out."""

from __future__ import annotations

import time
from typing import Any, List, Optional, Sequence

from sqlalchemy.engine import Connection

from channels.conversation import events
from channels.conversation.failures import Busy, CarrierFailure, Refused
from channels.conversation.sending import NothingSaid, Sender, keep_links, link_rows
from channels.rasa_server.runtime import Runtime
from channels.sms.carrier import CONNECTIONS, Accepted, Carrier
from channels.sms.output import SmsOutput
from proactive_api.lifecycle.figures import Conversation
from proactive_api.lifecycle.markdown import literal_of, markdown_to_plain
from proactive_api.lifecycle.values import ChannelType
from proactive_api.lifecycle.wording import sms_text
from proactive_api.operations import consent
from proactive_api.storage.conversations.effects import Effect
from proactive_api.storage.queues import outcomes, receipts, sends
from proactive_api.storage.queues.sends import Send

#: Shortest and longest wait of a send before the carrier is asked again, seconds.
MIN_WAIT, MAX_WAIT = 2.0, 300.0
#: A carrier that keeps failing is asked again after 2, 4, 8, … seconds (see ``pause``), at most this often.
MAX_ATTEMPTS = 7
#: A carrier that cannot be reached at all is asked for much longer: nobody said no.
MAX_UNREACHED = 100


class SmsSender(Sender):
    """Sends claimed chats by SMS.

    Args:
        runtime: the running assistant.
        carrier: the shared client.
    """

    def __init__(self, runtime: Runtime, carrier: Carrier) -> None:
        super().__init__(runtime, ChannelType.SMS, CONNECTIONS)
        self._carrier = carrier

    async def say(self, send: Send, active: Optional[Conversation], in_doubt: bool) -> None:
        """Hand it to the carrier, unless the carrier has it, the person must not get it, or it has to wait."""
        try:
            await self._say(send, active, in_doubt)
        except CarrierFailure as failure:
            await self._not_sent(send, failure)

    async def _say(self, send: Send, active: Optional[Conversation], in_doubt: bool) -> None:
        if in_doubt and not send.intent:
            settled = await self._settled(send)
            if settled is not None:
                return await self._write_sent(send, active, settled)
        if not await self.may_go_out(send, active):
            return None
        if send.intent:
            return await self._open_by_intent(send, in_doubt)
        await self._say_words(send, active, in_doubt)

    async def _say_words(self, send: Send, active: Optional[Conversation], in_doubt: bool) -> None:
        output = self._output(send, in_doubt)
        asked = await self._ask_consent(send, output)
        accepted = await output.deliver_text(send.sender_id, await self._body(send), send.id)
        assert accepted is not None
        await self._write_sent(send, active, accepted, asked)

    async def _write_sent(
        self, send: Send, active: Optional[Conversation], accepted: Accepted, asked: Sequence[Any] = ()
    ) -> None:
        at = time.time()
        effects: List[Effect] = [_sent(send, active.id if active else send.id, accepted, at)]
        if asked:
            effects.append(lambda conn: consent.note_asked(conn, send.recipient_id, at))
        await self.write_said(send, active, {"sid": accepted.sid}, *effects, first=asked, at=at)

    async def _settled(self, send: Send) -> Optional[Accepted]:
        """What the carrier has of a send whose connector died: told by a receipt, or asked for.

        Raises:
            CarrierFailure: if the carrier cannot be asked.
        """
        row = await self._runtime.store.read(receipts.known_for_chat, send.id)
        if row is not None:
            return Accepted(row.sid, row.status)
        if not send.phone_number or send.claimed_at is None:
            return None
        others = await self._runtime.store.read(receipts.known_for_sender, send.sender_id, send.claimed_at - 60)
        body = await self._body(send)
        return await self._carrier.find(send.phone_number, body, send.claimed_at, [row.sid for row in others])

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
        if not text or await output.deliver_text(send.sender_id, markdown_to_plain(text, literal_of(text))) is None:
            return []
        return events.words(time.time(), text, {"consent": True})

    async def _body(self, send: Send) -> str:
        made = self._runtime.config.links
        rows = link_rows(made, send)
        if rows:
            await self.write(keep_links, send.id, rows)
        return sms_text(send.message or "", send.suggested_replies, send.id, made)

    async def _open_by_intent(self, send: Send, in_doubt: bool) -> None:
        output = self._output(send, in_doubt)

        def write(conn: Connection) -> None:
            if not output.accepted:
                raise NothingSaid(send.intent)
            _sent(send, send.id, output.accepted[0], time.time())(conn)

        await self.open_by_intent(send, output, write, output.note(send.sender_id, send.id))

    async def _not_sent(self, send: Send, failure: CarrierFailure) -> None:
        error = failure.error
        if isinstance(failure, Refused):
            await self.write(_refused, send, error.code, error.sentence, error.opted_out)
            return None
        unreached = error.code is None
        if send.attempt >= (MAX_UNREACHED if unreached else MAX_ATTEMPTS):
            return await self.write(outcomes.mark_failed, send.id, error.code, error.sentence)
        in_doubt, now = not isinstance(failure, Busy), time.time()
        late = now - send.due_at if unreached else MAX_WAIT
        await self.write(_later, send.id, now + pause(send.attempt, late), in_doubt)


def pause(attempt: int, late: float = MAX_WAIT) -> float:
    """Seconds until the carrier is tried again: twice as long each time.

    Args:
        attempt: how often the send was claimed, while the assistant was down too.
        late: seconds since it was to go out. A wait that is not longer than that doubles as well, and does not grow
            with an assistant that was down.
    """
    return min(MAX_WAIT, max(MIN_WAIT, late), 2.0**attempt)


def _sent(send: Send, conversation_id: str, accepted: Accepted, at: float) -> outcomes.Sent:
    """The delivery side of a send, for the transaction of its events."""
    return outcomes.Sent(send.id, conversation_id, send.sender_id, accepted.sid, accepted.status, at)


def _later(conn: Connection, chat_id: str, not_before: float, in_doubt: bool) -> None:
    sends.release(conn, chat_id, not_before, wait_reason="carrier_unavailable", in_doubt=in_doubt)


def _refused(conn: Connection, send: Send, code: Optional[int], sentence: str, opted_out: bool) -> None:
    outcomes.mark_failed(conn, send.id, code, sentence)
    if opted_out:
        consent.opt_out(conn, send.recipient_id, time.time(), "carrier")
