"""Who may do what: bearer keys and their scopes."""

from __future__ import annotations

import hmac
from typing import Optional

from sqlalchemy.engine import Connection

from proactive_api.http.problems import Problem
from proactive_api.storage import keys
from proactive_api.storage.keys import ApiKey

#: Id of the key that ``PROACTIVE_ADMIN_KEY`` sets; it has no row.
ENVIRONMENT_KEY = "environment"


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
        raise _unauthorized("Send an API key: Authorization: Bearer <key>.")
    key = _key(conn, secret.strip(), admin_key)
    if key is None:
        raise _unauthorized("This API key is not known, or was revoked.")
    if not key.allows(scope):
        raise Problem("forbidden", f"This needs an API key with the scope {scope}; yours has {', '.join(key.scopes)}.")
    return key


def _key(conn: Connection, secret: str, admin_key: Optional[str]) -> Optional[ApiKey]:
    if admin_key and hmac.compare_digest(keys.hash_key(secret), keys.hash_key(admin_key)):
        return ApiKey(ENVIRONMENT_KEY, "Admin", ("admin",), 0.0)
    return keys.find(conn, secret)


def _unauthorized(detail: str) -> Problem:
    return Problem("unauthorized", detail, headers={"WWW-Authenticate": 'Bearer realm="proactive"'})
