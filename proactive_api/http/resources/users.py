"""``/v1/users``: who may sign in to the dashboard, and as what."""

from __future__ import annotations

from typing import Dict, Tuple, Union
from urllib.parse import quote

import msgspec
from msgspec import UNSET, UnsetType
from sqlalchemy.engine import Connection

from proactive_api.config import Config
from proactive_api.http.core.endpoint import Answer, Call, Endpoint
from proactive_api.http.core.fields import Email, Name
from proactive_api.http.core.problems import Problem
from proactive_api.http.resources import present
from proactive_api.http.resources.shapes import InvitedUser, Page, RoleName, UserResource
from proactive_api.storage.access import sessions, users
from proactive_api.storage.access.users import User
from proactive_api.storage.conversations import handoffs


class NewUser(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Somebody to invite."""

    email: Email
    name: Name
    role: RoleName


class UserChanges(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What to change. Somebody who is disabled is signed out at once and cannot sign in."""

    name: Union[Name, UnsetType] = UNSET
    role: Union[RoleName, UnsetType] = UNSET
    disabled: Union[bool, UnsetType] = UNSET


def list_users(conn: Connection, _call: Call) -> Answer:
    """List everybody who may sign in, the latest added first."""
    return Answer(Page([UserResource(**present.user(one)) for one in users.list_all(conn)]))


def create(conn: Connection, call: Call) -> Answer:
    """Add a user. ``invite_url`` is for them to choose a password; it is in this answer only and works once."""
    body: NewUser = call.body
    added = users.add(conn, body.email, body.name.strip(), body.role, call.now)
    if added is None:
        raise Problem("conflict", "Somebody has this email address already.", "email")
    return _with_link(conn, call, added, {"Location": f"/v1/users/{added.id}"})


def invite(conn: Connection, call: Call) -> Answer:
    """Make a new link, for somebody who lost theirs or forgot the password; earlier links stop working."""
    return _with_link(conn, call, _existing(conn, call.id), {})


def update(conn: Connection, call: Call) -> Answer:
    """Change a user. The last admin stays one."""
    known = _existing(conn, call.id)
    changes = {k: v for k, v in msgspec.structs.asdict(call.body).items() if v is not UNSET}
    disabled = changes.pop("disabled", None)
    if disabled or changes.get("role", "admin") != "admin":
        _keep_an_admin(conn, known)
    if disabled is not None:
        changes["disabled_at"] = (known.disabled_at or call.now) if disabled else None
    users.update(conn, known.id, **changes)
    if disabled:
        _turn_away(conn, known)
    return Answer(UserResource(**present.user(_existing(conn, known.id))))


def delete(conn: Connection, call: Call) -> Answer:
    """Remove a user. Their open tickets are free again; what they said stays."""
    known = _existing(conn, call.id)
    _keep_an_admin(conn, known)
    _turn_away(conn, known)
    users.delete(conn, known.id)
    return Answer(None)


def setup_url(config: Config, token: str) -> str:
    """Where a link's token is used."""
    return f"{config.dashboard_address}/setup?token={quote(token)}"


def _with_link(conn: Connection, call: Call, user: User, headers: Dict[str, str]) -> Answer:
    url = setup_url(call.config, users.new_link(conn, user.id, call.now))
    return Answer(InvitedUser(**present.user(user), invite_url=url), {**headers, "Cache-Control": "no-store"})


def _turn_away(conn: Connection, user: User) -> None:
    sessions.end_all(conn, user.id)
    handoffs.release(conn, user.id)


def _keep_an_admin(conn: Connection, user: User) -> None:
    if users.is_last_admin(conn, user.id):
        raise Problem("conflict", "This is the last admin: make somebody else one first.")


def _existing(conn: Connection, user_id: str) -> User:
    found = users.find(conn, id=user_id)
    if found is None:
        raise Problem("not-found", "There is no user with this id.")
    return found


_ONE, _ALL = "/v1/users/{id}", "/v1/users"
_CONFLICT = ("conflict",)

ENDPOINTS: Tuple[Endpoint, ...] = (
    Endpoint("GET", _ALL, "admin", list_users, response=Page[UserResource]),
    Endpoint(
        "POST", _ALL, "admin", create, body=NewUser, response=InvitedUser, status=201, writes=True, problems=_CONFLICT
    ),
    Endpoint("POST", f"{_ONE}/invite", "admin", invite, response=InvitedUser, status=201, writes=True),
    Endpoint(
        "PATCH", _ONE, "admin", update, body=UserChanges, response=UserResource, writes=True, problems=_CONFLICT
    ),
    Endpoint("DELETE", _ONE, "admin", delete, status=204, writes=True, problems=_CONFLICT),
)  # fmt: skip
