"""Tracked links that people open: whoever opens one is sent on at once, and what it means is written down after."""

from __future__ import annotations

import logging
import time
from typing import Awaitable, Callable, Optional

from sanic import response
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.engine import Connection

from channels.conversation import events
from channels.conversation.turn_queue import TurnQueue
from channels.rasa_server.runtime import Runtime
from proactive_api.lifecycle.opened_by import opened_by_person
from proactive_api.lifecycle.senders import recipient_of
from proactive_api.lifecycle.sight import late_reply_to
from proactive_api.lifecycle.values import ChannelType
from proactive_api.storage.conversations import links
from proactive_api.storage.conversations.links import Link
from proactive_api.storage.queues import inbound
from proactive_api.storage.queues.inbound import Inbound

logger = logging.getLogger(__name__)

#: Seconds until an opening that was interrupted is tried again.
RETRY_AFTER = 2.0
_PREFIX = "link:"
#: Every opening is asked here, and no other page learns the address, which leads to one person.
_HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}


class OpenedLinks:
    """Sends people on, and runs the openings among a channel's inbound messages.

    Args:
        runtime: the running assistant.
        channel: which channel.
        others: runs the turn of what is no opening.
    """

    def __init__(self, runtime: Runtime, channel: ChannelType, others: Callable[[Inbound], Awaitable[None]]) -> None:
        self._runtime = runtime
        self._channel = channel
        self._others = others

    async def answer(self, request: Request, token: str, queue: TurnQueue) -> HTTPResponse:
        """Where a tracked link leads; the first time that a person opens it is a response (spec section 3)."""
        link = await self._runtime.store.read(links.find, token)
        if link is None:
            return response.text("This link is not known.", status=404)
        headers = {name.lower(): value for name, value in request.headers.items()}
        if not link.opened and opened_by_person(request.method, headers):
            await self._note(link, queue)
        return response.redirect(link.url, headers=dict(_HEADERS))

    async def _note(self, link: Link, queue: TurnQueue) -> None:
        try:
            opening = await self._runtime.store.write(self._keep, link, time.time())
        except Exception:
            return logger.exception("A link of chat %s was opened, and it could not be written down.", link.chat_id)
        if opening is not None:
            queue.put(opening)

    def _keep(self, conn: Connection, link: Link, now: float) -> Optional[Inbound]:
        """Keep the first opening; ``None`` for all others."""
        payload = {"url": link.url, "title": link.title, "conversation": link.conversation_id, "to": link.sender_id}
        sender = recipient_of(link.sender_id)
        opening = Inbound(f"{_PREFIX}{link.token}", sender, payload, now, 1, self._channel.value)
        first = links.note_opening(conn, link.token, now) and inbound.store(conn, opening)
        return opening if first else None

    async def run(self, message: Inbound) -> None:
        """Run the turn of one inbound message. Never raises: what fails is tried again."""
        if not message.sid.startswith(_PREFIX):
            return await self._others(message)
        try:
            async with self._runtime.agent.lock_store.lock(message.payload["to"]):
                await self._react(message)
        except Exception:
            logger.exception("The opening %s was interrupted; it is tried again.", message.sid)
            await self._release(message)

    async def _react(self, message: Inbound) -> None:
        """A reaction to the chat that the link belongs to; after a newer one it says nothing of either."""
        sender_id, store = message.payload["to"], self._runtime.store
        if await store.read(inbound.is_done, message.sid):  # by a server that took it over
            return None
        state, chat_id = (await store.head(sender_id)).state, message.payload["conversation"]
        mine = state.conversation is not None and state.conversation.id == chat_id
        if not mine or message.attempt > inbound.MAX_ATTEMPTS:
            return await store.write(inbound.mark_done, message.sid, time.time())
        value = {"kind": "link", "url": message.payload["url"], "title": message.payload["title"]}
        if late_reply_to(state, message.payload["title"]) == chat_id:
            value["reply_to"] = chat_id
        reaction = events.stored([events.reaction(time.time(), value)])
        await store.append(sender_id, reaction, lambda conn: inbound.mark_done(conn, message.sid, time.time()))

    async def _release(self, message: Inbound) -> None:
        try:
            await self._runtime.store.write(inbound.release, message.sid, time.time() + RETRY_AFTER * message.attempt)
        except Exception:
            logger.exception("The opening %s waits for its lease to run out.", message.sid)
