"""What every channel of ours does while its server runs: takes triggers, runs turns, keeps its leases."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from dataclasses import replace
from typing import Any, Awaitable, Callable, Coroutine, List, Optional

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.engine import Connection

from channels.conversation.commands import Commands
from channels.conversation.opened_links import OpenedLinks
from channels.conversation.sending import Sender, claims_from
from channels.conversation.trigger import Tasks, add_trigger_route
from channels.conversation.turn_queue import TurnQueue
from channels.conversation.turns import Turns
from channels.rasa_server import openings
from channels.rasa_server.runtime import NotOurTrackerStore, Runtime
from proactive_api.config import Config
from proactive_api.lifecycle.cleaning import cleaned
from proactive_api.lifecycle.values import ChannelType
from proactive_api.storage.queues import inbound, sends
from proactive_api.storage.queues.inbound import Inbound
from proactive_api.storage.sql.batching import Batcher

logger = logging.getLogger(__name__)

#: How often leases are renewed and abandoned messages looked for, seconds.
HEARTBEAT = 5.0
#: Exit status of a server that must not run (``EX_CONFIG`` of sysexits.h).
EX_CONFIG = 78


class Connector:
    """A channel's parts, once the server runs.

    Args:
        runtime: the running assistant.
        channel: which channel.
        sender: sends chats.
        commands: does what the business asks of a conversation.
        turns: runs the turns of what people write.
    """

    def __init__(
        self, runtime: Runtime, channel: ChannelType, sender: Sender, commands: Commands, turns: Turns
    ) -> None:
        self.runtime = runtime
        self.channel = channel
        self.sender = sender
        self.commands = commands
        self.links = OpenedLinks(runtime, channel, turns.run)
        self.turns = TurnQueue(self.links.run)
        self.tasks = Tasks()
        self.keep: Batcher[Inbound, bool] = runtime.store.batched(inbound.store_many)

    async def start(self) -> None:
        """Take over what a dead predecessor held, then run turns and keep the leases of what is under way."""
        await openings.keep(self.runtime)
        if self.runtime.is_only_server:
            await self.runtime.store.write(self.expire_leases, time.time())
        self.tasks.keep(self.turns.start())
        self.tasks.start(self._heartbeat())

    async def stop(self) -> None:
        """End what runs in the background."""
        self.tasks.cancel()

    async def accept(self, body: Any) -> None:
        """A trigger of the worker: sends and commands, by the names of their rows."""
        for claim in claims_from(body.get("sends", [])):
            self.tasks.start(self.sender.send(claim))
        ids = [str(one) for one in body.get("commands", [])]
        for command in await self.commands.load(ids) if ids else []:
            self.tasks.start(self.commands.do(command))

    async def receive(self, message: Inbound) -> bool:
        """Keep a message, then queue its turn; ``False`` if it is known already.

        Whatever people write comes by here, so this is where it is made fit to be stored.
        """
        message = replace(message, payload=cleaned(dict(message.payload)))
        fresh = await self.keep(message)
        if fresh:
            self.turns.put(message)
        return fresh

    async def _heartbeat(self) -> None:
        while True:
            await openings.keep(self.runtime)  # another model may have been loaded
            try:
                await self.runtime.store.write(self.renew, list(self.sender.under_way), self.turns.sids(), time.time())
                for message in await self.runtime.store.write(inbound.claim, time.time(), self.channel):
                    self.turns.put(message)
            except Exception:
                logger.exception("The heartbeat of the %s channel failed; it goes on.", self.channel.value)
            await asyncio.sleep(HEARTBEAT)

    def renew(self, conn: Connection, chats: List[str], sids: List[str], now: float) -> None:
        """Keep what is still under way here."""
        if chats:
            sends.renew(conn, chats, now)
        if sids:
            inbound.renew(conn, sids, now)

    def expire_leases(self, conn: Connection, now: float) -> None:
        """A server that is alone knows that whatever is held was held by its dead predecessor."""
        inbound.expire_all(conn, now, self.channel)
        sends.expire_all(conn, now, self.channel)


def handler(method: Callable[..., Awaitable[HTTPResponse]]) -> Callable[..., Coroutine[Any, Any, HTTPResponse]]:
    """A plain function around a bound method: Sanic writes attributes on its handlers."""

    async def handle(request: Request, **arguments: Any) -> HTTPResponse:
        return await method(request, **arguments)

    handle.__name__ = method.__name__.strip("_")
    return handle


class Channel(InputChannel):
    """Rasa's input channel with the routes that both of ours have (contract, "Connector routes").

    Args:
        config: the environment.
    """

    channel: ChannelType

    def __init__(self, config: Config) -> None:
        self.config = config
        self.connector: Optional[Any] = None

    def connect(self, runtime: Runtime) -> Connector:
        """The channel's parts for the server that has just started."""
        raise NotImplementedError

    @classmethod
    def name(cls) -> str:
        """The channel's name in Rasa, in URLs and in trackers."""
        return cls.channel.value

    def add_routes(self, blueprint: Blueprint) -> Blueprint:
        """Add what both channels have to a blueprint."""
        blueprint.listener("after_server_start")(self._start)
        blueprint.listener("before_server_stop")(self._stop)
        blueprint.add_route(handler(self._health), "/", methods=["GET"])
        blueprint.add_route(handler(self._link), "/l/<token>", methods=["GET", "HEAD"])
        add_trigger_route(blueprint, self.config.trigger_token, self._accept)
        return blueprint

    @property
    def ready(self) -> Optional[Any]:
        """The channel's parts, once a model is loaded."""
        connector = self.connector
        return connector if connector is not None and connector.runtime.agent.is_ready() else None

    async def _start(self, app: Sanic, _loop: Any) -> None:
        try:
            runtime = Runtime(app.ctx.agent, self.config)
        except NotOurTrackerStore as error:
            logger.critical("%s", error)
            os._exit(EX_CONFIG)  # Sanic swallows what its listeners raise, and would serve on
        connector = self.connect(runtime)
        await connector.start()
        self.connector = connector

    async def _stop(self, _app: Sanic, _loop: Any) -> None:
        if self.connector is not None:
            await self.connector.stop()

    async def _health(self, _request: Request) -> HTTPResponse:
        connector = self.ready
        if connector is None:
            return response.json({"status": "starting"}, status=503)
        return response.json({"status": "ok", "actions": connector.runtime.agent.action_endpoint is not None})

    async def _accept(self, body: Any) -> None:
        if self.ready is None or not isinstance(body, dict):
            raise ValueError("the channel is not ready" if self.ready is None else "the body must be an object")
        await self.ready.accept(body)

    async def _link(self, request: Request, token: str) -> HTTPResponse:
        """A tracked link was opened."""
        connector = self.connector  # also while no model is loaded: the page is somebody else's
        if connector is None:
            return response.text("Starting. Try again in a moment.", status=503, headers={"Retry-After": "5"})
        answer: HTTPResponse = await connector.links.answer(request, token, connector.turns)
        return answer
