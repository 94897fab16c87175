"""The conversation's lock: fair, prompt, and the same for every Rasa server where there are many."""

from __future__ import annotations

import asyncio
import os
import time
from typing import List

import pytest
import redis
from rasa.core.lock_store import LockStore
from rasa.utils.endpoints import EndpointConfig

from channels.lock_store import ConversationLockStore, InProcessLockStore, SharedLockStore

REDIS_URL = os.environ.get("PROACTIVE_TEST_REDIS_URL", "redis://127.0.0.1:6379/9")


async def hold_in_turn(stores: List[LockStore], holders: int) -> List[int]:
    order: List[int] = []
    inside = 0

    async def hold(number: int) -> None:
        nonlocal inside
        async with stores[number % len(stores)].lock("conversation"):
            inside += 1
            assert inside == 1
            await asyncio.sleep(0.002)
            order.append(number)
            inside -= 1

    await asyncio.gather(*(hold(number) for number in range(holders)))
    return order


async def test_holders_come_one_at_a_time_in_the_order_of_asking() -> None:
    store = InProcessLockStore()
    assert await hold_in_turn([store], 20) == list(range(20))


async def test_other_conversations_do_not_wait() -> None:
    store = InProcessLockStore()
    async with store.lock("a"), store.lock("b"):
        pass


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


@pytest.fixture
def redis_url(monkeypatch: pytest.MonkeyPatch) -> str:
    try:
        redis.Redis.from_url(REDIS_URL).ping()
    except redis.ConnectionError:
        pytest.skip(f"no Redis at {REDIS_URL}")
    monkeypatch.setenv("REDIS_URL", REDIS_URL)
    return REDIS_URL


@pytest.mark.redis
async def test_two_servers_share_one_lock_and_nobody_waits_a_second(redis_url: str) -> None:
    servers: List[LockStore] = [ConversationLockStore(), ConversationLockStore()]
    assert all(isinstance(server, SharedLockStore) for server in servers)
    started = time.monotonic()
    assert sorted(await hold_in_turn(servers, 10)) == list(range(10))
    # Rasa's own poll alone would take nine seconds.
    assert time.monotonic() - started < 5
