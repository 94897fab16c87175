"""Where the fold's results are kept, and how they are rebuilt from the events."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, Iterable, Iterator, List, Mapping, Sequence, Tuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from proactive_api.lifecycle.figures import Conversation, Handoff, State
from proactive_api.lifecycle.fold import Folded, fold
from proactive_api.lifecycle.senders import split_sender
from proactive_api.storage.reports import rollups
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


@dataclass
class Report:
    """What a rebuild found. ``differences`` is empty when live figures and events agree."""

    trackers: int = 0
    events: int = 0
    conversations: int = 0
    differences: List[str] = field(default_factory=list)


def rebuild(engine: Engine, progress: Callable[[int, int], None] = lambda done, total: None) -> Report:
    """Recompute every figure from the stored events, write what was wrong, and report it.

    Args:
        progress: called with trackers done and trackers in all.
    """
    with engine.connect() as conn:
        senders = [s for s in conn.execute(sa.select(t.events.c.sender_id).distinct()).scalars() if split_sender(s)]
    report = Report(trackers=len(senders))
    for done, sender_id in enumerate(senders, 1):
        with engine.begin() as conn:
            _rebuild_one(conn, sender_id, report)
        progress(done, len(senders))
    with engine.begin() as conn:
        report.differences += rollups.rebuild(conn)
    return report


def _rebuild_one(conn: Connection, sender_id: str, report: Report) -> None:
    folded = refold(conn, sender_id)
    report.events += folded.state.events
    report.conversations += len(folded.conversations)
    table_rows = (
        (t.conversations, [conversation_row(sender_id, c) for c in folded.conversations.values()], ()),
        (t.handoffs, [handoff_row(sender_id, h) for h in folded.handoffs.values()], ("assignee",)),
    )
    for table, rows, keep in table_rows:
        stored = _stored(conn, table, sender_id, keep)
        report.differences += _differences(table.name, stored, {row["id"]: row for row in rows})
        _delete_others(conn, table, sender_id, [row["id"] for row in rows])
        upsert(conn, table, rows, keep)
    _rebuild_state(conn, sender_id, folded.state, report)


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


def _stored(conn: Connection, table: sa.Table, sender_id: str, keep: Iterable[str]) -> Dict[str, Dict[str, Any]]:
    rows = conn.execute(sa.select(table).where(table.c.sender_id == sender_id)).mappings()
    return {row["id"]: {k: v for k, v in row.items() if k not in set(keep)} for row in rows}


def _delete_others(conn: Connection, table: sa.Table, sender_id: str, ids: List[str]) -> None:
    conn.execute(sa.delete(table).where(table.c.sender_id == sender_id, table.c.id.not_in(ids)))


def _differences(name: str, stored: Mapping[str, Any], fresh: Mapping[str, Any]) -> List[str]:
    found = []
    for key in sorted(set(stored) | set(fresh)):
        old, new = stored.get(key), fresh.get(key)
        if old is None or new is None:
            found.append(f"{name} {key}: {'not stored' if old is None else 'not in the events'}")
        else:
            found += [f"{name} {key}: {k} was {old[k]!r}, events say {new[k]!r}" for k in new if old[k] != new[k]]
    return found


def _rebuild_state(conn: Connection, sender_id: str, state: State, report: Report) -> None:
    stored = conn.execute(sa.select(t.trackers.c.state).where(t.trackers.c.sender_id == sender_id)).scalar()
    if stored is not None and State.from_dict(json.loads(stored)) != state:
        report.differences.append(f"trackers {sender_id}: state differs")
        conn.execute(
            sa.update(t.trackers).where(t.trackers.c.sender_id == sender_id).values(state=json.dumps(state.to_dict()))
        )
