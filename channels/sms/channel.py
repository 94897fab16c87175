"""The SMS channel: Twilio's webhooks in, proactive chats and the assistant's answers out."""

from __future__ import annotations

import re
import time
from functools import partial
from typing import Any, Awaitable, Callable, Dict, Mapping, Optional
from urllib.parse import unquote

from rasa.core.channels.channel import OutputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from channels.conversation.commands import Commands
from channels.conversation.connector import Channel, Connector, handler
from channels.rasa_server.runtime import Runtime
from channels.sms.carrier import Carrier
from channels.sms.output import SmsOutput
from channels.sms.sending import SmsSender
from channels.sms.signature import signed_by_carrier
from channels.sms.turns import SmsTurns
from proactive_api.config import Config
from proactive_api.lifecycle.carrier_errors import explain
from proactive_api.lifecycle.cleaning import clean
from proactive_api.lifecycle.values import ChannelType
from proactive_api.operations import consent
from proactive_api.storage.queues import receipts
from proactive_api.storage.queues.inbound import Inbound
from proactive_api.storage.queues.receipts import Receipt
from proactive_api.storage.sql.batching import Batcher

EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'


class SmsConnector(Connector):
    """The channel's parts, once the server runs."""

    def __init__(self, runtime: Runtime) -> None:
        self.carrier = Carrier(runtime.config)
        commands = Commands(runtime, ChannelType.SMS, partial(SmsOutput, runtime, self.carrier))
        turns = SmsTurns(runtime, self.carrier)
        super().__init__(runtime, ChannelType.SMS, SmsSender(runtime, self.carrier), commands, turns)
        self.note_receipt: Batcher[Receipt, None] = runtime.store.batched(receipts.record_receipts)

    async def stop(self) -> None:
        """End what runs, and give the carrier's connections back."""
        await super().stop()
        await self.carrier.close()


class SmsInput(Channel):
    """Rasa's input channel for SMS over Twilio; ``credentials.yml`` names this class.

    Args:
        config: the environment (contract, "Environment").
    """

    channel = ChannelType.SMS

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[str, Any]]) -> SmsInput:
        """Nothing is configured in ``credentials.yml``: the account is in the environment.

        Raises:
            proactive_api.config.ConfigError: if the environment is incomplete.
        """
        return cls(Config.from_env())

    def connect(self, runtime: Runtime) -> SmsConnector:
        """The channel's parts for the server that has just started."""
        return SmsConnector(runtime)

    def get_output_channel(self) -> Optional[OutputChannel]:
        """The way out for whatever else speaks through Rasa (``trigger_intent``, reminders)."""
        connector = self.connector
        return SmsOutput(connector.runtime, connector.carrier) if connector else None

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The channel's routes (contract, "Connector routes")."""
        blueprint = self.add_routes(Blueprint("sms", __name__))
        blueprint.add_route(handler(self._webhook), "/webhook", methods=["POST"])
        blueprint.add_route(handler(self._status), "/status", methods=["POST"])
        return blueprint

    async def _webhook(self, request: Request) -> HTTPResponse:
        genuine, form = signed_by_carrier(request, self.config.public_url, self.config.twilio_auth_token)
        if not genuine:
            return response.text("The signature does not match.", status=403)
        connector = self.ready
        if connector is None:
            return response.text("Starting.", status=503)
        if not form.get("MessageSid") or not form.get("From"):
            return response.text("MessageSid and From are required.", status=400)
        sender = clean(unquote(form["From"])).strip()  # a number percent-encoded on its way is nobody else
        with connector.turns.webhook():
            await connector.receive(Inbound(form["MessageSid"], sender, dict(form), time.time(), attempt=1))
        return response.text(EMPTY_TWIML, content_type="text/xml")

    async def _status(self, request: Request) -> HTTPResponse:
        genuine, form = signed_by_carrier(request, self.config.public_url, self.config.twilio_auth_token)
        if not genuine:
            return response.text("The signature does not match.", status=403)
        connector = self.ready
        if connector is None:
            return response.text("Starting.", status=503)
        sid, status = form.get("MessageSid"), form.get("MessageStatus")
        if not sid or not status:
            return response.text("MessageSid and MessageStatus are required.", status=400)
        code = error_code(form)
        error = explain(code, None) if code is not None else None
        sentence = error.sentence if error else None
        receipt = Receipt(sid, status, code, time.time(), request.args.get("chat"), sentence)
        if error is not None and error.opted_out:
            to = unquote(form.get("To", ""))
            await connector.runtime.store.write(consent.note_blocked, receipt, to, receipt.at)
        await connector.note_receipt(receipt)
        return response.text("", status=204)


def error_code(form: Mapping[str, str]) -> Optional[int]:
    """The carrier's error code in a receipt; ``None`` if there is none, or one that no table could hold."""
    written = form.get("ErrorCode", "")
    return int(written) if re.fullmatch("[0-9]{1,9}", written) else None
