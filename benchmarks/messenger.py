"""The messenger: how fast visitors connect, and how soon the last of them sees a campaign."""

from __future__ import annotations

import asyncio
import time
import uuid
from typing import Any, Dict, List

import aiohttp
import sqlalchemy as sa
from yarl import URL

from benchmarks import load
from benchmarks.browsers import Browser, connect_all, last_heard
from benchmarks.figures import Aim, Figure
from benchmarks.stacks import Bench, Side, database
from proactive_api.operations.visitor_tokens import VisitorTokens
from proactive_api.storage.sql import tables
from proactive_api.work.tasks import waker

#: Seconds until the last browser must have heard.
PATIENCE = 300.0
WORDS = "Our sale ends on Sunday!"

Measured = Dict[str, float]


async def measure_ours(bench: Bench, side: Side) -> Measured:
    """A campaign to connected visitors, from the rows' commit to the last browser."""
    engine, wake = database(bench), waker(bench.config)
    people = [str(uuid.uuid4()) for _ in range(bench.size(1000, 20))]
    tokens = VisitorTokens(bench.config)
    now = time.time()
    rows = [{"id": one, "user_id": one, "attributes": "{}", "created_at": now, "updated_at": now} for one in people]
    with engine.begin() as conn:
        conn.execute(sa.insert(tables.recipients), rows)
    browsers = [Browser(uuid.uuid4().hex, tokens.make(one, now)) for one in people]
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        connected = await connect_all(session, side.url, browsers)
        with engine.begin() as conn:
            conn.execute(sa.insert(tables.proactive_chats), [_queued(one) for one in people])
        began = time.monotonic()
        wake()
        heard = await last_heard(browsers, began, PATIENCE)
        await asyncio.sleep(1.0)  # the last delivery is written after its words are shown
        _leave(browsers)
    with engine.connect() as conn:
        chats = tables.proactive_chats.c
        mine = chats.recipient_id.in_(people), chats.delivery_status == "delivered"
        delivered = conn.execute(sa.select(sa.func.count(chats.id)).where(*mine)).scalar()
    engine.dispose()
    return {"connect": connected, "count": len(people), "delivered": float(delivered or 0), **heard}


def _queued(recipient_id: str) -> Dict[str, Any]:
    chat_id = str(uuid.uuid4())
    return {
        "id": chat_id,
        "conversation_id": chat_id,
        "recipient_id": recipient_id,
        "sender_id": f"messenger.{recipient_id}",
        "channel_type": "messenger",
        "message": WORDS,
        "if_active": "skip",
        "delivery_status": "queued",
        "created_at": time.time(),
    }


async def measure_stock(bench: Bench, side: Side) -> Measured:
    """The same with stock Rasa's channel, repaired so that it delivers at all, and ``trigger_intent``."""
    sessions = [uuid.uuid4().hex for _ in range(bench.size(1000, 20))]
    browsers = [Browser(one) for one in sessions]
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        connected = await connect_all(session, side.url, browsers)
        began = time.monotonic()

        async def one(session_id: str) -> None:
            query = "output_channel=socketio&include_events=NONE"
            url = URL(f"{side.url}/conversations/{session_id}/trigger_intent?{query}", encoded=True)
            async with session.post(url, json={"name": "EXTERNAL_appointment_reminder"}) as answer:
                answer.raise_for_status()
                await answer.read()

        await load.each(sessions, one, 16)
        heard = await last_heard(browsers, began, PATIENCE)
        _leave(browsers)
    return {"connect": connected, "count": len(sessions), **heard}


def _leave(browsers: List[Browser]) -> None:
    for browser in browsers:
        browser.leave()


def figures(ours: Measured, stock: Measured) -> List[Figure]:
    """The lines of the table."""
    count = ours["count"]
    connecting = Aim("no slower than stock", times_stock=0.95)
    fan_out = Aim(">= 10 x stock", times_stock=10.0)
    note = f"{ours['delivered']:.0f} of {count:.0f} delivered; first browser after {ours['first']:.2f} s"
    return [
        Figure(f"{count:.0f} visitors connect, 50 at once", "s", ours["connect"], stock["connect"], connecting),
        Figure(f"a campaign to {count:.0f} open browsers, to the last", "s", ours["last"], stock["last"], fan_out,
               note=note),
    ]  # fmt: skip
