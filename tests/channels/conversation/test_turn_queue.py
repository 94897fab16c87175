"""Turns: in order for each phone, side by side for different ones, webhooks first."""

from __future__ import annotations

import asyncio
from typing import Dict, List

from channels.conversation.turn_queue import TurnQueue
from proactive_api.storage.queues.inbound import Inbound


def message(sender: str, number: int) -> Inbound:
    return Inbound(f"{sender}-{number}", sender, {}, 0.0, 1)


class Recorder:
    """Turns that end when they are told to."""

    def __init__(self) -> None:
        self.begun: List[str] = []
        self.gates: Dict[str, asyncio.Event] = {}

    async def run(self, one: Inbound) -> None:
        self.begun.append(one.sid)
        await self.gates.setdefault(one.sid, asyncio.Event()).wait()

    def end(self, sid: str) -> None:
        self.gates.setdefault(sid, asyncio.Event()).set()


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_one_phone_has_one_turn_at_a_time_and_keeps_its_order() -> None:
    turns = Recorder()
    queue = TurnQueue(turns.run)
    tasks = queue.start()
    for one in (message("a", 1), message("a", 2), message("b", 1)):
        queue.put(one)
    await settle()
    assert turns.begun == ["a-1", "b-1"]
    turns.end("a-1")
    await settle()
    assert turns.begun == ["a-1", "b-1", "a-2"]
    assert queue.sids() == ["a-2", "b-1"]
    for task in tasks:
        task.cancel()


async def test_a_message_put_twice_runs_once() -> None:
    turns = Recorder()
    queue = TurnQueue(turns.run)
    tasks = queue.start()
    queue.put(message("a", 1))
    queue.put(message("a", 1))
    turns.end("a-1")
    await settle()
    assert turns.begun == ["a-1"] and queue.sids() == []
    for task in tasks:
        task.cancel()


async def test_turns_wait_for_webhooks_that_are_being_answered() -> None:
    turns = Recorder()
    queue = TurnQueue(turns.run)
    tasks = queue.start()
    with queue.webhook():
        queue.put(message("a", 1))
        await settle()
        assert turns.begun == []
    await settle()
    assert turns.begun == ["a-1"]
    for task in tasks:
        task.cancel()
