"""Who may do what: scripts by bearer keys, people by the session in their browser's cookie."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Optional

from sqlalchemy.engine import Connection

from proactive_api.http.core.endpoint import OPEN, SIGNED_IN
from proactive_api.http.core.problems import Problem
from proactive_api.storage.access import keys, sessions
from proactive_api.storage.access.keys import ApiKey
from proactive_api.storage.access.sessions import Session
from proactive_api.storage.access.users import User

#: Id of the key that ``PROACTIVE_ADMIN_KEY`` sets; it has no row.
ENVIRONMENT_KEY = "environment"
#: The cookie of a session.
COOKIE = "proactive_session"

_NOBODY = ApiKey("", "", (), 0.0)
_SAFE_METHODS = ("GET", "HEAD")
#: What a browser says of requests that our own pages make, or a person by the address bar.
_OWN_SITES = ("same-origin", "none")


@dataclass(frozen=True)
class Credentials:
    """What a request shows of where it comes from.

    Args:
        authorization: the header of this name.
        session: the session cookie.
        csrf_token: the header ``X-CSRF-Token``.
        site: the header ``Sec-Fetch-Site``, which only browsers send.
    """

    authorization: Optional[str] = None
    session: Optional[str] = None
    csrf_token: Optional[str] = None
    site: Optional[str] = None


@dataclass(frozen=True)
class Access:
    """Who asks: a key, or a person as if they were one."""

    key: ApiKey
    session: Optional[Session] = None


def enter(
    conn: Connection, shown: Credentials, method: str, scope: str, admin_key: Optional[str], now: float
) -> Access:
    """Who asks, if they may.

    Args:
        scope: of the endpoint.
        admin_key: the key that the environment sets, if any.

    Raises:
        Problem: 401 or 403.
    """
    if scope == OPEN:
        _check_site(shown, method)
        return Access(_NOBODY)
    if scope == SIGNED_IN or (shown.authorization is None and shown.session is not None):
        return _person(conn, shown, method, scope, now)
    return Access(authorize(conn, shown.authorization, scope, admin_key))


def authorize(conn: Connection, header: Optional[str], scope: str, admin_key: Optional[str]) -> ApiKey:
    """The key of a request, if it allows ``scope``.

    Args:
        header: the ``Authorization`` header.
        admin_key: the key that the environment sets, if any.

    Raises:
        Problem: 401 or 403.
    """
    method, _, secret = (header or "").strip().partition(" ")
    if method.lower() != "bearer" or not secret.strip():
        raise _unauthorized("Sign in, or send an API key: Authorization: Bearer <key>.")
    key = _key(conn, secret.strip(), admin_key)
    if key is None:
        raise _unauthorized("This API key is not known, or was revoked.")
    if not key.allows(scope):
        raise Problem("forbidden", f"This needs an API key with the scope {scope}; yours has {', '.join(key.scopes)}.")
    return key


def as_key(user: User) -> ApiKey:
    """A person as the rest of the API sees who asks."""
    return ApiKey(user.id, user.name, user.scopes, user.created_at)


def _person(conn: Connection, shown: Credentials, method: str, scope: str, now: float) -> Access:
    session = sessions.find(conn, shown.session, now) if shown.session else None
    if session is None:
        raise _unauthorized("You are not signed in, or were signed out. Sign in again.")
    if method not in _SAFE_METHODS:
        _check_site(shown, method)
        given = (shown.csrf_token or "").encode("utf-8", "surrogatepass")
        if not hmac.compare_digest(given, session.csrf_token.encode()):
            raise Problem("csrf", "Send the session's csrf_token in the header X-CSRF-Token. Reload the page.")
    key = as_key(session.user)
    if scope != SIGNED_IN and not key.allows(scope):
        raise Problem("forbidden", f"Your role ({session.user.role}) doesn't have permission for this.")
    return Access(key, session)


def _check_site(shown: Credentials, method: str) -> None:
    if method not in _SAFE_METHODS and shown.site is not None and shown.site not in _OWN_SITES:
        raise Problem("csrf", "This request came from another website.")


def _key(conn: Connection, secret: str, admin_key: Optional[str]) -> Optional[ApiKey]:
    if admin_key and hmac.compare_digest(keys.hash_key(secret), keys.hash_key(admin_key)):
        return ApiKey(ENVIRONMENT_KEY, "Admin", ("admin",), 0.0)
    return keys.find(conn, secret)


def _unauthorized(detail: str) -> Problem:
    return Problem("unauthorized", detail, headers={"WWW-Authenticate": 'Bearer realm="proactive"'})
