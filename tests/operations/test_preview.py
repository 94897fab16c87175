"""What a send would do, without doing it."""

from __future__ import annotations

from typing import Any, Dict

import pytest
from sqlalchemy.engine import Connection

from proactive_api.lifecycle.openings import Known, to_json
from proactive_api.lifecycle.values import ChannelType, IfActive, SuggestedReply
from proactive_api.operations.errors import InvalidInput
from proactive_api.operations.preview import Preview, preview
from proactive_api.operations.send import Draft, send
from proactive_api.storage import settings as stored
from tests.operations import world
from tests.operations.world import HOUR, LINKS, NOW, draft, person

KNOWN = Known(
    model="m",
    intents={"EXTERNAL_visit": {"": ["utter_visit", "utter_bye"]}},
    responses={
        "utter_visit": [{"text": "**Bold**: {place}!", "buttons": [{"title": "Yes", "payload": "/affirm"}]}],
        "utter_bye": [{"text": "See you."}],
    },
    slots={"place": ["place"]},
    values={},
    deciding=[],
)
TITLE = "suggested_replies[0].title"
STRANGER = "+14155550177"


def shown(conn: Connection, wanted: Draft) -> Preview:
    """The preview, which stores nothing."""
    before = world.counts(conn)
    told = preview(conn, wanted, LINKS, NOW)
    assert world.counts(conn) == before
    return told


def test_the_words_are_those_that_go_out(conn: Connection) -> None:
    ada = person(conn, nickname="Ada")
    replies = (SuggestedReply("Yes"), SuggestedReply("Shop", url="https://s.example"))
    told = shown(conn, draft(ada, "Hi **{{ nickname }}**", suggested_replies=replies))
    link = LINKS.url(told.chat.id, 1, ChannelType.SMS)
    assert told.sms_body == f"Hi Ada\n1. Yes\n2. Shop: {link}"
    assert (told.chat.message, told.chat.segments, told.recipient.id) == ("Hi **Ada**", 1, ada.id)


def test_a_value_is_no_markdown_and_counts_as_it_goes_out(conn: Connection) -> None:
    told = shown(conn, draft(person(conn, nickname="*" * 150), "**Hi** {{ nickname }}"))
    assert told.sms_body == "Hi " + "*" * 150 and told.chat.segments == 1
    assert told.chat.message_literal == ((7, 157),)


@pytest.mark.parametrize(
    ("values", "settings", "fields"),
    [
        ({}, {}, {}),
        ({"consent": False}, {}, {}),
        ({"phone_number": None}, {}, {}),
        ({}, {"quiet_hours": {"start": "11:00", "end": "14:00"}}, {}),
        ({}, {}, {"scheduled_at": NOW + HOUR}),
        ({}, {"frequency_cap": {"messages": 1, "per_seconds": HOUR}}, {}),
        ({}, {}, {"channel": ChannelType.MESSENGER}),
        ({}, {}, {"message": None, "intent": "EXTERNAL_reminder"}),
    ],
)
def test_it_decides_as_the_send_does(
    conn: Connection, values: Dict[str, Any], settings: Dict[str, Any], fields: Dict[str, Any]
) -> None:
    ada = person(conn, **values)
    world.patch(conn, **settings)
    earlier = world.accept(conn, ada)
    world.set_chat(conn, earlier, delivery_status="sent", sent_at=NOW - 60)
    wanted = draft(ada, **fields)
    told, done = shown(conn, wanted).chat, send(conn, wanted, LINKS, NOW).chat
    same = ("delivery_status", "skip_reason", "not_before", "wait_reason", "message", "segments", "encoding")
    assert {name: getattr(told, name) for name in same} == {name: done[name] for name in same}


def test_an_open_conversation_shows(conn: Connection) -> None:
    ada = person(conn)
    world.open_conversation(conn, ada)
    assert shown(conn, draft(ada)).chat.skip_reason == "conversation_open"
    assert shown(conn, draft(ada, if_active=IfActive.QUEUE)).chat.wait_reason == "open_conversation"


