"""Shows in browsers what is stored in trackers: to those who are there now, in every tab, on every server."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any, Dict, List, Optional, Sequence, Tuple

from socketio import AsyncServer

from channels.messenger.showing import Showing
from channels.rasa_server.runtime import Runtime
from proactive_api.lifecycle import messenger as view
from proactive_api.lifecycle.figures import State
from proactive_api.lifecycle.values import ChannelType
from proactive_api.storage.conversations import history, seen
from proactive_api.storage.conversations.history import Numbered, Page, Welcome
from proactive_api.storage.conversations.seen import Shown
from proactive_api.storage.conversations.trackers import Appended
from proactive_api.storage.people import visitors
from proactive_api.storage.sql.batching import Batcher

#: Messages in one answer to ``history``, and those that a plain widget gets after it was away.
PAGE = 50

_PREFIX = f"{ChannelType.MESSENGER.value}."


def rich_room(sender_id: str) -> str:
    """The room of a person's widgets that know the additions of the protocol."""
    return f"rich:{sender_id}"


def plain_room(sender_id: str) -> str:
    """The room of a person's other widgets."""
    return f"plain:{sender_id}"


class Display:
    """Emits what is new, and reads what was said before.

    Args:
        sio: the Socket.IO server.
        runtime: the running assistant.
    """

    def __init__(self, sio: AsyncServer, runtime: Runtime) -> None:
        self._sio = sio
        self._runtime = runtime
        self._shown: Batcher[Shown, bool] = runtime.store.batched(seen.note_shown)
        self.known: Batcher[str, Optional[str]] = runtime.store.batched(visitors.recipients_of_users, write=False)
        self._missed: Batcher[str, List[Numbered]] = runtime.store.batched(history.not_shown, write=False)
        self._showing = Showing(runtime)
        #: How many widgets that cannot say what they showed each person has here.
        self._plain_here: Counter[str] = Counter()
        runtime.store.listen(self.on_stored)

    def link_for(self, chat_id: str, index: int) -> str:
        """The tracked link of a chat's suggested reply."""
        return self._runtime.config.links.url(chat_id, index, ChannelType.MESSENGER)

    async def on_stored(self, sender_id: str, appended: Appended) -> None:
        """Events were stored: show them. Runs while the conversation is still locked, so order is theirs."""
        if not sender_id.startswith(_PREFIX) or not appended.events:
            return
        numbered = list(zip(appended.ids, appended.events, strict=True))
        for event_id, event in numbered:
            await self._show(sender_id, event_id, event, appended.head.state)
        if view.turns_the_conversation(appended.events, appended.head.state):
            payload = await self.conversation(sender_id, appended.head.state, numbered)
            await self._sio.emit("conversation", payload, room=rich_room(sender_id))
        await self._note_shown(sender_id, numbered)

    async def _show(self, sender_id: str, event_id: int, event: Dict[str, Any], state: State) -> None:
        conversation_id = state.conversation.id if state.conversation else None
        said = view.message(event_id, event, conversation_id, self.link_for)
        if said is not None:
            await self._sio.emit("message", said, room=rich_room(sender_id))
        for shape in view.plain(event, self.link_for):
            await self._sio.emit("bot_uttered", shape, room=plain_room(sender_id))
        reaction = view.reaction(event)
        if reaction is not None:
            await self._sio.emit("reaction", reaction, room=rich_room(sender_id))

    async def _note_shown(self, sender_id: str, numbered: Sequence[Numbered]) -> None:
        here = sender_id in self._plain_here
        said = [one for one in numbered if one[1].get("event") == "bot"]
        if said and (here or not self._runtime.is_only_server):
            await self._were_shown(_shown(sender_id, said[-1], here))

    async def _were_shown(self, shown: Shown) -> None:
        if await self._shown(shown):
            self._showing.note(shown.sender_id, shown.said_at, shown.at)

    async def plain_came(self, socket_id: str, sender_id: str) -> None:
        """A widget that cannot say what it showed is there; other servers must know if there are any."""
        self._plain_here[sender_id] += 1
        if not self._runtime.is_only_server:
            await self._runtime.store.write(seen.plain_connected, socket_id, sender_id, time.time())

    async def plain_went(self, socket_id: str, sender_id: str) -> None:
        """It is not any more."""
        self._plain_here[sender_id] -= 1
        if self._plain_here[sender_id] <= 0:
            del self._plain_here[sender_id]
        if not self._runtime.is_only_server:
            await self._runtime.store.write(seen.plain_gone, socket_id)

    async def typing(self, sender_id: str, on: bool) -> None:
        """The AI agent began to think about an answer, or has ended."""
        payload = {"sender": "ai_agent", "name": None, "on": on}
        await self._sio.emit("typing", payload, room=rich_room(sender_id))

    # -- what was said before -----------------------------------------------------------------

    async def history(
        self, sender_id: str, before: Optional[int] = None, limit: int = PAGE
    ) -> Tuple[List[Dict[str, Any]], bool]:
        """A page of messages, oldest first, and whether there are earlier ones."""
        page: Page = await self._runtime.store.read(history.page, sender_id, limit, before)
        return self._messages(page), page.more

    def _messages(self, page: Page) -> List[Dict[str, Any]]:
        said = (
            view.message(event_id, event, view.conversation_at(page.starts, event.get("timestamp")), self.link_for)
            for event_id, event in page.said
        )
        return view.with_reactions([one for one in said if one is not None], page.reactions)

    async def welcome(self, sender_id: str, recipient_id: str, anonymous: bool) -> Dict[str, Any]:
        """All that a widget must know when it connects (the protocol's ``history``)."""
        known: Welcome = await self._runtime.store.read(history.welcome, sender_id, recipient_id, PAGE)
        messages, state = self._messages(known.page), (await self._runtime.store.head(sender_id)).state
        question = next((one["survey"] for one in reversed(messages) if one["sender"] != "recipient"), None)
        return {
            "messages": messages,
            "more": known.page.more,
            "unread": known.unread,
            "conversation": view.conversation(state, question, await self._human(sender_id, state)),
            "recipient": {"nickname": known.nickname, "anonymous": anonymous},
        }

    async def conversation(self, sender_id: str, state: State, numbered: Sequence[Numbered]) -> Dict[str, Any]:
        """The conversation as it is after these events."""
        questions = [question for _, event in numbered if (question := view.survey_question(event))]
        return view.conversation(state, questions[-1] if questions else None, await self._human(sender_id, state))

    async def _human(self, sender_id: str, state: State) -> Optional[str]:
        if state.handoff is None:
            return None
        name: Optional[str] = await self._runtime.store.read(history.human_name, sender_id, state.handoff.opened_at)
        return name

    async def catch_up(self, socket_id: str, sender_id: str) -> None:
        """Give a widget that cannot ask for history what nobody was there to see; the conversation is locked."""
        missed = (await self._missed(sender_id))[-PAGE:]
        for _, event in missed:
            for shape in view.plain(event, self.link_for):
                await self._sio.emit("bot_uttered", shape, to=socket_id)
        if missed:
            await self._were_shown(_shown(sender_id, missed[-1], sure=True))

    async def read_on(self, sender_id: str, *, shown: int = 0, read: int = 0) -> None:
        """The person saw or read on; their other tabs learn of it."""
        moved = await self._runtime.store.write(_move, sender_id, shown, read)
        said_at = await self._runtime.store.read(history.said_at, sender_id, max(shown, read))
        if said_at is not None:
            self._showing.note(sender_id, said_at, time.time(), moved)
        if moved and read:
            unread = await self._runtime.store.read(history.unread, sender_id, read)
            await self._sio.emit("unread", {"unread": unread, "read_up_to": str(read)}, room=rich_room(sender_id))


def _shown(sender_id: str, said: Numbered, sure: bool) -> Shown:
    event_id, event = said
    return Shown(sender_id, event_id, float(event.get("timestamp") or 0.0), time.time(), sure)


def _move(conn: Any, sender_id: str, shown: int, read: int) -> bool:
    return seen.move_cursor(conn, sender_id, time.time(), shown=shown, read=read)
