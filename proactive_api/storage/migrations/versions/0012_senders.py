"""Who sent each chat, and the carrier's code of a human agent's words that it refused."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0010"
branch_labels = None
depends_on = None

COLUMNS = (
    ("proactive_chats", "sent_by_kind", sa.String(16)),
    ("proactive_chats", "sent_by_id", sa.String(64)),
    ("proactive_chats", "sent_by_name", sa.String(255)),
    ("commands", "error_code", sa.Integer()),
)


def upgrade() -> None:
    """Apply this step. Of what was sent before, nobody knows who did."""
    for table, name, kind in COLUMNS:
        op.add_column(table, sa.Column(name, kind))


def downgrade() -> None:
    """Take this step back."""
    for table, name, _kind in reversed(COLUMNS):
        op.drop_column(table, name)
