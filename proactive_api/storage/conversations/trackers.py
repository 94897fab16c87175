"""A tracker's events and everything derived from them, written in one transaction."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple, Union

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from proactive_api.lifecycle.figures import State
from proactive_api.lifecycle.fold import Folded, fold
from proactive_api.lifecycle.senders import split_sender
from proactive_api.storage.conversations import figures
from proactive_api.storage.conversations.effects import Effect, take_effect
from proactive_api.storage.queues import sends
from proactive_api.storage.sql import tables as t
from proactive_api.storage.sql.writing import insert_missing, upsert

EventData = Dict[str, Any]

SESSION_STARTED = "session_started"


@dataclass(frozen=True)
class Head:
    """Where a tracker stands: its latest session, and the fold's state.

    Args:
        session_event_id: id of the event that began the latest session, 0 before any.
        session_started_at: that event's timestamp, seconds UTC.
        session_events: stored events from there on.
        total_events: stored events in all.
    """

    sender_id: str
    session_event_id: int = 0
    session_started_at: Optional[float] = None
    session_events: int = 0
    total_events: int = 0
    state: State = State()


@dataclass(frozen=True)
class Append:
    """A wish to append events to one tracker.

    Args:
        events: the events, or a function from the tracker's head to the events that it lacks.
        effects: written in the same transaction, but only if there is an event to write.
    """

    sender_id: str
    events: Union[Sequence[EventData], Callable[[Head], Sequence[EventData]]]
    effects: Tuple[Effect, ...] = ()


@dataclass(frozen=True)
class Appended:
    """What was written: the events with their ids, and the tracker's head after them."""

    head: Head
    events: Sequence[EventData]
    ids: Sequence[int] = ()


@dataclass
class _Batch:
    heads: Dict[str, Head]
    rows: List[Dict[str, Any]] = field(default_factory=list)
    folded: List[Tuple[str, Folded]] = field(default_factory=list)
    effects: List[Effect] = field(default_factory=list)


def append_many(engine: Engine, appends: List[Append]) -> List[Union[Appended, Exception]]:
    """Append to many trackers in one transaction; if that fails, each in one of its own.

    A failure thus reaches only the one who caused it.
    """
    try:
        with engine.begin() as conn:
            return list(append(conn, appends))
    except Exception as error:
        if len(appends) == 1:
            return [error]
    return [append_many(engine, [one])[0] for one in appends]


def append(conn: Connection, appends: Sequence[Append]) -> List[Appended]:
    """Append to many trackers within the caller's transaction.

    Events, figures, heads and effects become visible together or not at all.
    """
    batch = _Batch(lock_heads(conn, sorted({one.sender_id for one in appends})))
    done = [_collect(batch, one) for one in appends]
    ids = _allocate_ids(conn, len(batch.rows))
    for row, row_id in zip(batch.rows, ids, strict=True):
        row["id"] = row_id
        if row["type_name"] == SESSION_STARTED:
            head = batch.heads[row["sender_id"]]
            batch.heads[row["sender_id"]] = replace(head, session_event_id=row["id"])
    _write(conn, batch, {one.sender_id for one, appended in zip(appends, done, strict=True) if appended.events})
    given = iter(ids)
    return [
        replace(one, head=batch.heads[one.head.sender_id], ids=list(islice(given, len(one.events)))) for one in done
    ]


def _collect(batch: _Batch, one: Append) -> Appended:
    head = batch.heads[one.sender_id]
    events = list(one.events(head) if callable(one.events) else one.events)
    if events:
        batch.rows += [_event_row(one.sender_id, event) for event in events]
        batch.heads[one.sender_id] = head = _advance(batch, head, events)
        batch.effects += one.effects
    return Appended(head, events)


def _advance(batch: _Batch, head: Head, events: Sequence[EventData]) -> Head:
    state = head.state
    if split_sender(head.sender_id):
        folded = fold(head.sender_id, state, events)
        batch.folded.append((head.sender_id, folded))
        state = folded.state
    started, since = head.session_started_at, head.session_events
    for event in events:
        if event.get("event") == SESSION_STARTED:
            started, since = event.get("timestamp"), 0
        since += 1
    total = head.total_events + len(events)
    return replace(head, session_started_at=started, session_events=since, total_events=total, state=state)


def _event_row(sender_id: str, event: EventData) -> Dict[str, Any]:
    """The columns that Rasa's own SQL tracker store fills (``SQLTrackerStore.save``)."""
    intent = ((event.get("parse_data") or {}).get("intent") or {}).get("name")
    return {
        "sender_id": sender_id,
        "type_name": event["event"],
        "timestamp": event.get("timestamp"),
        "intent_name": intent,
        "action_name": event.get("name"),
        "data": json.dumps(event),
    }


