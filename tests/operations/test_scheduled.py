"""What is planned can be changed and cancelled, until a worker has it."""

from __future__ import annotations

from typing import Any, Dict

import pytest
from sqlalchemy.engine import Connection

from proactive_api.lifecycle.values import SuggestedReply
from proactive_api.operations import sending_rules
from proactive_api.operations.errors import Conflict, InvalidInput, NotFound
from proactive_api.operations.scheduled import cancel, change
from proactive_api.storage.queues import sends
from tests.operations import world
from tests.operations.world import HOUR, LINKS, NOW, accept, person

LATER = NOW + 24 * HOUR


def planned(conn: Connection, **fields: Any) -> str:
    return accept(conn, person(conn, nickname="Ada"), "Hi {{ nickname }}", scheduled_at=LATER, **fields)


def changed(conn: Connection, chat_id: str, **changes: Any) -> Dict[str, Any]:
    return dict(change(conn, chat_id, changes, LINKS, NOW).chat)


def claims(conn: Connection, at: float) -> Dict[str, Any]:
    return sending_rules.claim_due(conn, at, 10)


# -- cancel ---------------------------------------------------------------------------------------


def test_what_is_cancelled_never_goes_out(conn: Connection) -> None:
    chat_id = planned(conn)
    chat = cancel(conn, chat_id).chat
    assert (chat["delivery_status"], chat["skip_reason"], chat["wait_reason"]) == ("skipped", "cancelled", None)
    assert claims(conn, LATER + HOUR) == {}


def test_cancelling_twice_is_cancelling_once(conn: Connection) -> None:
    chat_id = planned(conn)
    assert cancel(conn, chat_id) == cancel(conn, chat_id)


def test_what_waits_for_quiet_hours_to_end_can_be_cancelled_too(conn: Connection) -> None:
    world.patch(conn, quiet_hours={"start": "11:00", "end": "13:00"})
    chat_id = accept(conn, person(conn))
    assert cancel(conn, chat_id).chat["skip_reason"] == "cancelled"


def test_once_a_worker_has_it_it_is_too_late(conn: Connection) -> None:
    chat_id = planned(conn)
    assert claims(conn, LATER)
    with pytest.raises(Conflict, match="on its way"):
        cancel(conn, chat_id)
    with pytest.raises(Conflict, match="on its way"):
        changed(conn, chat_id, message="No, this")
    assert world.chat(conn, chat_id).message == "Hi Ada"


def test_what_the_carrier_may_have_is_under_way_though_it_waits(conn: Connection) -> None:
    chat_id = planned(conn)
    claims(conn, LATER)
    sends.release(conn, chat_id, LATER + 60, wait_reason="carrier_unavailable", in_doubt=True)
    for act in (lambda: cancel(conn, chat_id), lambda: changed(conn, chat_id, scheduled_at=None)):
        with pytest.raises(Conflict, match="on its way"):
            act()


def test_what_the_carrier_certainly_does_not_have_can_still_be_cancelled(conn: Connection) -> None:
    chat_id = planned(conn)
    claims(conn, LATER)
    sends.release(conn, chat_id, LATER + 60, wait_reason="carrier_unavailable")
    assert cancel(conn, chat_id).chat["skip_reason"] == "cancelled"


@pytest.mark.parametrize("status", ["sent", "delivered", "failed", "skipped"])
def test_what_is_over_is_neither_cancelled_nor_changed(conn: Connection, status: str) -> None:
    chat_id = planned(conn)
    world.set_chat(conn, chat_id, delivery_status=status, skip_reason="opted_out" if status == "skipped" else None)
    with pytest.raises(Conflict):
        cancel(conn, chat_id)
    with pytest.raises(Conflict):
        changed(conn, chat_id, scheduled_at=None)
    assert world.chat(conn, chat_id).delivery_status == status


def test_what_is_cancelled_cannot_be_brought_back(conn: Connection) -> None:
    chat_id = planned(conn)
    cancel(conn, chat_id)
    with pytest.raises(Conflict, match="will not be"):
        changed(conn, chat_id, scheduled_at=None)
    assert claims(conn, LATER + HOUR) == {}


