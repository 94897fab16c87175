"""Who is behind a tracker or a phone number, as far as a connector must know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Optional

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from proactive_api.storage.people import recipients
from proactive_api.storage.sql import tables as t

_recipients = t.recipients


@dataclass(frozen=True)
class Contact:
    """A recipient as a connector sees it; ``opted_out_at`` in seconds UTC."""

    id: str
    phone_number: Optional[str]
    opted_out: bool
    opted_out_at: Optional[float] = None


def _contact(row: Any) -> Contact:
    opted_out = row.opted_out_at is not None or row.consent is False
    return Contact(row.id, row.phone_number, opted_out, row.opted_out_at)


def contact(conn: Connection, recipient_id: str) -> Optional[Contact]:
    """The recipient with this id."""
    row = conn.execute(sa.select(_recipients).where(_recipients.c.id == recipient_id)).first()
    return _contact(row) if row is not None else None


def contact_by_phone(conn: Connection, phone_number: str) -> Optional[Contact]:
    """The recipient with this number."""
    row = conn.execute(sa.select(_recipients).where(_recipients.c.phone_number == phone_number)).first()
    return _contact(row) if row is not None else None


def contact_for_phone(conn: Connection, phone_number: str, now: float) -> Contact:
    """The recipient with this number; made at first contact (spec section 2)."""
    person = recipients.find_or_create(conn, phone_number, now)
    return _contact(person)


def write_consent(conn: Connection, recipient_id: str, now: float, **values: Any) -> None:
    """Change the columns of a person's consent; ``operations.consent`` says what each change means."""
    conn.execute(sa.update(_recipients).where(_recipients.c.id == recipient_id).values(updated_at=now, **values))
