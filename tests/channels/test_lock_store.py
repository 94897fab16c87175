"""The conversation's lock: fair, prompt, and the same for every Rasa server where there are many."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import uuid
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, Dict, List

import pytest
import redis
from rasa.core.lock_store import LockStore
from rasa.utils.endpoints import EndpointConfig
from redis.connection import SSLConnection

from channels.lock_store import REDIS_POLL, ConversationLockStore, InProcessLockStore, SharedLockStore

#: How many ask for the conversation at each of the servers.
HOLDERS = 30


async def test_holders_come_one_at_a_time_in_the_order_of_asking() -> None:
    store = InProcessLockStore()
    order: List[int] = []
    inside: List[int] = []

    async def hold(number: int) -> None:
        async with store.lock("conversation"):
            inside.append(number)
            await asyncio.sleep(0)  # whoever could come in would come in now
            assert inside == [number]
            order.append(inside.pop())

    await asyncio.gather(*(hold(number) for number in range(20)))
    assert order == list(range(20))


async def test_other_conversations_do_not_wait() -> None:
    store = InProcessLockStore()

    async def hold_both() -> bool:
        async with store.lock("a"), store.lock("b"):
            return True

    assert await asyncio.wait_for(hold_both(), 20)


async def test_a_failure_inside_gives_the_lock_back() -> None:
    store = InProcessLockStore()
    with pytest.raises(RuntimeError):
        async with store.lock("a"):
            raise RuntimeError
    async with store.lock("a"):
        pass


def test_without_redis_the_lock_is_in_process() -> None:
    store = LockStore.create(EndpointConfig(type="channels.lock_store.ConversationLockStore"))
    assert isinstance(store, InProcessLockStore)


# -- many servers ---------------------------------------------------------------------------------


@pytest.fixture
def shared(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> SharedLockStore:
    """The lock store of a server that has a Redis."""
    monkeypatch.setenv("REDIS_URL", redis_url)
    store = ConversationLockStore()
    assert isinstance(store, SharedLockStore)
    return store


def serve(redis_url: str, room: str, conversation: str, barrier: str) -> List[int]:
    """One server, in a process of its own: many ask for the conversation; who was inside, in this order."""
    os.environ["REDIS_URL"] = redis_url
    store, served = ConversationLockStore(), []

    async def hold(number: int) -> None:
        async with store.lock(conversation):
            os.close(os.open(room, os.O_CREAT | os.O_EXCL))  # fails if somebody is there
            await asyncio.sleep(0)
            os.unlink(room)
            served.append(number)

    async def hold_all() -> None:
        await asyncio.gather(*(hold(number) for number in range(HOLDERS)))

    counter = redis.Redis.from_url(redis_url)
    counter.incr(barrier)
    while int(counter.get(barrier) or 0) < 2:
        pass  # both begin in the same moment
    asyncio.run(asyncio.wait_for(hold_all(), 60))
    return served


@pytest.mark.redis
def test_two_servers_share_one_lock(redis_url: str, tmp_path: Path) -> None:
    names = [str(uuid.uuid4()) for _ in range(2)]
    pool = ProcessPoolExecutor(2, multiprocessing.get_context("spawn"))
    servers = [pool.submit(serve, redis_url, str(tmp_path / "room"), *names) for _ in range(2)]
    assert [server.result(90) for server in servers] == [list(range(HOLDERS))] * 2
    pool.shutdown()


@pytest.mark.redis
async def test_who_waits_looks_often(shared: SharedLockStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rasa's own poll would let people wait for up to a second each time."""
    pauses: List[float] = []
    real = asyncio.sleep

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)
        await real(0)

    monkeypatch.setattr("rasa.core.lock_store.asyncio.sleep", sleep)
    conversation = str(uuid.uuid4())

    async def wait() -> None:
        async with shared.lock(conversation):
            pass

    async with shared.lock(conversation):
        waiting = asyncio.ensure_future(wait())
        while len(pauses) < 3:
            await real(0)
        assert not waiting.done()
    await waiting
    assert set(pauses) == {REDIS_POLL} and REDIS_POLL <= 0.05


@pytest.mark.redis
async def test_a_dead_servers_ticket_expires(shared: SharedLockStore) -> None:
    conversation = str(uuid.uuid4())
    shared.issue_ticket(conversation, lock_lifetime=0.1)  # whoever had it never came back
    async with shared.lock(conversation):
        pass
    assert shared.get_lock(conversation) is None, "nothing stays behind"


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        (
            "redis://:p%40ss%2Fword@cache.example:6390/3",
            {"host": "cache.example", "port": 6390, "db": 3, "password": "p@ss/word"},
        ),
        ("redis://ada:x@cache.example?db=5", {"username": "ada", "password": "x", "db": 5}),
        ("redis://cache.example/2?socket_timeout=3", {"db": 2, "socket_timeout": 3.0}),
        ("redis://cache.example", {"host": "cache.example", "socket_timeout": 10}),
    ],
)
def test_all_of_the_address_in_redis_url_counts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, url: str, wanted: Dict[str, Any]
) -> None:
    monkeypatch.setenv("PROACTIVE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("REDIS_URL", url)
    store = ConversationLockStore()
    assert isinstance(store, SharedLockStore)
    reached = store.red.connection_pool.connection_kwargs
    assert {name: reached.get(name) for name in wanted} == wanted


def test_a_secure_address_is_reached_securely(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PROACTIVE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("REDIS_URL", "rediss://cache.example?ssl_cert_reqs=none")
    store = ConversationLockStore()
    assert isinstance(store, SharedLockStore)
    assert store.red.connection_pool.connection_class is SSLConnection
    assert store.red.connection_pool.connection_kwargs["ssl_cert_reqs"] == "none"
