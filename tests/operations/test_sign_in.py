"""People come in by password or by a link; wrong tries make the next one wait."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any, Callable, Iterator

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from sqlalchemy.engine import Connection, Engine

from proactive_api.operations.errors import InvalidInput
from proactive_api.operations.sign_in import (
    Choice,
    SignedIn,
    TooManyTries,
    WrongPassword,
    change_password,
    sign_in,
    use_link,
)
from proactive_api.storage.access import passwords, sessions, users
from proactive_api.storage.access.users import LINK_LIFETIME, User
from proactive_api.storage.sql import tables as t
from tests.operations import world
from tests.operations.world import NOW

PASSWORD, OTHER = "correct horse battery", "another fine password"
HOME, CAFE = "192.0.2.1", "198.51.100.7"
#: Hashed with little effort, so that these tests are quick; long ago others were, too.
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The algorithm is the real one; how much effort it makes is not what is tried here."""
    monkeypatch.setattr(passwords, "_HASHER", QUICK)


def transaction(conn: Connection) -> Callable[[], Any]:
    @contextmanager
    def begin() -> Iterator[Connection]:
        with conn.begin_nested():
            yield conn

    return begin


def user(conn: Connection, email: str = "ada@example.com", password: Any = PASSWORD, role: str = "admin") -> User:
    added = users.add(conn, email, "Ada", role, NOW, passwords.hashed(password) if password else None)
    assert added is not None
    return added


def enter(conn: Connection, password: str = PASSWORD, at: float = NOW, **about: str) -> SignedIn:
    email, address = about.get("email", "ada@example.com"), about.get("address", HOME)
    return sign_in(conn, transaction(conn), email, password, address, at)


def wrong(conn: Connection, times: int, at: float = NOW, **about: str) -> None:
    for _ in range(times):
        with pytest.raises(WrongPassword):
            enter(conn, "not this one", at, **about)


# -- by password ----------------------------------------------------------------------------------


def test_the_right_password_begins_a_session(conn: Connection) -> None:
    ada = user(conn)
    entered = enter(conn, email="  ADA@example.com")
    found = sessions.find(conn, entered.secret, NOW + 1)
    assert found is not None and found.user.id == ada.id == entered.session.user.id
    assert found.csrf_token == entered.session.csrf_token
    assert entered.secret not in str(world.rows(conn, t.sessions)), "only the browser knows it"


@pytest.mark.parametrize(
    ("email", "password"),
    [("ada@example.com", "wrong"), ("nobody@example.com", PASSWORD), ("bo@example.com", PASSWORD), ("ada", PASSWORD)],
)
def test_nobody_learns_what_was_wrong(conn: Connection, email: str, password: str) -> None:
    user(conn)
    user(conn, "bo@example.com", password=None)
    with pytest.raises(WrongPassword, match="The email address or the password is wrong"):
        enter(conn, password, email=email)
    assert world.rows(conn, t.sessions) == []


def test_who_is_disabled_may_not_come_in(conn: Connection) -> None:
    users.update(conn, user(conn).id, disabled_at=NOW)
    with pytest.raises(WrongPassword):
        enter(conn)


def test_the_same_letters_typed_in_another_way_are_the_same_password(conn: Connection) -> None:
    user(conn, password="pässword with accents")
    assert enter(conn, "pa\u0308ssword with accents")


def test_a_password_hashed_with_less_effort_is_hashed_again(conn: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = user(conn)
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=2, memory_cost=8, parallelism=1))
    enter(conn)
    first = users.find(conn, id=ada.id)
    enter(conn)
    second = users.find(conn, id=ada.id)
    assert first is not None and second is not None and first.password_hash == second.password_hash
    assert first.password_hash != ada.password_hash and passwords.matches(PASSWORD, first.password_hash)


# -- wrong tries ----------------------------------------------------------------------------------


def test_after_five_wrong_ones_even_the_right_one_waits(conn: Connection) -> None:
    user(conn)
    wrong(conn, 5)
    with pytest.raises(TooManyTries) as refused:
        enter(conn)
    assert enter(conn, at=NOW + refused.value.wait)


