"""Every figure is the number of entries in the list that it links to."""

from __future__ import annotations

import csv
import io
from typing import Any, Dict, Iterator, List, Tuple
from urllib.parse import urlencode

import httpx
import pytest

from tests.http import crowd
from tests.http.server import RunningApi, fields_of

PERIODS = [
    {},
    {"from": "2025-10-05T00:00:00Z", "to": "2025-10-08T00:00:00Z"},
    {"from": "2025-10-04T22:17:05Z", "to": "2025-10-07T21:59:01.5Z", "channel_type": "sms"},
    {"campaign": "spring", "to": "2025-10-08T05:30:00Z"},
    {"channel_type": "messenger"},
]


@pytest.fixture
def gathered(api: RunningApi, client: httpx.Client) -> None:
    crowd.gather(api, client, 90)


def count(client: httpx.Client, path: str, **wanted: Any) -> int:
    found, cursor = 0, None
    while True:
        more = {"cursor": cursor} if cursor else {}
        page = client.get(f"/v1/{path}?{urlencode({**wanted, 'limit': 100, **more})}")
        assert page.status_code == 200, page.text
        found, cursor = found + len(page.json()["data"]), page.json()["next_cursor"]
        if cursor is None:
            return found


def links(seen: Dict[str, Any]) -> Iterator[Tuple[int, str, Dict[str, Any]]]:
    """Figures with their lists (docs/http-api.md, "Figures")."""
    for status in ("queued", "sending", "delivered", "failed", "skipped"):
        yield seen[status], "proactive-chats", {"delivery_status": status}
    yield seen["proactive_chats"], "proactive-chats", {}
    yield seen["sent"], "proactive-chats", {"sent": "true"}
    yield seen["responded"], "proactive-chats", {"sent": "true", "response_status": "responded"}
    yield seen["funnel"]["resolved"], "proactive-chats", {"sent": "true", "resolved": "true"}
    yield seen["conversations"], "conversations", {}
    yield seen["closed"], "conversations", {"status": "closed"}
    yield seen["handed_over"], "conversations", {"handed_over": "true"}
    yield seen["human_agent"]["conversations"], "conversations", {"handed_over": "true"}
    yield seen["ai_agent"]["conversations"], "conversations", {"handed_over": "false"}
    yield seen["csat"]["count"], "conversations", {"rated": "true"}
    yield seen["human_agent"]["csat"]["count"], "conversations", {"rated": "true", "handed_over": "true"}
    for score, number in seen["csat_distribution"].items():
        yield number, "conversations", {"csat": score}
    yield from bars(seen["time_to_first_response"], "first_response", {"started_by": "business"})
    yield from bars(seen["resolution_time"], "resolution", {})


def bars(durations: Dict[str, Any], name: str, also: Dict[str, Any]) -> Iterator[Tuple[int, str, Dict[str, Any]]]:
    over: Dict[str, Any] = {}
    for bar in durations["histogram"]:
        up_to = {f"{name}_up_to": bar["up_to"]} if bar["up_to"] else {}
        if over or up_to:
            # The first bar has no lower line, and must still not list those who never answered.
            yield bar["count"], "conversations", {**also, **over, **up_to}
        over = {f"{name}_over": bar["up_to"]}


def test_every_figure_is_as_long_as_its_list(client: httpx.Client, gathered: None) -> None:
    for period in PERIODS:
        seen = client.get("/v1/metrics", params=period).json()
        for figure, path, wanted in links(seen):
            assert count(client, path, **period, **wanted) == figure, (period, path, wanted)
        for durations in (seen["time_to_first_response"], seen["resolution_time"]):
            assert sum(bar["count"] for bar in durations["histogram"]) == durations["count"]
        assert seen["funnel"]["sent"] == seen["sent"] and seen["csat"]["distribution"] == seen["csat_distribution"]
    everything = client.get("/v1/metrics").json()
    numbers = [figure for figure, _, _ in links(everything)]
    assert sum(number > 0 for number in numbers) >= 30, "the crowd has every kind"


