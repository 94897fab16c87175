"""What became of a person's consent, and by whom: kept because it may have to be shown to somebody who asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Literal, Optional

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from proactive_api.storage.sql import tables as t

_changes = t.consent_changes

#: ``asked``: the consent message went out. ``given``, ``refused``, ``unknown``: what the business wrote down.
#: ``opted_out``, ``opted_in``: the person's own STOP and START, or the carrier's word that they said STOP there.
Kind = Literal["asked", "given", "refused", "unknown", "opted_out", "opted_in"]
#: ``unknown``: it was before this history began.
By = Literal["recipient", "carrier", "business", "unknown"]

#: So many are shown at most.
LIMIT = 200


@dataclass(frozen=True)
class ConsentChange:
    """One change.

    Args:
        at: seconds UTC.
        name: who of the business, where it was the business.
    """

    kind: Kind
    by: By
    name: Optional[str]
    at: float


def note(conn: Connection, recipient_id: str, kind: Kind, by: By, at: float, name: Optional[str] = None) -> None:
    """Write down a change.

    Args:
        at: seconds UTC.
        name: who of the business.
    """
    conn.execute(sa.insert(_changes), {"recipient_id": recipient_id, "kind": kind, "by": by, "name": name, "at": at})


def history(conn: Connection, recipient_id: str) -> List[ConsentChange]:
    """The changes, the latest first, ``LIMIT`` at most."""
    columns = (_changes.c.kind, _changes.c.by, _changes.c.name, _changes.c.at)
    query = sa.select(*columns).where(_changes.c.recipient_id == recipient_id)
    rows = conn.execute(query.order_by(_changes.c.at.desc(), _changes.c.id.desc()).limit(LIMIT))
    return [ConsentChange(*row) for row in rows]


def of_business(consent: Optional[bool]) -> Kind:
    """What the business writes down when it sets ``consent``."""
    return "unknown" if consent is None else "given" if consent else "refused"
