"""Counts by hour, day and month, so that figures of a period cost the same however much there is.

Triggers note each change (``rollup_triggers``); the worker adds what they noted to the rollups; who reads takes both.
So the figures are right at any moment, also while no worker runs: only slower.
"""

from __future__ import annotations

import datetime
from collections import Counter
from typing import Any, Dict, Iterable, List, Mapping, Sequence, Tuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from proactive_api.storage.sql import counters
from proactive_api.storage.sql import tables as t
from proactive_api.storage.sql.counters import COUNTERS

#: Changes that are added in one transaction.
BATCH = 2000
#: The campaign that stands for all.
ALL = ""
SPANS = ("h", "d", "m")

#: ``campaign, span, start, channel_type``, and for durations also ``kind, bucket``.
Key = Tuple[Any, ...]

_deltas, _rollups, _durations = t.rollup_deltas, t.rollups, t.rollup_durations
#: Any number that nobody else takes: one worker at a time adds up.
_LOCK = 7308326
_UTC = datetime.timezone.utc


def start_of(span: str, at: float) -> int:
    """When the hour, day or month (UTC) began in which a moment lies."""
    if span == "m":
        first = datetime.datetime.fromtimestamp(at, _UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        return int(first.timestamp())
    width = 3600 if span == "h" else 86400
    return int(at // width) * width


def add_up(engine: Engine) -> int:
    """Add all noted changes to the rollups. Returns how many there were."""
    total = 0
    while True:
        with engine.begin() as conn:
            done = _add_batch(conn)
        total += done
        if done < BATCH:
            return total


def _add_batch(conn: Connection) -> int:
    if conn.dialect.name == "postgresql":
        lock = "SELECT pg_try_advisory_xact_lock(:key)"
        if not conn.execute(sa.text(lock), {"key": _LOCK}).scalar():
            return 0
    rows = conn.execute(sa.select(_deltas).order_by(_deltas.c.id).limit(BATCH)).mappings().all()
    if rows:
        counts, durations = summed(rows)
        _add(conn, counts, durations)
        conn.execute(sa.delete(_deltas).where(_deltas.c.id == sa.bindparam("done")), [{"done": r["id"]} for r in rows])
    return len(rows)


def summed(deltas: Iterable[Mapping[str, Any]]) -> Tuple[Dict[Key, Counter[str]], Counter[Key]]:
    """Changes as what they come to in each span and campaign."""
    counts: Dict[Key, Counter[str]] = {}
    durations: Counter[Key] = Counter()
    for delta in deltas:
        sign, at = delta["sign"], delta["at"]
        changed = {name: sign * delta[name] for name in COUNTERS if delta[name]}
        took = [(kind, counters.bucket(delta[kind])) for kind in counters.DURATIONS if delta[kind] is not None]
        for key in _keys(delta["campaign"], at, delta["channel_type"]):
            counts.setdefault(key, Counter()).update(changed)
            for one in took:
                durations[key + one] += sign
    return counts, durations


def _keys(campaign: Any, at: float, channel: str) -> List[Key]:
    names = (ALL,) if campaign is None else (ALL, campaign)
    return [(name, span, start_of(span, at), channel) for span in SPANS for name in names]


def _add(conn: Connection, counts: Mapping[Key, Counter[str]], durations: Mapping[Key, int]) -> None:
    """Sorted, so that a rebuild and a worker cannot wait for each other."""
    key = ("campaign", "span", "start", "channel_type")
    rows = [
        {**dict(zip(key, one, strict=True)), **{name: change[name] for name in COUNTERS}}
        for one, change in sorted(counts.items())
        if any(change.values())
    ]
    _upsert(conn, "rollups", key, COUNTERS, rows)
    longer = (*key, "kind", "bucket")
    bars = [{**dict(zip(longer, one, strict=True)), "count": n} for one, n in sorted(durations.items()) if n]
    _upsert(conn, "rollup_durations", longer, ("count",), bars)


def _upsert(
    conn: Connection, table: str, key: Sequence[str], counted: Sequence[str], rows: Sequence[Mapping[str, Any]]
) -> None:
    if not rows:
        return
    names, postgres = (*key, *counted), conn.dialect.name == "postgresql"
    sums = ", ".join(f'"{name}" = {table}."{name}" + excluded."{name}"' for name in counted)
    columns, where = (", ".join(f'"{name}"' for name in some) for some in (names, key))
    values = ", ".join(f"%({name})s" if postgres else f":{name}" for name in names)
    text = f"INSERT INTO {table} ({columns}) VALUES ({values}) ON CONFLICT ({where}) DO UPDATE SET {sums}"
    if not postgres:
        conn.execute(sa.text(text), list(rows))
        return
    from psycopg2.extras import execute_batch

    with conn.connection.cursor() as cursor:  # many rows to a round trip: a rebuild has hundreds of thousands
        execute_batch(cursor, text, rows, page_size=500)


def rebuild(conn: Connection) -> List[str]:
    """Count everything anew, and write what was wrong. Returns the differences, in words."""
    if conn.dialect.name == "postgresql":
        conn.exec_driver_sql("LOCK TABLE proactive_chats, conversations, rollup_deltas IN SHARE ROW EXCLUSIVE MODE")
    noted = conn.execute(sa.select(_deltas)).mappings().all()
    stored = _stored(conn)
    counts, durations = summed(noted)
    for key, change in counts.items():
        for name, number in change.items():
            stored[key + (name,)] += number
    stored.update(durations)
    fresh_counts, fresh_durations = counted(conn)
    fresh = Counter({(*key, name): n for key, told in fresh_counts.items() for name, n in told.items()})
    fresh.update(fresh_durations)
    for table in (_deltas, _rollups, _durations):
        conn.execute(sa.delete(table))
    _add(conn, fresh_counts, fresh_durations)
    wrong = sorted(key for key in {*stored, *fresh} if stored[key] != fresh[key])
    return [f"rollups {'/'.join(map(str, key))}: was {stored[key]}, rows say {fresh[key]}" for key in wrong]


def _stored(conn: Connection) -> Counter[Key]:
    found: Counter[Key] = Counter()
    for row in conn.execute(sa.select(_rollups)).mappings():
        key = (row["campaign"], row["span"], row["start"], row["channel_type"])
        found.update({(*key, name): row[name] for name in COUNTERS if row[name]})
    for *duration, count in conn.execute(sa.select(_durations)):
        found[tuple(duration)] += count
    return found


def counted(conn: Connection) -> Tuple[Dict[Key, Counter[str]], Counter[Key]]:
    """What the rollups should hold, from the chats and conversations themselves."""
    counts: Dict[Key, Counter[str]] = {}
    durations: Counter[Key] = Counter()
    for names, source, alias, at in counters.SOURCES:
        hour = counters.floor_sql(conn, f"{alias}.{at} / 3600")
        sums = ", ".join(f"sum({sql}) AS {name}" for name, sql in names.items())
        text = f"SELECT {alias}.campaign AS campaign, {alias}.channel_type AS channel, {hour} AS hour, {sums}"
        for row in conn.execute(sa.text(f"{text} FROM {source} GROUP BY 1, 2, 3")).mappings():
            for key in _keys(row["campaign"], row["hour"] * 3600, row["channel"]):
                counts.setdefault(key, Counter()).update({name: int(row[name]) for name in names})
    hour = counters.floor_sql(conn, "v.started_at / 3600")
    for kind, sql in counters.DURATIONS.items():
        inner = f"SELECT v.campaign, v.channel_type AS channel, {hour} AS hour, {sql} AS took FROM conversations AS v"
        text = f"SELECT campaign, channel, hour, {counters.bucket_sql('took')} AS bucket, count(*) AS n FROM ({inner})"
        of_kind = conn.execute(sa.text(f"{text} AS one WHERE took IS NOT NULL GROUP BY 1, 2, 3, 4"))
        for campaign, channel, start, bucket, count in of_kind:
            for key in _keys(campaign, start * 3600, channel):
                durations[key + (kind, bucket)] += count
    return counts, durations


def spans(since: float, until: float) -> List[Tuple[str, float, float]]:
    """Whole hours, days and months that a period of whole hours is made of, as few as may be."""
    begun = start_of("m", since)
    first = since if begun == since else _next("m", begun)
    last = until if until == float("inf") else float(start_of("m", until))
    if first >= last:
        return days(since, until)
    return [*days(since, first), ("m", first, last), *days(last, until)]


def days(since: float, until: float) -> List[Tuple[str, float, float]]:
    """Whole hours and days that a period of whole hours is made of, as few as may be."""
    if since >= until:
        return []
    begun = start_of("d", since)
    first = since if begun == since else _next("d", begun)
    last = until if until == float("inf") else float(start_of("d", until))
    parts = [("h", since, first), ("d", first, last), ("h", last, until)] if first <= last else [("h", since, until)]
    return [one for one in parts if one[1] < one[2]]


def _next(span: str, start: float) -> float:
    return float(start + 86400 if span == "d" else start_of("m", start + 32 * 86400))
