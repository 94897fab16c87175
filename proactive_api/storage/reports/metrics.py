"""Figures over many chats and conversations. A rate's two numbers always come from one query."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any, Dict, Mapping, Optional, Sequence, Tuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from proactive_api.storage.reports import rollups
from proactive_api.storage.reports.filters import Filter, campaigns, period
from proactive_api.storage.sql import counters
from proactive_api.storage.sql import tables as t

_figures = t.conversations
HOUR, DAY = 3600, 86400
INFINITY = float("inf")
#: The rollups of all campaigns together.
_ALL = f"campaign = '{rollups.ALL}'"

#: Up to so many durations a percentile is the exact one, by nearest rank; beyond, it comes from buckets.
EXACT_UP_TO = 1000


@dataclass(frozen=True)
class Spread:
    """How long something took, seconds: half took at most ``median``, nine in ten at most ``p90``.

    Args:
        lines: how many took how long: counts with their upper bound, ``None`` for those beyond the last.
    """

    count: int
    median: Optional[float]
    p90: Optional[float]
    lines: Sequence[Tuple[Optional[float], int]]


@dataclass
class Counts:
    """Counts of a period.

    Args:
        counts: by the names in ``counters``.
        days: the same, by days since the epoch (UTC).
        buckets: durations by the names in ``counters`` and their buckets.
    """

    counts: Counter[str] = field(default_factory=Counter)
    days: Dict[int, Counter[str]] = field(default_factory=dict)
    buckets: Dict[str, Counter[int]] = field(default_factory=lambda: {name: Counter() for name in counters.DURATIONS})

    def add(self, day: int, counted: Mapping[str, Any]) -> None:
        """Count more of a day."""
        known = {name: int(value) for name, value in counted.items() if value}
        if known:
            self.counts.update(known)
            self.days.setdefault(int(day), Counter()).update(known)


def one_state(conn: Connection) -> None:
    """Let all queries of this transaction see the same state. Call it before the first of them."""
    if conn.dialect.name == "postgresql":
        conn.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def count(conn: Connection, wanted: Filter) -> Counts:
    """Chats created, and conversations started, in the period.

    Whole hours come from the rollups, what is left of hours at its two ends from the rows themselves. All of it must
    see ``one_state``.
    """
    totals = Counts()
    since, until = wanted.since or 0.0, INFINITY if wanted.until is None else wanted.until
    first = float(-(-since // HOUR) * HOUR)
    last = until if until == INFINITY else float(until // HOUR * HOUR)
    if first >= last:
        _count_rows(conn, wanted, totals)
        return totals
    _count_rollups(conn, wanted, first, last, totals)
    _count_noted(conn, wanted, first, last, totals)
    for start, end in ((since, first), (last, until)):
        if start < end:
            _count_rows(conn, replace(wanted, since=start, until=end), totals)
    return totals


def _count_rollups(conn: Connection, wanted: Filter, since: float, until: float, totals: Counts) -> None:
    sums = ", ".join(f"sum({name}) AS {name}" for name in counters.COUNTERS)
    for span, start, end in rollups.days(since, until):
        where, values = _of_rollup(wanted, span, start, end)
        day = counters.floor_sql(conn, f"start / {DAY}")
        for row in conn.execute(sa.text(f"SELECT {day} AS day, {sums} FROM rollups WHERE {where} GROUP BY 1"), values):
            totals.add(row[0], dict(zip(counters.COUNTERS, row[1:], strict=True)))
    for span, start, end in rollups.spans(since, until):
        where, values = _of_rollup(wanted, span, start, end)
        text = f"SELECT kind, bucket, sum(count) FROM rollup_durations WHERE {where} GROUP BY 1, 2"
        for kind, bucket, count in conn.execute(sa.text(text), values):
            totals.buckets[kind][bucket] += int(count)


def _count_noted(conn: Connection, wanted: Filter, since: float, until: float, totals: Counts) -> None:
    """What the worker has not added to the rollups yet; seldom more than a second's changes."""
    where, values = _where(replace(wanted, since=since, until=None if until == INFINITY else until), "at", "r")
    sums = ", ".join(f"sum(sign * {name}) AS {name}" for name in counters.COUNTERS)
    day = counters.floor_sql(conn, f"at / {DAY}")
    source = f"FROM rollup_deltas AS r WHERE {where}"
    for row in conn.execute(sa.text(f"SELECT {day} AS day, {sums} {source} GROUP BY 1"), values):
        totals.add(row[0], dict(zip(counters.COUNTERS, row[1:], strict=True)))
    for kind in counters.DURATIONS:
        text = f"SELECT {counters.bucket_sql(kind)}, sum(sign) {source} AND {kind} IS NOT NULL GROUP BY 1"
        for bucket, count in conn.execute(sa.text(text), values):
            totals.buckets[kind][bucket] += int(count)


def _of_rollup(wanted: Filter, span: str, start: float, end: float) -> Tuple[str, Dict[str, Any]]:
    values: Dict[str, Any] = {"span": span, "start": int(start)}
    where = f"span = :span AND start >= :start AND {_of_campaigns('campaign', wanted, values) or _ALL}"
    if end != INFINITY:
        where, values["end"] = f"{where} AND start < :end", int(end)
    if wanted.channel_type is not None:
        where, values["channel"] = f"{where} AND channel_type = :channel", wanted.channel_type
    return where, values


