"""The first tables; a database of stock Rasa keeps its ``events`` and gets what is missing beside them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    if sa.inspect(op.get_bind()).has_table("events"):
        adopt_events()
    else:
        create_events()
    create_api_keys()
    create_carrier_messages()
    create_commands()
    create_conversations()
    create_handoffs()
    create_idempotency_keys()
    create_inbound_messages()
    create_links()
    create_recipients()
    create_settings()
    create_trackers()
    create_proactive_chats()


def downgrade() -> None:
    """Take this step back, except for ``events``: those are Rasa's."""
    op.drop_index("ix_events_sender_id_id", table_name="events")
    op.drop_table("api_keys")
    op.drop_table("carrier_messages")
    op.drop_table("commands")
    op.drop_table("conversations")
    op.drop_table("handoffs")
    op.drop_table("idempotency_keys")
    op.drop_table("inbound_messages")
    op.drop_table("links")
    op.drop_table("settings")
    op.drop_table("trackers")
    op.drop_table("proactive_chats")
    op.drop_table("recipients")


def adopt_events() -> None:
    """Add the indexes that stock Rasa's table lacks."""
    known = {index["name"] for index in sa.inspect(op.get_bind()).get_indexes("events")}
    for name, columns in (("ix_events_sender_id", ["sender_id"]), ("ix_events_sender_id_id", ["sender_id", "id"])):
        if name not in known:
            op.create_index(name, "events", columns)


