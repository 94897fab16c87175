"""A message is accepted: who gets which words, and whether now."""

from __future__ import annotations

from typing import Any, Dict

import pytest
from sqlalchemy.engine import Connection

from proactive_api.lifecycle.values import ChannelType, IfActive, SuggestedReply
from proactive_api.operations.errors import InvalidInput
from proactive_api.operations.send import Draft, send
from proactive_api.storage.sql import tables as t
from tests.operations import world
from tests.operations.world import HOUR, LINKS, NOW, accept, person

SMS, MESSENGER = ChannelType.SMS, ChannelType.MESSENGER


def problem(conn: Connection, **fields: Any) -> InvalidInput:
    """Why this draft is not accepted; nothing is stored then."""
    before = world.counts(conn)
    with pytest.raises(InvalidInput) as refused:
        send(conn, Draft(**{"channel": SMS, **fields}), LINKS, NOW)
    assert world.counts(conn) == before
    return refused.value


# -- what is stored -------------------------------------------------------------------------------


def test_a_message_is_queued_with_its_words_and_segments(conn: Connection) -> None:
    ada = person(conn, nickname="Ada", attributes={"plan": "yearly"})
    replies = (
        SuggestedReply("Yes", payload='/choose{"plan":"yearly"}'),
        SuggestedReply("Shop", url="https://s.example"),
    )
    chat_id = accept(conn, ada, "Hi {{ nickname }}, your {{ plan }} plan", suggested_replies=replies, campaign="spring")
    row = world.chat(conn, chat_id)
    assert row.message == "Hi Ada, your yearly plan"
    assert (row.delivery_status, row.not_before, row.wait_reason, row.attempt) == ("queued", 0.0, None, 0)
    assert (row.sender_id, row.channel_type, row.recipient_id) == (f"sms.{ada.id}", "sms", ada.id)
    assert (row.campaign, row.encoding, row.segments) == ("spring", "GSM-7", 1)
    assert (row.conversation_id, row.created_at, row.if_active) == (chat_id, NOW, "skip")


def test_what_is_known_of_a_person_comes_before_their_attributes(conn: Connection) -> None:
    ada = person(conn, nickname="Ada", attributes={"nickname": "impostor", "user_id": "x"})
    chat_id = accept(conn, ada, "{{ nickname }} {{ user_id }}")
    assert world.chat(conn, chat_id).message == f"Ada {ada.user_id}"


def test_a_variable_without_a_value_takes_its_fallback(conn: Connection) -> None:
    bob = person(conn)
    assert world.chat(conn, accept(conn, bob, 'Hi {{ nickname | "there" }}')).message == "Hi there"


def test_segments_count_the_numbered_replies_and_links_too(conn: Connection) -> None:
    ada = person(conn)
    plain = world.chat(conn, accept(conn, ada, "a" * 150))
    replies = (SuggestedReply("Shop", url="https://s.example"),)
    longer = world.chat(conn, accept(conn, ada, "a" * 150, suggested_replies=replies))
    assert (plain.segments, longer.segments) == (1, 2)


def test_the_messenger_has_no_segments(conn: Connection) -> None:
    row = world.chat(conn, accept(conn, person(conn), channel=MESSENGER))
    assert (row.segments, row.encoding, row.channel_type) == (None, None, "messenger")


def test_an_intent_is_kept_with_its_entities(conn: Connection) -> None:
    chat_id = accept(conn, person(conn), None, intent="EXTERNAL_reminder", entities={"place": "Vienna"})
    row = world.chat(conn, chat_id)
    assert (row.message, row.intent, row.entities) == (None, "EXTERNAL_reminder", '{"place": "Vienna"}')


# -- to whom --------------------------------------------------------------------------------------


def test_a_bare_number_becomes_a_recipient_at_first_contact_and_stays_the_same(conn: Connection) -> None:
    drafts = [Draft(SMS, phone_number=typed, message="Hi") for typed in ("+1 (415) 555-0177", "+14155550177")]
    made = [send(conn, one, LINKS, NOW) for one in drafts]
    (row,) = world.rows(conn, t.recipients)
    assert row.phone_number == "+14155550177" and [one.recipient["id"] for one in made] == [row.id] * 2
    assert len(world.rows(conn, t.proactive_chats)) == 2


def test_nobody_has_this_user_id(conn: Connection) -> None:
    assert problem(conn, user_id="nobody", message="Hi").field == "user_id"


def test_a_number_that_is_none_is_told(conn: Connection) -> None:
    assert problem(conn, phone_number="12", message="Hi").field == "phone_number"


# -- whether now ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "channel", "reason"),
    [
        ({"consent": False}, SMS, "opted_out"),
        ({"consent": False}, MESSENGER, "opted_out"),
        ({"phone_number": None}, SMS, "no_phone_number"),
        ({"phone_number": None}, MESSENGER, None),
        ({"consent": None}, SMS, None),
    ],
)
def test_who_must_not_get_it_is_listed_with_the_reason(
    conn: Connection, values: Dict[str, Any], channel: ChannelType, reason: Any
) -> None:
    row = world.chat(conn, accept(conn, person(conn, **values), channel=channel))
    assert (row.delivery_status, row.skip_reason) == (("skipped", reason) if reason else ("queued", None))