def _write(conn: Connection, batch: _Batch, changed: set[str]) -> None:
    if batch.rows:
        conn.execute(sa.insert(t.events), batch.rows)
    # One sender's figures may stand in several folds of a batch: the last word counts.
    latest: Dict[str, Folded] = {}
    for sender_id, folded in batch.folded:
        earlier = latest.get(sender_id)
        if earlier is not None:
            conversations = {**earlier.conversations, **folded.conversations}
            folded = Folded(folded.state, conversations, {**earlier.handoffs, **folded.handoffs})
        latest[sender_id] = folded
    figures.store(conn, list(latest.items()))
    upsert(conn, t.trackers, [_head_row(batch.heads[s]) for s in sorted(changed)])
    sends.end_wait_for_closing(
        conn, [s for s, f in latest.items() if any(not c.is_open for c in f.conversations.values())]
    )
    take_effect(conn, batch.effects)


def _head_row(head: Head) -> Dict[str, Any]:
    row = dict(head.__dict__)
    row["state"] = json.dumps(head.state.to_dict())
    return row


def _allocate_ids(conn: Connection, count: int) -> List[int]:
    """Ids for ``count`` new events: a session's first id must be known without reading it back."""
    if not count:
        return []
    if conn.dialect.name == "postgresql":
        query = "SELECT nextval(pg_get_serial_sequence('events', 'id')) FROM generate_series(1, :count)"
        return list(conn.execute(sa.text(query), {"count": count}).scalars())
    # BEGIN IMMEDIATE makes us the only writer.
    last = conn.execute(sa.select(sa.func.max(t.events.c.id))).scalar() or 0
    return list(range(last + 1, last + 1 + count))


def lock_heads(conn: Connection, sender_ids: Sequence[str]) -> Dict[str, Head]:
    """Heads of these trackers, locked until the transaction ends; made where there was none."""
    heads = _read_heads(conn, sender_ids, lock=True)
    missing = [sender_id for sender_id in sender_ids if sender_id not in heads]
    if missing:
        insert_missing(conn, t.trackers, [_head_row(head) for head in _new_heads(conn, missing)])
        heads.update(_read_heads(conn, missing, lock=True))
    return heads


def read_heads(engine: Engine, sender_ids: List[str]) -> List[Union[Head, Exception]]:
    """Heads of these trackers as they are now, in order; an empty one where nothing is stored."""
    with engine.connect() as conn:
        found = heads(conn, sender_ids)
    return [found[sender_id] for sender_id in sender_ids]


def heads(conn: Connection, sender_ids: Sequence[str]) -> Dict[str, Head]:
    """Heads of these trackers by sender, within the caller's transaction."""
    found = _read_heads(conn, list(set(sender_ids)), lock=False)
    return {sender_id: found.get(sender_id, Head(sender_id)) for sender_id in sender_ids}


def _read_heads(conn: Connection, sender_ids: Sequence[str], lock: bool) -> Dict[str, Head]:
    query = sa.select(t.trackers).where(t.trackers.c.sender_id.in_(sender_ids)).order_by(t.trackers.c.sender_id)
    return {row.sender_id: _head(row) for row in conn.execute(query.with_for_update() if lock else query)}


def _head(row: Row) -> Head:
    state = State.from_dict(json.loads(row.state))
    return Head(
        row.sender_id, row.session_event_id, row.session_started_at, row.session_events, row.total_events, state
    )


def _new_heads(conn: Connection, sender_ids: Sequence[str]) -> List[Head]:
    """Heads for trackers that have none; what stock Rasa stored before this product came is taken over."""
    counts = sa.select(t.events.c.sender_id, sa.func.count()).where(t.events.c.sender_id.in_(sender_ids))
    totals = dict(map(tuple, conn.execute(counts.group_by(t.events.c.sender_id))))
    return [_taken_over(conn, one, totals[one]) if one in totals else Head(one) for one in sender_ids]


def _taken_over(conn: Connection, sender_id: str, total: int) -> Head:
    mine = t.events.c.sender_id == sender_id
    started = sa.select(t.events.c.id, t.events.c.timestamp).where(mine, t.events.c.type_name == SESSION_STARTED)
    session = conn.execute(started.order_by(t.events.c.id.desc()).limit(1)).first()
    folded = figures.refold(conn, sender_id) if split_sender(sender_id) else Folded(State(), {}, {})
    figures.store(conn, [(sender_id, folded)])
    head = Head(sender_id, total_events=total, session_events=total, state=folded.state)
    if session is None:
        return head
    since = sa.select(sa.func.count()).select_from(t.events).where(mine, t.events.c.id >= session.id)
    count = conn.execute(since).scalar() or 0
    return replace(head, session_event_id=session.id, session_started_at=session.timestamp, session_events=count)


def session_events(conn: Connection, sender_id: str, whole: bool = False) -> List[EventData]:
    """Stored events of a tracker's latest session, or of all its sessions, oldest first."""
    query = sa.select(t.events.c.data).where(t.events.c.sender_id == sender_id)
    if not whole:
        start = sa.select(t.trackers.c.session_event_id).where(t.trackers.c.sender_id == sender_id).scalar_subquery()
        query = query.where(t.events.c.id >= sa.func.coalesce(start, 0))
    return [json.loads(data) for data in conn.execute(query.order_by(t.events.c.id)).scalars()]


def sender_ids(conn: Connection) -> List[str]:
    """Every tracker that has a stored event."""
    return list(conn.execute(sa.select(t.events.c.sender_id).distinct()).scalars())
