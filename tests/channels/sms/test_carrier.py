"""The carrier's client against the sandbox carrier: many sends that hang must not keep an answer waiting."""

from __future__ import annotations

import asyncio
import time

import pytest

from channels.sms.carrier import CONNECTIONS, Carrier, same_words
from proactive_api.config import Config
from tests.sandbox.conftest import ACCOUNT, BUSINESS, TOKEN, start_carrier  # noqa: F401 - fixture


async def test_an_answer_goes_out_while_every_place_for_sends_hangs(start_carrier) -> None:  # noqa: F811
    process = start_carrier("http://127.0.0.1:9/")
    account = {"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN, "TWILIO_FROM_NUMBER": BUSINESS}
    carrier = Carrier(Config.from_env({**account, "TWILIO_API_BASE_URL": process.base}))
    numbers = [f"+15005550{200 + n}" for n in range(CONNECTIONS)]
    hanging = [asyncio.ensure_future(carrier.deliver(to, "slow", since=time.time())) for to in numbers]
    try:
        while process.call("/stats")[1]["created"] < CONNECTIONS:
            await asyncio.sleep(0.05)
        answer = await asyncio.wait_for(carrier.deliver("+14155550177", "hello", since=time.time()), 3)
        assert answer.sid and not any(one.done() for one in hanging)
    finally:
        for one in hanging:
            one.cancel()
        await asyncio.gather(*hanging, return_exceptions=True)
        await carrier.close()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Sale!", "Sale!", True),
        ("“Only today” – it’s on…", '"Only today" - it\'s on...', True),
        ("Grüße\u200b an  Ada ", "Grüße an Ada", True),
        ("½ price", "1/2 price", True),
        ("👋 👋", "👋👋", True),
        ("👋", "👍", False),
        ("Sale on Sunday", "Sale on Monday", False),
        ("Code 1234", "Code 1235", False),
        ("!", "?", False),
    ],
)
def test_words_are_the_same_whatever_carriers_change_in_them(one: str, other: str, same: bool) -> None:
    assert same_words(one, other) is same
