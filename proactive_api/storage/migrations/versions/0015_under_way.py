"""Indexes of the sends that are under way; those that are done no longer stand in the way of claiming."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

#: Name, columns, and which rows are in it.
INDEXES = (
    ("ix_proactive_chats_waiting", ["delivery_status", "not_before", "created_at"], "delivery_status = 'queued'"),
    ("ix_proactive_chats_held", ["delivery_status", "lease_until"], "delivery_status = 'sending'"),
)


def upgrade() -> None:
    """Apply this step."""
    for name, columns, condition in INDEXES:
        where = sa.text(condition)
        op.create_index(name, "proactive_chats", columns, sqlite_where=where, postgresql_where=where)
    op.drop_index("ix_proactive_chats_delivery_status_not_before", "proactive_chats")


def downgrade() -> None:
    """Take this step back."""
    columns = ["delivery_status", "not_before"]
    op.create_index("ix_proactive_chats_delivery_status_not_before", "proactive_chats", columns)
    for name, _columns, _condition in INDEXES:
        op.drop_index(name, "proactive_chats")
