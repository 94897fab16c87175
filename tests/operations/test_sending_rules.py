"""The sending rules asked about rows: when a send is claimed, and under the conversation's lock."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict, List

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from proactive_api.lifecycle.sending import Go, Skip, Wait
from proactive_api.lifecycle.values import ChannelType, IfActive
from proactive_api.operations import consent
from proactive_api.operations.sending_rules import claim_due, decide_now
from proactive_api.storage.people.recipients import Recipient
from proactive_api.storage.queues import sends
from proactive_api.storage.queues.sends import LEASE, Send
from proactive_api.storage.sql import tables as t
from tests.operations import world
from tests.operations.world import HOUR, NOW, accept, chat, person

MESSENGER = ChannelType.MESSENGER


def claimed(conn: Connection, now: float = NOW, limit: int = 100) -> List[str]:
    """The chats that may go out now, all channels together."""
    return [claim.chat_id for claims in claim_due(conn, now, limit).values() for claim in claims]


def due(conn: Connection, recipient: Recipient, count: int) -> List[str]:
    """So many sends to one person, all due."""
    return [accept(conn, recipient, f"Sale {n}!", at=NOW - 10 + n) for n in range(count)]


def was_sent(conn: Connection, recipient: Recipient, ago: float, status: str = "sent", **fields: Any) -> str:
    """A send that is over."""
    chat_id = accept(conn, recipient, at=NOW - 2 * HOUR, **fields)
    world.set_chat(conn, chat_id, delivery_status=status, sent_at=NOW - ago, claimed_at=NOW - ago)
    return chat_id


def reasons(conn: Connection, ids: List[str]) -> List[Any]:
    return [(chat(conn, one).delivery_status, chat(conn, one).skip_reason) for one in ids]


# -- claiming -------------------------------------------------------------------------------------


def test_due_sends_are_claimed_by_channel(conn: Connection) -> None:
    ada = person(conn)
    sms, messenger = accept(conn, ada), accept(conn, ada, channel=MESSENGER)
    claims = claim_due(conn, NOW, 100)
    assert {name: [(one.chat_id, one.attempt, one.in_doubt) for one in many] for name, many in claims.items()} == {
        "sms": [(sms, 1, False)],
        "messenger": [(messenger, 1, False)],
    }
    row = chat(conn, sms)
    assert (row.delivery_status, row.attempt, row.claimed_at, row.lease_until) == ("sending", 1, NOW, NOW + LEASE)


@pytest.mark.parametrize("count", [2, 3])
def test_several_due_sends_of_one_person_all_go_where_there_is_no_cap(conn: Connection, count: int) -> None:
    ids = due(conn, person(conn), count)
    assert claimed(conn) == ids, "the oldest first"


def test_a_claim_holds_for_its_lease_and_is_in_doubt_after_it(conn: Connection) -> None:
    (one,) = due(conn, person(conn), 1)
    claimed(conn)
    assert claimed(conn, NOW + LEASE - 1) == []
    (again,) = claim_due(conn, NOW + LEASE + 1, 100)["sms"]
    assert (again.chat_id, again.attempt, again.in_doubt) == (one, 2, False), "the carrier was never asked"
    world.set_chat(conn, one, asked_at=NOW + LEASE + 2)
    (third,) = claim_due(conn, NOW + 2 * LEASE + 2, 100)["sms"]
    assert (third.chat_id, third.attempt, third.in_doubt) == (one, 3, True)
    assert chat(conn, one).claimed_at == NOW, "the carrier is asked since the first try"


def test_no_more_are_claimed_than_there_is_room_for(conn: Connection) -> None:
    ids = due(conn, person(conn), 3)
    assert claimed(conn, limit=2) == ids[:2] and claimed(conn, limit=2) == ids[2:]


def test_with_nothing_due_nothing_is_claimed(conn: Connection) -> None:
    accept(conn, person(conn), scheduled_at=NOW + HOUR)
    assert claim_due(conn, NOW, 100) == {} and len(claimed(conn, NOW + HOUR)) == 1


def test_an_open_conversation_is_asked_about_later_under_the_lock(conn: Connection) -> None:
    ada = person(conn)
    (one,) = due(conn, ada, 1)
    world.open_conversation(conn, ada)
    assert claimed(conn) == [one]


# -- people who must not get it any more ----------------------------------------------------------


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("channel", list(ChannelType))
def test_who_opted_out_meanwhile_gets_none_of_them(conn: Connection, count: int, channel: ChannelType) -> None:
    ada, bob = person(conn), person(conn)
    ids = [accept(conn, ada, channel=channel) for _ in range(count)]
    other = accept(conn, bob, channel=channel)
    consent.opt_out(conn, ada.id, NOW)
    assert claimed(conn) == [other]
    assert reasons(conn, ids) == [("skipped", "opted_out")] * count


def test_a_consent_that_is_refused_is_enough(conn: Connection) -> None:
    ada = person(conn)
    ids = due(conn, ada, 2)
    conn.execute(sa.update(t.recipients).values(consent=False))
    assert claimed(conn) == [] and reasons(conn, ids) == [("skipped", "opted_out")] * 2


def test_who_has_no_number_any_more_gets_nothing_by_sms(conn: Connection) -> None:
    ada = person(conn)
    by_sms, by_messenger = accept(conn, ada), accept(conn, ada, channel=MESSENGER)
    conn.execute(sa.update(t.recipients).values(phone_number=None))
    assert claimed(conn) == [by_messenger] and reasons(conn, [by_sms]) == [("skipped", "no_phone_number")]


# -- frequency cap --------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 2, 3])
def test_who_got_as_many_as_the_cap_allows_gets_none_of_several(conn: Connection, count: int) -> None:
    ada, bob = person(conn), person(conn)
    ids, other = due(conn, ada, count), accept(conn, bob)
    was_sent(conn, ada, 60)
    was_sent(conn, ada, HOUR - 1)
    world.patch(conn, frequency_cap={"messages": 2, "per_seconds": HOUR})
    assert claimed(conn) == [other]
    assert reasons(conn, ids) == [("skipped", "frequency_cap")] * count


@pytest.mark.parametrize(
    ("status", "ago", "counts"),
    [
        ("sent", 60, True),
        ("delivered", 60, True),
        ("sending", 60, True),
        ("failed", 60, False),
        ("skipped", 60, False),
        ("sent", HOUR + 1, False),
    ],
)
def test_what_counts_for_the_cap(conn: Connection, status: str, ago: float, counts: bool) -> None:
    ada = person(conn)
    (one,) = due(conn, ada, 1)
    earlier = was_sent(conn, ada, ago, status)
    world.set_chat(conn, earlier, lease_until=NOW + LEASE)
    world.patch(conn, frequency_cap={"messages": 1, "per_seconds": HOUR})
    assert claimed(conn) == ([] if counts else [one])


def test_the_cap_is_of_a_person_not_of_a_channel(conn: Connection) -> None:
    ada = person(conn)
    (one,) = due(conn, ada, 1)
    was_sent(conn, ada, 60, channel=MESSENGER)
    world.patch(conn, frequency_cap={"messages": 1, "per_seconds": HOUR})
    assert claimed(conn) == [] and reasons(conn, [one]) == [("skipped", "frequency_cap")]


def test_a_send_that_was_put_back_does_not_count_against_itself(conn: Connection) -> None:
    (one,) = due(conn, person(conn), 1)
    world.patch(conn, frequency_cap={"messages": 1, "per_seconds": HOUR})
    claimed(conn)
    sends.release(conn, one, NOW + 5, wait_reason="carrier_unavailable")
    assert claimed(conn, NOW + 6) == [one]


# -- the clock ------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 2, 3])
def test_quiet_hours_that_began_meanwhile_make_all_wait(conn: Connection, count: int) -> None:
    ada, bob = person(conn), person(conn, timezone="Asia/Tokyo")
    ids, other = due(conn, ada, count), accept(conn, bob)
    world.patch(conn, quiet_hours={"start": "11:00", "end": "14:00"})
    assert claimed(conn) == [other]
    world.set_chat(conn, other, delivery_status="sent", sent_at=NOW)
    waiting = [(chat(conn, one).delivery_status, chat(conn, one).wait_reason) for one in ids]
    assert waiting == [("queued", "quiet_hours")] * count
    assert claimed(conn, NOW + 2 * HOUR - 1) == [] and claimed(conn, NOW + 2 * HOUR) == ids
    assert [chat(conn, one).wait_reason for one in ids] == [None] * count


def test_a_cap_is_asked_when_quiet_hours_end(conn: Connection) -> None:
    ada = person(conn)
    ids = due(conn, ada, 2)
    world.patch(conn, quiet_hours={"start": "11:00", "end": "14:00"})
    claimed(conn)
    was_sent(conn, ada, -HOUR)
    world.patch(conn, frequency_cap={"messages": 1, "per_seconds": 2 * HOUR})
    assert claimed(conn, NOW + 2 * HOUR) == [] and reasons(conn, ids) == [("skipped", "frequency_cap")] * 2


def test_quiet_hours_follow_the_number_where_nobody_told_the_zone(conn: Connection) -> None:
    ada = person(conn, timezone=None, phone_number="+4312345678")
    (one,) = due(conn, ada, 1)
    world.patch(conn, quiet_hours={"start": "13:30", "end": "15:00"})  # it is 14:00 in Vienna
    assert claimed(conn) == [] and chat(conn, one).not_before == NOW + HOUR


# -- in doubt -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "settings",
    [
        {"quiet_hours": {"start": "11:00", "end": "14:00"}},
        {"frequency_cap": {"messages": 1, "per_seconds": HOUR}},
        {},
    ],
)
def test_what_the_carrier_may_have_is_claimed_whatever_the_rules_say_now(
    conn: Connection, settings: Dict[str, Any]
) -> None:
    ada = person(conn)
    (one,) = due(conn, ada, 1)
    claimed(conn, NOW - 60)
    world.set_chat(conn, one, asked_at=NOW - 59)
    was_sent(conn, ada, 30)
    consent.opt_out(conn, ada.id, NOW)
    world.patch(conn, **settings)
    (claim,) = claim_due(conn, NOW, 100)["sms"]
    assert (claim.chat_id, claim.in_doubt) == (one, True), "it must be settled, not skipped"


def test_what_is_put_back_in_doubt_is_in_doubt_when_it_is_claimed_again(conn: Connection) -> None:
    first, second = due(conn, person(conn), 2)
    claimed(conn)
    for chat_id in (first, second):
        world.set_chat(conn, chat_id, asked_at=NOW)
    sends.release(conn, first, NOW + 5, in_doubt=True)
    sends.release(conn, second, NOW + 5, in_doubt=False)
    claims = {claim.chat_id: claim.in_doubt for claim in claim_due(conn, NOW + 6, 100)["sms"]}
    assert claims == {first: True, second: False}


# -- under the lock -------------------------------------------------------------------------------


def a_send(conn: Connection, **fields: Any) -> Send:
    (loaded,) = sends.load(conn, due(conn, person(conn), 1))
    return replace(loaded, **fields)


@pytest.mark.parametrize(
    ("fields", "is_open", "decision"),
    [
        ({}, False, Go()),
        ({}, True, Skip("conversation_open")),
        ({"if_active": "queue"}, True, Wait(NOW + 60, "open_conversation")),
        ({"if_active": "queue"}, False, Go()),
        ({"if_active": "append"}, True, Go()),
        ({"opted_out": True, "if_active": "append"}, True, Skip("opted_out")),
        ({"phone_number": None}, False, Skip("no_phone_number")),
        ({"phone_number": None, "channel_type": "messenger"}, False, Go()),
        ({"phone_number": None, "opted_out": True}, False, Skip("opted_out")),
    ],
)
def test_what_is_certain_only_under_the_lock(
    conn: Connection, fields: Dict[str, Any], is_open: bool, decision: Any
) -> None:
    assert decide_now(a_send(conn, **fields), is_open, NOW) == decision


@pytest.mark.parametrize("choice", list(IfActive))
def test_every_choice_for_open_conversations_is_known(conn: Connection, choice: IfActive) -> None:
    assert decide_now(a_send(conn, if_active=choice.value), False, NOW) == Go()


@pytest.mark.parametrize(("cap", "count"), [(1, 3), (2, 3), (3, 2)])
def test_due_sends_of_one_person_count_for_each_others_cap(conn: Connection, cap: int, count: int) -> None:
    ann, bob = person(conn), person(conn)
    of_ann, of_bob = due(conn, ann, count), due(conn, bob, 1)
    world.patch(conn, frequency_cap={"messages": cap, "per_seconds": HOUR})
    went = claimed(conn)
    assert len(set(went) & set(of_ann)) == min(cap, count) and set(of_bob) <= set(went)
    skipped = [one for one in reasons(conn, of_ann) if one == ("skipped", "frequency_cap")]
    assert len(skipped) == max(0, count - cap)