def test_each_further_wrong_one_waits_longer_and_waiting_ones_do_not_count(conn: Connection) -> None:
    user(conn)
    wrong(conn, 5)
    at, waits = NOW, []
    for _ in range(4):
        for _ in range(3):
            with pytest.raises(TooManyTries) as refused:
                enter(conn, "not this one", at)
        waits.append(refused.value.wait)
        at += refused.value.wait
        wrong(conn, 1, at)
    assert waits[1:] == [2, 4, 8]


def test_nobody_waits_longer_than_a_quarter_of_an_hour(conn: Connection) -> None:
    user(conn)
    wrong(conn, 1)
    conn.execute(sa.update(t.sign_in_attempts).values(failures=40))
    wrong(conn, 1)
    with pytest.raises(TooManyTries, match="in 15 minutes") as refused:
        enter(conn)
    assert refused.value.wait in (900, 901)


def test_wrong_ones_of_one_account_do_not_lock_another(conn: Connection) -> None:
    user(conn)
    user(conn, "bo@example.com")
    wrong(conn, 5)
    assert enter(conn, email="bo@example.com")


def test_guessing_many_accounts_from_one_address_is_slow_everywhere_but_elsewhere_not(conn: Connection) -> None:
    user(conn)
    for n in range(30):
        wrong(conn, 1, email=f"nobody{n}@example.com")
    with pytest.raises(TooManyTries):
        enter(conn)
    assert enter(conn, address=CAFE)


def test_the_right_one_forgets_the_accounts_wrong_ones_but_not_the_addresses(conn: Connection) -> None:
    user(conn)
    wrong(conn, 4)
    enter(conn)
    wrong(conn, 4)
    enter(conn)
    failures = [row.failures for row in world.rows(conn, t.sign_in_attempts)]
    assert failures == [8], "of the address: whoever has an account could go on guessing others' otherwise"


def test_wrong_ones_of_yesterday_are_forgotten(conn: Connection) -> None:
    user(conn)
    wrong(conn, 5)
    wrong(conn, 5, NOW + 86401)


def test_a_wrong_try_stays_counted_when_the_request_fails(engine: Engine) -> None:
    with engine.begin() as conn:
        user(conn)
    for _ in range(5):
        with pytest.raises(WrongPassword), engine.connect() as conn:
            sign_in(conn, engine.begin, "ada@example.com", "not this one", HOME, NOW)
    with pytest.raises(TooManyTries), engine.connect() as conn:
        sign_in(conn, engine.begin, "ada@example.com", PASSWORD, HOME, NOW)


# -- by link --------------------------------------------------------------------------------------

FIRST = Choice(PASSWORD, " Ada@Example.com", " Ada ")


def test_the_first_link_makes_an_admin(conn: Connection) -> None:
    entered = use_link(conn, users.new_link(conn, None, NOW), FIRST, NOW + 1)
    ada = entered.session.user
    assert (ada.email, ada.name, ada.role) == ("ada@example.com", "Ada", "admin")
    assert sessions.find(conn, entered.secret, NOW + 2) is not None and enter(conn)


def test_a_link_is_used_once(conn: Connection) -> None:
    bo = user(conn, "bo@example.com", password=None)
    token = users.new_link(conn, bo.id, NOW)
    use_link(conn, token, Choice(PASSWORD), NOW)
    with pytest.raises(InvalidInput) as refused:
        use_link(conn, token, Choice(OTHER), NOW)
    assert refused.value.field == "token" and enter(conn, email="bo@example.com")


def test_a_link_that_is_too_old_or_unknown_is_no_good(conn: Connection) -> None:
    token = users.new_link(conn, None, NOW)
    for one, at in ((token, NOW + LINK_LIFETIME), ("guessed", NOW)):
        with pytest.raises(InvalidInput) as refused:
            use_link(conn, one, FIRST, at)
        assert refused.value.field == "token"
    assert not users.exist(conn) and use_link(conn, token, FIRST, NOW + LINK_LIFETIME - 1)


def test_there_is_one_first_user(conn: Connection) -> None:
    token = users.new_link(conn, None, NOW)
    user(conn, "bo@example.com", role="agent")
    with pytest.raises(InvalidInput):
        use_link(conn, token, FIRST, NOW)
    assert len(users.list_all(conn)) == 1


