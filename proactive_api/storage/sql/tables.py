"""The tables. Times are float seconds since the epoch (UTC), as in Rasa's own events.

``events`` is Rasa's table, column for column, so that a project's existing tracker
database goes on being one. Everything else is ours; ``conversations``, ``handoffs`` and
``trackers`` are derived from ``events``, and the rollups from ``conversations`` and
``proactive_chats``; they can be rebuilt from them at any time.
"""

from __future__ import annotations

from typing import Any, Dict, List

import sqlalchemy as sa

from proactive_api.storage.sql import counters

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> sa.Column[Any]:
    return sa.Column("id", sa.String(64), primary_key=True)


def _number() -> sa.types.TypeEngine[int]:
    """64 bits; SQLite's integers have as many, and only as ``INTEGER`` do they count up by themselves."""
    return sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _where(condition: str) -> Dict[str, Any]:
    """Keywords that make an index partial on both databases."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


_QUEUED, _SENDING = "delivery_status = 'queued'", "delivery_status = 'sending'"

events = sa.Table(
    "events",
    metadata,
    sa.Column("id", _number(), sa.Sequence("events_id_seq", optional=True), primary_key=True),
    sa.Column("sender_id", sa.String(255), nullable=False, index=True),
    sa.Column("type_name", sa.String(255), nullable=False),
    sa.Column("timestamp", sa.Float(53)),
    sa.Column("intent_name", sa.String(255)),
    sa.Column("action_name", sa.String(255)),
    sa.Column("data", sa.Text),
    sa.Index("ix_events_sender_id_id", "sender_id", "id"),
)

#: One row per tracker: where its latest session starts, and the fold's state so far.
trackers = sa.Table(
    "trackers",
    metadata,
    sa.Column("sender_id", sa.String(255), primary_key=True),
    sa.Column("session_event_id", _number(), nullable=False, default=0),
    sa.Column("session_started_at", sa.Float(53)),
    sa.Column("session_events", sa.Integer, nullable=False, default=0),
    sa.Column("total_events", sa.Integer, nullable=False, default=0),
    sa.Column("state", sa.Text, nullable=False, default="{}"),
)

recipients = sa.Table(
    "recipients",
    metadata,
    _id(),
    sa.Column("user_id", sa.String(255), unique=True),
    sa.Column("nickname", sa.String(255)),
    sa.Column("phone_number", sa.String(32), unique=True),
    sa.Column("locale", sa.String(35)),
    sa.Column("timezone", sa.String(64)),
    sa.Column("attributes", sa.Text, nullable=False, default="{}"),
    sa.Column("consent", sa.Boolean),
    sa.Column("consent_at", sa.Float(53)),
    sa.Column("consent_asked_at", sa.Float(53)),
    sa.Column("opted_out_at", sa.Float(53)),
    sa.Column("created_at", sa.Float(53), nullable=False),
    sa.Column("updated_at", sa.Float(53), nullable=False),
    sa.Index("ix_recipients_nickname", "nickname"),
    sa.Index("ix_recipients_created_at_id", "created_at", "id"),
)

#: The words under which people are found (``lifecycle.searching``); compared byte by byte, so that the beginning of a
#: word is a range of the index in any locale.
_WORD = sa.String(64).with_variant(sa.String(64, collation="C"), "postgresql")
recipient_words = sa.Table(
    "recipient_words",
    metadata,
    sa.Column("recipient_id", sa.String(64), primary_key=True),
    sa.Column("word", _WORD, primary_key=True),
    sa.Column("kind", sa.String(1), primary_key=True),
    sa.Column("created_at", sa.Float(53), nullable=False),
    # All that a search asks for: it need not look at the people whom it does not show.
    sa.Index("ix_recipient_words_word", "word", "kind", "created_at", "recipient_id"),
    sqlite_with_rowid=False,
)

#: What became of people's consent (``consents``).
consent_changes = sa.Table(
    "consent_changes",
    metadata,
    sa.Column("id", _number(), primary_key=True),
    sa.Column("recipient_id", sa.String(64), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("by", sa.String(16), nullable=False),
    sa.Column("name", sa.String(255)),
    sa.Column("at", sa.Float(53), nullable=False),
    sa.Index("ix_consent_changes_recipient_id_at", "recipient_id", "at"),
)

proactive_chats = sa.Table(
    "proactive_chats",
    metadata,
    _id(),
    sa.Column("conversation_id", sa.String(64), nullable=False),
    sa.Column("recipient_id", sa.String(64), sa.ForeignKey("recipients.id"), nullable=False),
    sa.Column("sender_id", sa.String(255), nullable=False),
    sa.Column("channel_type", sa.String(16), nullable=False),
    sa.Column("campaign_id", sa.String(64)),
    sa.Column("campaign", sa.String(255)),
    sa.Column("message", sa.Text),
    # Which parts of it are words as they stand, as pairs of indexes; null: all of it is Markdown.
    sa.Column("message_literal", sa.Text),
    sa.Column("intent", sa.String(255)),
    sa.Column("entities", sa.Text),
    sa.Column("suggested_replies", sa.Text, nullable=False, default="[]"),
    sa.Column("if_active", sa.String(16), nullable=False),
    sa.Column("auto_close_timeout", sa.Float(53)),
    sa.Column("scheduled_at", sa.Float(53)),
    sa.Column("not_before", sa.Float(53), nullable=False, default=0.0),
    sa.Column("wait_reason", sa.String(64)),
    sa.Column("delivery_status", sa.String(16), nullable=False),
    sa.Column("skip_reason", sa.String(64)),
    sa.Column("error_code", sa.Integer),
    sa.Column("error_message", sa.Text),
    sa.Column("encoding", sa.String(8)),
    sa.Column("segments", sa.Integer),
    sa.Column("carrier_sid", sa.String(64)),
    sa.Column("attempt", sa.Integer, nullable=False, default=0),
    sa.Column("lease_until", sa.Float(53)),
    sa.Column("claimed_at", sa.Float(53)),
    sa.Column("asked_at", sa.Float(53)),
    sa.Column("tries", sa.Integer, nullable=False, default=0, server_default="0"),
    sa.Column("created_at", sa.Float(53), nullable=False),
    sa.Column("sent_at", sa.Float(53)),
    sa.Column("delivered_at", sa.Float(53)),
    sa.Column("sent_by_kind", sa.String(16)),
    sa.Column("sent_by_id", sa.String(64)),
    sa.Column("sent_by_name", sa.String(255)),
    sa.UniqueConstraint("campaign_id", "recipient_id"),
    # Only what is under way is in these two: claiming costs the same beside a million sends that are done.
    # The status stands in them once more: SQLite would else prefer an index of all sends that begins with it.
    sa.Index("ix_proactive_chats_waiting", "delivery_status", "not_before", "created_at", **_where(_QUEUED)),
    sa.Index("ix_proactive_chats_held", "delivery_status", "lease_until", **_where(_SENDING)),
    sa.Index("ix_proactive_chats_recipient_id_created_at", "recipient_id", "created_at"),
    sa.Index("ix_proactive_chats_created_at_id", "created_at", "id"),
    sa.Index("ix_proactive_chats_campaign_created_at_id", "campaign", "created_at", "id"),
    sa.Index("ix_proactive_chats_delivery_status_created_at_id", "delivery_status", "created_at", "id"),
    sa.Index("ix_proactive_chats_channel_type_created_at_id", "channel_type", "created_at", "id"),
    sa.Index("ix_proactive_chats_conversation_id", "conversation_id"),
    sa.Index("ix_proactive_chats_carrier_sid", "carrier_sid"),
)

conversations = sa.Table(
    "conversations",
    metadata,
    _id(),
    sa.Column("sender_id", sa.String(255), nullable=False),
    sa.Column("recipient_id", sa.String(64), nullable=False),
    sa.Column("channel_type", sa.String(16), nullable=False),
    sa.Column("first_event", sa.Integer, nullable=False),
    sa.Column("started_by", sa.String(16), nullable=False),
    sa.Column("campaign", sa.String(255)),
    sa.Column("conversation_type", sa.String(16), nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("response_status", sa.String(16), nullable=False),
    sa.Column("started_at", sa.Float(53), nullable=False),
    sa.Column("responded_at", sa.Float(53)),
    sa.Column("last_activity_at", sa.Float(53), nullable=False),
    sa.Column("auto_close_at", sa.Float(53)),
    sa.Column("handed_over_at", sa.Float(53)),
    sa.Column("closed_at", sa.Float(53)),
    sa.Column("closed_reason", sa.String(32)),
    sa.Column("resolution_time", sa.Float(53)),
    sa.Column("csat", sa.Integer),
    sa.Column("csat_comment", sa.Text),
    sa.Column("user_message_count", sa.Integer, nullable=False),
    sa.Column("agent_message_count", sa.Integer, nullable=False),
    sa.Column("human_message_count", sa.Integer, nullable=False),
    sa.Column("late_response", sa.Boolean, nullable=False),
    sa.Column("previous_conversation_id", sa.String(64)),
    sa.Index("ix_conversations_auto_close_at", "auto_close_at"),
    sa.Index("ix_conversations_started_at_id", "started_at", "id"),
    sa.Index("ix_conversations_campaign_started_at_id", "campaign", "started_at", "id"),
    # Few conversations have one of these: the others are not in the index, and cost nothing.
    sa.Index("ix_conversations_rated", "csat", "started_at", "id", **_where("csat IS NOT NULL")),
    sa.Index("ix_conversations_handed_over", "started_at", "id", **_where("handed_over_at IS NOT NULL")),
    sa.Index("ix_conversations_sender_id_first_event", "sender_id", "first_event"),
    sa.Index("ix_conversations_recipient_id_started_at", "recipient_id", "started_at"),
)

handoffs = sa.Table(
    "handoffs",
    metadata,
    _id(),
    sa.Column("conversation_id", sa.String(64), nullable=False),
    sa.Column("sender_id", sa.String(255), nullable=False),
    sa.Column("recipient_id", sa.String(64), nullable=False),
    sa.Column("channel_type", sa.String(16), nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("opened_at", sa.Float(53), nullable=False),
    sa.Column("ended_at", sa.Float(53)),
    sa.Column("assignee", sa.String(255)),
    sa.Column("assignee_id", sa.String(64)),
    sa.Column("last_message_at", sa.Float(53), nullable=False, server_default="0"),
    sa.Column("unread", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Index("ix_handoffs_status_opened_at", "status", "opened_at"),
    sa.Index("ix_handoffs_conversation_id", "conversation_id"),
)

#: What people wrote, kept until its turn is in the tracker: the webhook answers before the turn runs.
inbound_messages = sa.Table(
    "inbound_messages",
    metadata,
    sa.Column("sid", sa.String(64), primary_key=True),
    sa.Column("channel_type", sa.String(16), nullable=False, server_default="sms"),
    sa.Column("sender", sa.String(64), nullable=False),
    sa.Column("payload", sa.Text, nullable=False),
    sa.Column("received_at", sa.Float(53), nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False, default=0),
    sa.Column("lease_until", sa.Float(53)),
    sa.Column("done_at", sa.Float(53)),
    sa.Index("ix_inbound_messages_done_at_received_at", "done_at", "received_at"),
)

#: Every message that the carrier took from us, and the furthest receipt seen for it.
carrier_messages = sa.Table(
    "carrier_messages",
    metadata,
    sa.Column("sid", sa.String(64), primary_key=True),
    sa.Column("chat_id", sa.String(64)),
    sa.Column("sender_id", sa.String(255)),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("error_code", sa.Integer),
    sa.Column("updated_at", sa.Float(53), nullable=False),
    sa.Index("ix_carrier_messages_sender_id_updated_at", "sender_id", "updated_at"),
    sa.Index("ix_carrier_messages_chat_id", "chat_id"),
)

#: What the business asks of a conversation: human words, closing, giving back to the AI agent.
commands = sa.Table(
    "commands",
    metadata,
    _id(),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("conversation_id", sa.String(64), nullable=False),
    sa.Column("sender_id", sa.String(255), nullable=False),
    sa.Column("payload", sa.Text, nullable=False, default="{}"),
    sa.Column("dedup_key", sa.String(255), unique=True),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False, default=0),
    sa.Column("not_before", sa.Float(53), nullable=False, default=0.0),
    sa.Column("lease_until", sa.Float(53)),
    sa.Column("claimed_at", sa.Float(53)),
    sa.Column("created_at", sa.Float(53), nullable=False),
    sa.Column("done_at", sa.Float(53)),
    sa.Column("error", sa.Text),
    sa.Column("error_code", sa.Integer),
    sa.Index("ix_commands_status_not_before", "status", "not_before"),
    sa.Index("ix_commands_conversation_id", "conversation_id"),
)

#: Anonymous visitors of the messenger: the hash of a session id that only their browser knows, and who they are.
visitor_sessions = sa.Table(
    "visitor_sessions",
    metadata,
    sa.Column("session_hash", sa.String(64), primary_key=True),
    sa.Column("recipient_id", sa.String(64), nullable=False),
    sa.Column("last_seen_at", sa.Float(53), nullable=False),
    sa.Index("ix_visitor_sessions_last_seen_at", "last_seen_at"),
    sa.Index("ix_visitor_sessions_recipient_id", "recipient_id"),
)

#: How far a person in the messenger got: the last event shown, and the last one read.
visitor_cursors = sa.Table(
    "visitor_cursors",
    metadata,
    sa.Column("sender_id", sa.String(255), primary_key=True),
    sa.Column("shown_id", _number(), nullable=False, server_default="0"),
    sa.Column("read_id", _number(), nullable=False, server_default="0"),
)

#: Connected widgets that cannot say what they showed; kept fresh by the server that holds them.
plain_sockets = sa.Table(
    "plain_sockets",
    metadata,
    sa.Column("socket_id", sa.String(64), primary_key=True),
    sa.Column("sender_id", sa.String(255), nullable=False),
    sa.Column("seen_at", sa.Float(53), nullable=False),
    sa.Index("ix_plain_sockets_sender_id", "sender_id"),
)

links = sa.Table(
    "links",
    metadata,
    sa.Column("token", sa.String(32), primary_key=True),
    sa.Column("chat_id", sa.String(64), nullable=False),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("title", sa.String(64), nullable=False),
    sa.Column("opened_at", sa.Float(53)),
    sa.UniqueConstraint("chat_id", "title"),
)

settings = sa.Table(
    "settings",
    metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)

api_keys = sa.Table(
    "api_keys",
    metadata,
    _id(),
    sa.Column("name", sa.String(255), nullable=False),
    sa.Column("key_hash", sa.String(64), nullable=False, unique=True),
    sa.Column("scopes", sa.String(255), nullable=False),
    sa.Column("created_at", sa.Float(53), nullable=False),
    sa.Column("last_used_at", sa.Float(53)),
    sa.Column("revoked_at", sa.Float(53)),
)

#: People who sign in to the dashboard. One who was invited and has not come yet has no password.
users = sa.Table(
    "users",
    metadata,
    _id(),
    sa.Column("email", sa.String(254), nullable=False, unique=True),
    sa.Column("name", sa.String(255), nullable=False),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("password_hash", sa.String(255)),
    sa.Column("created_at", sa.Float(53), nullable=False),
    sa.Column("disabled_at", sa.Float(53)),
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("secret_hash", sa.String(64), primary_key=True),
    sa.Column("user_id", sa.String(64), nullable=False),
    sa.Column("created_at", sa.Float(53), nullable=False),
    sa.Column("last_seen_at", sa.Float(53), nullable=False),
    sa.Index("ix_sessions_user_id", "user_id"),
    sa.Index("ix_sessions_last_seen_at", "last_seen_at"),
)

#: Links that let somebody choose a password, once; without a user, the one that makes the first user.
sign_in_links = sa.Table(
    "sign_in_links",
    metadata,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("user_id", sa.String(64)),
    sa.Column("expires_at", sa.Float(53), nullable=False),
    sa.Index("ix_sign_in_links_user_id", "user_id"),
)

#: Wrong passwords in a row, for an email address or a network address, and how long to wait for the next try.
sign_in_attempts = sa.Table(
    "sign_in_attempts",
    metadata,
    sa.Column("subject", sa.String(80), primary_key=True),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("blocked_until", sa.Float(53), nullable=False),
    sa.Column("updated_at", sa.Float(53), nullable=False),
    sa.Index("ix_sign_in_attempts_updated_at", "updated_at"),
)

#: Who is writing an answer at this moment.
handoff_typing = sa.Table(
    "handoff_typing",
    metadata,
    sa.Column("handoff_id", sa.String(64), primary_key=True),
    sa.Column("typist_id", sa.String(64), primary_key=True),
    sa.Column("name", sa.String(255), nullable=False),
    sa.Column("until", sa.Float(53), nullable=False),
)

handoff_views = sa.Table(
    "handoff_views",
    metadata,
    sa.Column("handoff_id", sa.String(64), primary_key=True),
    sa.Column("viewer_id", sa.String(64), primary_key=True),
    sa.Column("seen_at", sa.Float(53), nullable=False),
)

idempotency_keys = sa.Table(
    "idempotency_keys",
    metadata,
    sa.Column("api_key_id", sa.String(64), primary_key=True),
    sa.Column("key", sa.String(255), primary_key=True),
    sa.Column("body_hash", sa.String(64), nullable=False),
    sa.Column("status", sa.Integer, nullable=False),
    sa.Column("response", sa.Text, nullable=False),
    sa.Column("created_at", sa.Float(53), nullable=False),
)


def _counters() -> List[sa.Column[Any]]:
    names = (*counters.OF_CHATS, *counters.OF_CONVERSATIONS)
    return [sa.Column(name, sa.Integer, nullable=False, server_default="0") for name in names]


#: What changed in the counts of ``counters``, written by triggers; ``sign`` is 1 for what came and -1 for what went.
rollup_deltas = sa.Table(
    "rollup_deltas",
    metadata,
    sa.Column("id", _number(), primary_key=True),
    sa.Column("at", sa.Float(53), nullable=False),
    sa.Column("channel_type", sa.String(16), nullable=False),
    sa.Column("campaign", sa.String(255)),
    sa.Column("sign", sa.Integer, nullable=False),
    *_counters(),
    *(sa.Column(name, sa.Float(53)) for name in counters.DURATIONS),
)

#: Counts by hour, day and month (``span``), from ``start`` on; an empty campaign is all of them.
rollups = sa.Table(
    "rollups",
    metadata,
    sa.Column("campaign", sa.String(255), primary_key=True),
    sa.Column("span", sa.String(1), primary_key=True),
    sa.Column("start", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("channel_type", sa.String(16), primary_key=True),
    *_counters(),
)

#: How many things took how long, by the buckets of ``counters``.
rollup_durations = sa.Table(
    "rollup_durations",
    metadata,
    sa.Column("campaign", sa.String(255), primary_key=True),
    sa.Column("span", sa.String(1), primary_key=True),
    sa.Column("start", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("channel_type", sa.String(16), primary_key=True),
    sa.Column("kind", sa.String(32), primary_key=True),
    sa.Column("bucket", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("count", sa.Integer, nullable=False),
)
