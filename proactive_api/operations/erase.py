"""Erase a person: their data, conversations, transcripts and figures."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from proactive_api.operations.errors import Conflict
from proactive_api.operations.recipients import find
from proactive_api.storage.people import erasing


def erase(conn: Connection, recipient_id: str) -> None:
    """Forget a person and all that was said, planned, counted and remembered about them. It cannot be taken back.

    Raises:
        NotFound: if there is no such person.
        Conflict: if a message to them is on its way.
    """
    known = find(conn, recipient_id)
    if erasing.is_being_sent_to(conn, known.id):
        raise Conflict("A message to this recipient is being sent. Try again in a moment.")
    erasing.erase(conn, known)
