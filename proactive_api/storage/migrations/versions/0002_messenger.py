"""The messenger: who an anonymous visitor is, and how far a person has read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.add_column(
        "inbound_messages", sa.Column("channel_type", sa.String(length=16), nullable=False, server_default="sms")
    )
    create_visitor_sessions()
    create_visitor_cursors()
    create_plain_sockets()


def downgrade() -> None:
    """Take this step back."""
    op.drop_table("plain_sockets")
    op.drop_table("visitor_cursors")
    op.drop_table("visitor_sessions")
    with op.batch_alter_table("inbound_messages") as batch:
        batch.drop_column("channel_type")


def create_visitor_sessions() -> None:
    """Create ``visitor_sessions``."""
    op.create_table(
        "visitor_sessions",
        sa.Column("session_hash", sa.String(length=64), nullable=False),
        sa.Column("recipient_id", sa.String(length=64), nullable=False),
        sa.Column("last_seen_at", sa.Float(precision=53), nullable=False),
        sa.PrimaryKeyConstraint("session_hash", name=op.f("pk_visitor_sessions")),
    )
    op.create_index("ix_visitor_sessions_last_seen_at", "visitor_sessions", ["last_seen_at"], unique=False)
    op.create_index("ix_visitor_sessions_recipient_id", "visitor_sessions", ["recipient_id"], unique=False)


def create_visitor_cursors() -> None:
    """Create ``visitor_cursors``."""
    op.create_table(
        "visitor_cursors",
        sa.Column("sender_id", sa.String(length=255), nullable=False),
        sa.Column("shown_id", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("read_id", sa.Integer(), nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("sender_id", name=op.f("pk_visitor_cursors")),
    )


def create_plain_sockets() -> None:
    """Create ``plain_sockets``."""
    op.create_table(
        "plain_sockets",
        sa.Column("socket_id", sa.String(length=64), nullable=False),
        sa.Column("sender_id", sa.String(length=255), nullable=False),
        sa.Column("seen_at", sa.Float(precision=53), nullable=False),
        sa.PrimaryKeyConstraint("socket_id", name=op.f("pk_plain_sockets")),
    )
    op.create_index("ix_plain_sockets_sender_id", "plain_sockets", ["sender_id"], unique=False)
