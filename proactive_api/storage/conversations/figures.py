"""Where the fold's results are kept."""

from __future__ import annotations

import json
from typing import Any, Dict, Iterator, List, Sequence, Tuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from proactive_api.lifecycle.figures import Conversation, Handoff, State
from proactive_api.lifecycle.fold import Folded, fold
from proactive_api.lifecycle.senders import split_sender
from proactive_api.storage.sql import tables as t
from proactive_api.storage.sql.writing import upsert

#: Rows of one rebuild read at a time: bounded memory however long the history.
REBUILD_BATCH = 500


def conversation_row(sender_id: str, conversation: Conversation) -> Dict[str, Any]:
    """A conversation as its table holds it."""
    channel, recipient_id = split_sender(sender_id) or ("", "")
    row = conversation.to_dict()
    row.update(sender_id=sender_id, channel_type=channel, recipient_id=recipient_id)
    return row


def handoff_row(sender_id: str, handoff: Handoff) -> Dict[str, Any]:
    """A ticket as its table holds it."""
    channel, recipient_id = split_sender(sender_id) or ("", "")
    row = dict(handoff.__dict__)
    row.update(sender_id=sender_id, channel_type=channel, recipient_id=recipient_id)
    return row


def store(conn: Connection, folded: Sequence[Tuple[str, Folded]]) -> None:
    """Write the figures that folding touched."""
    upsert(conn, t.conversations, [conversation_row(s, c) for s, f in folded for c in f.conversations.values()])
    upsert(conn, t.handoffs, [handoff_row(s, h) for s, f in folded for h in f.handoffs.values()])


def refold(conn: Connection, sender_id: str) -> Folded:
    """Fold all stored events of one tracker from the start."""
    state, conversations, handoffs = State(), {}, {}
    for batch in _event_batches(conn, sender_id):
        folded = fold(sender_id, state, batch)
        state = folded.state
        conversations.update(folded.conversations)
        handoffs.update(folded.handoffs)
    return Folded(state, conversations, handoffs)


def _event_batches(conn: Connection, sender_id: str) -> Iterator[List[Dict[str, Any]]]:
    last = 0
    while True:
        query = sa.select(t.events.c.id, t.events.c.data).where(t.events.c.sender_id == sender_id, t.events.c.id > last)
        rows = conn.execute(query.order_by(t.events.c.id).limit(REBUILD_BATCH)).all()
        if not rows:
            return
        last = rows[-1].id
        yield [json.loads(row.data) for row in rows]