def _count_rows(conn: Connection, wanted: Filter, totals: Counts) -> None:
    """Count what is in the tables themselves."""
    for names, source, alias, column in counters.SOURCES:
        at = f"{alias}.{column}"
        sums = ", ".join(f"sum({sql}) AS {name}" for name, sql in names.items())
        where, values = _where(wanted, at, alias)
        day = counters.floor_sql(conn, f"{at} / {DAY}")
        text = f"SELECT {day} AS day, {sums} FROM {source} WHERE {where} GROUP BY 1"
        for row in conn.execute(sa.text(text), values).mappings():
            totals.add(row["day"], {name: row[name] for name in names})
    where, values = _where(wanted, "v.started_at", "v")
    for name, sql in counters.DURATIONS.items():
        text = f"SELECT {counters.bucket_sql('took')} AS bucket, count(*) AS n FROM (SELECT {sql} AS took"
        text += f" FROM conversations AS v WHERE {where}) AS all_of_them WHERE took IS NOT NULL GROUP BY 1"
        totals.buckets[name].update({row.bucket: row.n for row in conn.execute(sa.text(text), values)})


def _where(wanted: Filter, at: str, alias: str) -> Tuple[str, Dict[str, Any]]:
    parts = {
        f"{at} >= :since": ("since", wanted.since),
        f"{at} < :until": ("until", wanted.until),
        f"{alias}.channel_type = :channel": ("channel", wanted.channel_type),
    }
    used = {sql: pair for sql, pair in parts.items() if pair[1] is not None}
    values = dict(used.values())
    named = _of_campaigns(f"{alias}.campaign", wanted, values)
    return " AND ".join([*used, *([named] if named else [])]) or "1 = 1", values


def _of_campaigns(column: str, wanted: Filter, values: Dict[str, Any]) -> str:
    """The condition on a campaign's name, empty if any will do; what it compares with goes into ``values``."""
    if wanted.campaign is not None:
        values["campaign"] = wanted.campaign
    several = {f"campaign_{n}": name for n, name in enumerate(wanted.campaigns or ())}
    values.update(several)
    conditions = [f"{column} = :campaign"] if wanted.campaign is not None else []
    if wanted.campaigns is not None:
        conditions.append(f"{column} IN ({', '.join(f':{name}' for name in several)})" if several else "1 = 0")
    return " AND ".join(conditions)


def first_response(conn: Connection, wanted: Filter, totals: Counts) -> Spread:
    """Time from the proactive message to the first response."""
    took = _figures.c.responded_at - _figures.c.started_at
    return _spread(conn, took, (*_started(wanted, None), _figures.c.started_by == "business"), [
        totals.buckets["first_response"]
    ])  # fmt: skip


def resolution(conn: Connection, wanted: Filter, totals: Counts, handed_over: Optional[bool] = None) -> Spread:
    """Time from the first response to closing.

    Args:
        handed_over: only those that a human took over, or only those that none did.
    """
    kept, human = totals.buckets["agent_resolution"], totals.buckets["human_resolution"]
    buckets = {None: [kept, human], False: [kept], True: [human]}[handed_over]
    return _spread(conn, _figures.c.resolution_time, _started(wanted, handed_over), buckets)


def _spread(conn: Connection, value: Any, conditions: Tuple[Any, ...], counted: Sequence[Counter[int]]) -> Spread:
    buckets: Counter[int] = sum(counted, Counter())
    count, lines = sum(buckets.values()), counters.between_lines(buckets)
    if count > EXACT_UP_TO:
        return Spread(count, counters.percentile(buckets, 5), counters.percentile(buckets, 9), lines)
    median, p90 = _nearest_rank(conn, value, conditions) if count else (None, None)
    return Spread(count, median, p90, lines)


def _nearest_rank(conn: Connection, value: Any, conditions: Tuple[Any, ...]) -> Tuple[Optional[float], Optional[float]]:
    query = sa.select(value).where(*conditions, value.is_not(None)).order_by(value)
    values = conn.execute(query).scalars().all()
    if not values:
        return None, None
    return values[-(-len(values) * 5 // 10) - 1], values[-(-len(values) * 9 // 10) - 1]


def _started(wanted: Filter, handed_over: Optional[bool]) -> Tuple[Any, ...]:
    conditions = [*_same(wanted, _figures), *period(_figures.c.started_at, wanted)]
    if handed_over is not None:
        conditions.append(
            _figures.c.handed_over_at.is_not(None) if handed_over else _figures.c.handed_over_at.is_(None)
        )
    return tuple(conditions)


def _same(wanted: Filter, table: sa.Table) -> Tuple[Any, ...]:
    pairs = ((wanted.channel_type, table.c.channel_type), (wanted.campaign, table.c.campaign))
    same = [column == value for value, column in pairs if value is not None]
    return (*same, *campaigns(table.c.campaign, wanted))
