"""Invite people to the dashboard, change what they may do, and turn them away."""

from __future__ import annotations

from typing import Any, Mapping, Optional

from sqlalchemy.engine import Connection

from proactive_api.operations.errors import Conflict, NotFound
from proactive_api.storage.access import sessions, users
from proactive_api.storage.access.users import User
from proactive_api.storage.conversations import handoff_views, handoffs


def find(conn: Connection, user_id: str) -> User:
    """The user with this id.

    Raises:
        NotFound: if there is none.
    """
    found = users.find(conn, id=user_id)
    if found is None:
        raise NotFound("There is no user with this id.")
    return found


def invite(conn: Connection, email: str, name: str, role: str, now: float) -> User:
    """Add somebody who has no password yet (``now``: seconds UTC).

    Raises:
        Conflict: if somebody has this email address.
    """
    added = users.add(conn, email, name.strip(), role, now)
    if added is None:
        raise Conflict("This email address is already in use.", "email")
    return added


def change(conn: Connection, user_id: str, changes: Mapping[str, Any], disabled: Optional[bool], now: float) -> User:
    """Change a user. Somebody who is disabled is signed out at once; the last admin stays one.

    Args:
        changes: some of ``name`` and ``role``.
        disabled: whether they may not sign in; ``None`` leaves that as it is.
        now: seconds UTC.

    Raises:
        NotFound: if there is no such user.
        Conflict: if nobody could administer any more.
    """
    known, values = find(conn, user_id), dict(changes)
    if disabled or values.get("role", "admin") != "admin":
        _keep_an_admin(conn, known)
    if disabled is not None:
        values["disabled_at"] = (known.disabled_at or now) if disabled else None
    users.update(conn, known.id, **values)
    if disabled:
        _turn_away(conn, known)
    return find(conn, known.id)


def remove(conn: Connection, user_id: str) -> None:
    """Remove a user. Their open tickets are free again; what they said stays.

    Raises:
        NotFound: if there is no such user.
        Conflict: if nobody could administer any more.
    """
    known = find(conn, user_id)
    _keep_an_admin(conn, known)
    _turn_away(conn, known)
    handoff_views.forget(conn, known.id)
    users.delete(conn, known.id)


def _turn_away(conn: Connection, user: User) -> None:
    sessions.end_all(conn, user.id)
    handoffs.unassign_all(conn, user.id)


def _keep_an_admin(conn: Connection, user: User) -> None:
    if users.is_last_admin(conn, user.id):
        raise Conflict("This is the last admin. Make someone else an admin first.")
