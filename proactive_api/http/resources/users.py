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
from proactive_api.http.resources import present
from proactive_api.http.resources.shapes import InvitedUser, Page, RoleName, UserResource
from proactive_api.operations import users as operations
from proactive_api.storage.access import users
from proactive_api.storage.access.users import User


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
    """List users, newest first."""
    return Answer(Page([UserResource(**present.user(one)) for one in users.list_all(conn)]))


def create(conn: Connection, call: Call) -> Answer:
    """Invite a user. They choose a password at ``invite_url``, which is only in this response and works once."""
    body: NewUser = call.body
    added = operations.invite(conn, body.email, body.name, body.role, call.now)
    return _with_link(conn, call, added, {"Location": f"/v1/users/{added.id}"})


def invite(conn: Connection, call: Call) -> Answer:
    """Create a new link for a user who lost theirs or forgot their password. Earlier links stop working."""
    return _with_link(conn, call, operations.find(conn, call.id), {})


def update(conn: Connection, call: Call) -> Answer:
    """Change a user. The last admin cannot be demoted or disabled."""
    changes = {k: v for k, v in msgspec.structs.asdict(call.body).items() if v is not UNSET}
    disabled = changes.pop("disabled", None)
    return Answer(UserResource(**present.user(operations.change(conn, call.id, changes, disabled, call.now))))


def delete(conn: Connection, call: Call) -> Answer:
    """Remove a user. Their open tickets become unassigned; their messages stay."""
    operations.remove(conn, call.id)
    return Answer(None)


def setup_url(config: Config, token: str) -> str:
    """Where a link's token is used."""
    return f"{config.dashboard_address}/setup?token={quote(token)}"


def _with_link(conn: Connection, call: Call, user: User, headers: Dict[str, str]) -> Answer:
    url = setup_url(call.config, users.new_link(conn, user.id, call.now))
    return Answer(InvitedUser(**present.user(user), invite_url=url), {**headers, "Cache-Control": "no-store"})


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
