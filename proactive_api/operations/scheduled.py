"""What has not gone out yet can be changed and cancelled, until it is under way (spec section 2)."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, Mapping, Optional

from sqlalchemy.engine import Connection

from proactive_api.lifecycle.links import Links
from proactive_api.lifecycle.markdown import Words
from proactive_api.lifecycle.sending import SkipReason
from proactive_api.lifecycle.values import ChannelType, IfActive, SuggestedReply
from proactive_api.operations.errors import Conflict, NotFound
from proactive_api.operations.send import Draft, check, compose
from proactive_api.storage.conversations import chats
from proactive_api.storage.conversations.chats import Chat
from proactive_api.storage.people import recipients
from proactive_api.storage.queues import sends

#: Skip reason of what somebody cancelled.
CANCELLED: SkipReason = "cancelled"

_TOO_LATE: Mapping[str, str] = {
    "sent": "It is too late: this message has been sent.",
    "delivered": "It is too late: this message has been delivered.",
    "failed": "This message has failed. Send a new one instead.",
    "skipped": "This message was not sent, and will not be. Send a new one instead.",
}


def cancel(conn: Connection, chat_id: str) -> Chat:
    """Keep a chat from going out. One that is cancelled already stays so.

    Raises:
        NotFound: if there is none.
        Conflict: if it is under way, or over.
    """
    done = sends.cancel(conn, chat_id, CANCELLED)
    found = _found(conn, chat_id)
    if not done and found.chat["skip_reason"] != CANCELLED:
        raise _too_late(found)
    return found


def change(conn: Connection, chat_id: str, changes: Mapping[str, Any], links: Links, now: float) -> Chat:
    """Change a chat that has not gone out; it is checked like a new one, and the sending rules are asked again.

    Args:
        changes: fields of a ``Draft``: ``message``, ``suggested_replies``, ``campaign``, ``scheduled_at`` (``None``:
            it goes out now).
        now: seconds UTC.

    Raises:
        NotFound: if there is none.
        InvalidInput: if it could not be sent like that.
        Conflict: if it is under way, or over.
    """
    found = _found(conn, chat_id, lock=True)
    draft = replace(_draft_of(found), **changes)
    check(draft)
    recipient = recipients.find(conn, id=found.chat["recipient_id"])
    assert recipient is not None  # the chat's row refers to it
    made = compose(conn, draft, recipient, links, now, chat_id=chat_id, rendered_before="message" not in changes)
    if not sends.change(conn, chat_id, chats.stored(made)):
        raise _too_late(_found(conn, chat_id))
    return _found(conn, chat_id)


def _found(conn: Connection, chat_id: str, lock: bool = False) -> Chat:
    found = chats.get(conn, chat_id, lock=lock)
    if found is None:
        raise NotFound("There is no proactive chat with this id.")
    return found


def _too_late(found: Chat) -> Conflict:
    return Conflict(_TOO_LATE.get(found.chat["delivery_status"], "It is too late: this message is on its way."))


def _words_of(row: Mapping[str, Any]) -> Optional[Words]:
    return None if row["message"] is None else Words(row["message"], json.loads(row["message_literal"] or "[]"))


def _draft_of(found: Chat) -> Draft:
    """What somebody would have to ask for to get this chat."""
    row = found.chat
    return Draft(
        channel=ChannelType(row["channel_type"]),
        # Whoever it is, it goes to them: only that an address is there is looked at.
        user_id=found.recipient["user_id"] or found.recipient["id"],
        message=_words_of(row),
        intent=row["intent"],
        entities=json.loads(row["entities"] or "{}"),
        suggested_replies=tuple(SuggestedReply.from_dict(raw) for raw in json.loads(row["suggested_replies"])),
        campaign=row["campaign"],
        scheduled_at=row["scheduled_at"],
        if_active=IfActive(row["if_active"]),
        auto_close_timeout=row["auto_close_timeout"],
    )
