"""Which parts of a message are words as they stand; of what was sent before, nobody knows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.add_column("proactive_chats", sa.Column("message_literal", sa.Text))


def downgrade() -> None:
    """Take this step back."""
    op.drop_column("proactive_chats", "message_literal")
