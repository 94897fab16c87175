"""``/v1/session``: sign in to the dashboard, sign out, choose a password."""

from __future__ import annotations

from typing import Annotated, Any, Optional, Tuple

import msgspec
from msgspec import Meta
from sqlalchemy.engine import Connection

from proactive_api.http.core.access import COOKIE
from proactive_api.http.core.endpoint import OPEN, SIGNED_IN, Answer, Call, Endpoint
from proactive_api.http.core.fields import Email, Name
from proactive_api.http.core.problems import Problem
from proactive_api.http.resources.shapes import Oneself, SessionResource, SessionState
from proactive_api.operations import sign_in as operations
from proactive_api.storage.access import sessions, users
from proactive_api.storage.access.sessions import Session

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
    """Tell whether the first user must still be created, with the link that the server printed at startup."""
    return Answer(SessionState(not users.exist(conn)), _NOT_KEPT)


def get(_conn: Connection, call: Call) -> Answer:
    """Get the signed-in user and their permissions."""
    return Answer(_shown(call, _session(call)), _NOT_KEPT)


def sign_in(conn: Connection, call: Call) -> Answer:
    """Sign in with email and password.

    The response sets the session cookie. After several failed attempts, each further one has to wait longer.
    """
    body: SignIn = call.body
    try:
        done = operations.sign_in(conn, call.transaction, body.email, body.password, call.address, call.now)
    except operations.WrongPassword as error:
        raise Problem("unauthorized", str(error)) from None
    except operations.TooManyTries as error:
        raise _too_many(error) from None
    return _signed_in(call, done)


def set_up(conn: Connection, call: Call) -> Answer:
    """Create the first user or accept an invitation with the token of a link, and sign in."""
    body: Setup = call.body
    choice = operations.Choice(body.password, body.email, body.name)
    return _signed_in(call, operations.use_link(conn, body.token, choice, call.now))


def sign_out(conn: Connection, call: Call) -> Answer:
    """Sign out on this device."""
    sessions.end(conn, _session(call))
    return Answer(None, _cookie(call, "", 0))


def sign_out_everywhere(conn: Connection, call: Call) -> Answer:
    """Sign out on every device."""
    sessions.end_all(conn, _session(call).user.id)
    return Answer(None, _cookie(call, "", 0))


def change_password(_conn: Connection, call: Call) -> Answer:
    """Change your password. This signs you out on all other devices."""
    body: PasswordChange = call.body
    try:
        operations.change_password(call.transaction, _session(call), body.old, body.new, call.address, call.now)
    except operations.TooManyTries as error:
        raise _too_many(error) from None
    return Answer(None)


def _too_many(error: operations.TooManyTries) -> Problem:
    return Problem("too-many-requests", str(error), headers={"Retry-After": str(error.wait)})


def _session(call: Call) -> Session:
    assert call.session is not None
    return call.session


def _signed_in(call: Call, done: operations.SignedIn) -> Answer:
    headers = {**_NOT_KEPT, **_cookie(call, done.secret, int(sessions.ABSOLUTE))}
    return Answer(_shown(call, done.session), headers)


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
