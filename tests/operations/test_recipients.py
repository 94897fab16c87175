"""People whom the business writes to: added, changed, and never two of one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict, List, Tuple

import pytest
from sqlalchemy.engine import Connection

from proactive_api.operations import consent as consents
from proactive_api.operations import recipients
from proactive_api.operations.errors import Conflict, InvalidInput, NotFound
from proactive_api.storage.people import consent, visitors
from proactive_api.storage.sql import tables as t
from tests.operations import world
from tests.operations.world import NOW, person


def history(conn: Connection, recipient_id: str) -> List[Tuple[Any, ...]]:
    return [(one.kind, one.by, one.name) for one in consent.history(conn, recipient_id)]


def change(conn: Connection, recipient_id: str, **values: Any) -> Any:
    return recipients.change(conn, recipient_id, values, "Bo", NOW + 5)


# -- add ------------------------------------------------------------------------------------------


def test_a_number_is_stored_as_the_carrier_wants_it(conn: Connection) -> None:
    ada = recipients.add(conn, {"phone_number": "+1 (415) 555-0177", "nickname": "Ada"}, "Bo", NOW)
    assert (ada.phone_number, ada.nickname, ada.user_id, ada.created_at) == ("+14155550177", "Ada", None, NOW)
    assert recipients.find(conn, ada.id) == ada and history(conn, ada.id) == []


@pytest.mark.parametrize(
    ("given", "opted_out_at", "noted"),
    [(True, None, [("given", "business", "Bo")]), (False, NOW, [("refused", "business", "Bo")]), (None, None, [])],
)
def test_what_the_business_knows_of_consent_is_written_down(
    conn: Connection, given: Any, opted_out_at: Any, noted: List[Any]
) -> None:
    ada = recipients.add(conn, {"user_id": "ada", "consent": given}, "Bo", NOW)
    assert (ada.consent, ada.opted_out_at, ada.consent_at) == (given, opted_out_at, None if given is None else NOW)
    assert history(conn, ada.id) == noted


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"nickname": "Ada"}, "user_id"),
        ({"user_id": None, "phone_number": None}, "user_id"),
        ({"user_id": "ada", "phone_number": "12"}, "phone_number"),
        ({"user_id": "ada", "timezone": "Mars/Olympus"}, "timezone"),
        ({"user_id": "ada", "attributes": {"a": "b" * 16_000}}, "attributes"),
    ],
)
def test_what_cannot_be_used_names_the_field(conn: Connection, values: Dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        recipients.add(conn, values, "Bo", NOW)
    assert refused.value.field == field and world.rows(conn, t.recipients) == []


@pytest.mark.parametrize(
    ("values", "field", "word"),
    [
        ({"user_id": "ada", "phone_number": "+14155550178"}, "user_id", "user ID"),
        ({"user_id": "bob", "phone_number": "+1 415 555 0177"}, "phone_number", "phone number"),
    ],
)
def test_nobody_is_there_twice(conn: Connection, values: Dict[str, Any], field: str, word: str) -> None:
    person(conn, user_id="ada", phone_number="+14155550177")
    with pytest.raises(Conflict, match=word) as refused:
        recipients.add(conn, values, "Bo", NOW)
    assert refused.value.field == field and len(world.rows(conn, t.recipients)) == 1
    assert world.rows(conn, t.consent_changes) == []


# -- change ---------------------------------------------------------------------------------------


def test_what_is_left_out_stays(conn: Connection) -> None:
    ada = person(conn, nickname="Ada", locale="en")
    changed = change(conn, ada.id, nickname="Countess", timezone="Europe/Vienna")
    assert (changed.nickname, changed.locale, changed.timezone) == ("Countess", "en", "Europe/Vienna")
    assert (changed.user_id, changed.phone_number) == (ada.user_id, ada.phone_number)
    assert (changed.created_at, changed.updated_at) == (NOW, NOW + 5)


def test_attributes_are_merged_and_null_removes_one(conn: Connection) -> None:
    ada = person(conn, attributes={"plan": "monthly", "size": 4, "city": "Graz"})
    assert change(conn, ada.id, attributes={"plan": "yearly", "city": None}).attributes == {"plan": "yearly", "size": 4}


def test_attributes_may_not_grow_without_end(conn: Connection) -> None:
    ada = person(conn, attributes={"a": "x" * 9_000})
    with pytest.raises(InvalidInput) as refused:
        change(conn, ada.id, attributes={"b": "x" * 9_000})
    assert refused.value.field == "attributes" and world.again(conn, ada) == ada


@pytest.mark.parametrize(
    ("before", "after", "noted"),
    [
        (None, True, [("given", "business", "Bo")]),
        (True, False, [("refused", "business", "Bo")]),
        (True, None, [("unknown", "business", "Bo")]),
        (True, True, []),
    ],
)
def test_a_changed_consent_is_written_down(conn: Connection, before: Any, after: Any, noted: List[Any]) -> None:
    ada = person(conn, consent=before)
    changed = change(conn, ada.id, consent=after)
    assert changed.consent is after and history(conn, ada.id) == noted
    assert (changed.opted_out_at is not None) is (after is False)


def test_another_change_leaves_no_note_of_consent(conn: Connection) -> None:
    ada = person(conn, consent=True)
    change(conn, ada.id, nickname="Ada")
    assert history(conn, ada.id) == [] and world.again(conn, ada).consent is True


def test_the_business_cannot_lift_a_stop(conn: Connection) -> None:
    ada = person(conn, consent=True)
    consents.opt_out(conn, ada.id, NOW)
    changed = change(conn, ada.id, consent=True)
    assert changed.opted_out_at == NOW, "only the person's own START does"


@pytest.mark.parametrize(
    ("values", "field"), [({"user_id": "bob"}, "user_id"), ({"phone_number": "+14155550178"}, "phone_number")]
)
def test_nobody_takes_what_is_somebody_elses(conn: Connection, values: Dict[str, Any], field: str) -> None:
    ada = person(conn)
    person(conn, user_id="bob", phone_number="+14155550178")
    with pytest.raises(Conflict) as refused, conn.begin_nested():
        change(conn, ada.id, **values)
    assert refused.value.field == field and world.again(conn, ada) == ada


def test_their_own_number_is_not_somebody_elses(conn: Connection) -> None:
    ada = person(conn, phone_number="+14155550177")
    assert change(conn, ada.id, phone_number="+1 415 555 0177").phone_number == "+14155550177"
    assert change(conn, ada.id, phone_number=None).phone_number is None


def test_who_is_not_there_cannot_be_changed(conn: Connection) -> None:
    with pytest.raises(NotFound):
        change(conn, "nobody", nickname="Ada")
    with pytest.raises(NotFound):
        recipients.find(conn, "nobody")


# -- names that look the same ---------------------------------------------------------------------


@pytest.mark.parametrize("same", [" ada", "ada\u200b", "\u202aada\u202c", "\u00a0ada\u00a0", "a\u00adda"])
def test_two_user_ids_that_look_the_same_are_one(conn: Connection, same: str) -> None:
    ada = recipients.add(conn, {"user_id": same, "nickname": "Ada\u200b "}, "Bo", NOW)
    assert (ada.user_id, ada.nickname) == ("ada", "Ada")
    with pytest.raises(Conflict):
        recipients.add(conn, {"user_id": "ada"}, "Bo", NOW)
    with pytest.raises(Conflict):
        recipients.add(conn, {"user_id": same}, "Bo", NOW)
    assert world.accept(conn, replace(ada, user_id=same))
    assert visitors.recipient_of_token(conn, same, None, NOW) == ada.id
    bob = recipients.add(conn, {"user_id": "bob"}, "Bo", NOW)
    with pytest.raises(Conflict):
        change(conn, bob.id, user_id=same)


def test_an_older_user_id_is_reached_as_it_is(conn: Connection) -> None:
    old = person(conn, user_id="ada ", nickname=None)
    assert visitors.recipient_of_token(conn, "ada ", None, NOW) == old.id
    with pytest.raises(Conflict):
        recipients.add(conn, {"user_id": "ada "}, "Bo", NOW)
    assert change(conn, old.id, user_id="ada ", nickname="Ada").user_id == "ada "
    assert change(conn, old.id, user_id=" ada").user_id == "ada"


@pytest.mark.parametrize("name", ["user_id", "nickname"])
def test_a_name_that_nobody_can_see_is_none(conn: Connection, name: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        recipients.add(conn, {"user_id": "ada", name: "\u200b\u2060"}, "Bo", NOW)
    assert refused.value.field == name
