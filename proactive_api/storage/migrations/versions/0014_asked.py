"""When the carrier was asked to take a send, and how often it did not: claims are counted apart from its answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.add_column("proactive_chats", sa.Column("asked_at", sa.Float(53)))
    op.add_column("proactive_chats", sa.Column("tries", sa.Integer(), nullable=False, server_default="0"))
    # What is under way at this moment may have been handed over: a version before this did not write it down.
    op.execute("UPDATE proactive_chats SET asked_at = claimed_at WHERE delivery_status IN ('queued', 'sending')")
    op.create_index("ix_carrier_messages_chat_id", "carrier_messages", ["chat_id"])


def downgrade() -> None:
    """Take this step back."""
    op.drop_index("ix_carrier_messages_chat_id", "carrier_messages")
    op.drop_column("proactive_chats", "tries")
    op.drop_column("proactive_chats", "asked_at")