def test_a_scheduled_message_waits_for_its_time(conn: Connection) -> None:
    row = world.chat(conn, accept(conn, person(conn), scheduled_at=NOW + HOUR))
    assert (row.delivery_status, row.not_before, row.wait_reason) == ("queued", NOW + HOUR, "scheduled")


def test_quiet_hours_make_it_wait_until_they_end(conn: Connection) -> None:
    world.patch(conn, quiet_hours={"start": "11:00", "end": "14:00"})
    row = world.chat(conn, accept(conn, person(conn)))
    assert (row.not_before, row.wait_reason) == (NOW + 2 * HOUR, "quiet_hours")
    elsewhere = world.chat(conn, accept(conn, person(conn, timezone="Asia/Tokyo")))
    assert (elsewhere.not_before, elsewhere.wait_reason) == (0.0, None)


def test_a_number_tells_the_zone_where_the_person_does_not(conn: Connection) -> None:
    world.patch(conn, quiet_hours={"start": "13:00", "end": "15:00"})  # it is 14:00 in Vienna
    vienna = world.chat(conn, accept(conn, person(conn, timezone=None, phone_number="+4312345678")))
    assert (vienna.not_before, vienna.wait_reason) == (NOW + HOUR, "quiet_hours")


def test_an_open_conversation_decides_by_the_settings_unless_told_otherwise(conn: Connection) -> None:
    ada = person(conn)
    world.open_conversation(conn, ada)
    world.patch(conn, if_active="append")
    usual, told = accept(conn, ada), accept(conn, ada, if_active=IfActive.SKIP)
    queued = accept(conn, ada, if_active=IfActive.QUEUE)
    assert (world.chat(conn, usual).delivery_status, world.chat(conn, usual).if_active) == ("queued", "append")
    assert world.chat(conn, told).skip_reason == "conversation_open"
    assert world.chat(conn, queued).wait_reason == "open_conversation" and world.chat(conn, queued).not_before > NOW


def test_a_conversation_on_the_other_channel_is_in_nobodys_way(conn: Connection) -> None:
    ada = person(conn)
    world.open_conversation(conn, ada, "messenger")
    assert world.chat(conn, accept(conn, ada)).delivery_status == "queued"
    assert world.chat(conn, accept(conn, ada, channel=MESSENGER)).skip_reason == "conversation_open"


def test_beyond_the_frequency_cap_it_is_skipped_at_once(conn: Connection) -> None:
    world.patch(conn, frequency_cap={"messages": 1, "per_seconds": HOUR})
    ada, bob = person(conn), person(conn)
    world.set_chat(conn, accept(conn, ada), delivery_status="delivered", sent_at=NOW - HOUR + 1)
    assert world.chat(conn, accept(conn, ada)).skip_reason == "frequency_cap"
    assert world.chat(conn, accept(conn, bob)).skip_reason is None
    assert world.chat(conn, accept(conn, ada, at=NOW + 2)).skip_reason is None, "the hour is over"


# -- what cannot be sent --------------------------------------------------------------------------

U: Dict[str, Any] = {"user_id": "ada"}
TITLES = (SuggestedReply("Yes"), SuggestedReply("No"), SuggestedReply("YES"))


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"message": "Hi"}, "user_id"),
        ({**U, "phone_number": "+14155550177", "message": "Hi"}, "phone_number"),
        ({"channel": MESSENGER, "message": "Hi"}, "user_id"),
        ({"channel": MESSENGER, **U, "phone_number": "+14155550177", "message": "Hi"}, "phone_number"),
        (U, "message"),
        ({**U, "message": "Hi", "intent": "EXTERNAL_x"}, "intent"),
        ({**U, "message": "Hi", "entities": {"a": 1}}, "entities"),
        ({**U, "intent": "EXTERNAL_x", "suggested_replies": (SuggestedReply("Yes"),)}, "suggested_replies"),
        ({**U, "message": "Hi", "suggested_replies": TITLES}, "suggested_replies[2].title"),
        (
            {**U, "message": "Hi", "suggested_replies": (SuggestedReply("A", "https://x.example", "/a"),)},
            "suggested_replies[0].payload",
        ),
        (
            {**U, "message": "Hi", "suggested_replies": (SuggestedReply("A", payload="/a{plan}"),)},
            "suggested_replies[0].payload",
        ),
        ({**U, "message": "Hi {{ shoe_size }}"}, "message"),
        ({**U, "message": '{{ nickname | "" }} '}, "message"),
        ({**U, "message": "a" * 1601}, "message"),
        ({**U, "message": "{{ long }}"}, "message"),
        ({**U, "message": "a" * 1590, "suggested_replies": (SuggestedReply("A long title"),)}, "message"),
    ],
)
def test_what_cannot_be_sent_names_the_field(conn: Connection, fields: Dict[str, Any], field: str) -> None:
    person(conn, user_id="ada", attributes={"long": "b" * 1601})
    assert problem(conn, **fields).field == field


def test_the_longest_message_that_the_carrier_takes_is_accepted(conn: Connection) -> None:
    assert len(world.chat(conn, accept(conn, person(conn), "a" * 1600)).message) == 1600