def test_days_are_those_of_the_period(client: httpx.Client, gathered: None) -> None:
    seen = client.get("/v1/metrics").json()
    for one in seen["by_day"]:
        alone = {"from": f"{one['day']}T00:00:00Z", "to": f"{one['day']}T23:59:59.999999Z"}
        of_day = client.get("/v1/metrics", params=alone).json()
        for name in ("sent", "delivered", "responded", "conversations", "closed"):
            assert one[name] == of_day[name], (one["day"], name)
        assert one["csat_average"] == of_day["csat"]["average"]
    for name in ("sent", "delivered", "responded", "conversations", "closed"):
        assert sum(one[name] for one in seen["by_day"]) == seen[name]
    days = [one["day"] for one in seen["by_day"]]
    assert days == sorted(days) and len(days) >= 7


def test_percentiles_are_those_of_the_list(client: httpx.Client, gathered: None) -> None:
    seen = client.get("/v1/metrics").json()
    took: List[float] = []
    for one in client.get("/v1/conversations?limit=100").json()["data"]:
        took += [one["resolution_time"]] if one["resolution_time"] is not None else []
    took.sort()
    assert seen["resolution_time"]["count"] == len(took)
    assert seen["resolution_time"]["median"] == took[-(-len(took) // 2) - 1]
    assert seen["resolution_time"]["p90"] == took[-(-len(took) * 9 // 10) - 1]


def test_figures_as_csv(client: httpx.Client, gathered: None) -> None:
    seen = client.get("/v1/metrics?campaign=spring").json()
    answer = client.get("/v1/metrics.csv?campaign=spring")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = dict(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert rows["Sent"] == str(seen["sent"]) and rows["Figure"] == "Value"
    assert rows["Human agent: CSAT: count"] == str(seen["human_agent"]["csat"]["count"])
    assert rows["Response rate"] == str(round(seen["response_rate"], 4))
    first = seen["by_day"][0]
    assert rows[f"By day (UTC): {first['day']}: sent"] == str(first["sent"])
    bar = seen["resolution_time"]["histogram"][0]
    assert rows["Resolution time: how many took: up to 10 seconds"] == str(bar["count"])


@pytest.mark.parametrize("since", ["", "&from=2020-01-01T00:00:00.5Z"])
def test_a_part_of_a_campaigns_name_counts_what_it_lists(client: httpx.Client, gathered: None, since: str) -> None:
    def counted(query: str) -> Any:
        return client.get(f"/v1/metrics?{query}{since}").json()

    assert counted("campaign_search=SPRIN") == counted("campaign=spring")
    both = counted("campaign_search=n")
    for name in ("proactive_chats", "conversations", "responded", "closed"):
        assert both[name] == counted("campaign=spring")[name] + counted("campaign=autumn")[name] > 0, name
    listed = client.get(f"/v1/conversations?limit=100&campaign_search=n{since}").json()["data"]
    assert len(listed) == both["conversations"]
    assert counted("campaign_search=winter")["proactive_chats"] == 0


def test_campaign_names(client: httpx.Client, gathered: None) -> None:
    assert client.get("/v1/campaign-names").json() == {"data": ["autumn", "spring"], "next_cursor": None}


@pytest.mark.parametrize(
    "query, field",
    [("csat=6", "csat"), ("csat=0", "csat"), ("sent=perhaps", "sent"), ("resolution_over=-1", "resolution_over"),
     ("closed_reason=x", "closed_reason"), ("started_by=business", "started_by")],
)  # fmt: skip
def test_filters_that_are_none(client: httpx.Client, query: str, field: str) -> None:
    answer = client.get(f"/v1/proactive-chats?{query}")
    assert answer.status_code == 422 and fields_of(answer) == [field]