def test_a_number_that_nobody_has_is_imagined_and_forgotten(conn: Connection) -> None:
    told = shown(conn, Draft(ChannelType.SMS, phone_number="+1 415 555 0177", message="Hi"))
    assert (told.recipient.phone_number, told.recipient.id) == (STRANGER, "")
    assert (told.chat.delivery_status, told.sms_body) == ("queued", "Hi")


def test_a_number_that_somebody_has_is_theirs(conn: Connection) -> None:
    ada = person(conn, phone_number=STRANGER, nickname="Ada", consent=False)
    told = shown(conn, Draft(ChannelType.SMS, phone_number=STRANGER, message="Hi {{ nickname }}"))
    assert (told.recipient.id, told.sms_body, told.chat.skip_reason) == (ada.id, "Hi Ada", "opted_out")


def test_an_opening_by_intent_is_shown_in_the_words_that_will_be_said(conn: Connection) -> None:
    stored.write(conn, stored.OPENINGS, to_json(KNOWN))
    opening = {"message": None, "intent": "EXTERNAL_visit", "entities": {"place": "*Bonn*"}}
    told = shown(conn, draft(person(conn), **opening))
    assert told.sms_body == "Bold: *Bonn*!\n1. Yes\n\nSee you." and (told.encoding, told.segments) == ("GSM-7", 2)
    assert told.words == "**Bold**: *Bonn*!\n\nSee you." and told.words.literal == ((10, 16),)
    rich = shown(conn, draft(person(conn), **opening, channel=ChannelType.MESSENGER))
    assert rich.words == told.words and (rich.sms_body, rich.segments) == (None, None)


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"intent": "EXTERNAL_visits"}, "intent"), ({"intent": "EXTERNAL_visit", "entities": {"place": " "}}, "entities")],
)
def test_an_opening_that_cannot_be_said_is_refused(conn: Connection, fields: Dict[str, Any], field: str) -> None:
    stored.write(conn, stored.OPENINGS, to_json(KNOWN))
    wanted = draft(person(conn), message=None, **fields)
    for attempt in (preview, send):
        with pytest.raises(InvalidInput) as refused:
            attempt(conn, wanted, LINKS, NOW)
        assert refused.value.field == field


@pytest.mark.parametrize("fields", [{"channel": ChannelType.MESSENGER}, {"message": None, "intent": "EXTERNAL_x"}])
def test_where_there_is_no_sms_there_is_no_body(conn: Connection, fields: Dict[str, Any]) -> None:
    assert shown(conn, draft(person(conn), **fields)).sms_body is None


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"user_id": "nobody", "message": "Hi"}, "user_id"),
        ({"phone_number": "12", "message": "Hi"}, "phone_number"),
        ({"phone_number": STRANGER}, "message"),
        ({"phone_number": STRANGER, "message": "Hi {{ nickname }}"}, "message"),
        ({"phone_number": STRANGER, "message": "a" * 1601}, "message"),
        ({"phone_number": STRANGER, "message": "Hi {{ nickname | default('you') }}"}, "message"),
        ({"phone_number": STRANGER, "message": "Hi {nickname}"}, "message"),
        (
            {"phone_number": STRANGER, "message": "Hi", "suggested_replies": (SuggestedReply("I am {{ nickname }}"),)},
            TITLE,
        ),
        ({"phone_number": STRANGER, "intent": "EXTERNAL_x", "entities": {"place": "{{ city }}"}}, "entities.place"),
    ],
)
def test_what_cannot_be_sent_is_told_as_the_send_does(conn: Connection, fields: Dict[str, Any], field: str) -> None:
    wanted = Draft(ChannelType.SMS, **fields)
    before = world.counts(conn)
    for attempt in (preview, send):
        with pytest.raises(InvalidInput) as refused, conn.begin_nested():
            attempt(conn, wanted, LINKS, NOW)
        assert refused.value.field == field
    assert world.counts(conn) == before
