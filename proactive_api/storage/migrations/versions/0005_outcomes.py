"""Indexes of the few conversations that were rated or handed over."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

#: Name, columns, and which rows are in it.
INDEXES = (
    ("ix_conversations_rated", ["csat", "started_at", "id"], "csat IS NOT NULL"),
    ("ix_conversations_handed_over", ["started_at", "id"], "handed_over_at IS NOT NULL"),
)


def upgrade() -> None:
    """Apply this step."""
    for name, columns, condition in INDEXES:
        where = sa.text(condition)
        op.create_index(name, "conversations", columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Take this step back."""
    for name, _columns, _condition in INDEXES:
        op.drop_index(name, "conversations")
