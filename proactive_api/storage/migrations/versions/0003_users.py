"""People who sign in: users, sessions, invitations; who owns a ticket and who is typing; indexes for filtered lists."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

#: Table and columns of the new indexes.
INDEXES = (
    ("proactive_chats", ["campaign", "created_at", "id"]),
    ("proactive_chats", ["delivery_status", "created_at", "id"]),
    ("proactive_chats", ["channel_type", "created_at", "id"]),
    ("conversations", ["campaign", "started_at", "id"]),
)


def upgrade() -> None:
    """Apply this step."""
    create_users()
    create_sessions()
    create_sign_in_links()
    create_sign_in_attempts()
    create_handoff_typing()
    op.add_column("handoffs", sa.Column("assignee_id", sa.String(length=64)))
    op.add_column("handoffs", sa.Column("last_message_at", sa.Float(precision=53), nullable=False, server_default="0"))
    op.add_column("handoffs", sa.Column("unread", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE handoffs SET last_message_at = opened_at, unread = (status = 'open')")
    for table, columns in INDEXES:
        op.create_index(f"ix_{table}_{'_'.join(columns)}", table, columns, unique=False)


def downgrade() -> None:
    """Take this step back."""
    for table, columns in INDEXES:
        op.drop_index(f"ix_{table}_{'_'.join(columns)}", table)
    with op.batch_alter_table("handoffs") as batch:
        for column in ("unread", "last_message_at", "assignee_id"):
            batch.drop_column(column)
    for table in ("handoff_typing", "sign_in_attempts", "sign_in_links", "sessions", "users"):
        op.drop_table(table)


def create_users() -> None:
    """Create ``users``."""
    op.create_table(
        "users",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=True),
        sa.Column("created_at", sa.Float(precision=53), nullable=False),
        sa.Column("disabled_at", sa.Float(precision=53), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
    )


def create_sessions() -> None:
    """Create ``sessions``."""
    op.create_table(
        "sessions",
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.Float(precision=53), nullable=False),
        sa.Column("last_seen_at", sa.Float(precision=53), nullable=False),
        sa.PrimaryKeyConstraint("secret_hash", name=op.f("pk_sessions")),
    )
    op.create_index("ix_sessions_user_id", "sessions", ["user_id"], unique=False)
    op.create_index("ix_sessions_last_seen_at", "sessions", ["last_seen_at"], unique=False)


def create_sign_in_links() -> None:
    """Create ``sign_in_links``."""
    op.create_table(
        "sign_in_links",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=True),
        sa.Column("expires_at", sa.Float(precision=53), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_in_links")),
    )
    op.create_index("ix_sign_in_links_user_id", "sign_in_links", ["user_id"], unique=False)


def create_sign_in_attempts() -> None:
    """Create ``sign_in_attempts``."""
    op.create_table(
        "sign_in_attempts",
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("blocked_until", sa.Float(precision=53), nullable=False),
        sa.Column("updated_at", sa.Float(precision=53), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_sign_in_attempts")),
    )
    op.create_index("ix_sign_in_attempts_updated_at", "sign_in_attempts", ["updated_at"], unique=False)


def create_handoff_typing() -> None:
    """Create ``handoff_typing``."""
    op.create_table(
        "handoff_typing",
        sa.Column("handoff_id", sa.String(length=64), nullable=False),
        sa.Column("typist_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("until", sa.Float(precision=53), nullable=False),
        sa.PrimaryKeyConstraint("handoff_id", "typist_id", name=op.f("pk_handoff_typing")),
    )
