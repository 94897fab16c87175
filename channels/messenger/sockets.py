"""The messenger's connections: who may connect, who they are, and how fast they may go (docs/messenger.md).

Nothing that a client sends is believed: who it is comes from its token, or from a secret that leads
to an anonymous recipient.
"""

from __future__ import annotations

import logging
import time
from typing import Any, Dict, Iterable, List, Mapping, Optional

from socketio import AsyncServer
from socketio.exceptions import ConnectionRefusedError as Refused

from channels.conversation.connector import Connector
from channels.messenger.checks import (
    Ack,
    Problem,
    token_code,
)
from channels.messenger.display import Display
from channels.messenger.expiry import Expiry
from channels.messenger.handlers import Data, Handler, Handlers
from channels.messenger.visitors import Buckets, Visitor
from proactive_api.lifecycle.values import ChannelType
from proactive_api.operations.visitor_tokens import TokenInvalid, VisitorTokens
from proactive_api.storage.people import visitors

logger = logging.getLogger(__name__)

#: A plain widget is told to slow down at most this often, seconds.
SCOLD_EVERY = 10.0


class Sockets:
    """The connections of this server.

    Args:
        sio: the Socket.IO server.
        tokens: reads visitor tokens.
    """

    def __init__(self, sio: AsyncServer, tokens: VisitorTokens) -> None:
        self._sio = sio
        self._tokens = tokens
        self._visitors: Dict[str, Visitor] = {}
        self._buckets = Buckets()
        self._expiry = Expiry(sio, lambda work: self._handlers.connector.tasks.start(work))
        self._handlers = Handlers(sio, tokens, self._expiry)
        sio.on("connect", self._connect)
        sio.on("disconnect", self._disconnect)
        for name, handle in self._handlers.by_event.items():
            sio.on(name, self._guarded(name, handle))

    def open(self, connector: Connector, display: Display) -> None:
        """Let clients in: the assistant is ready."""
        self._handlers.open(connector, display)

    def plain_ids(self) -> List[str]:
        """The connections whose widgets cannot say what they showed."""
        return [one.socket_id for one in self._visitors.values() if one.plain]

    # -- coming and going ---------------------------------------------------------------------

    async def _connect(self, socket_id: str, environ: Mapping[str, Any], auth: Any = None) -> None:
        if not self._handlers.ready:
            raise Refused("The assistant is starting.", {"code": "starting"})
        await self._check_origin(environ.get("HTTP_ORIGIN"))
        visitor = Visitor(socket_id)
        token = auth.get("token") if isinstance(auth, Mapping) else None
        if token is not None:
            try:
                await self._vouch(visitor, token)
            except TokenInvalid as error:
                raise Refused(str(error), {"code": token_code(error)}) from None
        self._visitors[socket_id] = visitor

    async def _check_origin(self, origin: Optional[str]) -> None:
        allowed: Optional[Iterable[str]] = (await self._handlers.connector.runtime.settings()).messenger.allowed_origins
        if origin is not None and allowed is not None and origin not in allowed:
            raise Refused("This web page may not use the messenger.", {"code": "origin_not_allowed"})

    async def _vouch(self, visitor: Visitor, token: Any) -> None:
        named = self._tokens.read(token, time.time())
        store = self._handlers.connector.runtime.store
        known = await self._handlers.display.known(named.user_id)
        visitor.recipient_id = known or await store.write(
            visitors.recipient_of_token, named.user_id, named.nickname, time.time()
        )
        visitor.user_id, visitor.expires_at, visitor.known = named.user_id, named.expires_at, True
        self._expiry.watch(visitor)

    async def _disconnect(self, socket_id: str, *_: Any) -> None:
        visitor = self._visitors.pop(socket_id, None)
        if visitor is None:
            return
        self._expiry.forget(visitor)
        if visitor.plain:
            await self._handlers.display.plain_went(socket_id, visitor.sender_id)

    # -- every event --------------------------------------------------------------------------

    def _guarded(self, name: str, handle: Handler) -> Any:
        """A handler that answers what it cannot use, and never raises."""

        async def guarded(socket_id: str, data: Any = None, *_: Any) -> Optional[Ack]:
            visitor = self._visitors.get(socket_id)
            if visitor is None:
                return None
            try:
                return await handle(visitor, self._checked(visitor, name, data))
            except Problem as problem:
                return await self._refuse(visitor, name, problem)
            except Exception:
                logger.exception("The event %s of a visitor failed.", name)
                return await self._refuse(visitor, name, Problem(*_UNAVAILABLE))

        return guarded

    def _checked(self, visitor: Visitor, name: str, data: Any) -> Data:
        if name != "token" and visitor.expired(time.time()):
            raise Problem("token_expired", "Your session has expired. Please reload the page.")
        if not isinstance(data, Mapping):
            if data is not None:
                raise Problem("invalid", f"{name} takes an object.")
            data = {}
        wait = self._buckets.take(visitor.recipient_id or visitor.socket_id, time.monotonic(), _COSTS.get(name, 1.0))
        if wait:
            raise Problem("rate_limited", "You are writing very fast. Please wait a moment.", wait)
        return data

    async def _refuse(self, visitor: Visitor, name: str, problem: Problem) -> Ack:
        if visitor.rich and name in _UNACKNOWLEDGED:
            await self._sio.emit("problem", problem.answer, to=visitor.socket_id)
        elif not visitor.rich and problem.code in _SPOKEN and visitor.recipient_id:
            await self._say_why(visitor, _SPOKEN[problem.code])
        return {"ok": False, "error": problem.answer}

    async def _say_why(self, visitor: Visitor, response: str) -> None:
        """A widget that knows no problems gets words; they are not part of the conversation."""
        if time.monotonic() - visitor.warned_at < SCOLD_EVERY:
            return
        visitor.warned_at = time.monotonic()
        runtime = self._handlers.connector.runtime
        tracker = await runtime.tracker(visitor.sender_id)
        text = await runtime.words.say(response, tracker, ChannelType.MESSENGER.value)
        if text:
            await self._sio.emit("bot_uttered", {"text": text}, to=visitor.socket_id)


_UNAVAILABLE = ("unavailable", "That did not work. Please try again.")
#: Events to which no client waits for an answer.
_UNACKNOWLEDGED = frozenset({"session_request", "delivered", "read", "typing"})
#: What a widget does by itself while a person reads costs less than what a person does.
_COSTS = {"delivered": 0.1, "read": 0.1, "typing": 0.2}
#: Problems that a widget without problems is told in words, and the assistant's response for each.
_SPOKEN = {"rate_limited": "utter_slow_down", "too_long": "utter_too_long"}
