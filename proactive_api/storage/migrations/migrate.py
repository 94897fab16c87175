"""Bring a database to the tables that this version needs; many processes may try at once."""

from __future__ import annotations

import contextlib
import fcntl
from pathlib import Path
from typing import Any, Iterator, Optional

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.engine.url import URL

from proactive_api.storage.sql.engine import create_engine, reader

#: The newest step in ``versions``.
HEAD = "0016"

_MIGRATIONS = Path(__file__).parent
#: Any number that nobody else takes: processes that migrate the same database wait for each other on it.
_ADVISORY_LOCK = 7308323


def upgrade(url: str) -> None:
    """Create or upgrade the tables in ``url``'s database. Does nothing when they are current.

    A database in which stock Rasa already keeps its ``events`` is taken over as it is.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: if the database cannot be reached or altered.
    """
    with _file_lock(sa.engine.make_url(url)):
        engine = create_engine(url, pool_size=1)
        try:
            _upgrade(engine)
        finally:
            engine.dispose()


def is_current(engine: Engine) -> bool:
    """Whether the database has the tables that this version needs."""
    with reader(engine).connect() as conn:
        return current_revision(conn) == HEAD


def current_revision(conn: Connection) -> Optional[str]:
    """The step that the database stands at, ``None`` before the first."""
    if not sa.inspect(conn).has_table("alembic_version"):
        return None
    return conn.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


def alembic_config(conn: Optional[Connection] = None) -> Any:
    """Alembic's configuration for our steps, run on ``conn``."""
    from alembic.config import Config  # a quarter of a second that a current database need not pay

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = conn
    return config


def _upgrade(engine: Engine) -> None:
    with engine.begin() as conn:
        if conn.dialect.name == "postgresql":
            conn.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
        if current_revision(conn) == HEAD:
            return
        from alembic import command

        command.upgrade(alembic_config(conn), "head")


@contextlib.contextmanager
def _file_lock(url: URL) -> Iterator[None]:
    """Two processes that open a new SQLite file at once may not both switch it to WAL."""
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        yield
        return
    path = Path(str(url.database))
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path.with_name(path.name + ".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
