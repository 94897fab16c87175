"""Proactive sends a second through one Rasa server."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from typing import Iterator, List, Tuple

from benchmarks import load
from benchmarks.figures import Aim, Figure
from benchmarks.stacks import Bench, Carrier, Side, carrier, database
from proactive_api.work.tasks import waker

#: Latency of the carrier in milliseconds -> how many times stock is the aim.
AIMS = {50: 30.0, 200: 60.0}
#: Messages before the measured ones.
WARM_UP = 8
#: Seconds that a measurement may take at most.
PATIENCE = 120.0


class Phones:
    """Numbers that nobody has used in this run."""

    def __init__(self) -> None:
        self._next = 1_000_000

    def take(self, count: int) -> List[str]:
        """The next ``count`` numbers."""
        first, self._next = self._next, self._next + count
        return [load.phone(number) for number in range(first, first + count)]


def counted(at: Carrier) -> Tuple[int, float]:
    """How many messages the carrier has taken from the business, and when the last one (seconds UTC)."""
    # Read from its file: asking every few milliseconds over HTTP would slow what is measured.
    connection = sqlite3.connect(f"file:{at.database}?mode=ro", uri=True, timeout=30)
    try:
        query = "SELECT count(*), coalesce(max(created_at), 0) FROM messages WHERE direction = 'outbound-api'"
        count, last = connection.execute(query).fetchone()
        return int(count), float(last)
    finally:
        connection.close()


async def all_taken(at: Carrier, count: int) -> float:
    """Wait until the carrier has taken ``count`` messages in all; returns when (seconds UTC).

    Raises:
        TimeoutError: if it does not happen.
    """
    for _ in _while_patient():
        taken, last = counted(at)
        if taken >= count:
            return last
        await asyncio.sleep(0.05)
    raise TimeoutError(f"The carrier has {counted(at)[0]} messages instead of {count}.")


def _while_patient() -> Iterator[None]:
    began = time.monotonic()
    while time.monotonic() - began < PATIENCE:
        yield


async def settled(bench: Bench, at: Carrier) -> None:
    """Wait until every receipt is in: the next measurement begins in quiet."""
    for _ in _while_patient():
        stats = await at.stats()
        if stats["by_status"] == {"delivered": stats["created"]}:
            break
        await asyncio.sleep(0.1)
    await asyncio.sleep(0 if bench.small else 0.5)


async def measure_ours(bench: Bench, phones: Phones, latency: int) -> Tuple[float, str]:
    """Sends a second, from the rows' commit to the last one at the carrier; and a note."""
    engine, wake = database(bench), waker(bench.config)
    count = bench.size(1500, 20)
    async with carrier(bench, latency) as at:
        load.queue_sends(engine, phones.take(WARM_UP))
        wake()
        await all_taken(at, WARM_UP)
        await settled(bench, at)
        load.queue_sends(engine, phones.take(count))
        began = time.time()
        wake()
        rate = count / (await all_taken(at, WARM_UP + count) - began)
        await settled(bench, at)
        finished = time.time() - began
        stats = await at.stats()
    engine.dispose()
    if stats["created"] != WARM_UP + count or stats["duplicates_total"]:
        raise AssertionError(f"Something went out twice: {stats}")
    receipts = f"ours also took {2 * count} signed receipts, all done after {finished:.1f} s"
    return rate, f"{count} sends, none twice; {receipts}"


async def measure_stock(bench: Bench, side: Side, phones: Phones, latency: int) -> float:
    """The same by ``trigger_intent``, which is stock Rasa's way to speak first."""
    count = bench.size({50: 100, 200: 48}[latency], 16)
    async with carrier(bench, latency) as at:
        await load.trigger_intents(side, phones.take(WARM_UP))
        seconds = await load.trigger_intents(side, phones.take(count))
        taken, _ = counted(at)
    if taken != WARM_UP + count:
        raise AssertionError(f"Stock sent {taken} instead of {WARM_UP + count}.")
    return count / seconds


async def measure_bare(bench: Bench, phones: Phones, latency: int) -> float:
    """The same requests without any product."""
    count = bench.size(1000 if latency < 100 else 600, 20)
    async with carrier(bench, latency) as at:
        await load.bare_posts(bench, at, phones.take(WARM_UP))
        return count / await load.bare_posts(bench, at, phones.take(count))


def figure(latency: int, ours: float, stock: float, bare: float, note: str) -> Figure:
    """The line of the table."""
    aim = Aim(f">= {AIMS[latency]:.0f} x stock", times_stock=AIMS[latency])
    share = f"{note}; {ours / bare:.0%} of the bare loop with {load.BARE_IN_FLIGHT} in flight"
    return Figure(f"sends, carrier at {latency} ms", "1/s", ours, stock, aim, bare, more_is_better=True, note=share)
