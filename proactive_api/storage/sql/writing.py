"""Rows written so that whoever comes second does no harm: inserted, replaced, or left as they are."""

from __future__ import annotations

from functools import cache
from typing import Any, Iterable, Mapping, Sequence, Tuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection


def upsert(conn: Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]], keep: Iterable[str] = ()) -> None:
    """Insert rows, or replace those with the same primary key.

    Args:
        keep: columns that an existing row keeps.
    """
    if rows:
        key = {column.name for column in table.primary_key} | set(keep)
        fresh = ", ".join(f'"{name}" = excluded."{name}"' for name in rows[0] if name not in key)
        conn.execute(_insert_statement(table, tuple(rows[0]), f"UPDATE SET {fresh}"), list(rows))


def insert_missing(conn: Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, except those whose primary key is there; every column without a server's default must be given."""
    if rows:
        conn.execute(_insert_statement(table, tuple(rows[0]), "NOTHING"), list(rows))


@cache
def _insert_statement(table: sa.Table, names: Tuple[str, ...], otherwise: str) -> Any:
    # As text, because SQLAlchemy compiles an ON CONFLICT again at each use: that cost more than the rest of a save.
    # SQLite and PostgreSQL read it alike.
    columns, values = ", ".join(f'"{name}"' for name in names), ", ".join(f":{name}" for name in names)
    key = ", ".join(f'"{column.name}"' for column in table.primary_key)
    return sa.text(f'INSERT INTO "{table.name}" ({columns}) VALUES ({values}) ON CONFLICT ({key}) DO {otherwise}')


def insert_for(conn: Connection, table: sa.Table) -> Any:
    """An ``INSERT`` that knows ``ON CONFLICT``, in the dialect of this connection."""
    return (postgresql if conn.dialect.name == "postgresql" else sqlite).insert(table)
