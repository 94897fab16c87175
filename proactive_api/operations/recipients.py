"""Add a person whom the business writes to, and change what it knows of them."""

from __future__ import annotations

import json
import zoneinfo
from typing import Any, Dict, Mapping, Optional

from sqlalchemy.engine import Connection

from proactive_api.lifecycle.pasted import visible
from proactive_api.operations.consent import note_of_business
from proactive_api.operations.errors import Conflict, InvalidInput, NotFound
from proactive_api.operations.send import number_of
from proactive_api.storage.people import recipients
from proactive_api.storage.people.recipients import Recipient

#: Characters of all attributes together, as JSON.
LONGEST_ATTRIBUTES = 16_000


def find(conn: Connection, recipient_id: str) -> Recipient:
    """The recipient with this id.

    Raises:
        NotFound: if there is none.
    """
    found = recipients.find(conn, id=recipient_id)
    if found is None:
        raise NotFound("There is no recipient with this id.")
    return found


def add(conn: Connection, values: Mapping[str, Any], by: str, now: float) -> Recipient:
    """Add a person.

    Args:
        values: fields of a recipient; ``user_id`` or ``phone_number`` is needed.
        by: who of the business adds them.
        now: seconds UTC.

    Raises:
        InvalidInput: if a field cannot be used.
        Conflict: if ``user_id`` or ``phone_number`` is somebody else's.
    """
    if values.get("user_id") is None and values.get("phone_number") is None:
        raise InvalidInput("user_id", "A user_id or a phone_number is needed.")
    checked = _checked(values)
    try:
        _see_that_nobody_has(conn, values.get("user_id"))
        added = recipients.create(conn, checked, now)
    except recipients.Taken as taken:
        raise _conflict(taken) from None
    if added.consent is not None:
        note_of_business(conn, added, by, now)
    return added


def change(conn: Connection, recipient_id: str, changes: Mapping[str, Any], by: str, now: float) -> Recipient:
    """Change some fields. Attributes are merged: those left out stay, ``None`` removes one.

    Args:
        by: who of the business changes them.
        now: seconds UTC.

    Raises:
        NotFound: if there is no such person.
        InvalidInput: if a field cannot be used.
        Conflict: if ``user_id`` or ``phone_number`` is somebody else's.
    """
    known, values = find(conn, recipient_id), dict(changes)
    if values.get("user_id") == known.user_id:
        values.pop("user_id", None)  # it may be one of those that were stored before they were cleaned
    if "attributes" in values:
        merged = {**known.attributes, **values["attributes"]}
        values["attributes"] = {name: value for name, value in merged.items() if value is not None}
    try:
        _see_that_nobody_has(conn, values.get("user_id"))
        changed = recipients.update(conn, known.id, _checked(values), now)
    except recipients.Taken as taken:
        raise _conflict(taken) from None
    if changed is None:
        raise NotFound("There is no recipient with this id.")
    if changed.consent != known.consent:
        note_of_business(conn, changed, by, now)
    return changed


def _see_that_nobody_has(conn: Connection, user_id: Optional[str]) -> None:
    """See that a user ID is free just as it was written, too: older ones may have blanks around them.

    Raises:
        Taken: if somebody has it.
    """
    if user_id is not None and recipients.find(conn, user_id=user_id) is not None:
        raise recipients.Taken("user_id")


def _checked(given: Mapping[str, Any]) -> Dict[str, Any]:
    values = dict(given)
    for name in ("user_id", "nickname"):
        if values.get(name) is not None:
            values[name] = visible(values[name])
            if not values[name]:
                raise InvalidInput(name, "This must not be empty.")
    if values.get("phone_number") is not None:
        values["phone_number"] = number_of(values["phone_number"])
    if values.get("timezone") is not None and values["timezone"] not in zoneinfo.available_timezones():
        raise InvalidInput("timezone", "Enter a time zone such as Europe/Vienna.")
    if len(json.dumps(values.get("attributes"))) > LONGEST_ATTRIBUTES:
        raise InvalidInput("attributes", f"These are too long: at most {LONGEST_ATTRIBUTES} characters in all.")
    return values


def _conflict(taken: recipients.Taken) -> Conflict:
    what = "user ID" if taken.field == "user_id" else "phone number"
    return Conflict(f"Another recipient has this {what}.", taken.field)
