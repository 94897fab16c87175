"""The history of people's consent; it begins with what is known of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

#: What a person's row tells: which time, what it says, whose word it was, and of which rows. The row does not say
#: whether it was the person's own START or STOP, or the business that wrote it down.
KNOWN = (
    ("consent_asked_at", "asked", "business", "consent_asked_at IS NOT NULL"),
    ("consent_at", "given", "unknown", "consent_at IS NOT NULL AND consent"),
    ("opted_out_at", "opted_out", "unknown", "opted_out_at IS NOT NULL"),
)


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        "consent_changes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        sa.Column("recipient_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("by", sa.String(16), nullable=False),
        sa.Column("name", sa.String(255)),
        sa.Column("at", sa.Float(53), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_changes")),
    )
    op.create_index("ix_consent_changes_recipient_id_at", "consent_changes", ["recipient_id", "at"], unique=False)
    for time, kind, by, condition in KNOWN:
        values = f"SELECT id, '{kind}', '{by}', {time} FROM recipients WHERE {condition}"
        op.execute(f'INSERT INTO consent_changes (recipient_id, kind, "by", at) {values}')


def downgrade() -> None:
    """Take this step back."""
    op.drop_table("consent_changes")
