"""The SMS channel: Twilio's webhooks in, proactive chats and the assistant's answers out."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from typing import Any, Awaitable, Callable, Dict, List, Optional

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from channels import events
from channels.carrier import Carrier
from channels.commands import Commands
from channels.inbound import Turns
from channels.runtime import NotOurTrackerStore, Runtime
from channels.sending import SmsSender, claims_from
from channels.signature import signed_by_carrier
from channels.sms_output import SmsOutput
from channels.trigger import Tasks, add_trigger_route
from channels.turn_queue import TurnQueue
from proactive_api.config import Config
from proactive_api.lifecycle.carrier_errors import explain
from proactive_api.lifecycle.values import ChannelType
from proactive_api.storage import carried, dispatch, inbound, links
from proactive_api.storage.batcher import Batcher
from proactive_api.storage.carried import Receipt
from proactive_api.storage.inbound import Inbound

logger = logging.getLogger(__name__)

#: How often leases are renewed and abandoned messages looked for, seconds.
HEARTBEAT = 5.0
#: Exit status of a server that must not run (``EX_CONFIG`` of sysexits.h).
EX_CONFIG = 78
EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'


class _Connector:
    """The channel's parts, once the server runs."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.carrier = Carrier(runtime.config)
        self.sender = SmsSender(runtime, self.carrier)
        self.commands = Commands(runtime, self.carrier)
        self.turns = TurnQueue(Turns(runtime, self.carrier).run)
        self.tasks = Tasks()
        store = runtime.store
        self.keep: Batcher[Inbound, bool] = store.batched(inbound.store_many)
        self.receive: Batcher[Receipt, None] = store.batched(carried.record_receipts)

    async def start(self) -> None:
        if self.runtime.alone:
            await self.runtime.store.write(_take_everything_over, time.time())
        self.tasks.keep(self.turns.start())
        self.tasks.start(self._heartbeat())

    async def stop(self) -> None:
        self.tasks.cancel()
        await self.carrier.close()

    async def accept(self, body: Any) -> None:
        """A trigger of the worker: sends and commands, by the names of their rows."""
        for claim in claims_from(body.get("sends", [])):
            self.tasks.start(self.sender.send(claim))
        ids = [str(one) for one in body.get("commands", [])]
        for command in await self.commands.load(ids) if ids else []:
            self.tasks.start(self.commands.do(command))

    async def _heartbeat(self) -> None:
        while True:
            try:
                await self.runtime.store.write(self._renew, list(self.sender.under_way), self.turns.sids(), time.time())
                for message in await self.runtime.store.write(inbound.take_over, time.time()):
                    self.turns.put(message)
            except Exception:
                logger.exception("The heartbeat of the SMS channel failed; it goes on.")
            await asyncio.sleep(HEARTBEAT)

    @staticmethod
    def _renew(conn: Any, chats: List[str], sids: List[str], now: float) -> None:
        if chats:
            dispatch.renew(conn, chats, now)
        if sids:
            inbound.renew(conn, sids, now)


def _take_everything_over(conn: Any, now: float) -> None:
    """A server that is alone knows that whatever is held was held by its dead predecessor."""
    inbound.release_all(conn, now)
    dispatch.release_all(conn, now)


def _handler(method: Callable[..., Awaitable[HTTPResponse]]) -> Callable[..., Awaitable[HTTPResponse]]:
    """A plain function around a bound method: Sanic writes attributes on its handlers."""

    async def handle(request: Request, **arguments: Any) -> HTTPResponse:
        return await method(request, **arguments)

    handle.__name__ = method.__name__.strip("_")
    return handle


