"""Columns of exported chats, as somebody reads them who opens the file in a spreadsheet."""

from __future__ import annotations

from typing import Any, Mapping

from proactive_api.http.core.csv import Column, number_as_text
from proactive_api.http.resources import exported
from proactive_api.http.resources.exported import plain
from proactive_api.http.resources.shapes import ProactiveChat


def _field(name: str) -> Column:
    assert name in ProactiveChat.__struct_fields__
    return lambda row: getattr(row, name)


def _words(name: str, words: Mapping[str, str]) -> Column:
    assert name in ProactiveChat.__struct_fields__
    return lambda row: plain(getattr(row, name), words)


def _person(name: str) -> Column:
    return lambda row: getattr(row.recipient, name)


def _seconds(row: Any) -> Any:
    return None if row.resolution_time is None else round(row.resolution_time)


#: Columns of exported chats: heading, and how to find it in a ``ProactiveChat``.
CHATS: Mapping[str, Column] = {
    "Created on (UTC)": _field("created_at"),
    "User ID": _person("user_id"),
    "Nickname": _person("nickname"),
    "Phone number": lambda row: number_as_text(row.recipient.phone_number),
    "Channel": _words("channel_type", exported.CHANNEL),
    "Campaign": _field("campaign"),
    "Message": _field("message"),
    "Intent": _field("intent"),
    "Sent by": lambda row: row.sent_by.name if row.sent_by else None,
    "Delivery": _words("delivery_status", exported.DELIVERY),
    "Reason": lambda row: plain(row.skip_reason or row.wait_reason, exported.REASON),
    "Error": lambda row: row.error.message if row.error else None,
    "Scheduled for (UTC)": _field("scheduled_at"),
    "Sent on (UTC)": _field("sent_at"),
    "Delivered on (UTC)": _field("delivered_at"),
    "Segments": _field("segments"),
    "Response": _words("response_status", exported.RESPONSE),
    "Status": _words("status", exported.STATUS),
    "Started on (UTC)": _field("started_at"),
    "Responded on (UTC)": _field("responded_at"),
    "Handed over on (UTC)": _field("handed_over_at"),
    "Closed on (UTC)": _field("closed_at"),
    "Closed because": _words("closed_reason", exported.CLOSED),
    "Resolution time (seconds)": _seconds,
    "CSAT": _field("csat"),
    "CSAT comment": _field("csat_comment"),
    "Messages of the recipient": _field("user_message_count"),
    "Messages of the AI agent": _field("agent_message_count"),
    "Messages of human agents": _field("human_message_count"),
    "Chat ID": _field("id"),
    "Conversation ID": _field("conversation_id"),
}
