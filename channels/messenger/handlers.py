"""What clients of the messenger may do: each event, and what is answered (docs/messenger.md).

Every event is about the conversation of the recipient whom the connection belongs to, whatever it says.
"""

from __future__ import annotations

import time
from typing import Any, Awaitable, Callable, Dict, Mapping, Optional

from socketio import AsyncServer

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
from channels.messenger.visitors import Visitor, usable_session_id
from proactive_api.lifecycle.messenger import timestamp
from proactive_api.lifecycle.values import ChannelType
from proactive_api.operations.visitor_tokens import TokenInvalid, VisitorTokens
from proactive_api.storage.conversations import history
from proactive_api.storage.people import visitors
from proactive_api.storage.queues.inbound import Inbound

Data = Mapping[str, Any]
Handler = Callable[[Visitor, Data], Awaitable[Optional[Ack]]]


class Handlers:
    """Does what clients ask for.

    Args:
        sio: the Socket.IO server.
        tokens: reads visitor tokens.
        expiry: watches when they end.
    """

    def __init__(self, sio: AsyncServer, tokens: VisitorTokens, expiry: Expiry) -> None:
        self._sio = sio
        self._tokens = tokens
        self._expiry = expiry
        self._connector: Optional[Connector] = None
        self._display: Optional[Display] = None
        self.by_event: Dict[str, Handler] = {
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

    def open(self, connector: Connector, display: Display) -> None:
        """Begin: the assistant is ready."""
        self._connector, self._display = connector, display

    @property
    def ready(self) -> bool:
        """Whether a model is loaded, so that words would be answered."""
        return self._connector is not None and self._connector.runtime.agent.is_ready()

    @property
    def connector(self) -> Connector:
        """The channel's parts; there are none before ``open``."""
        assert self._connector is not None
        return self._connector

    @property
    def display(self) -> Display:
        """Shows what is said; there is none before ``open``."""
        assert self._display is not None
        return self._display

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
            if await store.read(history.said_at, sender_id, message_id) is None:
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
