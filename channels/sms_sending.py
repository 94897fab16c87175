"""Proactive chats by SMS: carrier first, then tracker, so that the transcript holds only what went out."""

from __future__ import annotations

import time
from typing import Any, List, Optional, Sequence

from sqlalchemy.engine import Connection

from channels import events
from channels.carrier import CONNECTIONS, Accepted, Busy, Carrier, CarrierFailure, Refused
from channels.runtime import Runtime
from channels.sending import MAX_WAIT, NothingSaid, Sender, keep_links, link_rows
from channels.sms_output import SmsOutput
from proactive_api.lifecycle.figures import Conversation
from proactive_api.lifecycle.links import link_url
from proactive_api.lifecycle.markdown import markdown_to_plain
from proactive_api.lifecycle.replies import sms_body
from proactive_api.lifecycle.values import ChannelType
from proactive_api.storage import carried, directory, dispatch
from proactive_api.storage.dispatch import Send
from proactive_api.storage.trackers import Effect

#: A carrier that keeps failing is asked again after 2, 4, 8, … seconds, at most this often.
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
        if send.opted_out or not send.phone_number:
            reason = "opted_out" if send.opted_out else "no_phone_number"
            return await self.write(dispatch.mark_skipped, send.id, reason)
        if await self.stands_back(send, active):
            return None
        if send.intent:
            return await self._open_by_intent(send, in_doubt)
        await self._say_words(send, active, in_doubt)

    async def _say_words(self, send: Send, active: Optional[Conversation], in_doubt: bool) -> None:
        output = self._output(send, in_doubt)
        consent = await self._ask_consent(send, output)
        accepted = await output.hand_over(send.sender_id, await self._body(send), send.id)
        assert accepted is not None
        await self._write_sent(send, active, accepted, consent)

    async def _write_sent(
        self, send: Send, active: Optional[Conversation], accepted: Accepted, consent: Sequence[Any] = ()
    ) -> None:
        at = time.time()
        effects: List[Effect] = [_sent(send, active.id if active else send.id, accepted, at)]
        if consent:
            effects.append(lambda conn: directory.consent_asked(conn, send.recipient_id, at))
        await self.write_said(send, active, {"sid": accepted.sid}, *effects, first=consent, at=at)

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
        rows = link_rows(self._runtime.config.trigger_token, send)
        if rows:
            await self.write(keep_links, send.id, rows)
        tokens = {index: token for index, token, _ in rows}
        public_url = self._runtime.config.public_url
        return sms_body(
            markdown_to_plain(send.message or ""),
            list(send.suggested_replies),
            lambda index, _reply: link_url(public_url, tokens[index], ChannelType.SMS),
        )

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
            return await self.write(dispatch.mark_failed, send.id, error.code, error.sentence)
        wait = min(MAX_WAIT, 2.0**send.attempt)
        in_doubt = not isinstance(failure, Busy)
        await self.write(_later, send.id, time.time() + wait, in_doubt)


def _sent(send: Send, conversation_id: str, accepted: Accepted, at: float) -> dispatch.Sent:
    """The delivery side of a send, for the transaction of its events."""
    return dispatch.Sent(send.id, conversation_id, send.sender_id, accepted.sid, accepted.status, at)


def _later(conn: Connection, chat_id: str, not_before: float, in_doubt: bool) -> None:
    dispatch.put_back(conn, chat_id, not_before, wait_reason="carrier_unavailable", in_doubt=in_doubt)


def _refused(conn: Connection, send: Send, code: Optional[int], sentence: str, opted_out: bool) -> None:
    dispatch.mark_failed(conn, send.id, code, sentence)
    if opted_out:
        directory.opt_out(conn, send.recipient_id, time.time(), "carrier")
