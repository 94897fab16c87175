"""``/v1/recipients``: the people whom the business writes to."""

from __future__ import annotations

import json
import zoneinfo
from typing import Annotated, Any, Dict, Optional, Tuple, Union

import msgspec
from msgspec import UNSET, Meta, UnsetType
from sqlalchemy.engine import Connection

from proactive_api.http.core import fields
from proactive_api.http.core.endpoint import Answer, Call, Endpoint
from proactive_api.http.core.fields import Name, Paged, Phone
from proactive_api.http.core.patterns import LOCALE
from proactive_api.http.core.problems import Problem, invalid
from proactive_api.http.resources import present
from proactive_api.http.resources.shapes import ConsentHistory, Page, RecipientResource
from proactive_api.storage.people import consent, recipients
from proactive_api.storage.people.recipients import Recipient

#: Characters of all attributes together, as JSON.
LONGEST_ATTRIBUTES = 16_000

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
    """``search`` finds a part of a user ID, nickname or phone number, in any case."""

    search: Optional[Annotated[str, Meta(max_length=255)]] = None


def create(conn: Connection, call: Call) -> Answer:
    """Add a recipient."""
    body: NewRecipient = call.body
    if body.user_id is None and body.phone_number is None:
        raise invalid("user_id", "A user_id or a phone_number is needed.")
    values = {name: value for name, value in msgspec.structs.asdict(body).items() if value is not None}
    try:
        added = recipients.create(conn, _checked(values), call.now)
    except recipients.Taken as taken:
        raise _taken(taken) from None
    if added.consent is not None:
        _note_consent(conn, call, added)
    return Answer(present.recipient(added), {"Location": f"/v1/recipients/{added.id}"})


def search(conn: Connection, call: Call) -> Answer:
    """List recipients, or search them by user ID, nickname or phone number; the latest added first."""
    page = recipients.search(conn, call.query.search, call.query.limit, call.query.after)
    return Answer(fields.listed(page, [present.recipient(one) for one in page.rows], Page))


def get(conn: Connection, call: Call) -> Answer:
    """One recipient."""
    return Answer(present.recipient(_existing(conn, call.id)))


def update(conn: Connection, call: Call) -> Answer:
    """Change a recipient.

    ``consent: false`` opts the person out. Only their own START lifts that: ``consent: true`` does not.
    """
    known = _existing(conn, call.id)
    changes = {k: v for k, v in msgspec.structs.asdict(call.body).items() if v is not UNSET}
    if "attributes" in changes:
        merged = {**known.attributes, **changes["attributes"]}
        changes["attributes"] = {name: value for name, value in merged.items() if value is not None}
    try:
        changed = recipients.update(conn, known.id, _checked(changes), call.now)
    except recipients.Taken as taken:
        raise _taken(taken) from None
    assert changed is not None
    if changed.consent != known.consent:
        _note_consent(conn, call, changed)
    return Answer(present.recipient(changed))


def consent_history(conn: Connection, call: Call) -> Answer:
    """What became of a recipient's consent: asked, given, refused, STOP and START; the latest first."""
    changes = consent.history(conn, _existing(conn, call.id).id)
    return Answer(ConsentHistory([present.consent_change(one) for one in changes]))


def _note_consent(conn: Connection, call: Call, person: Recipient) -> None:
    consent.note(conn, person.id, consent.of_business(person.consent), "business", call.now, call.key.name)


def erase(conn: Connection, call: Call) -> Answer:
    """Erase a recipient: their data, conversations, transcripts and figures. It cannot be taken back."""
    known = _existing(conn, call.id)
    if recipients.is_being_sent_to(conn, known.id):
        raise Problem("conflict", "A message to this recipient is on its way. Try again in a moment.")
    recipients.erase(conn, known)
    return Answer(None)


def _existing(conn: Connection, recipient_id: str) -> Recipient:
    found = recipients.find(conn, id=recipient_id)
    if found is None:
        raise Problem("not-found", "There is no recipient with this id.")
    return found


def _checked(values: Dict[str, Any]) -> Dict[str, Any]:
    if values.get("phone_number") is not None:
        values["phone_number"] = fields.phone("phone_number", values["phone_number"])
    if values.get("timezone") is not None and values["timezone"] not in zoneinfo.available_timezones():
        raise invalid("timezone", "This is not the name of a time zone, such as Europe/Vienna.")
    if len(json.dumps(values.get("attributes"))) > LONGEST_ATTRIBUTES:
        raise invalid("attributes", f"These are too long: at most {LONGEST_ATTRIBUTES} characters in all.")
    return values


def _taken(taken: recipients.Taken) -> Problem:
    what = "user ID" if taken.field == "user_id" else "phone number"
    return Problem("conflict", f"Another recipient has this {what}.", taken.field)


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