def create_events() -> None:
    """Create ``events``."""
    op.create_table(
        "events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sender_id", sa.String(length=255), nullable=False),
        sa.Column("type_name", sa.String(length=255), nullable=False),
        sa.Column("timestamp", sa.Float(precision=53), nullable=True),
        sa.Column("intent_name", sa.String(length=255), nullable=True),
        sa.Column("action_name", sa.String(length=255), nullable=True),
        sa.Column("data", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    op.create_index(op.f("ix_events_sender_id"), "events", ["sender_id"], unique=False)
    op.create_index("ix_events_sender_id_id", "events", ["sender_id", "id"], unique=False)


def create_api_keys() -> None:
    """Create ``api_keys``."""
    op.create_table(
        "api_keys",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.String(length=255), nullable=False),
        sa.Column("created_at", sa.Float(precision=53), nullable=False),
        sa.Column("last_used_at", sa.Float(precision=53), nullable=True),
        sa.Column("revoked_at", sa.Float(precision=53), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_api_keys_key_hash")),
    )


def create_carrier_messages() -> None:
    """Create ``carrier_messages``."""
    op.create_table(
        "carrier_messages",
        sa.Column("sid", sa.String(length=64), nullable=False),
        sa.Column("chat_id", sa.String(length=64), nullable=True),
        sa.Column("sender_id", sa.String(length=255), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("error_code", sa.Integer(), nullable=True),
        sa.Column("updated_at", sa.Float(precision=53), nullable=False),
        sa.PrimaryKeyConstraint("sid", name=op.f("pk_carrier_messages")),
    )
    op.create_index(
        "ix_carrier_messages_sender_id_updated_at", "carrier_messages", ["sender_id", "updated_at"], unique=False
    )


def create_commands() -> None:
    """Create ``commands``."""
    op.create_table(
        "commands",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("sender_id", sa.String(length=255), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("dedup_key", sa.String(length=255), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.Float(precision=53), nullable=False),
        sa.Column("lease_until", sa.Float(precision=53), nullable=True),
        sa.Column("claimed_at", sa.Float(precision=53), nullable=True),
        sa.Column("created_at", sa.Float(precision=53), nullable=False),
        sa.Column("done_at", sa.Float(precision=53), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commands")),
        sa.UniqueConstraint("dedup_key", name=op.f("uq_commands_dedup_key")),
    )
    op.create_index("ix_commands_conversation_id", "commands", ["conversation_id"], unique=False)
    op.create_index("ix_commands_status_not_before", "commands", ["status", "not_before"], unique=False)


def create_conversations() -> None:
    """Create ``conversations``."""
    op.create_table(
        "conversations",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("sender_id", sa.String(length=255), nullable=False),
        sa.Column("recipient_id", sa.String(length=64), nullable=False),
        sa.Column("channel_type", sa.String(length=16), nullable=False),
        sa.Column("first_event", sa.Integer(), nullable=False),
        sa.Column("started_by", sa.String(length=16), nullable=False),
        sa.Column("campaign", sa.String(length=255), nullable=True),
        sa.Column("conversation_type", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("response_status", sa.String(length=16), nullable=False),
        sa.Column("started_at", sa.Float(precision=53), nullable=False),
        sa.Column("responded_at", sa.Float(precision=53), nullable=True),
        sa.Column("last_activity_at", sa.Float(precision=53), nullable=False),
        sa.Column("auto_close_at", sa.Float(precision=53), nullable=True),
        sa.Column("handed_over_at", sa.Float(precision=53), nullable=True),
        sa.Column("closed_at", sa.Float(precision=53), nullable=True),
        sa.Column("closed_reason", sa.String(length=32), nullable=True),
        sa.Column("resolution_time", sa.Float(precision=53), nullable=True),
        sa.Column("csat", sa.Integer(), nullable=True),
        sa.Column("csat_comment", sa.Text(), nullable=True),
        sa.Column("user_message_count", sa.Integer(), nullable=False),
        sa.Column("agent_message_count", sa.Integer(), nullable=False),
        sa.Column("human_message_count", sa.Integer(), nullable=False),
        sa.Column("late_response", sa.Boolean(), nullable=False),
        sa.Column("previous_conversation_id", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
    )
    op.create_index("ix_conversations_auto_close_at", "conversations", ["auto_close_at"], unique=False)
    op.create_index(
        "ix_conversations_recipient_id_started_at", "conversations", ["recipient_id", "started_at"], unique=False
    )
    op.create_index(
        "ix_conversations_sender_id_first_event", "conversations", ["sender_id", "first_event"], unique=False
    )
    op.create_index("ix_conversations_started_at_id", "conversations", ["started_at", "id"], unique=False)


def create_handoffs() -> None:
    """Create ``handoffs``."""
    op.create_table(
        "handoffs",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("sender_id", sa.String(length=255), nullable=False),
        sa.Column("recipient_id", sa.String(length=64), nullable=False),
        sa.Column("channel_type", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.Float(precision=53), nullable=False),
        sa.Column("ended_at", sa.Float(precision=53), nullable=True),
        sa.Column("assignee", sa.String(length=255), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoffs")),
    )
    op.create_index("ix_handoffs_conversation_id", "handoffs", ["conversation_id"], unique=False)
    op.create_index("ix_handoffs_status_opened_at", "handoffs", ["status", "opened_at"], unique=False)


def create_idempotency_keys() -> None:
    """Create ``idempotency_keys``."""
    op.create_table(
        "idempotency_keys",
        sa.Column("api_key_id", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("response", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Float(precision=53), nullable=False),
        sa.PrimaryKeyConstraint("api_key_id", "key", name=op.f("pk_idempotency_keys")),
    )


def create_inbound_messages() -> None:
    """Create ``inbound_messages``."""
    op.create_table(
        "inbound_messages",
        sa.Column("sid", sa.String(length=64), nullable=False),
        sa.Column("sender", sa.String(length=64), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("received_at", sa.Float(precision=53), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.Float(precision=53), nullable=True),
        sa.Column("done_at", sa.Float(precision=53), nullable=True),
        sa.PrimaryKeyConstraint("sid", name=op.f("pk_inbound_messages")),
    )
    op.create_index(
        "ix_inbound_messages_done_at_received_at", "inbound_messages", ["done_at", "received_at"], unique=False
    )


def create_links() -> None:
    """Create ``links``."""
    op.create_table(
        "links",
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("chat_id", sa.String(length=64), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_links")),
        sa.UniqueConstraint("chat_id", "title", name=op.f("uq_links_chat_id_title")),
    )


def create_recipients() -> None:
    """Create ``recipients``."""
    op.create_table(
        "recipients",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=255), nullable=True),
        sa.Column("nickname", sa.String(length=255), nullable=True),
        sa.Column("phone_number", sa.String(length=32), nullable=True),
        sa.Column("locale", sa.String(length=35), nullable=True),
        sa.Column("timezone", sa.String(length=64), nullable=True),
        sa.Column("attributes", sa.Text(), nullable=False),
        sa.Column("consent", sa.Boolean(), nullable=True),
        sa.Column("consent_at", sa.Float(precision=53), nullable=True),
        sa.Column("consent_asked_at", sa.Float(precision=53), nullable=True),
        sa.Column("opted_out_at", sa.Float(precision=53), nullable=True),
        sa.Column("created_at", sa.Float(precision=53), nullable=False),
        sa.Column("updated_at", sa.Float(precision=53), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recipients")),
        sa.UniqueConstraint("phone_number", name=op.f("uq_recipients_phone_number")),
        sa.UniqueConstraint("user_id", name=op.f("uq_recipients_user_id")),
    )
    op.create_index("ix_recipients_created_at_id", "recipients", ["created_at", "id"], unique=False)
    op.create_index("ix_recipients_nickname", "recipients", ["nickname"], unique=False)


def create_settings() -> None:
    """Create ``settings``."""
    op.create_table(
        "settings",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_settings")),
    )


def create_trackers() -> None:
    """Create ``trackers``."""
    op.create_table(
        "trackers",
        sa.Column("sender_id", sa.String(length=255), nullable=False),
        sa.Column("session_event_id", sa.Integer(), nullable=False),
        sa.Column("session_started_at", sa.Float(precision=53), nullable=True),
        sa.Column("session_events", sa.Integer(), nullable=False),
        sa.Column("total_events", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sender_id", name=op.f("pk_trackers")),
    )


def create_proactive_chats() -> None:
    """Create ``proactive_chats``."""
    op.create_table(
        "proactive_chats",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("recipient_id", sa.String(length=64), nullable=False),
        sa.Column("sender_id", sa.String(length=255), nullable=False),
        sa.Column("channel_type", sa.String(length=16), nullable=False),
        sa.Column("campaign_id", sa.String(length=64), nullable=True),
        sa.Column("campaign", sa.String(length=255), nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("intent", sa.String(length=255), nullable=True),
        sa.Column("entities", sa.Text(), nullable=True),
        sa.Column("suggested_replies", sa.Text(), nullable=False),
        sa.Column("if_active", sa.String(length=16), nullable=False),
        sa.Column("auto_close_timeout", sa.Float(precision=53), nullable=True),
        sa.Column("scheduled_at", sa.Float(precision=53), nullable=True),
        sa.Column("not_before", sa.Float(precision=53), nullable=False),
        sa.Column("wait_reason", sa.String(length=64), nullable=True),
        sa.Column("delivery_status", sa.String(length=16), nullable=False),
        sa.Column("skip_reason", sa.String(length=64), nullable=True),
        sa.Column("error_code", sa.Integer(), nullable=True),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.Column("encoding", sa.String(length=8), nullable=True),
        sa.Column("segments", sa.Integer(), nullable=True),
        sa.Column("carrier_sid", sa.String(length=64), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.Float(precision=53), nullable=True),
        sa.Column("claimed_at", sa.Float(precision=53), nullable=True),
        sa.Column("created_at", sa.Float(precision=53), nullable=False),
        sa.Column("sent_at", sa.Float(precision=53), nullable=True),
        sa.Column("delivered_at", sa.Float(precision=53), nullable=True),
        sa.ForeignKeyConstraint(
            ["recipient_id"],
            ["recipients.id"],
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proactive_chats")),
        sa.UniqueConstraint("campaign_id", "recipient_id", name=op.f("uq_proactive_chats_campaign_id_recipient_id")),
    )
    op.create_index("ix_proactive_chats_carrier_sid", "proactive_chats", ["carrier_sid"], unique=False)
    op.create_index("ix_proactive_chats_conversation_id", "proactive_chats", ["conversation_id"], unique=False)
    op.create_index("ix_proactive_chats_created_at_id", "proactive_chats", ["created_at", "id"], unique=False)
    op.create_index(
        "ix_proactive_chats_delivery_status_not_before",
        "proactive_chats",
        ["delivery_status", "not_before"],
        unique=False,
    )
    op.create_index(
        "ix_proactive_chats_recipient_id_created_at", "proactive_chats", ["recipient_id", "created_at"], unique=False
    )
