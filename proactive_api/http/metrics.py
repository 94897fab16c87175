"""``/v1/metrics``: what came of it all, over a period."""

from __future__ import annotations

from typing import Any, Dict, Mapping, Optional, Tuple

import msgspec
from sqlalchemy.engine import Connection

from proactive_api.http import fields
from proactive_api.http.endpoint import Answer, Call, Endpoint
from proactive_api.http.fields import Instant, Name
from proactive_api.http.resources import ChannelName
from proactive_api.storage import metrics
from proactive_api.storage.chats import Filter


class MetricsParameters(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Which chats and conversations to count: those created or started from ``from`` up to ``to``."""

    since: Optional[Instant] = msgspec.field(default=None, name="from")
    until: Optional[Instant] = msgspec.field(default=None, name="to")
    channel_type: Optional[ChannelName] = None
    campaign: Optional[Name] = None


class Durations(msgspec.Struct):
    """Seconds: half took at most ``median``, nine in ten at most ``p90``; null if there were none."""

    count: int
    median: Optional[float]
    p90: Optional[float]


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
    ai_agent: Side
    human_agent: Side


def get(conn: Connection, call: Call) -> Answer:
    """The figures of a period, a channel, a campaign, or of everything."""
    query: MetricsParameters = call.query
    since, until = fields.seconds("from", query.since), fields.seconds("to", query.until)
    wanted = Filter(since, until, query.channel_type, query.campaign)
    sent, held = dict(metrics.sends(conn, wanted)), metrics.conversations(conn, wanted)
    return Answer(
        Metrics(
            proactive_chats=sent.pop("total"),
            **sent,
            response_rate=_rate(sent["responded"], sent["sent"]),
            time_to_first_response=_durations(metrics.first_response(conn, wanted)),
            conversations=held["total"],
            closed=held["closed"],
            handed_over=held["handed_over"],
            handoff_rate=_rate(held["handed_over"], held["total"]),
            resolution_time=_durations(metrics.resolution(conn, wanted)),
            csat=_csat(held),
            ai_agent=_side(conn, wanted, handed_over=False),
            human_agent=_side(conn, wanted, handed_over=True),
        )
    )


def _side(conn: Connection, wanted: Filter, handed_over: bool) -> Side:
    held = metrics.conversations(conn, wanted, handed_over)
    return Side(held["total"], _durations(metrics.resolution(conn, wanted, handed_over)), _csat(held))


def _csat(held: Mapping[str, Any]) -> Csat:
    distribution = {str(score): held[f"score_{score}"] for score in range(1, 6)}
    return Csat(held["rated"], held["average"], distribution, _rate(held["rated"], held["closed"]))


def _durations(spread: metrics.Spread) -> Durations:
    return Durations(spread.count, spread.median, spread.p90)


def _rate(part: int, whole: int) -> Optional[float]:
    return part / whole if whole else None


ENDPOINTS: Tuple[Endpoint, ...] = (
    Endpoint("GET", "/v1/metrics", "read", get, query=MetricsParameters, response=Metrics),
)
