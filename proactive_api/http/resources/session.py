"""``/v1/session``: sign in to the dashboard, sign out, choose a password."""

from __future__ import annotations

from typing import Annotated, Any, Optional, Sequence, Tuple

import msgspec
from msgspec import Meta
from sqlalchemy.engine import Connection

from proactive_api.http.core.access import COOKIE
from proactive_api.http.core.endpoint import OPEN, SIGNED_IN, Answer, Call, Endpoint
from proactive_api.http.core.fields import Email, Name
from proactive_api.http.core.problems import Problem, invalid
from proactive_api.http.resources.shapes import Oneself, SessionResource, SessionState
from proactive_api.storage.access import attempts, passwords, sessions, users
from proactive_api.storage.access.attempts import Subject
from proactive_api.storage.access.sessions import Session
from proactive_api.storage.access.users import User

#: Fewest different characters in a password: ``aaaaaaaaaaaa`` is none.
_VARIETY = 5

NewPassword = Annotated[str, Meta(min_length=12, max_length=1024)]
AnyPassword = Annotated[str, Meta(max_length=1024)]
Token = Annotated[str, Meta(min_length=1, max_length=255)]


class SignIn(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Who signs in."""

    email: Annotated[str, Meta(max_length=254)]
    password: AnyPassword


class Setup(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What the holder of a link chooses. For an invitation, ``email`` and ``name`` may be left out."""

    token: Token
    password: NewPassword
    email: Optional[Email] = None
    name: Optional[Name] = None


class PasswordChange(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The password until now, and from now on."""

    old: AnyPassword
    new: NewPassword


def state(conn: Connection, _call: Call) -> Answer:
    """Whether the first user is still to be made, by the link that the server printed at its start."""
    return Answer(SessionState(not users.exist(conn)), _NOT_KEPT)


def get(_conn: Connection, call: Call) -> Answer:
    """Who is signed in, and what they may do."""
    return Answer(_shown(call, _session(call)), _NOT_KEPT)


def sign_in(conn: Connection, call: Call) -> Answer:
    """Sign in with email and password.

    The answer sets the cookie of the session. After some wrong tries each further one has to wait longer.
    """
    email = users.normal_email(call.body.email)
    subjects = _count_try(call, email)
    user = users.find(conn, email=email)
    usable = user if user is not None and user.disabled_at is None else None
    if not passwords.matches(call.body.password, usable.password_hash if usable else None) or usable is None:
        raise Problem("unauthorized", "The email address or the password is wrong.")
    with call.transaction() as writing:
        attempts.succeed(writing, subjects)
        if usable.password_hash and passwords.is_outdated(usable.password_hash):
            users.update(writing, usable.id, password_hash=passwords.hashed(call.body.password))
        return _signed_in(writing, call, usable)


def set_up(conn: Connection, call: Call) -> Answer:
    """Make the first user, or accept an invitation, by a link's token; and sign in."""
    body: Setup = call.body
    users.lock_first(conn)
    link = users.use_link(conn, body.token, call.now)
    if link is None or (link.user_id is None and users.exist(conn)):
        raise invalid("token", "This link was used already, or is too old. Ask for a new one.")
    user = _first(conn, call) if link.user_id is None else _invited(conn, call, link.user_id)
    return _signed_in(conn, call, user)


def sign_out(conn: Connection, call: Call) -> Answer:
    """Sign out here."""
    sessions.end(conn, _session(call))
    return Answer(None, _cookie(call, "", 0))


def sign_out_everywhere(conn: Connection, call: Call) -> Answer:
    """Sign out on every device."""
    sessions.end_all(conn, _session(call).user.id)
    return Answer(None, _cookie(call, "", 0))


def change_password(_conn: Connection, call: Call) -> Answer:
    """Choose another password. It signs out on every other device."""
    session = _session(call)
    user = session.user
    check_password("new", call.body.new, user.email)
    subjects = _count_try(call, user.email)
    if not passwords.matches(call.body.old, user.password_hash):
        raise invalid("old", "This is not the password until now.")
    hashed = passwords.hashed(call.body.new)
    with call.transaction() as writing:
        attempts.succeed(writing, subjects)
        users.update(writing, user.id, password_hash=hashed)
        sessions.end_all(writing, user.id, but=session)
    return Answer(None)


def check_password(field: str, password: str, email: str) -> None:
    """What its length does not tell.

    Raises:
        Problem: 422, if it would be guessed at once.
    """
    if len(set(password)) < _VARIETY:
        raise invalid(field, f"Use at least {_VARIETY} different characters.")
    if password.strip().lower() == email:
        raise invalid(field, "The password must not be the email address.")


def _first(conn: Connection, call: Call) -> User:
    body: Setup = call.body
    if body.email is None:
        raise invalid("email", "This is missing.")
    if body.name is None:
        raise invalid("name", "This is missing.")
    email = users.normal_email(body.email)
    check_password("password", body.password, email)
    added = users.add(conn, email, body.name.strip(), "admin", call.now, passwords.hashed(body.password))
    assert added is not None
    return added


def _invited(conn: Connection, call: Call, user_id: str) -> User:
    body: Setup = call.body
    user = users.find(conn, id=user_id, lock=True)
    if user is None or user.disabled_at is not None:
        raise invalid("token", "This invitation was taken back.")
    if body.email is not None and users.normal_email(body.email) != user.email:
        raise invalid("email", "This invitation is for another email address.")
    check_password("password", body.password, user.email)
    name = body.name.strip() if body.name else user.name
    users.update(conn, user.id, password_hash=passwords.hashed(body.password), name=name)
    sessions.end_all(conn, user.id)
    changed = users.find(conn, id=user.id)
    assert changed is not None
    return changed


def _count_try(call: Call, email: str) -> Sequence[Subject]:
    """Count a try, which stays counted whatever becomes of this request.

    Raises:
        Problem: 429, if it comes too early.
    """
    subjects = attempts.of(email, call.address)
    with call.transaction() as conn:
        wait = attempts.begin(conn, subjects, call.now)
    if wait is not None:
        seconds = max(1, round(wait + 0.5))
        sentence = f"There were too many wrong passwords. Try again in {_in_words(seconds)}."
        raise Problem("too-many-requests", sentence, headers={"Retry-After": str(seconds)})
    return subjects


def _in_words(seconds: int) -> str:
    if seconds < 90:
        return "a second" if seconds == 1 else f"{seconds} seconds"
    return f"{-(-seconds // 60)} minutes"


def _session(call: Call) -> Session:
    assert call.session is not None
    return call.session


def _signed_in(conn: Connection, call: Call, user: User) -> Answer:
    session, secret = sessions.begin(conn, user, call.now)
    headers = {**_NOT_KEPT, **_cookie(call, secret, int(sessions.ABSOLUTE))}
    return Answer(_shown(call, session), headers)


def _shown(call: Call, session: Session) -> SessionResource:
    user = session.user
    who = Oneself(user.id, user.email, user.name, user.role)  # type: ignore[arg-type]
    scopes: Any = list(user.scopes)
    return SessionResource(who, session.csrf_token, scopes, call.config.sandbox)


def _cookie(call: Call, secret: str, seconds: int) -> dict[str, str]:
    secure = "; Secure" if (call.config.dashboard_url or "").startswith("https:") else ""
    return {"Set-Cookie": f"{COOKIE}={secret}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}"}


_NOT_KEPT = {"Cache-Control": "no-store"}
_ONE = "/v1/session"

ENDPOINTS: Tuple[Endpoint, ...] = (
    Endpoint("GET", f"{_ONE}/state", OPEN, state, response=SessionState),
    Endpoint("GET", _ONE, SIGNED_IN, get, response=SessionResource),
    Endpoint("POST", _ONE, OPEN, sign_in, body=SignIn, response=SessionResource, problems=("too-many-requests",)),
    Endpoint("DELETE", _ONE, SIGNED_IN, sign_out, status=204, writes=True),
    Endpoint("DELETE", f"{_ONE}/all", SIGNED_IN, sign_out_everywhere, status=204, writes=True),
    Endpoint("POST", f"{_ONE}/setup", OPEN, set_up, body=Setup, response=SessionResource, writes=True),
    Endpoint(
        "PATCH", f"{_ONE}/password", SIGNED_IN, change_password, body=PasswordChange, status=204,
        problems=("too-many-requests",),
    ),
)  # fmt: skip
