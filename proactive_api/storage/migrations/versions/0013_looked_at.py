"""How far each agent has looked at a ticket."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        "handoff_views",
        sa.Column("handoff_id", sa.String(length=64), nullable=False),
        sa.Column("viewer_id", sa.String(length=64), nullable=False),
        sa.Column("seen_at", sa.Float(precision=53), nullable=False),
        sa.PrimaryKeyConstraint("handoff_id", "viewer_id", name=op.f("pk_handoff_views")),
    )


def downgrade() -> None:
    """Take this step back."""
    op.drop_table("handoff_views")
