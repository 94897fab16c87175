"""Who is behind a tracker or a phone number, as far as a connector must know."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, Optional

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from proactive_api.lifecycle.phone import InvalidPhone, is_phone, normalize_phone
from proactive_api.storage.people import recipients
from proactive_api.storage.sql import tables as t

_recipients = t.recipients
#: The same sender without a number is the same recipient.
_SENDERS = uuid.UUID("2f6f9a1c-8a0e-4f7b-9a51-6a9f3f0c7d22")


@dataclass(frozen=True)
class Contact:
    """A recipient as a connector sees it; ``opted_out_at`` in seconds UTC.

    ``phone_number`` is one that an SMS can go to, or ``None``.
    """

    id: str
    phone_number: Optional[str]
    opted_out: bool
    opted_out_at: Optional[float] = None


def _contact(row: Any) -> Contact:
    opted_out = row.opted_out_at is not None or row.consent is False
    phone = row.phone_number if is_phone(row.phone_number) else None
    return Contact(row.id, phone, opted_out, row.opted_out_at)


def contact(conn: Connection, recipient_id: str) -> Optional[Contact]:
    """The recipient with this id."""
    row = conn.execute(sa.select(_recipients).where(_recipients.c.id == recipient_id)).first()
    return _contact(row) if row is not None else None


def contact_by_phone(conn: Connection, phone_number: str) -> Optional[Contact]:
    """The recipient with this number."""
    row = conn.execute(sa.select(_recipients).where(_recipients.c.phone_number == phone_number)).first()
    return _contact(row) if row is not None else None


def contact_for_sender(conn: Connection, sender: str, now: float) -> Contact:
    """The recipient who wrote an SMS; made at first contact (spec section 2).

    Short codes, names and addresses of other networks (``whatsapp:…``) are people without a number, known by what they
    wrote from: nothing can be answered there, and a number in it belongs to somebody who did not text.
    """
    try:
        return _contact(recipients.find_or_create(conn, normalize_phone(sender), now))
    except InvalidPhone:
        stand_in = str(uuid.uuid5(_SENDERS, sender))
        return _contact(recipients.find_or_create_named(conn, stand_in, sender, now))


def write_consent(conn: Connection, recipient_id: str, now: float, **values: Any) -> None:
    """Change the columns of a person's consent; ``operations.consent`` says what each change means."""
    conn.execute(sa.update(_recipients).where(_recipients.c.id == recipient_id).values(updated_at=now, **values))
