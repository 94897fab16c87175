"""The listener: a tracker store that writes the figures in the transaction of the events.

Rasa's every path ends in ``TrackerStore.save`` (turns, triggers, injected events), so this is
the one place where figures are made. All SQL runs in threads, never on the event loop.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Awaitable, Callable, Iterable, Iterator, List, Mapping, Optional, Sequence, Tuple

import sqlalchemy as sa
from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SessionStarted
from rasa.shared.core.slots import AnySlot, Slot
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.engine import Engine

from proactive_api.config import Config, ConfigError
from proactive_api.lifecycle import facts
from proactive_api.storage.conversations import trackers
from proactive_api.storage.conversations.effects import Effect
from proactive_api.storage.conversations.trackers import Append, Appended, EventData, Head
from proactive_api.storage.migrations.migrate import upgrade
from proactive_api.storage.sql.batching import Batcher
from proactive_api.storage.sql.engine import create_engine, reader

try:
    from rasa.core.tracker_store import TrackerStore
except ImportError:  # Rasa's next major
    from rasa.core.tracker_stores.tracker_store import TrackerStore

logger = logging.getLogger(__name__)

#: Told of events once they are stored: the tracker's name, and what was written.
Listener = Callable[[str, Appended], Awaitable[None]]

#: Threads for reads; writes go through one thread, in groups.
READERS = 3

_alongside: ContextVar[Tuple[Effect, ...]] = ContextVar("alongside", default=())


@contextmanager
def alongside(*effects: Effect) -> Iterator[None]:
    """Write ``effects`` in the transaction of the next events that this task saves."""
    token = _alongside.set(effects)
    try:
        yield
    finally:
        _alongside.reset(token)


#: What the entry of Rasa's own SQL tracker store says in ``endpoints.yml``.
_ADDRESS = ("url", "dialect", "port", "db", "username", "password", "login_db", "query")


def _refuse_addresses(entry: Mapping[str, Any]) -> None:
    told = [name for name in _ADDRESS if entry.get(name) is not None]
    if told:
        sentence = (
            f"says where the database is: take {', '.join(told)} out of the tracker store's entry in endpoints.yml."
        )
        raise ConfigError("DATABASE_URL", sentence)


class ProactiveTrackerStore(TrackerStore):
    """Rasa's events in Rasa's own table, and the figures that follow from them.

    Args:
        domain: the assistant's domain.
        host: what ``endpoints.yml`` calls ``url``; there must be none.
        event_broker: gets each new event once it is stored.
        database: an SQLAlchemy URL; default ``DATABASE_URL`` (contract, "Environment"), which all processes read.

    Raises:
        proactive_api.config.ConfigError: if the environment is incomplete, or ``endpoints.yml`` names a database.
    """

    def __init__(
        self,
        domain: Optional[Domain] = None,
        host: Optional[str] = None,
        event_broker: Any = None,
        database: Optional[str] = None,
        **kwargs: Any,
    ) -> None:
        _refuse_addresses({"url": host, **kwargs})
        super().__init__(domain, event_broker, **kwargs)
        url = database or Config.from_env().database_url
        upgrade(url)
        self.engine = create_engine(url, pool_size=READERS + 1)
        self._writes = ThreadPoolExecutor(1, thread_name_prefix="tracker-write")
        self._reads = ThreadPoolExecutor(READERS, thread_name_prefix="tracker-read")
        self._append: Batcher[Append, Appended] = self.batched(trackers.append_many)
        self._head: Batcher[str, Head] = self.batched(trackers.read_heads, write=False)
        self._listeners: List[Listener] = []

    def batched(self, work: Callable[[Engine, List[Any]], Sequence[Any]], write: bool = True) -> Batcher[Any, Any]:
        """A batcher over ``work(engine, items)`` in this store's threads (see ``storage.batcher``)."""
        engine = self.engine if write else reader(self.engine)
        return Batcher(lambda items: work(engine, items), self._writes if write else self._reads)

    def listen(self, listener: Listener) -> None:
        """Let ``listener`` know of what is stored, right after it is and before anything follows it."""
        self._listeners.append(listener)

    async def head(self, sender_id: str) -> Head:
        """Where this tracker stands, without loading its events."""
        return await self._head(sender_id)

    async def append(self, sender_id: str, events: Sequence[EventData], *effects: Effect) -> Head:
        """Append events without loading the tracker; the caller holds the conversation's lock.

        Args:
            events: Rasa events as dictionaries.
            effects: written in the same transaction.
        """
        return (await self._stored(Append(sender_id, events, effects))).head

    async def read(self, work: Callable[..., Any], *args: Any) -> Any:
        """Run ``work(conn, *args)`` on a snapshot, off the event loop; it must not write."""
        return await self._in_thread(self._reads, reader(self.engine), work, args)

    async def write(self, work: Callable[..., Any], *args: Any) -> Any:
        """Run ``work(conn, *args)`` in a transaction of its own, off the event loop."""
        return await self._in_thread(self._writes, self.engine, work, args)

    async def _in_thread(self, pool: ThreadPoolExecutor, engine: Engine, work: Callable[..., Any], args: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(pool, _transact, engine, work, args)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store what this tracker holds beyond the stored events, with the figures that follow."""

        def unsaved(head: Head) -> List[EventData]:
            return [event.as_dict() for event in itertools.islice(tracker.events, stored_count(tracker, head), None)]

        await self._stored(Append(tracker.sender_id, unsaved, _alongside.get()))

    async def _stored(self, append: Append) -> Appended:
        appended = await self._append(append)
        if self.event_broker is not None:
            for event in appended.events:
                self.event_broker.publish({"sender_id": append.sender_id, **event})
        for listener in self._listeners:
            await self._tell(listener, append.sender_id, appended)
        return appended

    async def _tell(self, listener: Listener, sender_id: str, appended: Appended) -> None:
        try:
            await listener(sender_id, appended)
        except Exception:
            # What is stored is stored: whoever missed it finds it there.
            logger.exception("Somebody could not be told of new events of %s.", sender_id)

    async def retrieve(self, sender_id: str) -> Optional[DialogueStateTracker]:
        """The tracker with its latest session's events, ``None`` if nothing is stored."""
        return await self._retrieve(sender_id, whole=False)

    async def retrieve_full_tracker(self, conversation_id: str) -> Optional[DialogueStateTracker]:
        """The tracker with the events of all its sessions."""
        return await self._retrieve(conversation_id, whole=True)

    async def _retrieve(self, sender_id: str, whole: bool) -> Optional[DialogueStateTracker]:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._reads, self._load, sender_id, whole)

    def _load(self, sender_id: str, whole: bool) -> Optional[DialogueStateTracker]:
        with reader(self.engine).connect() as conn:
            events = trackers.session_events(conn, sender_id, whole)
        return DialogueStateTracker.from_dict(sender_id, events, self._slots()) if events else None

    def init_tracker(self, sender_id: str) -> DialogueStateTracker:
        """An empty tracker."""
        return DialogueStateTracker(sender_id, self._slots(), max_event_history=self.max_event_history)

    def _slots(self) -> List[Slot]:
        """The domain's slots, and those of ours that it lacks: Rasa complains of events that set unknown ones."""
        known = {slot.name for slot in self.domain.slots}
        lacking = [name for name in (*facts.SLOTS, REQUESTED_SLOT) if name not in known]
        return [*self.domain.slots, *(AnySlot(name, [], influence_conversation=False) for name in lacking)]

    async def keys(self) -> Iterable[str]:
        """The sender ids of all trackers."""
        return await self.read(trackers.sender_ids)


def _transact(engine: Engine, work: Callable[..., Any], args: Any) -> Any:
    with engine.begin() as conn:
        return work(conn, *args)


def stored_count(tracker: DialogueStateTracker, head: Head) -> int:
    """How many of the tracker's events are stored already.

    A tracker begins with any session and may hold several; what is stored of it reaches to the
    end of the latest stored session, wherever that begins in the tracker.
    """
    if head.session_started_at is None:
        return head.session_events
    for index, event in enumerate(tracker.events):
        if isinstance(event, SessionStarted) and event.timestamp == head.session_started_at:
            return index + head.session_events
    return head.total_events if not _starts_with_session(tracker) else 0


def _starts_with_session(tracker: DialogueStateTracker) -> bool:
    return any(isinstance(event, SessionStarted) for event in itertools.islice(tracker.events, 3))


def database_error(error: BaseException) -> bool:
    """Whether this is the database's fault, so that the same thing may work later."""
    return isinstance(error, sa.exc.SQLAlchemyError)
