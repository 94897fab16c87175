"""Those who make work: marketers, people who reply, and bare loops without a product."""

from __future__ import annotations

import asyncio
import time
import uuid
from typing import Any, Awaitable, Callable, Dict, Iterable, List

import aiohttp
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from twilio.request_validator import RequestValidator
from yarl import URL

from benchmarks.stacks import Bench, Carrier, Side
from proactive_api.storage.sql import tables

#: Requests under way at once in the bare loop.
BARE_IN_FLIGHT = 50
WORDS = "Semi-annual sale ends Sunday! Everything is 30% off until then."


def phone(number: int) -> str:
    """A phone of its own for each number."""
    return f"+1415{number:07d}"


def queue_sends(engine: Engine, phones: List[str]) -> None:
    """Rows as the API leaves them: one recipient and one queued chat for each phone, in one transaction."""
    now = time.time()
    people = [
        {"id": str(uuid.uuid4()), "phone_number": one, "consent": True, "created_at": now, "updated_at": now}
        for one in phones
    ]
    with engine.begin() as conn:
        conn.execute(sa.insert(tables.recipients), people)
        conn.execute(sa.insert(tables.proactive_chats), [_queued(str(person["id"]), now) for person in people])


def _queued(recipient_id: str, now: float) -> Dict[str, Any]:
    chat_id = str(uuid.uuid4())
    return {
        "id": chat_id,
        "conversation_id": chat_id,
        "recipient_id": recipient_id,
        "sender_id": f"sms.{recipient_id}",
        "channel_type": "sms",
        "message": WORDS,
        "if_active": "skip",
        "delivery_status": "queued",
        "created_at": now,
    }


async def each(items: Iterable[Any], work: Callable[[Any], Awaitable[None]], at_once: int) -> float:
    """Do ``work`` for each item, so many at once; returns the seconds that it took."""
    waiting = iter(list(items))

    async def worker() -> None:
        for item in waiting:
            await work(item)

    began = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(at_once)))
    return time.perf_counter() - began


async def trigger_intents(side: Side, phones: List[str], clients: int = 16) -> float:
    """Stock Rasa's way to speak first; returns the seconds that it took."""
    query = "output_channel=twilio&include_events=NONE"
    async with aiohttp.ClientSession() as session:

        async def one(to: str) -> None:
            url = URL(f"{side.url}/conversations/{to}/trigger_intent?{query}", encoded=True)
            async with session.post(url, json={"name": "EXTERNAL_appointment_reminder"}) as answer:
                answer.raise_for_status()
                await answer.read()

        return await each(phones, one, clients)


async def bare_posts(bench: Bench, carrier: Carrier, phones: List[str]) -> float:
    """The carrier's request and nothing else; returns the seconds that it took."""
    config = bench.config
    url = f"{carrier.url}/2010-04-01/Accounts/{config.twilio_account_sid}/Messages.json"
    signed_in = aiohttp.BasicAuth(config.twilio_account_sid, config.twilio_auth_token)
    async with aiohttp.ClientSession(auth=signed_in) as session:

        async def one(to: str) -> None:
            fields = {"To": to, "From": config.twilio_from_number, "Body": WORDS}
            async with session.post(url, data=fields) as answer:
                answer.raise_for_status()
                await answer.read()

        return await each(phones, one, BARE_IN_FLIGHT)


class People:
    """People who reply: webhooks as the carrier signs and posts them."""

    def __init__(self, bench: Bench, side: Side, session: aiohttp.ClientSession) -> None:
        self._config = bench.config
        self._url = side.url + side.webhook
        self._signed_url = f"{bench.config.public_url}/webhooks/sms/webhook"
        self._session = session
        self._validator = RequestValidator(bench.config.twilio_auth_token)

    async def reply(self, sender: str, text: str) -> float:
        """One message; returns the seconds until the webhook was answered."""
        fields = self._fields(sender, text)
        signature = self._validator.compute_signature(self._signed_url, fields)
        began = time.perf_counter()
        async with self._session.post(self._url, data=fields, headers={"X-Twilio-Signature": signature}) as answer:
            answer.raise_for_status()
            await answer.read()
        return time.perf_counter() - began

    def _fields(self, sender: str, text: str) -> Dict[str, str]:
        return {
            "MessageSid": f"SM{uuid.uuid4().hex}",
            "AccountSid": self._config.twilio_account_sid,
            "From": sender,
            "To": str(self._config.twilio_from_number),
            "Body": text,
            "NumMedia": "0",
            "NumSegments": "1",
            "ApiVersion": "2010-04-01",
        }


async def people_session() -> aiohttp.ClientSession:
    """Enough connections that nobody waits for one."""
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
