"""``/v1/metrics``: what came of it all, over a period."""

from __future__ import annotations

import datetime
from collections import Counter
from operator import itemgetter
from typing import Any, Dict, List, Mapping, Optional, Tuple

import msgspec
from sqlalchemy.engine import Connection

from proactive_api.http.core import csv, fields
from proactive_api.http.core.endpoint import CSV, Answer, Call, Endpoint
from proactive_api.http.core.fields import Instant, Name
from proactive_api.http.resources.chat_filters import CampaignPart, campaigns_of
from proactive_api.http.resources.exported import figure
from proactive_api.http.resources.shapes import ChannelName
from proactive_api.storage.reports import metrics
from proactive_api.storage.reports.filters import Filter
from proactive_api.storage.reports.metrics import Counts


class MetricsParameters(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Which chats and conversations to count: those created or started from ``from`` up to ``to``."""

    since: Optional[Instant] = msgspec.field(default=None, name="from")
    until: Optional[Instant] = msgspec.field(default=None, name="to")
    channel_type: Optional[ChannelName] = None
    campaign: Optional[Name] = None
    campaign_search: Optional[CampaignPart] = None


class Bar(msgspec.Struct):
    """How many took longer than the bar before, and at most ``up_to`` seconds; null has no limit."""

    up_to: Optional[float]
    count: int


class Durations(msgspec.Struct):
    """Seconds: half took at most ``median``, nine in ten at most ``p90``; null if there were none.

    Up to 1,000 durations these are exact, beyond within a few in a hundred; ``count`` and ``histogram`` always are.
    """

    count: int
    median: Optional[float]
    p90: Optional[float]
    histogram: List[Bar]


class Csat(msgspec.Struct):
    """Ratings of the conversations that closed. ``response_rate`` is rated by closed."""

    count: int
    average: Optional[float]
    distribution: Dict[str, int]
    response_rate: Optional[float]


class Side(msgspec.Struct):
    """Figures of the conversations that the AI agent kept, or that a human took over."""

    conversations: int
    resolution_time: Durations
    csat: Csat


class Funnel(msgspec.Struct):
    """What became of the chats: ``resolved`` ones were responded to and closed, unless the person said otherwise."""

    sent: int
    delivered: int
    responded: int
    resolved: int


class DayFigures(msgspec.Struct):
    """Chats created, and conversations started, on one day (UTC) of the period."""

    day: datetime.date
    sent: int
    delivered: int
    responded: int
    conversations: int
    closed: int
    csat_average: Optional[float]


class Metrics(msgspec.Struct, kw_only=True):
    """Rates are between 0 and 1, null where there is nothing to divide by.

    ``sent`` counts proactive chats that the carrier took, delivered or not; ``response_rate`` is responded by sent.
    ``handoff_rate`` is handed over by all conversations. Chats count by when they were created, conversations by when
    they started.
    """

    proactive_chats: int
    queued: int
    sending: int
    sent: int
    delivered: int
    failed: int
    skipped: int
    responded: int
    response_rate: Optional[float]
    time_to_first_response: Durations
    conversations: int
    closed: int
    handed_over: int
    handoff_rate: Optional[float]
    resolution_time: Durations
    csat: Csat
    csat_distribution: Dict[str, int]
    ai_agent: Side
    human_agent: Side
    funnel: Funnel
    by_day: List[DayFigures]


def get(conn: Connection, call: Call) -> Answer:
    """Get figures, for a period, a channel, a campaign, or overall."""
    return Answer(_metrics(conn, call))


def export(conn: Connection, call: Call) -> Answer:
    """Get the same figures as CSV for a spreadsheet: one name and value per line, durations in seconds."""
    totals: Dict[str, Any] = msgspec.to_builtins(_metrics(conn, call))
    totals["by_day"] = {day.pop("day"): day for day in totals["by_day"]}
    named = [[figure(name), _rounded(value)] for name, value in csv.flattened(_with_named_bars(totals))]
    columns = {"Figure": itemgetter(0), "Value": itemgetter(1)}
    return Answer(None, csv.named("metrics.csv"), parts=csv.parts(columns, [named]))


def _rounded(value: Any) -> Any:
    return round(value, 4) if isinstance(value, float) else value


def _metrics(conn: Connection, call: Call) -> Metrics:
    query: MetricsParameters = call.query
    metrics.one_state(conn)
    since, until = fields.period(query.since, query.until)
    wanted = Filter(since, until, query.channel_type, **campaigns_of(conn, query))
    totals = metrics.count(conn, wanted)
    counts = totals.counts
    csat = _csat(counts, "score", "closed")
    return Metrics(
        **{name: counts[name] for name in ("proactive_chats", "queued", "sending", "sent", "delivered")},
        **{name: counts[name] for name in ("failed", "skipped", "responded", "conversations", "closed")},
        response_rate=_rate(counts["responded"], counts["sent"]),
        time_to_first_response=_durations(metrics.first_response(conn, wanted, totals)),
        handed_over=counts["human_conversations"],
        handoff_rate=_rate(counts["human_conversations"], counts["conversations"]),
        resolution_time=_durations(metrics.resolution(conn, wanted, totals)),
        csat=csat,
        csat_distribution=csat.distribution,
        ai_agent=_side(conn, wanted, totals, human=False),
        human_agent=_side(conn, wanted, totals, human=True),
        funnel=Funnel(*(counts[name] for name in ("sent", "delivered", "responded", "resolved"))),
        by_day=[_day(day, totals.days[day]) for day in sorted(totals.days)],
    )


def _side(conn: Connection, wanted: Filter, totals: Counts, human: bool) -> Side:
    counts = Counter(totals.counts)
    if not human:
        for name in ("conversations", "closed", *(f"score_{score}" for score in range(1, 6))):
            counts[f"human_{name}"] = counts[name] - counts[f"human_{name}"]
    durations = _durations(metrics.resolution(conn, wanted, totals, handed_over=human))
    return Side(counts["human_conversations"], durations, _csat(counts, "human_score", "human_closed"))


def _csat(counts: Mapping[str, int], score: str, closed: str) -> Csat:
    distribution = {str(n): counts.get(f"{score}_{n}", 0) for n in range(1, 6)}
    rated = sum(distribution.values())
    average = _rate(sum(int(n) * count for n, count in distribution.items()), rated)
    return Csat(rated, average, distribution, _rate(rated, counts.get(closed, 0)))


def _day(day: int, counts: Mapping[str, int]) -> DayFigures:
    names = ("sent", "delivered", "responded", "conversations", "closed")
    totals: Dict[str, Any] = {name: counts.get(name, 0) for name in names}
    date = _EPOCH + datetime.timedelta(days=int(day))
    return DayFigures(day=date, csat_average=_csat(counts, "score", "closed").average, **totals)


def _durations(spread: metrics.Spread) -> Durations:
    return Durations(spread.count, spread.median, spread.p90, [Bar(*line) for line in spread.lines])


def _rate(part: int, whole: int) -> Optional[float]:
    return part / whole if whole else None


def _with_named_bars(value: Any) -> Any:
    """Histograms as objects: a CSV has no lists."""
    if isinstance(value, list):
        return {f"up_to_{bar['up_to']:g}" if bar["up_to"] else "longer": bar["count"] for bar in value}
    return {k: _with_named_bars(v) for k, v in value.items()} if isinstance(value, dict) else value


_EPOCH = datetime.date(1970, 1, 1)

ENDPOINTS: Tuple[Endpoint, ...] = (
    Endpoint("GET", "/v1/metrics", "read", get, query=MetricsParameters, response=Metrics),
    Endpoint("GET", "/v1/metrics.csv", "read", export, query=MetricsParameters, response=str, media_type=CSV),
)