def test_there_must_be_a_chat(conn: Connection) -> None:
    with pytest.raises(NotFound):
        cancel(conn, "nothing")
    with pytest.raises(NotFound):
        changed(conn, "nothing", message="Hi")


# -- change ---------------------------------------------------------------------------------------


def test_new_words_are_filled_in_and_measured_again(conn: Connection) -> None:
    chat_id = planned(conn, campaign="spring")
    row = changed(conn, chat_id, message="{{ nickname }}, " + "ж" * 80)
    assert row["message"] == "Ada, " + "ж" * 80
    assert (row["encoding"], row["segments"]) == ("UCS-2", 2)
    assert (row["campaign"], row["scheduled_at"], row["wait_reason"]) == ("spring", LATER, "scheduled")


def test_words_that_stay_are_not_filled_in_twice(conn: Connection) -> None:
    odd = person(conn, nickname="{{ x }}")
    chat_id = accept(conn, odd, "Hi {{ nickname }}", scheduled_at=LATER)
    assert changed(conn, chat_id, campaign="autumn")["message"] == "Hi {{ x }}"


def test_replies_are_changed_and_count_for_the_length(conn: Connection) -> None:
    chat_id = planned(conn)
    row = changed(conn, chat_id, suggested_replies=(SuggestedReply("Yes" * 10), SuggestedReply("No" * 20)))
    assert "YesYes" in row["suggested_replies"]
    assert changed(conn, chat_id, suggested_replies=())["suggested_replies"] == "[]"


def test_another_time(conn: Connection) -> None:
    chat_id = planned(conn)
    row = changed(conn, chat_id, scheduled_at=LATER + HOUR)
    assert row["not_before"] == row["scheduled_at"] == LATER + HOUR
    assert claims(conn, LATER) == {} and claims(conn, LATER + HOUR)


def test_no_time_sends_it_now(conn: Connection) -> None:
    chat_id = planned(conn)
    row = changed(conn, chat_id, scheduled_at=None)
    assert (row["scheduled_at"], row["wait_reason"]) == (None, None)
    assert [one.chat_id for one in claims(conn, NOW)["sms"]] == [chat_id]


def test_the_sending_rules_are_asked_again(conn: Connection) -> None:
    ada = person(conn)
    chat_id = accept(conn, ada, scheduled_at=LATER)
    world.open_conversation(conn, ada)
    row = changed(conn, chat_id, scheduled_at=None)
    assert (row["delivery_status"], row["skip_reason"]) == ("skipped", "conversation_open")


def test_somebody_without_a_user_id_keeps_their_message(conn: Connection) -> None:
    ada = person(conn, user_id=None)
    chat_id = world.send_to_number(conn, ada, scheduled_at=LATER)
    assert changed(conn, chat_id, message="Bye")["message"] == "Bye"
    assert world.chat(conn, chat_id).recipient_id == ada.id


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"message": "{{ nobody_has_this }}"}, "message"),
        ({"message": "x" * 1601}, "message"),
        ({"message": " "}, "message"),
        ({"suggested_replies": (SuggestedReply("Yes"), SuggestedReply("yes"))}, "suggested_replies[1].title"),
        ({"suggested_replies": (SuggestedReply("x", payload="/a{"),)}, "suggested_replies[0].payload"),
    ],
)
def test_it_is_checked_like_a_new_one(conn: Connection, changes: Dict[str, Any], field: str) -> None:
    chat_id = planned(conn)
    before = world.chat(conn, chat_id)
    with pytest.raises(InvalidInput) as refused:
        changed(conn, chat_id, **changes)
    assert refused.value.field == field
    assert world.chat(conn, chat_id) == before


def test_an_opening_by_intent_takes_no_words(conn: Connection) -> None:
    chat_id = accept(conn, person(conn), None, intent="EXTERNAL_reminder", scheduled_at=LATER)
    with pytest.raises(InvalidInput) as refused:
        changed(conn, chat_id, message="Hi")
    assert refused.value.field == "intent"
    assert changed(conn, chat_id, scheduled_at=LATER + 1)["intent"] == "EXTERNAL_reminder"