@pytest.mark.parametrize(
    ("choice", "field"),
    [
        (Choice(PASSWORD, None, "Ada"), "email"),
        (Choice(PASSWORD, "ada@example.com", None), "name"),
        (Choice("aaaabbbbcccc", "ada@example.com", "Ada"), "password"),
        (Choice("ADA@example.com ", "ada@example.com", "Ada"), "password"),
    ],
)
def test_a_choice_that_cannot_be_leaves_the_link_good(conn: Connection, choice: Choice, field: str) -> None:
    token = users.new_link(conn, None, NOW)
    with pytest.raises(InvalidInput) as refused, conn.begin_nested():
        use_link(conn, token, choice, NOW)
    assert refused.value.field == field and not users.exist(conn)
    assert use_link(conn, token, FIRST, NOW)


def test_an_invitation_keeps_address_and_role_and_may_change_the_name(conn: Connection) -> None:
    bo = user(conn, "bo@example.com", password=None, role="agent")
    entered = use_link(conn, users.new_link(conn, bo.id, NOW), Choice(PASSWORD, "BO@example.com", " Bo "), NOW)
    assert (entered.session.user.id, entered.session.user.name, entered.session.user.role) == (bo.id, "Bo", "agent")
    again = use_link(conn, users.new_link(conn, bo.id, NOW), Choice(OTHER), NOW)
    assert again.session.user.name == "Bo" and enter(conn, OTHER, email="bo@example.com")


def test_a_new_password_by_link_signs_out_everywhere(conn: Connection) -> None:
    ada = user(conn)
    before = enter(conn)
    use_link(conn, users.new_link(conn, ada.id, NOW), Choice(OTHER), NOW)
    assert sessions.find(conn, before.secret, NOW + 1) is None


def test_an_invitation_is_for_one_address_and_can_be_taken_back(conn: Connection) -> None:
    bo = user(conn, "bo@example.com", password=None)
    token = users.new_link(conn, bo.id, NOW)
    with pytest.raises(InvalidInput) as refused, conn.begin_nested():
        use_link(conn, token, Choice(PASSWORD, "eve@example.com"), NOW)
    assert refused.value.field == "email"
    users.update(conn, bo.id, disabled_at=NOW)
    with pytest.raises(InvalidInput, match="withdrawn"), conn.begin_nested():
        use_link(conn, token, Choice(PASSWORD), NOW)
    assert users.find(conn, id=bo.id).password_hash is None  # type: ignore[union-attr]


# -- another password -----------------------------------------------------------------------------


def test_another_password_signs_out_every_other_device(conn: Connection) -> None:
    user(conn)
    here, there = enter(conn), enter(conn)
    change_password(transaction(conn), here.session, PASSWORD, OTHER, HOME, NOW)
    assert sessions.find(conn, here.secret, NOW + 1) is not None
    assert sessions.find(conn, there.secret, NOW + 1) is None
    assert enter(conn, OTHER)
    wrong(conn, 1)
    with pytest.raises(WrongPassword):
        enter(conn, PASSWORD)


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [("not this one", OTHER, "old"), (PASSWORD, "aaaabbbbcccc", "new"), (PASSWORD, "ada@example.com", "new")],
)
def test_a_password_that_cannot_be_changed_stays(conn: Connection, old: str, new: str, field: str) -> None:
    user(conn)
    here, there = enter(conn), enter(conn)
    with pytest.raises(InvalidInput) as refused:
        change_password(transaction(conn), here.session, old, new, HOME, NOW)
    assert refused.value.field == field and enter(conn)
    assert sessions.find(conn, there.secret, NOW + 1) is not None


def test_guessing_the_old_password_is_slow_too(conn: Connection) -> None:
    user(conn)
    here = enter(conn)
    for _ in range(5):
        with pytest.raises(InvalidInput):
            change_password(transaction(conn), here.session, "not this one", OTHER, HOME, NOW)
    with pytest.raises(TooManyTries):
        change_password(transaction(conn), here.session, PASSWORD, OTHER, HOME, NOW)
