"""Writes down that a person was shown words of the business, where that moves the conversation's clock."""

from __future__ import annotations

import logging

from channels.conversation import events
from channels.conversation.trigger import Tasks
from channels.rasa_server.runtime import Runtime
from proactive_api.lifecycle.sight import is_news

logger = logging.getLogger(__name__)


class Showing:
    """Puts into trackers what widgets showed: the fold knows nothing but events.

    Args:
        runtime: the running assistant.
    """

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._tasks = Tasks()

    def note(self, sender_id: str, said_at: float, at: float, first: bool = True) -> None:
        """Words said then were shown now (seconds UTC). Written in the background: a turn may hold the conversation.

        Args:
            first: whether nobody told of it before.
        """
        self._tasks.start(self._write(sender_id, said_at, at, first))

    async def _write(self, sender_id: str, said_at: float, at: float, first: bool) -> None:
        store = self._runtime.store
        try:
            # Mostly it is no news, and nobody has to wait for the conversation.
            if not is_news((await store.head(sender_id)).state, said_at, at, first):
                return
            async with self._runtime.agent.lock_store.lock(sender_id):
                state = (await store.head(sender_id)).state
                if is_news(state, said_at, at, first) and state.conversation is not None:
                    await store.append(sender_id, events.stored([events.shown(at, state.conversation.id)]))
        except Exception:
            # The widget says it again when it comes back.
            logger.exception("What %s was shown could not be written down.", sender_id)
