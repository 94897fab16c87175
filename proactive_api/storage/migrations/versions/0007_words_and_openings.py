"""The words under which people are found through an index, and when links were opened first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from proactive_api.storage.sql import recipient_words

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step. Whoever changes what ``lifecycle.searching`` makes of a name adds a step that fills it again."""
    op.add_column("links", sa.Column("opened_at", sa.Float(53)))
    op.create_table(
        "recipient_words",
        sa.Column("recipient_id", sa.String(64), nullable=False),
        sa.Column("word", sa.String(64).with_variant(sa.String(64, collation="C"), "postgresql"), nullable=False),
        sa.Column("kind", sa.String(1), nullable=False),
        sa.Column("created_at", sa.Float(53), nullable=False),
        sa.PrimaryKeyConstraint("recipient_id", "word", "kind", name=op.f("pk_recipient_words")),
        sqlite_with_rowid=False,
    )
    recipient_words.fill(op.get_bind())
    columns = ["word", "kind", "created_at", "recipient_id"]
    op.create_index("ix_recipient_words_word", "recipient_words", columns, unique=False)


def downgrade() -> None:
    """Take this step back."""
    op.drop_table("recipient_words")
    with op.batch_alter_table("links") as batch:
        batch.drop_column("opened_at")
