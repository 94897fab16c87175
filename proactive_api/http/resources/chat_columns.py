"""Columns of exported chats."""

from __future__ import annotations

from typing import Mapping

from proactive_api.http.core.csv import Column
from proactive_api.http.resources.shapes import ProactiveChat


def _field(name: str) -> Column:
    return lambda row: getattr(row, name)


def _person(name: str) -> Column:
    return lambda row: getattr(row.recipient, name)


#: Columns of exported chats: heading, and how to find it in a ``ProactiveChat``.
CHATS: Mapping[str, Column] = {
    **{name: _field(name) for name in ("id", "conversation_id", "created_at", "scheduled_at", "sent_at")},
    **{name: _person(name) for name in ("user_id", "nickname", "phone_number")},
    **{name: _field(name) for name in ("channel_type", "campaign", "message", "intent", "delivery_status")},
    "sent_by": lambda row: row.sent_by.name if row.sent_by else None,
    "skip_reason": _field("skip_reason"),
    "error": lambda row: row.error.message if row.error else None,
    **{
        name: _field(name)
        for name in (
            *("delivered_at", "segments", "conversation_type", "response_status", "status", "started_at"),
            *("responded_at", "handed_over_at", "closed_at", "closed_reason", "resolution_time", "csat"),
            *("csat_comment", "user_message_count", "agent_message_count", "human_message_count"),
        )
    },
}
assert set(CHATS) - {"user_id", "nickname", "phone_number"} <= set(ProactiveChat.__struct_fields__)
