"""The messenger's Socket.IO events (docs/messenger.md): who connects, and what they may do.

Nothing that a client sends is believed: who it is comes from its token, or from a secret that leads
to an anonymous recipient; every event is about that recipient's own conversation.
"""

from __future__ import annotations

import logging
import time
from typing import Any, Awaitable, Callable, Dict, Iterable, List, Mapping, Optional

from socketio import AsyncServer
from socketio.exceptions import ConnectionRefusedError as Refused

from channels.conversation import events
from channels.conversation.connector import Connector
from channels.messenger.checks import (
    LONGEST,
    Ack,
    Problem,
    custom_data,
    event_id,
    is_emoji,
    message_sid,
    optional_text,
    survey_words,
    text_of,
    token_code,
)
from channels.messenger.display import PAGE, Display, plain_room, rich_room
from channels.messenger.expiry import Expiry
from channels.messenger.visitors import Buckets, Visitor, usable_session_id
from proactive_api.lifecycle.messenger import timestamp
from proactive_api.lifecycle.values import ChannelType
from proactive_api.operations.visitor_tokens import TokenInvalid, VisitorTokens
from proactive_api.storage.people import visitors
from proactive_api.storage.queues.inbound import Inbound

logger = logging.getLogger(__name__)

#: A plain widget is told to slow down at most this often, seconds.
SCOLD_EVERY = 10.0

Data = Mapping[str, Any]


