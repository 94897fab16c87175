"""Counts by hour, day and month, kept by triggers, so that figures cost the same however much there is."""

from __future__ import annotations

from alembic import op

from proactive_api.storage.reports import rollups
from proactive_api.storage.sql import rollup_triggers
from proactive_api.storage.sql import tables as t

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step. Whoever changes what ``counters`` counts adds a step that does all of this again."""
    conn = op.get_bind()
    for table in (t.rollup_deltas, t.rollups, t.rollup_durations):
        table.create(conn)
    rollup_triggers.install(conn)
    rollups.rebuild(conn)


def downgrade() -> None:
    """Take this step back."""
    rollup_triggers.remove(op.get_bind())
    for table in ("rollup_durations", "rollups", "rollup_deltas"):
        op.drop_table(table)
