"""Tracked links: people are sent on at once, and what it means is written down once."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, Dict, List

import pytest
from sanic.response import HTTPResponse

from channels.conversation.opened_links import OpenedLinks
from channels.conversation.turn_queue import TurnQueue
from channels.sms.sending import SmsSender
from proactive_api.lifecycle.facts import REACTION_SLOT
from proactive_api.lifecycle.senders import sender_of
from proactive_api.lifecycle.values import ChannelType, SuggestedReply
from proactive_api.storage.queues import inbound
from proactive_api.storage.queues.inbound import Inbound
from proactive_api.storage.sql import tables as t
from tests import web
from tests.channels.fakes import House, database_down, on_both

SHOP = "https://shop.example/sale"


class Door:
    """The route of the links, with a queue that runs what is in it when told to."""

    def __init__(self, house: House) -> None:
        self.others: List[Inbound] = []
        self.links = OpenedLinks(house.runtime, ChannelType.SMS, self._other)
        self.queue = TurnQueue(self.links.run)
        self.house = house

    async def _other(self, message: Inbound) -> None:
        self.others.append(message)

    async def open(self, token: str, method: str = "GET", **headers: str) -> HTTPResponse:
        request: Any = SimpleNamespace(method=method, headers={**web.BROWSER, **headers})
        return await self.links.answer(request, token, self.queue)

    async def run(self) -> None:
        for waiting in list(self.queue._by_sender.values()):
            for message in waiting:
                await self.links.run(message)
        self.queue._by_sender.clear()


@pytest.fixture
def door(house: House) -> Door:
    return Door(house)


async def sent(house: House, person: str, title: str = "Shop") -> str:
    """A chat with a link; the link's token."""
    before = {link.token for link in house.rows(t.links)}
    claim = house.due(person, suggested_replies=(SuggestedReply(title, SHOP),))
    await SmsSender(house.runtime, house.carrier).send(claim)
    (token,) = {link.token for link in house.rows(t.links)} - before
    return str(token)


async def reactions(house: House, person: str) -> List[Any]:
    told = [one.as_dict() for one in await house.events(person)]
    return [one["value"] for one in told if one.get("name") == REACTION_SLOT]


@on_both
async def test_opening_a_link_is_one_response_however_often(house: House, door: Door) -> None:
    ada = house.person()
    token = await sent(house, ada)
    for _ in range(3):
        answer = await door.open(token)
        assert (answer.status, answer.headers["location"]) == (302, SHOP)
        assert answer.headers["cache-control"] == "no-store"
    await door.run()
    await door.open(token)
    await door.run()
    conversation = (await house.state(ada)).conversation
    assert conversation is not None and conversation.response_status.value == "responded"
    assert await reactions(house, ada) == [{"kind": "link", "url": SHOP, "title": "Shop"}]
    assert all(row.done_at is not None for row in house.rows(t.inbound_messages))


async def test_nobody_waits_for_the_conversation(house: House, door: Door) -> None:
    ada = house.person()
    token = await sent(house, ada)
    async with house.runtime.agent.lock_store.lock(sender_of(ChannelType.SMS, ada)):
        answer = await asyncio.wait_for(door.open(token), 5)
    assert answer.headers["location"] == SHOP and await reactions(house, ada) == []


@pytest.mark.parametrize(
    ("method", "headers"),
    [("HEAD", {}), ("GET", {"User-Agent": "WhatsApp/2.23.20.0 A"}), ("GET", {"User-Agent": ""}),
     ("GET", {"Sec-Purpose": "prefetch"})],
)  # fmt: skip
async def test_programs_are_sent_on_and_count_for_nothing(
    house: House, door: Door, method: str, headers: Dict[str, str]
) -> None:
    ada = house.person()
    token = await sent(house, ada)
    answer = await door.open(token, method, **headers)
    await door.run()
    assert (answer.status, answer.headers["location"]) == (302, SHOP)
    assert house.rows(t.inbound_messages) == [] and await reactions(house, ada) == []


async def test_a_server_that_died_in_between_loses_no_opening(house: House, door: Door) -> None:
    ada = house.person()
    await door.open(await sent(house, ada))
    with house.engine.begin() as conn:
        inbound.expire_all(conn, 2e9, ChannelType.SMS)
        (again,) = inbound.claim(conn, 2e9, ChannelType.SMS)
    await door.links.run(again)
    await door.links.run(again)
    assert len(await reactions(house, ada)) == 1


async def test_a_link_of_an_earlier_chat_says_nothing_of_a_newer_one(house: House, door: Door) -> None:
    ada = house.person()
    old = await sent(house, ada)
    await house.shut(ada)
    await sent(house, ada, "Other")
    await door.open(old)
    await door.run()
    conversation = (await house.state(ada)).conversation
    assert conversation is not None and conversation.response_status.value == "not_responded"
    assert all(row.done_at is not None for row in house.rows(t.inbound_messages))


async def test_people_are_sent_on_although_nothing_can_be_written(
    house: House, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = await sent(house, house.person())

    async def cannot(*_: Any) -> None:
        raise database_down()

    monkeypatch.setattr(house.runtime.store, "write", cannot)
    assert (await door.open(token)).headers["location"] == SHOP


async def test_what_is_no_opening_has_its_turn(door: Door) -> None:
    message = Inbound("SM1", "+14155550177", {"Body": "hi"}, 1.0)
    await door.links.run(message)
    assert door.others == [message]
    assert (await door.open("nothing")).status == 404