class Sockets:
    """The connections of this server.

    Args:
        sio: the Socket.IO server.
        tokens: reads visitor tokens.
    """

    def __init__(self, sio: AsyncServer, tokens: VisitorTokens) -> None:
        self._sio = sio
        self._tokens = tokens
        self._connector: Optional[Connector] = None
        self._display: Optional[Display] = None
        self._visitors: Dict[str, Visitor] = {}
        self._buckets = Buckets()
        self._expiry = Expiry(sio, lambda work: self.connector.tasks.start(work))
        sio.on("connect", self._connect)
        sio.on("disconnect", self._disconnect)
        handlers: Dict[str, Callable[[Visitor, Data], Awaitable[Optional[Ack]]]] = {
            "session_request": self._session_request,
            "user_uttered": self._user_uttered,
            "history": self._history,
            "delivered": self._delivered,
            "read": self._read,
            "reaction": self._reaction,
            "survey": self._survey,
            "typing": self._typing,
            "token": self._token,
        }
        for name, handle in handlers.items():
            sio.on(name, self._guarded(name, handle))

    def open(self, connector: Connector, display: Display) -> None:
        """Let clients in: the assistant is ready."""
        self._connector, self._display = connector, display

    def plain_ids(self) -> List[str]:
        """The connections whose widgets cannot say what they showed."""
        return [one.socket_id for one in self._visitors.values() if one.plain]

    @property
    def connector(self) -> Connector:
        """The channel's parts."""
        assert self._connector is not None
        return self._connector

    @property
    def display(self) -> Display:
        """Shows what is said."""
        assert self._display is not None
        return self._display

    # -- coming and going ---------------------------------------------------------------------

    async def _connect(self, socket_id: str, environ: Mapping[str, Any], auth: Any = None) -> None:
        if self._connector is None or not self._connector.runtime.agent.is_ready():
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
        allowed: Optional[Iterable[str]] = (await self.connector.runtime.settings()).messenger.allowed_origins
        if origin is not None and allowed is not None and origin not in allowed:
            raise Refused("This web page may not use the messenger.", {"code": "origin_not_allowed"})

    async def _vouch(self, visitor: Visitor, token: Any) -> None:
        named = self._tokens.read(token, time.time())
        store = self.connector.runtime.store
        known = await self.display.known(named.user_id)
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
            await self.display.plain_went(socket_id, visitor.sender_id)

    # -- every event --------------------------------------------------------------------------

    def _guarded(self, name: str, handle: Callable[[Visitor, Data], Awaitable[Optional[Ack]]]) -> Any:
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
        runtime = self.connector.runtime
        tracker = await runtime.tracker(visitor.sender_id)
        text = await runtime.words.say(response, tracker, ChannelType.MESSENGER.value)
        if text:
            await self._sio.emit("bot_uttered", {"text": text}, to=visitor.socket_id)

    # -- sessions -----------------------------------------------------------------------------

    async def _session_request(self, visitor: Visitor, data: Data) -> None:
        async with visitor.order:
            visitor.rich = data.get("proactive") == 1
            await self._identify(visitor, data.get("session_id"))
            await self._sio.emit("session_confirm", visitor.session_id, to=visitor.socket_id)
            await self._enter(visitor)

    async def _identify(self, visitor: Visitor, claimed: Any) -> None:
        """Who this is stays the same for as long as the connection lasts."""
        if visitor.session_id is None:
            visitor.session_id = usable_session_id(claimed)
        if visitor.recipient_id is None:
            write = self.connector.runtime.store.write
            visitor.recipient_id = await write(visitors.anonymous_recipient, visitor.session_id, time.time())

    async def _enter(self, visitor: Visitor) -> None:
        sender_id = visitor.sender_id
        if visitor.rich:
            await self._sio.enter_room(visitor.socket_id, rich_room(sender_id))
            welcome = await self.display.welcome(sender_id, str(visitor.recipient_id), visitor.anonymous)
            return await self._sio.emit("history", welcome, to=visitor.socket_id)
        # Locked, so that what is said in this very moment comes once: from the room, or by catching up.
        async with self.connector.runtime.agent.lock_store.lock(sender_id):
            await self._sio.enter_room(visitor.socket_id, plain_room(sender_id))
            if not visitor.plain:
                visitor.plain = True
                await self.display.plain_came(visitor.socket_id, sender_id)
            await self.display.catch_up(visitor.socket_id, sender_id)
        return None

    # -- words --------------------------------------------------------------------------------

    async def _user_uttered(self, visitor: Visitor, data: Data) -> Optional[Ack]:
        text = data.get("message")
        if text is None and not visitor.rich:
            return None  # some widgets begin so; it is no turn
        payload = {
            "text": text_of("message", text, LONGEST),
            "client_id": optional_text("client_id", data.get("client_id")),
            "title": optional_text("title", data.get("title")),
            "custom": custom_data(data.get("customData") or data.get("metadata")),
        }
        return await self._take(visitor, payload, data.get("session_id"))

    async def _survey(self, visitor: Visitor, data: Data) -> Ack:
        question, answer = data.get("question"), data.get("answer")
        words = survey_words(question, answer)
        client_id = optional_text("client_id", data.get("client_id"))
        return await self._take(visitor, {"text": words, "client_id": client_id, "survey": question}, None)

    async def _take(self, visitor: Visitor, payload: Dict[str, Any], claimed_session: Any) -> Ack:
        async with visitor.order:
            if visitor.recipient_id is None or visitor.session_id is None:
                await self._identify(visitor, claimed_session)
                await self._enter(visitor)
            await self._make_known(visitor)
            message = Inbound(
                sid=message_sid(str(visitor.recipient_id), payload.get("client_id")),
                sender=str(visitor.recipient_id),
                payload={name: value for name, value in payload.items() if value is not None},
                received_at=time.time(),
                attempt=1,
                channel_type=ChannelType.MESSENGER.value,
            )
            await self.connector.receive(message)
        return {"ok": True}

    async def _make_known(self, visitor: Visitor) -> None:
        if not visitor.known:
            await self.connector.runtime.store.write(visitors.ensure_recipient, visitor.recipient_id, time.time())
            visitor.known = True

    # -- the rest -----------------------------------------------------------------------------

    async def _history(self, visitor: Visitor, data: Data) -> Ack:
        before = event_id("before", data["before"]) if data.get("before") is not None else None
        limit = data.get("limit", PAGE)
        if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= PAGE:
            raise Problem("invalid", f"limit must be a whole number from 1 to {PAGE}.")
        messages, more = await self.display.history(self._sender(visitor), before, limit)
        return {"ok": True, "messages": messages, "more": more}

    async def _delivered(self, visitor: Visitor, data: Data) -> None:
        await self.display.read_on(self._sender(visitor), shown=event_id("up_to", data.get("up_to")))

    async def _read(self, visitor: Visitor, data: Data) -> None:
        await self.display.read_on(self._sender(visitor), read=event_id("up_to", data.get("up_to")))

    async def _reaction(self, visitor: Visitor, data: Data) -> Ack:
        message_id, emoji = event_id("message_id", data.get("message_id")), data.get("emoji")
        if emoji is not None and not is_emoji(emoji):
            raise Problem("invalid", "emoji must be an emoji, or null to take it back.")
        sender_id, store = self._sender(visitor), self.connector.runtime.store
        async with self.connector.runtime.agent.lock_store.lock(sender_id):
            if await store.read(visitors.said_at, sender_id, message_id) is None:
                raise Problem("not_found", "There is no such message.")
            value = {"kind": "emoji", "message_id": str(message_id), "emoji": emoji}
            await store.append(sender_id, events.stored([events.reaction(time.time(), value)]))
        return {"ok": True}

    async def _typing(self, visitor: Visitor, data: Data) -> None:
        """Accepted, and shown to nobody yet."""

    async def _token(self, visitor: Visitor, data: Data) -> Ack:
        try:
            fresh = self._tokens.read(data.get("token", ""), time.time())
        except TokenInvalid as error:
            raise Problem(token_code(error), str(error)) from None
        if fresh.user_id != visitor.user_id:
            raise Problem("token_invalid", "This token names somebody else; connect anew with it.")
        visitor.expires_at = fresh.expires_at
        self._expiry.watch(visitor)
        return {"ok": True, "expires_at": None if fresh.expires_at is None else timestamp(fresh.expires_at)}

    def _sender(self, visitor: Visitor) -> str:
        if visitor.recipient_id is None:
            raise Problem("invalid", "Send session_request first.")
        return visitor.sender_id


_UNAVAILABLE = ("unavailable", "That did not work. Please try again.")
#: Events to which no client waits for an answer.
_UNACKNOWLEDGED = frozenset({"session_request", "delivered", "read", "typing"})
#: What a widget does by itself while a person reads costs less than what a person does.
_COSTS = {"delivered": 0.1, "read": 0.1, "typing": 0.2}
#: Problems that a widget without problems is told in words, and the assistant's response for each.
_SPOKEN = {"rate_limited": "utter_slow_down", "too_long": "utter_too_long"}
