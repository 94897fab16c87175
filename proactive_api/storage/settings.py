"""Settings in the database: one row, read by every process, so that a change needs no restart."""

from __future__ import annotations

import json
from typing import Any, Mapping, Optional

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from proactive_api.lifecycle.settings import merge, refuse_variables_in, to_dict
from proactive_api.lifecycle.values import Settings
from proactive_api.storage.sql import tables as t
from proactive_api.storage.sql.writing import insert_for, upsert

#: Row that holds the settings of ``GET /v1/settings``.
SETTINGS = "settings"
#: Row in which the worker says that it lives: seconds UTC.
HEARTBEAT = "worker_heartbeat"
#: Row in which the Rasa server says what its model knows of openings by intent (``lifecycle/openings.py``).
OPENINGS = "openings"

_rows = t.settings
_READ = sa.select(_rows.c.value).where(_rows.c.name == sa.bindparam("row"))


def load(conn: Connection) -> Settings:
    """The settings in force."""
    stored = read(conn, SETTINGS)
    return merge(Settings(), json.loads(stored)) if stored else Settings()


def patch(conn: Connection, changes: Mapping[str, Any]) -> Settings:
    """Change some settings and return all of them. Two at once: both changes stay.

    Raises:
        proactive_api.lifecycle.settings.InvalidSetting: and nothing is changed.
    """
    conn.execute(insert_for(conn, _rows).values(name=SETTINGS, value="{}").on_conflict_do_nothing())
    conn.execute(sa.select(_rows).where(_rows.c.name == SETTINGS).with_for_update())
    settings = merge(load(conn), changes)
    refuse_variables_in(changes)  # not in merge: what was stored before goes on being read
    write(conn, SETTINGS, json.dumps(to_dict(settings)))
    return settings


def read(conn: Connection, name: str) -> Optional[str]:
    """The value that is stored under a name, ``None`` if there is none."""
    return conn.execute(_READ, {"row": name}).scalar()


def write(conn: Connection, name: str, value: str) -> None:
    """Store a value under a name, in place of the one that was there."""
    upsert(conn, _rows, [{"name": name, "value": value}])
