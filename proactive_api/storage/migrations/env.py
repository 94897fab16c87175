"""Alembic's entry: runs the steps on the connection that ``migrate`` opened."""

from __future__ import annotations

from alembic import context

from proactive_api.storage.sql.tables import metadata

# SQLite can take back DDL as well, because the engine begins its transactions itself.
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    render_as_batch=True,
)
context.run_migrations()
