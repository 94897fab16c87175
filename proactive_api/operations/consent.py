"""What becomes of a person's consent; each change is written down with whose word it was (spec section 5)."""

from __future__ import annotations

from typing import Optional

from sqlalchemy.engine import Connection

from proactive_api.storage.people import consent, contacts
from proactive_api.storage.people.consent import By
from proactive_api.storage.people.recipients import Recipient
from proactive_api.storage.queues import receipts
from proactive_api.storage.queues.receipts import Receipt


def opt_out(conn: Connection, recipient_id: str, now: float, by: By = "recipient") -> None:
    """Nothing more may be sent to them.

    Each wish of their own is written down; the carrier's word is, where it is news.

    Args:
        now: seconds UTC.
        by: whose word it is: their own STOP, or the carrier's that they said STOP there (Twilio error 21610).
    """
    known = contacts.contact(conn, recipient_id)
    if by == "carrier" and known is not None and known.opted_out_at is not None:
        return
    consent.note(conn, recipient_id, "opted_out", by, now)
    contacts.write_consent(conn, recipient_id, now, opted_out_at=now, consent=False, consent_at=now)


def note_blocked(conn: Connection, receipt: Receipt, phone_number: Optional[str], now: float) -> None:
    """A receipt tells that the carrier blocked a message because its recipient said STOP there (Twilio error 21610).

    Args:
        receipt: what the carrier told.
        phone_number: whom it was for; says so where nothing else does.
        now: seconds UTC.
    """
    found = receipts.addressee(conn, receipt)
    if found is None:
        contact = contacts.contact_by_phone(conn, phone_number) if phone_number else None
        found = (contact.id, None) if contact is not None else None
    if found is None:
        return
    recipient_id, handed_over = found
    back = next((one.at for one in consent.history(conn, recipient_id) if one.kind == "opted_in"), None)
    # A receipt may be late: their START is newer than a message that was handed over before it.
    if back is None or handed_over is None or handed_over >= back:
        opt_out(conn, recipient_id, now, "carrier")


def opt_in(conn: Connection, recipient_id: str, now: float) -> None:
    """They want messages again: their own START (``now``: seconds UTC)."""
    consent.note(conn, recipient_id, "opted_in", "recipient", now)
    contacts.write_consent(conn, recipient_id, now, opted_out_at=None, consent=True, consent_at=now)


def note_asked(conn: Connection, recipient_id: str, now: float) -> None:
    """The consent message went out; it is said once (``now``: seconds UTC)."""
    consent.note(conn, recipient_id, "asked", "business", now)
    contacts.write_consent(conn, recipient_id, now, consent_asked_at=now)


def note_of_business(conn: Connection, person: Recipient, name: str, now: float) -> None:
    """The business wrote down what this person wants.

    Args:
        name: who of the business.
        now: seconds UTC.
    """
    consent.note(conn, person.id, consent.of_business(person.consent), "business", now, name)