class SmsInput(InputChannel):
    """Rasa's input channel for SMS over Twilio; ``credentials.yml`` names this class.

    Args:
        config: the environment (contract, "Environment").
    """

    def __init__(self, config: Config) -> None:
        self._config = config
        self._connector: Optional[_Connector] = None

    @classmethod
    def name(cls) -> str:
        """The channel's name in Rasa, in URLs and in trackers."""
        return ChannelType.SMS.value

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[str, Any]]) -> SmsInput:
        """Nothing is configured in ``credentials.yml``: the account is in the environment.

        Raises:
            proactive_api.config.ConfigError: if the environment is incomplete.
        """
        return cls(Config.from_env())

    def get_output_channel(self) -> Optional[OutputChannel]:
        """The way out for whatever else speaks through Rasa (``trigger_intent``, reminders)."""
        connector = self._connector
        return SmsOutput(connector.runtime, connector.carrier) if connector else None

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The channel's routes (contract, "Connector routes")."""
        blueprint = Blueprint("sms", __name__)
        blueprint.listener("after_server_start")(self._start)
        blueprint.listener("before_server_stop")(self._stop)
        routes = (
            (self._health, "/", "GET"),
            (self._webhook, "/webhook", "POST"),
            (self._status, "/status", "POST"),
            (self._link, "/l/<token>", "GET"),
        )
        for method, path, verb in routes:
            blueprint.add_route(_handler(method), path, methods=[verb])
        add_trigger_route(blueprint, self._config.trigger_token, self._accept)
        return blueprint

    async def _start(self, app: Sanic, _loop: Any) -> None:
        try:
            runtime = Runtime(app.ctx.agent, self._config)
        except NotOurTrackerStore as error:
            logger.critical("%s", error)
            os._exit(EX_CONFIG)  # Sanic swallows what its listeners raise, and would serve on
        self._connector = _Connector(runtime)
        await self._connector.start()

    async def _stop(self, _app: Sanic, _loop: Any) -> None:
        if self._connector is not None:
            await self._connector.stop()

    @property
    def _ready(self) -> Optional[_Connector]:
        connector = self._connector
        return connector if connector is not None and connector.runtime.agent.is_ready() else None

    async def _health(self, _request: Request) -> HTTPResponse:
        connector = self._ready
        if connector is None:
            return response.json({"status": "starting"}, status=503)
        return response.json({"status": "ok", "actions": connector.runtime.agent.action_endpoint is not None})

    async def _accept(self, body: Any) -> None:
        if self._ready is None or not isinstance(body, dict):
            raise ValueError("the channel is not ready" if self._ready is None else "the body must be an object")
        await self._ready.accept(body)

    async def _webhook(self, request: Request) -> HTTPResponse:
        genuine, form = signed_by_carrier(request, self._config.public_url, self._config.twilio_auth_token)
        if not genuine:
            return response.text("The signature does not match.", status=403)
        connector = self._ready
        if connector is None:
            return response.text("Starting.", status=503)
        if not form.get("MessageSid") or not form.get("From"):
            return response.text("MessageSid and From are required.", status=400)
        with connector.turns.webhook():
            message = Inbound(form["MessageSid"], form["From"], dict(form), time.time(), attempt=1)
            if await connector.keep(message):
                connector.turns.put(message)
        return response.text(EMPTY_TWIML, content_type="text/xml")

    async def _status(self, request: Request) -> HTTPResponse:
        genuine, form = signed_by_carrier(request, self._config.public_url, self._config.twilio_auth_token)
        if not genuine:
            return response.text("The signature does not match.", status=403)
        connector = self._ready
        if connector is None:
            return response.text("Starting.", status=503)
        sid, status = form.get("MessageSid"), form.get("MessageStatus")
        if not sid or not status:
            return response.text("MessageSid and MessageStatus are required.", status=400)
        code = int(form["ErrorCode"]) if form.get("ErrorCode", "").isdigit() else None
        sentence = explain(code, None).sentence if code is not None else None
        await connector.receive(Receipt(sid, status, code, time.time(), request.args.get("chat"), sentence))
        return response.text("", status=204)

    async def _link(self, request: Request, token: str) -> HTTPResponse:
        """A tracked link was opened: that is a response (spec section 3)."""
        connector = self._ready
        link = await connector.runtime.store.read(links.find, token) if connector else None
        if connector is None or link is None:
            return response.text("This link is not known.", status=404)
        opened = events.reaction(time.time(), {"kind": "link", "url": link.url, "title": link.title})
        async with connector.runtime.agent.lock_store.lock(link.sender_id):
            await connector.runtime.store.append(link.sender_id, events.stored([opened]))
        return response.redirect(link.url)
