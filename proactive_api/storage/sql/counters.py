"""What is counted of chats and conversations, written once in SQL that SQLite and PostgreSQL read alike.

In an expression, ``c`` is a proactive chat and ``v`` a conversation: the chat's own where both appear.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from typing import Dict, List, Mapping, Optional, Sequence, Tuple

from sqlalchemy.engine import Connection

#: A conversation counts as resolved when it was responded to and then closed, unless the person said otherwise.
UNRESOLVED = ("user_unresolved", "opted_out")
#: Seconds from which charts and links draw their lines.
LINES: Tuple[float, ...] = (
    *(10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0, 7200.0, 14400.0, 28800.0, 86400.0, 259200.0, 604800.0),
)
#: Widest bucket, as upper by lower bound: a percentile is off by less.
_WIDEST = 1.35

_SENT = "c.sent_at IS NOT NULL"
_RESOLVED = "v.resolution_time IS NOT NULL AND v.closed_reason NOT IN ({})".format(
    ", ".join(f"'{one}'" for one in UNRESOLVED)
)


def _one_if(condition: str) -> str:
    return f"CASE WHEN {condition} THEN 1 ELSE 0 END"


#: Of a chat and its conversation, if it has one.
OF_CHATS: Mapping[str, str] = {
    "proactive_chats": "1",
    **{name: _one_if(f"c.delivery_status = '{name}'") for name in ("queued", "sending", "delivered", "failed")},
    "skipped": _one_if("c.delivery_status = 'skipped'"),
    "sent": _one_if(_SENT),
    "responded": _one_if(f"{_SENT} AND v.response_status = 'responded'"),
    "resolved": _one_if(f"{_SENT} AND {_RESOLVED}"),
}

_HUMAN = "v.handed_over_at IS NOT NULL"
#: Of a conversation; ``human_`` counts those that a human took over.
OF_CONVERSATIONS: Mapping[str, str] = {
    "conversations": "1",
    "closed": _one_if("v.status = 'closed'"),
    "human_conversations": _one_if(_HUMAN),
    "human_closed": _one_if(f"v.status = 'closed' AND {_HUMAN}"),
    **{f"score_{score}": _one_if(f"v.csat = {score}") for score in range(1, 6)},
    **{f"human_score_{score}": _one_if(f"v.csat = {score} AND {_HUMAN}") for score in range(1, 6)},
}

#: How long things took, seconds; NULL where they did not happen.
DURATIONS: Mapping[str, str] = {
    "first_response": "CASE WHEN v.started_by = 'business' THEN v.responded_at - v.started_at END",
    "agent_resolution": f"CASE WHEN {_HUMAN} THEN NULL ELSE v.resolution_time END",
    "human_resolution": f"CASE WHEN {_HUMAN} THEN v.resolution_time END",
}


#: What to sum over: expressions, tables, and where its channel, campaign and time are.
SOURCES: Sequence[Tuple[Mapping[str, str], str, str, str]] = (
    (OF_CHATS, "proactive_chats AS c LEFT JOIN conversations AS v ON v.id = c.conversation_id", "c", "created_at"),
    (OF_CONVERSATIONS, "conversations AS v", "v", "started_at"),
)
COUNTERS: Tuple[str, ...] = (*OF_CHATS, *OF_CONVERSATIONS)


def _bounds() -> Tuple[float, ...]:
    """Upper bounds of the buckets: every line is one, so that charts are exact."""
    bounds: List[float] = [0.0, *(float(second) for second in range(1, 11))]
    for line in (*LINES[1:], 30 * 86400.0):
        pieces = math.ceil(math.log(line / bounds[-1]) / math.log(_WIDEST))
        step = (line / bounds[-1]) ** (1 / pieces)
        bounds += [float(round(bounds[-1] * step**piece)) for piece in range(1, pieces)] + [line]
    return tuple(bounds)


BOUNDS = _bounds()


def floor_sql(conn: Connection, value: str) -> str:
    """The whole part of a number that is not negative."""
    # A cast cuts off on SQLite, which may lack floor(), and rounds on PostgreSQL.
    return f"floor({value})" if conn.dialect.name == "postgresql" else f"CAST({value} AS INTEGER)"


def bucket_sql(value: str) -> str:
    """The index of a duration's bucket; the last one has no upper bound."""
    cases = " ".join(f"WHEN {value} <= {bound} THEN {index}" for index, bound in enumerate(BOUNDS))
    return f"CASE {cases} ELSE {len(BOUNDS)} END"


def bucket(value: float) -> int:
    """The bucket that a duration belongs to; what ``bucket_sql`` computes in the database."""
    return bisect_left(BOUNDS, value)


def percentile(buckets: Mapping[int, int], tenths: int) -> Optional[float]:
    """About the lowest value that has so many tenths of all values up to it: interpolated within its bucket."""
    total = sum(buckets.values())
    rank, below = -(-total * tenths // 10), 0
    for index in sorted(buckets):
        count = buckets[index]
        if count and below + count >= rank:
            lower = BOUNDS[index - 1] if index else 0.0
            upper = BOUNDS[index] if index < len(BOUNDS) else 2 * BOUNDS[-1]
            return lower + (upper - lower) * (rank - below) / count
        below += count
    return None


def between_lines(buckets: Mapping[int, int]) -> Sequence[Tuple[Optional[float], int]]:
    """Counts between the lines, each with its upper line; what is beyond the last has none."""
    ends = [bucket(line) for line in LINES]
    counts: Dict[int, int] = dict.fromkeys(range(len(LINES) + 1), 0)
    for index, count in buckets.items():
        counts[bisect_left(ends, index)] += count
    return [(LINES[index] if index < len(LINES) else None, count) for index, count in counts.items()]
