"""Conversation locks without the one-second poll of Rasa's own (``LockStore._acquire_lock``)."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from typing import Any, AsyncGenerator, Callable, Optional, TypeVar, cast

from rasa.core.lock import TicketLock
from rasa.core.lock_store import (
    DEFAULT_SOCKET_TIMEOUT_IN_SECONDS,
    LOCK_LIFETIME,
    InMemoryLockStore,
    LockStore,
    RedisLockStore,
)
from redis import Redis

from proactive_api.config import Config

T = TypeVar("T")

#: How often a ticket in Redis is looked at while another is being served, seconds.
REDIS_POLL = 0.02


class InProcessLockStore(InMemoryLockStore):
    """First come, first served, woken at once. For a single Rasa server."""

    def __init__(self) -> None:
        super().__init__()
        self._locks: dict[str, tuple[asyncio.Lock, list[None]]] = {}

    @asynccontextmanager
    async def lock(
        self, conversation_id: str, lock_lifetime: float = LOCK_LIFETIME, wait_time_in_seconds: float = 0.0
    ) -> AsyncGenerator[TicketLock, None]:
        """Hold the conversation. A holder that dies takes its process with it, so nothing expires."""
        lock, users = self._locks.setdefault(conversation_id, (asyncio.Lock(), []))
        users.append(None)
        try:
            async with lock:  # asyncio's lock is fair
                yield TicketLock(conversation_id)
        finally:
            users.pop()
            if not users:
                self._locks.pop(conversation_id, None)


class SharedLockStore(RedisLockStore):
    """Rasa's tickets in Redis, looked at often enough not to be felt. For many Rasa servers.

    Rasa's own store reads a lock, changes it and writes it back in separate steps: two servers that read at the same
    moment give the same ticket twice, or write over a ticket that somebody waits with for ever.
    """

    @asynccontextmanager
    async def lock(
        self, conversation_id: str, lock_lifetime: float = LOCK_LIFETIME, wait_time_in_seconds: float = REDIS_POLL
    ) -> AsyncGenerator[TicketLock, None]:
        """Hold the conversation across processes; a dead holder's ticket expires (``TICKET_LOCK_LIFETIME``)."""
        async with super().lock(conversation_id, lock_lifetime, min(wait_time_in_seconds, REDIS_POLL)) as held:
            yield held

    def issue_ticket(self, conversation_id: str, lock_lifetime: float = LOCK_LIFETIME) -> int:
        """Draw the next ticket."""
        return self._change(conversation_id, lambda lock: int(lock.issue_ticket(lock_lifetime)))

    def update_lock(self, conversation_id: str) -> None:
        """Forget tickets that have expired."""
        self._change(conversation_id, TicketLock.remove_expired_tickets)

    def cleanup(self, conversation_id: str, ticket_number: int) -> None:
        """Give a ticket back."""
        self._change(conversation_id, lambda lock: lock.remove_ticket_for(ticket_number))

    def _change(self, conversation_id: str, change: Callable[[TicketLock], T]) -> T:
        """Read, change and write in one step; again, if another server wrote in between. Without tickets it goes."""
        key = self.key_prefix + conversation_id

        def step(pipe: Any) -> T:
            found = pipe.get(key)
            lock = TicketLock.from_dict(json.loads(found)) if found else TicketLock(conversation_id)
            answer = change(lock)
            written = lock.dumps() if lock.tickets else None
            pipe.multi()
            if written is None:
                pipe.delete(key)
            elif written.encode() != found:
                pipe.set(key, written)
            return answer

        return cast(T, self.red.transaction(step, key, value_from_callable=True))


class ConversationLockStore(LockStore):
    """The lock store that ``endpoints.yml`` names: in Redis if ``REDIS_URL`` is set, else in process."""

    def __new__(cls, endpoint_config: Optional[Any] = None) -> LockStore:
        """The lock store that the environment asks for."""
        url = Config.from_env().redis_url
        return _shared(url) if url else InProcessLockStore()


def _shared(url: str) -> SharedLockStore:
    store = SharedLockStore()
    # The client reads all of the URL: passwords with %40 in them, ?db=, ?ssl_cert_reqs= and the like.
    store.red = Redis.from_url(url, socket_timeout=DEFAULT_SOCKET_TIMEOUT_IN_SECONDS)
    return store
