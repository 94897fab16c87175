"""Newest-first lists in pages; a cursor is where the last page ended, so a page costs the same at any depth."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any, Generic, List, Optional, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

T = TypeVar("T")


@dataclass(frozen=True)
class Cursor:
    """The last row of a page: its time (seconds UTC) and id."""

    at: float
    id: str

    def __str__(self) -> str:
        return base64.urlsafe_b64encode(json.dumps([self.at, self.id]).encode()).decode().rstrip("=")

    @classmethod
    def parse(cls, text: str) -> Cursor:
        """Read a cursor that a page gave.

        Raises:
            ValueError: if it is none.
        """
        try:
            at, row_id = json.loads(base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4)))
        except (binascii.Error, TypeError, RecursionError, UnicodeError) as error:
            raise ValueError("no cursor") from error
        if not isinstance(at, float) or not isinstance(row_id, str) or not row_id.isprintable():
            raise ValueError("no cursor")
        return cls(at, row_id)


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some rows of a list, and where the next page begins, ``None`` at the end."""

    rows: List[T]
    next_cursor: Optional[Cursor]


def fetch(
    conn: Connection, query: Any, at: sa.Column[Any], row_id: sa.Column[Any], limit: int, after: Optional[Cursor]
) -> Page[Row]:
    """Run ``query`` for one page.

    Args:
        at: column of times that the list is ordered by, newest first; it must be among the query's columns.
        row_id: column that tells rows of the same time apart.
        limit: rows in a page.
        after: the cursor of the page before.
    """
    if after is not None:
        # The first condition alone is one that an index can begin at.
        query = query.where(at <= after.at, sa.or_(at < after.at, row_id < after.id))
    rows = conn.execute(query.order_by(at.desc(), row_id.desc()).limit(limit + 1)).all()
    more = len(rows) > limit
    rows = rows[:limit]
    return Page(rows, Cursor(rows[-1]._mapping[at], rows[-1]._mapping[row_id]) if more else None)
