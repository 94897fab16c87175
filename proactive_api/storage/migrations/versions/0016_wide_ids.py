"""Ids of events get 64 bits: 32 are full at about a hundred million conversations.

PostgreSQL writes the tables anew for it and locks them meanwhile: about a minute for ten million events.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

#: Table and column of each id of an event.
IDS = (
    ("events", "id"),
    ("trackers", "session_event_id"),
    ("visitor_cursors", "shown_id"),
    ("visitor_cursors", "read_id"),
)


def upgrade() -> None:
    """Apply this step. SQLite's integers have 64 bits already."""
    _change("bigint")


def downgrade() -> None:
    """Take this step back; it fails if an id is too large by now."""
    _change("integer")


def _change(kind: str) -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, column in IDS:
        op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE {kind}")
    # The table may be one that stock Rasa made; its sequence need not have our name.
    sequence = op.get_bind().execute(sa.text("SELECT pg_get_serial_sequence('events', 'id')")).scalar()
    if sequence:
        op.execute(f"ALTER SEQUENCE {sequence} AS {kind}")
