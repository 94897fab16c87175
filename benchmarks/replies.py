"""What people write: how soon the webhook answers, how many turns a second, and in which order."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from typing import List, Tuple

from benchmarks.figures import Aim, Figure, percentile
from benchmarks.load import People, people_session
from benchmarks.sends import Phones, all_taken, settled
from benchmarks.stacks import Bench, Carrier, Side, carrier

#: What the assistant answers with one message.
TEXT = "hi"
#: Ten different ways to get one answer each, to tell their order.
TEN = ("hi", "hello", "hey", "thanks", "thank you", "hi there", "good morning", "hello there", "thx", "good evening")
#: Seconds between two of the ten: they are under way at once, but there is an order to keep.
APART = 0.002
WARM_UP = 6


async def warmed_up(bench: Bench, at: Carrier, people: People, phones: Phones) -> None:
    """A few turns before the measured ones."""
    for one in phones.take(WARM_UP):
        await people.reply(one, TEXT)
    await all_taken(at, WARM_UP)
    await settled(bench, at)


async def burst(bench: Bench, side: Side, phones: Phones) -> float:
    """100 people reply at the same moment, carrier at 200 ms: when 95 of 100 webhooks are answered, in ms."""
    count = bench.size(100, 10)
    async with carrier(bench, 200) as at, await people_session() as session:
        people = People(bench, side, session)
        await warmed_up(bench, at, people, phones)
        waits = await asyncio.gather(*(people.reply(one, TEXT) for one in phones.take(count)))
        await all_taken(at, WARM_UP + count)
        await settled(bench, at)
    return percentile(waits, 95) * 1000


async def rate(bench: Bench, side: Side, phones: Phones, each_sends: int) -> float:
    """16 people, each writing again as soon as the webhook has answered: replies handled a second."""
    senders, count = phones.take(16), bench.size(each_sends, 2)
    async with carrier(bench, 50) as at, await people_session() as session:
        people = People(bench, side, session)
        await warmed_up(bench, at, people, phones)

        async def write(sender: str) -> None:
            for _ in range(count):
                await people.reply(sender, TEXT)

        began = time.time()
        await asyncio.gather(*(write(sender) for sender in senders))
        handled = len(senders) * count / (await all_taken(at, WARM_UP + len(senders) * count) - began)
        await settled(bench, at)
    return handled


async def ten(bench: Bench, side: Side, phones: Phones) -> Tuple[float, bool]:
    """Ten messages to one conversation: seconds until the last answer; and whether the order was kept."""
    sender = phones.take(1)[0]
    async with carrier(bench, 50) as at, await people_session() as session:
        people = People(bench, side, session)
        await warmed_up(bench, at, people, phones)
        began, under_way = time.time(), []
        for text in TEN:
            under_way.append(asyncio.ensure_future(people.reply(sender, text)))
            await asyncio.sleep(APART)
        await asyncio.gather(*under_way)
        took = await all_taken(at, WARM_UP + len(TEN)) - began
        await settled(bench, at)
    return took, _heard(side) == list(TEN)


def _heard(side: Side) -> List[str]:
    """The latest ten texts in the tracker's table, which is the same one on both sides."""
    connection = sqlite3.connect(f"file:{side.database}?mode=ro", uri=True, timeout=30)
    try:
        query = "SELECT json_extract(data, '$.text') FROM events WHERE type_name = 'user' ORDER BY id DESC LIMIT 10"
        return [text for (text,) in connection.execute(query)][::-1]
    finally:
        connection.close()


def burst_figure(ours: float, stock: float) -> Figure:
    aim = Aim("<= 100 ms", at_most=100.0)
    return Figure("webhook answered, p95 of a burst of 100", "ms", ours, stock, aim, note="carrier at 200 ms")


def rate_figure(ours: float, stock: float) -> Figure:
    aim = Aim(">= 3 x stock", times_stock=3.0)
    note = "carrier at 50 ms; with ours, two signed receipts follow each answer"
    return Figure("replies handled, 16 senders", "1/s", ours, stock, aim, more_is_better=True, note=note)


def ten_figure(ours: Tuple[float, bool], stock: Tuple[float, bool]) -> Figure:
    order = {True: "in order", False: "OUT OF ORDER"}
    note = f"carrier at 50 ms; ours {order[ours[1]]}, stock {order[stock[1]]}"
    aim = Aim("<= stock, in order", at_most=stock[0] if ours[1] else 0.0)
    return Figure("ten messages to one conversation", "s", ours[0], stock[0], aim, note=note)
