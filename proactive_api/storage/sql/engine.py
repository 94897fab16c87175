"""Engines for the two databases that the product runs on: SQLite (WAL) and PostgreSQL."""

from __future__ import annotations

from typing import Any, Dict

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

#: How long SQLite waits for another process's write before it gives up, seconds.
SQLITE_BUSY_SECONDS = 30


def create_engine(url: str, pool_size: int = 5) -> Engine:
    """Open an engine in 2.0 style, tuned for ``url``'s database.

    Args:
        url: an SQLAlchemy URL (``DATABASE_URL``).
        pool_size: connections kept open; PostgreSQL may open as many again under load.

    Raises:
        sqlalchemy.exc.ArgumentError: if the URL cannot be read.
    """
    if sa.engine.make_url(url).get_backend_name() != "sqlite":
        return sa.create_engine(url, future=True, pool_size=pool_size, max_overflow=pool_size, pool_pre_ping=True)
    # NullPool would reopen the file each time; a plain queue keeps the page cache warm.
    arguments: Dict[str, Any] = {"timeout": SQLITE_BUSY_SECONDS, "check_same_thread": False}
    engine = sa.create_engine(
        url,
        future=True,
        poolclass=sa.pool.QueuePool,
        pool_size=pool_size,
        max_overflow=pool_size,
        connect_args=arguments,
    )
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def read_only(conn: Connection) -> bool:
    """Whether this connection asked for a snapshot instead of the write lock."""
    return bool(conn.get_execution_options().get("proactive_read_only"))


def reader(engine: Engine) -> Engine:
    """The same engine, for transactions that only read: they never wait for a writer."""
    return engine.execution_options(proactive_read_only=True)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own transaction handling begins too late for a snapshot; _begin_sqlite does it.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_sqlite(conn: Connection) -> None:
    # IMMEDIATE takes the write lock at once: a read that later writes would otherwise fail as busy.
    conn.exec_driver_sql("BEGIN" if read_only(conn) else "BEGIN IMMEDIATE")
