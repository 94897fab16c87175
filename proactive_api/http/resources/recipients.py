"""``/v1/recipients``: the people whom the business writes to."""

from __future__ import annotations

from typing import Annotated, Any, Dict, Optional, Tuple, Union

import msgspec
from msgspec import UNSET, Meta, UnsetType
from sqlalchemy.engine import Connection

from proactive_api.http.core import fields
from proactive_api.http.core.endpoint import Answer, Call, Endpoint
from proactive_api.http.core.fields import Name, Paged, Phone
from proactive_api.http.core.patterns import LOCALE
from proactive_api.http.resources import present
from proactive_api.http.resources.shapes import ConsentHistory, Page, RecipientResource
from proactive_api.operations import erase as erasing
from proactive_api.operations import recipients as operations
from proactive_api.storage.people import consent, searching

Locale = Annotated[str, Meta(min_length=2, max_length=35, pattern=LOCALE)]
TimeZone = Annotated[str, Meta(min_length=1, max_length=64, description="An IANA name such as Europe/Vienna.")]
AttributeName = Annotated[str, Meta(min_length=1, max_length=100)]
Attributes = Annotated[Dict[AttributeName, Any], Meta(max_length=200)]


class NewRecipient(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A person. ``user_id`` or ``phone_number`` is needed. ``consent``: true, false, or null for unknown."""

    user_id: Optional[Name] = None
    nickname: Optional[Name] = None
    phone_number: Optional[Phone] = None
    locale: Optional[Locale] = None
    timezone: Optional[TimeZone] = None
    attributes: Optional[Attributes] = None
    consent: Optional[bool] = None


class RecipientChanges(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What to change. Attributes are merged: those left out stay, null removes one."""

    user_id: Union[Name, None, UnsetType] = UNSET
    nickname: Union[Name, None, UnsetType] = UNSET
    phone_number: Union[Phone, None, UnsetType] = UNSET
    locale: Union[Locale, None, UnsetType] = UNSET
    timezone: Union[TimeZone, None, UnsetType] = UNSET
    attributes: Union[Attributes, UnsetType] = UNSET
    consent: Union[bool, None, UnsetType] = UNSET


class SearchParameters(Paged, kw_only=True, forbid_unknown_fields=True):
    """``search`` finds people by the beginnings of words of a user ID or nickname, or by digits of a phone number.

    Case, accents and marks make no difference, and a number may be written as it is dialled at home.
    """

    search: Optional[Annotated[str, Meta(max_length=255)]] = None


def create(conn: Connection, call: Call) -> Answer:
    """Add a recipient."""
    body: NewRecipient = call.body
    values = {name: value for name, value in msgspec.structs.asdict(body).items() if value is not None}
    added = operations.add(conn, values, call.key.name, call.now)
    return Answer(present.recipient(added), {"Location": f"/v1/recipients/{added.id}"})


def search(conn: Connection, call: Call) -> Answer:
    """List recipients, or search them by user ID, nickname or phone number.

    Newest first. Search results begin with exact matches, followed by nicknames that start with the text.
    """
    page = searching.search(conn, call.query.search, call.query.limit, call.query.after)
    return Answer(fields.listed(page, [present.recipient(one) for one in page.rows], Page))


def get(conn: Connection, call: Call) -> Answer:
    """Get a recipient."""
    return Answer(present.recipient(operations.find(conn, call.id)))


def update(conn: Connection, call: Call) -> Answer:
    """Change a recipient.

    ``consent: false`` opts the person out. Only the person's own START undoes that; ``consent: true`` does not.
    """
    changes = {k: v for k, v in msgspec.structs.asdict(call.body).items() if v is not UNSET}
    return Answer(present.recipient(operations.change(conn, call.id, changes, call.key.name, call.now)))


def consent_history(conn: Connection, call: Call) -> Answer:
    """Get the history of a recipient's consent: asked, given, refused, STOP and START, newest first."""
    changes = consent.history(conn, operations.find(conn, call.id).id)
    return Answer(ConsentHistory([present.consent_change(one) for one in changes]))


def erase(conn: Connection, call: Call) -> Answer:
    """Erase a recipient: their data, conversations, transcripts and figures. This cannot be undone."""
    erasing.erase(conn, call.id)
    return Answer(None)


_ONE, _ALL = "/v1/recipients/{id}", "/v1/recipients"

ENDPOINTS: Tuple[Endpoint, ...] = (
    Endpoint(
        "POST",
        _ALL,
        "send",
        create,
        body=NewRecipient,
        response=RecipientResource,
        status=201,
        writes=True,
        repeatable=True,
        problems=("conflict",),
    ),
    Endpoint("GET", _ALL, "read", search, query=SearchParameters, response=Page[RecipientResource]),
    Endpoint("GET", _ONE, "read", get, response=RecipientResource),
    Endpoint(
        "PATCH", _ONE, "send", update, body=RecipientChanges, response=RecipientResource, writes=True,
        problems=("conflict",),
    ),
    Endpoint("GET", f"{_ONE}/consent", "read", consent_history, response=ConsentHistory),
    Endpoint("DELETE", _ONE, "admin", erase, status=204, writes=True, problems=("conflict",)),
)  # fmt: skip
