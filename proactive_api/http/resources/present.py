"""Rows as the API shows them."""

from __future__ import annotations

import json
from typing import Any, Dict, List, Mapping, Optional

import msgspec
from sqlalchemy.engine import Connection

from proactive_api.http.resources import shapes as r
from proactive_api.storage.access.keys import ApiKey
from proactive_api.storage.access.users import User
from proactive_api.storage.conversations import spoken as said
from proactive_api.storage.conversations.chats import Chat
from proactive_api.storage.conversations.conversations import ConversationRow
from proactive_api.storage.conversations.handoff_views import is_unread
from proactive_api.storage.conversations.handoffs import HandoffRow, Typing
from proactive_api.storage.conversations.spoken import Spoken
from proactive_api.storage.people.consent import ConsentChange
from proactive_api.storage.people.recipients import Recipient

_FIGURES = tuple(one.name for one in msgspec.structs.fields(r.Figures))
_TIMES = tuple(name for name in _FIGURES if name.endswith("_at"))


def proactive_chat(chat: Chat) -> r.ProactiveChat:
    """A chat with its figures."""
    row, figures = chat.chat, chat.figures
    plain = (
        "id",
        "conversation_id",
        "channel_type",
        "message",
        "intent",
        "campaign",
        "if_active",
        "auto_close_timeout",
    )
    outcome = ("delivery_status", "wait_reason", "skip_reason", "encoding", "segments")
    times: Dict[str, Any] = {
        name: r.moment(row[name]) for name in ("created_at", "scheduled_at", "sent_at", "delivered_at")
    }
    return r.ProactiveChat(
        **{name: row[name] for name in plain + outcome},
        **times,
        **_figures(figures),
        recipient=person(chat.recipient),
        conversation_type=figures["conversation_type"] if figures else "proactive",
        entities=json.loads(row["entities"] or "{}"),
        suggested_replies=[r.Reply(**reply) for reply in json.loads(row["suggested_replies"])],
        error=_error(row),
        sent_by=sent_by(row),
    )


def sent_by(row: Mapping[str, Any]) -> Optional[r.SentBy]:
    """Who sent a chat, ``None`` where that was not written down."""
    if row["sent_by_kind"] is None:
        return None
    return r.SentBy(row["sent_by_kind"], row["sent_by_id"], row["sent_by_name"])


def _error(row: Mapping[str, Any]) -> Optional[r.DeliveryError]:
    if row["delivery_status"] != "failed":
        return None
    return r.DeliveryError(row["error_code"], row["error_message"] or "The message could not be delivered.")


def _figures(row: Optional[Mapping[str, Any]]) -> Dict[str, Any]:
    if row is None:
        return {}
    return {name: r.moment(row[name]) if name in _TIMES else row[name] for name in _FIGURES}


def conversation(row: ConversationRow) -> r.ConversationResource:
    """A conversation with its figures."""
    plain = ("id", "channel_type", "started_by", "conversation_type", "campaign")
    values = {name: row.figures[name] for name in plain}
    return r.ConversationResource(**values, **_figures(row.figures), recipient=person(row.recipient))


def ticket(conn: Connection, row: HandoffRow, typing: Optional[Typing] = None, seen_at: float = 0.0) -> r.Ticket:
    """A handoff, with all that a human agent must know; who asks has looked at it until ``seen_at``."""
    plain = ("id", "conversation_id", "channel_type", "reason", "status", "assignee", "assignee_id")
    return r.Ticket(
        **{name: row.ticket[name] for name in plain},
        recipient=person(row.recipient),
        attributes=json.loads(row.recipient["attributes"]),
        campaign=row.campaign,
        unread=is_unread(row.ticket, seen_at),
        unanswered=row.ticket["unread"],
        typing=r.TypingResource(typing.name, r.certain(typing.until)) if typing else None,
        opened_at=r.certain(row.ticket["opened_at"]),
        last_message_at=r.certain(row.ticket["last_message_at"]),
        ended_at=r.moment(row.ticket["ended_at"]),
        transcript=spoken(conn, row.ticket["conversation_id"], row.ticket["channel_type"]),
    )


def spoken(conn: Connection, conversation_id: str, channel: str) -> List[r.TranscriptEntry]:
    """What was said in a conversation, and what a human agent could not say, oldest first."""
    return [_entry(one) for one in said.spoken(conn, conversation_id, channel)]


def _entry(one: Spoken) -> r.TranscriptEntry:
    entry = one.entry
    return r.TranscriptEntry(
        sender=entry.sender,  # type: ignore[arg-type]
        text=entry.text,
        at=r.certain(entry.at),
        name=entry.name,
        format=entry.format,  # type: ignore[arg-type]
        literal=[list(span) for span in entry.literal],
        suggested_replies=[dict(reply) for reply in entry.suggested_replies],
        attachments=[dict(attachment) for attachment in entry.attachments],
        suggested_reply=entry.suggested_reply,
        kind="proactive" if entry.chat_id else None,
        chat_id=entry.chat_id,
        campaign=one.chat["campaign"] if one.chat else None,
        sent_by=sent_by(one.chat) if one.chat else None,
        id=entry.id,
        delivery_status=entry.delivery.value if entry.delivery else None,
        error=r.DeliveryError(entry.error_code, entry.error) if entry.error else None,
        can_retry=entry.can_retry,
    )


def person(row: Mapping[str, Any]) -> r.Person:
    """A recipient in short."""
    return r.Person(row["id"], row["user_id"], row["nickname"], row["phone_number"], row["timezone"])


def recipient(one: Recipient) -> r.RecipientResource:
    """A recipient in full."""
    values = dict(one.__dict__)
    for name in ("consent_at", "opted_out_at", "created_at", "updated_at"):
        values[name] = r.moment(values[name])
    return r.RecipientResource(**{**values, "attributes": dict(one.attributes)})


def consent_change(one: ConsentChange) -> r.ConsentChange:
    """One change of consent."""
    return r.ConsentChange(one.kind, one.by, one.name, r.certain(one.at))


def key(one: ApiKey) -> Dict[str, Any]:
    """The fields of an API key, without its secret."""
    times = {name: r.moment(getattr(one, name)) for name in ("created_at", "last_used_at", "revoked_at")}
    return {"id": one.id, "name": one.name, "scopes": list(one.scopes), **times}


def user(one: User) -> Dict[str, Any]:
    """The fields of somebody who may sign in."""
    return {
        **{name: getattr(one, name) for name in ("id", "email", "name", "role")},
        "invited": one.password_hash is None,
        "disabled": one.disabled_at is not None,
        "created_at": r.certain(one.created_at),
    }
