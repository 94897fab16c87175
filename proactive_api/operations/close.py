"""Have a conversation closed, with the closing words and the survey. A connector does it a moment later."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from proactive_api.lifecycle.values import ClosedReason, ConversationStatus
from proactive_api.operations.errors import Conflict, NotFound
from proactive_api.storage.conversations import conversations
from proactive_api.storage.conversations.conversations import ConversationRow
from proactive_api.storage.queues import commands


def close(conn: Connection, conversation_id: str, reason: ClosedReason, now: float) -> ConversationRow:
    """Ask for the closing of a conversation; the row returned is as it was before.

    Args:
        now: seconds UTC.

    Raises:
        NotFound: if there is no such conversation.
        Conflict: if it is closed, or closing.
    """
    row = conversations.get(conn, conversation_id, lock=True)
    if row is None:
        raise NotFound("There is no conversation with this id.")
    if row.figures["status"] != ConversationStatus.OPEN.value:
        raise Conflict("This conversation is already closed.")
    asked = commands.enqueue(
        conn,
        kind="close",
        conversation_id=conversation_id,
        sender_id=row.figures["sender_id"],
        payload={"reason": reason.value},
        dedup_key=f"close:{conversation_id}",
        now=now,
    )
    if asked is None:
        raise Conflict("This conversation is already being closed.")
    return row
