"""Let people into the dashboard: by password, or by the link that makes the first user or that an invitation holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, ContextManager, Optional, Sequence

from sqlalchemy.engine import Connection

from proactive_api.operations.errors import InvalidInput, OperationError
from proactive_api.storage.access import attempts, passwords, sessions, users
from proactive_api.storage.access.attempts import Subject
from proactive_api.storage.access.sessions import Session
from proactive_api.storage.access.users import User

#: Fewest different characters in a password: ``aaaaaaaaaaaa`` is none.
_VARIETY = 5

#: Opens a transaction that writes, whatever becomes of the caller's own.
Transaction = Callable[[], ContextManager[Connection]]


class WrongPassword(OperationError):
    """The email address or the password is wrong; nobody learns which."""


class TooManyTries(OperationError):
    """There were too many wrong passwords; ``wait`` is how long the next try has to wait, in seconds."""

    def __init__(self, wait: int) -> None:
        super().__init__(f"There were too many wrong passwords. Try again in {_in_words(wait)}.")
        self.wait = wait


@dataclass(frozen=True)
class SignedIn:
    """A session that has just begun; ``secret`` is known to the browser only."""

    session: Session
    secret: str


@dataclass(frozen=True)
class Choice:
    """What the holder of a link chooses. For an invitation, ``email`` and ``name`` may be left out."""

    password: str
    email: Optional[str] = None
    name: Optional[str] = None


def sign_in(
    conn: Connection, transaction: Transaction, email: str, password: str, address: str, now: float
) -> SignedIn:
    """Begin a session by password.

    Args:
        conn: reads; each try is counted in a transaction of its own, so that it stays counted.
        address: where the request comes from.
        now: seconds UTC.

    Raises:
        TooManyTries: if it comes too early after wrong ones.
        WrongPassword: if it does not fit.
    """
    email = users.normal_email(email)
    subjects = _count_try(transaction, email, address, now)
    user = users.find(conn, email=email)
    usable = user if user is not None and user.disabled_at is None else None
    if not passwords.matches(password, usable.password_hash if usable else None) or usable is None:
        raise WrongPassword("The email address or the password is wrong.")
    with transaction() as writing:
        attempts.succeed(writing, subjects)
        if usable.password_hash and passwords.is_outdated(usable.password_hash):
            users.update(writing, usable.id, password_hash=passwords.hashed(password))
        return begin(writing, usable, now)


def use_link(conn: Connection, token: str, choice: Choice, now: float) -> SignedIn:
    """Make the first user, or accept an invitation, and begin a session (``now``: seconds UTC).

    Raises:
        InvalidInput: if the link is not good any more, or a choice cannot be.
    """
    users.lock_first(conn)
    link = users.use_link(conn, token, now)
    if link is None or (link.user_id is None and users.exist(conn)):
        raise InvalidInput("token", "This link has been used or has expired. Ask for a new one.")
    user = _first(conn, choice, now) if link.user_id is None else _invited(conn, choice, link.user_id)
    return begin(conn, user, now)


def change_password(transaction: Transaction, session: Session, old: str, new: str, address: str, now: float) -> None:
    """Choose another password; it signs out on every other device (``now``: seconds UTC).

    Raises:
        InvalidInput: if the old one is wrong, or the new one would be guessed.
        TooManyTries: if it comes too early after wrong ones.
    """
    user = session.user
    check_password("new", new, user.email)
    subjects = _count_try(transaction, user.email, address, now)
    if not passwords.matches(old, user.password_hash):
        raise InvalidInput("old", "This isn't your current password.")
    hashed = passwords.hashed(new)
    with transaction() as writing:
        attempts.succeed(writing, subjects)
        users.update(writing, user.id, password_hash=hashed)
        sessions.end_all(writing, user.id, but=session)


def begin(conn: Connection, user: User, now: float) -> SignedIn:
    """Begin a session of somebody who showed who they are (``now``: seconds UTC)."""
    return SignedIn(*sessions.begin(conn, user, now))


def check_password(field: str, password: str, email: str) -> None:
    """What a password's length does not tell.

    Raises:
        InvalidInput: if it would be guessed at once.
    """
    if len(set(password)) < _VARIETY:
        raise InvalidInput(field, f"Use at least {_VARIETY} different characters.")
    if password.strip().lower() == email:
        raise InvalidInput(field, "The password must not be the email address.")


def _first(conn: Connection, choice: Choice, now: float) -> User:
    if choice.email is None:
        raise InvalidInput("email", "This field is required.")
    if choice.name is None:
        raise InvalidInput("name", "This field is required.")
    email = users.normal_email(choice.email)
    check_password("password", choice.password, email)
    added = users.add(conn, email, choice.name.strip(), "admin", now, passwords.hashed(choice.password))
    assert added is not None
    return added


def _invited(conn: Connection, choice: Choice, user_id: str) -> User:
    user = users.find(conn, id=user_id, lock=True)
    if user is None or user.disabled_at is not None:
        raise InvalidInput("token", "This invitation was withdrawn.")
    if choice.email is not None and users.normal_email(choice.email) != user.email:
        raise InvalidInput("email", "This invitation is for another email address.")
    check_password("password", choice.password, user.email)
    name = choice.name.strip() if choice.name else user.name
    users.update(conn, user.id, password_hash=passwords.hashed(choice.password), name=name)
    sessions.end_all(conn, user.id)
    changed = users.find(conn, id=user.id)
    assert changed is not None
    return changed


def _count_try(transaction: Transaction, email: str, address: str, now: float) -> Sequence[Subject]:
    """Count a try before it is known to be a wrong one: many at once are not one."""
    subjects = attempts.of(email, address)
    with transaction() as conn:
        wait = attempts.begin(conn, subjects, now)
    if wait is not None:
        raise TooManyTries(max(1, round(wait + 0.5)))
    return subjects


def _in_words(seconds: int) -> str:
    if seconds < 90:
        return "a second" if seconds == 1 else f"{seconds} seconds"
    return f"{-(-seconds // 60)} minutes"
