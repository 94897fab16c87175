"""``/v1/keys``: API keys and what they allow."""

from __future__ import annotations

from typing import Annotated, List, Tuple

import msgspec
from msgspec import Meta
from sqlalchemy.engine import Connection

from proactive_api.http.core.endpoint import Answer, Call, Endpoint
from proactive_api.http.core.fields import Name
from proactive_api.http.core.problems import Problem
from proactive_api.http.resources import present
from proactive_api.http.resources.shapes import KeyResource, NewKey, Page, ScopeName
from proactive_api.storage.access import keys


class KeyWish(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A key to make. ``admin`` includes the other scopes."""

    name: Name
    scopes: Annotated[List[ScopeName], Meta(min_length=1, max_length=4)]


def create(conn: Connection, call: Call) -> Answer:
    """Create an API key. Its secret is only in this response; it is stored hashed."""
    made, secret = keys.create(conn, call.body.name, call.body.scopes, call.now)
    return Answer(NewKey(**present.key(made), key=secret), {"Cache-Control": "no-store"})


def list_keys(conn: Connection, _call: Call) -> Answer:
    """List all API keys, including revoked ones, newest first."""
    return Answer(Page([KeyResource(**present.key(one)) for one in keys.list_all(conn)]))


def revoke(conn: Connection, call: Call) -> Answer:
    """Revoke an API key. It stops working at once."""
    if not keys.revoke(conn, call.id, call.now):
        raise Problem("not-found", "There is no API key with this id.")
    return Answer(None)


ENDPOINTS: Tuple[Endpoint, ...] = (
    Endpoint("POST", "/v1/keys", "admin", create, body=KeyWish, response=NewKey, status=201, writes=True),
    Endpoint("GET", "/v1/keys", "admin", list_keys, response=Page[KeyResource]),
    Endpoint("DELETE", "/v1/keys/{id}", "admin", revoke, status=204, writes=True),
)
