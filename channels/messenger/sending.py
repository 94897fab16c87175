"""Proactive chats in the messenger: the tracker first; whoever is there sees it at once, others when they come."""

from __future__ import annotations

import time
from typing import Any, List, Optional

from sqlalchemy.engine import Connection

from channels.conversation.sending import NothingSaid, Sender, keep_links, link_rows
from channels.messenger.output import MessengerOutput
from channels.rasa_server.runtime import Runtime
from proactive_api.lifecycle.figures import Conversation
from proactive_api.lifecycle.values import ChannelType
from proactive_api.storage.conversations.effects import Effect
from proactive_api.storage.queues.outcomes import Posted
from proactive_api.storage.queues.sends import Send

#: Sends under way at once: they wait for nothing but the database, which takes them in groups.
AT_ONCE = 200


class MessengerSender(Sender):
    """Puts claimed chats into conversations of the messenger.

    Args:
        runtime: the running assistant.
    """

    def __init__(self, runtime: Runtime) -> None:
        super().__init__(runtime, ChannelType.MESSENGER, AT_ONCE)

    async def say(self, send: Send, active: Optional[Conversation], in_doubt: bool) -> None:
        """Say it, unless the person must not get it or it has to wait.

        Nothing is ever in doubt: words, figures and delivery are one transaction.
        """
        if not await self.may_go_out(send, active):
            return None
        if send.intent:
            return await self._open_by_intent(send)
        at = time.time()
        effects: List[Effect] = [Posted(send.id, active.id if active else send.id, at)]
        rows = link_rows(self._runtime.config.links, send)
        if rows:
            effects.append(lambda conn: keep_links(conn, send.id, rows))
        await self.write_said(send, active, {}, *effects, at=at)

    async def _open_by_intent(self, send: Send) -> None:
        output, at = MessengerOutput(), time.time()

        def write(conn: Connection) -> Any:
            if not output.spoke:
                raise NothingSaid(send.intent)
            Posted(send.id, send.id, at)(conn)

        await self.open_by_intent(send, output, write)
