"""How far each agent has looked at a ticket, on whatever device."""

from __future__ import annotations

from typing import Any, Dict, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from proactive_api.storage.sql import tables as t
from proactive_api.storage.sql.writing import insert_for

_views = t.handoff_views
#: Seconds by which a time may be rounded on its way to the agent and back.
_ROUNDED = 0.001


def note(conn: Connection, handoff_id: str, viewer_id: str, at: float) -> None:
    """Somebody has looked at all that was said until ``at`` (seconds UTC); they do not un-see it."""
    insert = insert_for(conn, _views).values(handoff_id=handoff_id, viewer_id=viewer_id, seen_at=at)
    later = insert.excluded.seen_at > _views.c.seen_at
    conn.execute(
        insert.on_conflict_do_update(
            index_elements=["handoff_id", "viewer_id"], set_={"seen_at": insert.excluded.seen_at}, where=later
        )
    )


def seen(conn: Connection, handoff_ids: Sequence[str], viewer_id: str) -> Dict[str, float]:
    """Until when somebody has looked at each of these tickets, seconds UTC; those never looked at are left out."""
    mine = sa.and_(_views.c.handoff_id.in_(handoff_ids), _views.c.viewer_id == viewer_id)
    rows = conn.execute(sa.select(_views.c.handoff_id, _views.c.seen_at).where(mine))
    return {row.handoff_id: row.seen_at for row in rows}


def forget(conn: Connection, viewer_id: str) -> None:
    """Forget what somebody looked at who is gone for good."""
    conn.execute(sa.delete(_views).where(_views.c.viewer_id == viewer_id))


def is_unread(ticket: Mapping[str, Any], seen_at: float) -> bool:
    """Whether the recipient said something in this ticket that nobody answered and that this agent has not looked at.

    Args:
        ticket: its row.
        seen_at: until when the agent has looked, seconds UTC; 0 if never.
    """
    return bool(ticket["unread"]) and ticket["last_message_at"] > seen_at + _ROUNDED
