"""The people whom the business writes to."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Optional, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row
from sqlalchemy.exc import IntegrityError

from proactive_api.lifecycle.pasted import visible
from proactive_api.storage.sql import recipient_words
from proactive_api.storage.sql import tables as t
from proactive_api.storage.sql.writing import insert_for

_recipients = t.recipients

# Statements are made once: making one costs more than running it.
_BY = {
    name: sa.select(_recipients).where(_recipients.c[name] == sa.bindparam("value"))
    for name in ("id", "user_id", "phone_number")
}


class Taken(Exception):
    """Another recipient has this ``user_id`` or ``phone_number``; ``field`` says which."""

    def __init__(self, field_name: str) -> None:
        super().__init__(field_name)
        self.field = field_name


@dataclass(frozen=True)
class Recipient:
    """A person. Times are seconds UTC.

    ``opted_out_at`` is set by STOP and by an explicit no to ``consent``; only the person's own START lifts it.
    """

    id: str
    user_id: Optional[str]
    nickname: Optional[str]
    phone_number: Optional[str]
    locale: Optional[str]
    timezone: Optional[str]
    consent: Optional[bool]
    consent_at: Optional[float]
    opted_out_at: Optional[float]
    created_at: float
    updated_at: float
    attributes: Mapping[str, Any] = field(default_factory=dict)


def of_row(row: Row) -> Recipient:
    """The person whom a row of the table tells of."""
    plain = {name: row._mapping[name] for name in Recipient.__dataclass_fields__}
    return Recipient(**{**plain, "attributes": json.loads(row.attributes)})


def create(conn: Connection, values: Mapping[str, Any], now: float) -> Recipient:
    """Add a person.

    Args:
        values: any of the fields that a recipient can be given, already checked.

    Raises:
        Taken: if ``user_id`` or ``phone_number`` is somebody else's.
    """
    row: Dict[str, Any] = {"attributes": "{}", **_columns(values, now)}
    row.update(id=str(uuid.uuid4()), created_at=now, updated_at=now)
    if not conn.execute(insert_for(conn, _recipients).values(**row).on_conflict_do_nothing()).rowcount:
        taken = row.get("user_id") is not None and find(conn, user_id=row["user_id"]) is not None
        raise Taken("user_id" if taken else "phone_number")
    recipient_words.keep(conn, row)
    return _existing(conn, row["id"])


def update(conn: Connection, recipient_id: str, values: Mapping[str, Any], now: float) -> Optional[Recipient]:
    """Change some fields; ``None`` if there is no such person.

    Raises:
        Taken: if ``user_id`` or ``phone_number`` is somebody else's.
    """
    mine = sa.update(_recipients).where(_recipients.c.id == recipient_id)
    try:
        conn.execute(mine.values(updated_at=now, **_columns(values, now)))
    except IntegrityError as error:
        raise Taken("user_id" if "user_id" in str(error.orig) else "phone_number") from error
    changed = find(conn, id=recipient_id)
    if changed is not None and not set(values).isdisjoint(recipient_words.SEARCHED):
        recipient_words.renew(conn, changed.__dict__)
    return changed


def find(conn: Connection, **unique: str) -> Optional[Recipient]:
    """The person with this ``id``, ``user_id`` or ``phone_number``."""
    ((name, value),) = unique.items()
    row = conn.execute(_BY[name], {"value": value}).first()
    return of_row(row) if row is not None else None


def find_named(conn: Connection, user_id: str) -> Optional[Recipient]:
    """The person with this user ID as it was typed: who has just that, or else who has it without blanks around it and
    characters that nobody can see.
    """
    plain = visible(user_id)
    return find(conn, user_id=user_id) or (find(conn, user_id=plain) if plain != user_id else None)


def find_all(conn: Connection, ids: Sequence[str]) -> List[Recipient]:
    """The people with these ids, in this order."""
    rows = conn.execute(sa.select(_recipients).where(_recipients.c.id.in_(ids))).all() if ids else []
    known = {row.id: of_row(row) for row in rows}
    return [known[one] for one in ids if one in known]


def find_or_create(conn: Connection, phone_number: str, now: float) -> Recipient:
    """The person with this number (E.164), made at first contact."""
    known = find(conn, phone_number=phone_number)
    if known is not None:
        return known
    fresh: Dict[str, Any] = {"id": str(uuid.uuid4()), "phone_number": phone_number, "attributes": "{}"}
    fresh.update(created_at=now, updated_at=now)
    if conn.execute(insert_for(conn, _recipients).on_conflict_do_nothing(), fresh).rowcount:
        recipient_words.keep(conn, fresh)
    return of_row(conn.execute(_BY["phone_number"], {"value": phone_number}).one())


def find_or_create_named(conn: Connection, recipient_id: str, nickname: str, now: float) -> Recipient:
    """The person with this id, made at first contact under a nickname, where there is no number."""
    fresh: Dict[str, Any] = {"id": recipient_id, "nickname": nickname[:255], "attributes": "{}"}
    fresh.update(created_at=now, updated_at=now)
    if conn.execute(insert_for(conn, _recipients).on_conflict_do_nothing(), fresh).rowcount:
        recipient_words.keep(conn, fresh)
    return _existing(conn, recipient_id)


def _columns(values: Mapping[str, Any], now: float) -> Dict[str, Any]:
    row = dict(values)
    if "attributes" in row:
        row["attributes"] = json.dumps(row["attributes"])
    if "consent" in row:
        row["consent_at"] = None if row["consent"] is None else now
        if row["consent"] is False:
            row["opted_out_at"] = now
    return row


def _existing(conn: Connection, recipient_id: str) -> Recipient:
    return of_row(conn.execute(sa.select(_recipients).where(_recipients.c.id == recipient_id)).one())
