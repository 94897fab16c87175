"""All figures computed again from the stored events: what was wrong is corrected, and told."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, Iterable, List, Mapping

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from proactive_api.lifecycle.figures import State
from proactive_api.lifecycle.senders import split_sender
from proactive_api.storage.conversations.figures import conversation_row, handoff_row, refold
from proactive_api.storage.reports import rollups
from proactive_api.storage.sql import tables as t
from proactive_api.storage.sql.writing import upsert


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
