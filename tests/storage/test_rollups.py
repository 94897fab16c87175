"""The rollups are what counting the rows anew gives, whatever was done to the rows."""

from __future__ import annotations

import random
import threading
from typing import Any, Dict, List

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import Connection, Engine

from proactive_api.storage.conversations import rebuild
from proactive_api.storage.reports import metrics, rollups
from proactive_api.storage.reports.filters import Filter
from proactive_api.storage.sql import counters
from proactive_api.storage.sql import tables as t
from proactive_api.storage.sql.writing import insert_for, upsert

NOON = 1_761_912_000.0  # 2025-10-31T12:00:00Z, so that months meet
HOUR, DAY = 3600.0, 86400.0
TIMES = st.floats(NOON - 40 * DAY, NOON + 2 * DAY, allow_nan=False) | st.sampled_from([NOON, NOON + 12 * HOUR])
IDS = st.integers(0, 5)
CHANNELS, CAMPAIGNS = st.sampled_from(["sms", "messenger"]), st.sampled_from([None, "spring", "autumn"])
MAYBE = st.none() | TIMES

CHAT = st.fixed_dictionaries(
    {
        "conversation_id": IDS.map(lambda n: f"v{n}"), "channel_type": CHANNELS, "campaign": CAMPAIGNS,
        "delivery_status": st.sampled_from(["queued", "sending", "sent", "delivered", "failed", "skipped"]),
        "created_at": TIMES, "sent_at": MAYBE,
    }
)  # fmt: skip
CONVERSATION = st.fixed_dictionaries(
    {
        "channel_type": CHANNELS, "campaign": CAMPAIGNS, "started_by": st.sampled_from(["business", "recipient"]),
        "status": st.sampled_from(["open", "closed"]), "started_at": TIMES, "handed_over_at": MAYBE,
        "response_status": st.sampled_from(["responded", "not_responded"]), "responded_at": MAYBE,
        "closed_reason": st.sampled_from([None, "auto", "user_resolved", "user_unresolved", "opted_out"]),
        "resolution_time": st.none() | st.floats(0, 4e6) | st.sampled_from([0.0, 10.0, 60.0, 604800.0]),
        "csat": st.none() | st.integers(1, 5),
    }
)  # fmt: skip
STEPS = st.lists(
    st.tuples(st.just("chat"), IDS, CHAT)
    | st.tuples(st.just("conversation"), IDS, CONVERSATION)
    | st.tuples(st.sampled_from(["drop_chat", "drop_conversation", "add_up", "rebuild", "undo"]), IDS, st.just({})),
    max_size=25,
)
PERIODS = [
    Filter(), Filter(campaign="spring"), Filter(channel_type="sms"), Filter(since=NOON - 30 * DAY),
    Filter(since=NOON - 35 * DAY + 17, until=NOON + 1234.5, channel_type="messenger", campaign="autumn"),
    Filter(since=NOON - 3 * HOUR, until=NOON + 13 * HOUR), Filter(since=NOON + 5, until=NOON + 700),
]  # fmt: skip


def put(conn: Connection, step: str, number: int, values: Dict[str, Any]) -> None:
    if step == "chat":
        fixed = {"recipient_id": "r", "sender_id": "s", "suggested_replies": "[]", "if_active": "skip", "attempt": 0}
        row = {"id": f"c{number}", **fixed, "not_before": 0.0, **values}
        upsert(conn, t.proactive_chats, [row])
    elif step == "conversation":
        took = values["responded_at"]
        responded = max(took, values["started_at"]) if took is not None else None
        counts = dict.fromkeys(("user_message_count", "agent_message_count", "human_message_count"), 0)
        fixed = {"sender_id": "s", "recipient_id": "r", "first_event": 0, "conversation_type": "general", **counts}
        row = {"id": f"v{number}", **fixed, **values, "responded_at": responded, "late_response": False}
        upsert(conn, t.conversations, [{**row, "last_activity_at": values["started_at"]}])
    else:
        table, row_id = (t.proactive_chats, "c") if step == "drop_chat" else (t.conversations, "v")
        conn.execute(sa.delete(table).where(table.c.id == f"{row_id}{number}"))


def take(engine: Engine, step: str, number: int, values: Dict[str, Any]) -> None:
    if step == "add_up":
        rollups.add_up(engine)
    elif step == "rebuild":
        with engine.begin() as conn:
            assert rollups.rebuild(conn) == []
    elif step == "undo":
        with engine.connect() as conn:
            conn.execute(sa.delete(t.proactive_chats))
            conn.execute(sa.delete(t.conversations))
            conn.rollback()
    else:
        with engine.begin() as conn:
            put(conn, step, number, values)


def from_rows(conn: Connection, wanted: Filter) -> metrics.Counts:
    told = metrics.Counts()
    metrics._count_rows(conn, wanted, told)
    return told


def agree(engine: Engine) -> None:
    for wanted in PERIODS:
        with engine.connect() as conn:
            metrics.one_state(conn)
            read = metrics.count(conn, wanted)
            fresh = from_rows(conn, wanted)
        assert +read.counts == +fresh.counts, wanted
        assert {day: +n for day, n in read.days.items() if +n} == {day: +n for day, n in fresh.days.items() if +n}
        for name in counters.DURATIONS:
            assert +read.buckets[name] == +fresh.buckets[name], (wanted, name)
    with engine.connect() as conn:
        assert rollups.rebuild(conn) == []
        conn.rollback()


def clear(engine: Engine) -> None:
    with engine.begin() as conn:
        conn.execute(
            insert_for(conn, t.recipients)
            .values(id="r", attributes="{}", created_at=0.0, updated_at=0.0)
            .on_conflict_do_nothing()
        )
        for table in (t.proactive_chats, t.conversations, t.rollup_deltas, t.rollups, t.rollup_durations):
            conn.execute(sa.delete(table))


@settings(
    max_examples=40, deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck)
)
@given(steps=STEPS)
def test_whatever_is_done_the_figures_are_those_of_the_rows(engine: Engine, steps: List[Any]) -> None:
    clear(engine)
    for step in steps:
        take(engine, *step)
    agree(engine)
    rollups.add_up(engine)
    agree(engine)


def some(step: str, chance: random.Random) -> Dict[str, Any]:
    at = NOON + chance.random() * DAY
    if step == "chat":
        status = chance.choice(["queued", "sent", "delivered"])
        own = {"delivery_status": status, "created_at": at, "sent_at": at, "conversation_id": f"v{chance.randrange(6)}"}
        return {"channel_type": "sms", "campaign": "spring", **own}
    own = {"started_at": NOON, "responded_at": chance.choice([None, at]), "handed_over_at": None, "csat": None}
    response = "responded" if own["responded_at"] else "not_responded"
    more = {"started_by": "business", "status": "open", "closed_reason": None, "resolution_time": None}
    return {"channel_type": "sms", "campaign": "spring", "response_status": response, **own, **more}


def test_nothing_is_lost_when_all_write_and_add_up_at_once(engine: Engine) -> None:
    clear(engine)
    failures: List[BaseException] = []

    def write(seed: int) -> None:
        chance = random.Random(seed)
        try:
            for _ in range(60):
                # In the product, whatever touches a conversation or sends a chat into it holds its tracker's lock.
                step = "chat" if seed % 2 else "conversation"
                number, values = chance.randrange(6), some(step, chance)
                if step == "chat":
                    values["conversation_id"] = f"v{number}"
                with engine.begin() as conn:
                    if conn.dialect.name == "postgresql":
                        conn.execute(sa.text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})
                    put(conn, step, number, values)
        except BaseException as error:
            failures.append(error)

    def add_up() -> None:
        for _ in range(30):
            rollups.add_up(engine)

    threads = [threading.Thread(target=write, args=(seed,)) for seed in range(4)]
    threads += [threading.Thread(target=add_up) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    agree(engine)


def test_a_rebuild_mends_and_tells_what_was_wrong(engine: Engine) -> None:
    clear(engine)
    chance = random.Random(1)
    for number in range(5):
        take(engine, "chat", number, some("chat", chance))
        take(engine, "conversation", number, some("conversation", chance))
    rollups.add_up(engine)
    with engine.begin() as conn:
        conn.execute(sa.update(t.rollups).where(t.rollups.c.span == "h").values(sent=t.rollups.c.sent + 1))
        conn.execute(sa.delete(t.rollup_durations))
    report = rebuild.rebuild(engine)
    assert any("sent: was" in line for line in report.differences)
    assert any("first_response" in line for line in report.differences)
    agree(engine)


@given(since=st.integers(0, 2000).map(lambda n: NOON + n * HOUR), hours=st.integers(1, 3000))
def test_spans_cover_a_period_once(since: float, hours: int) -> None:
    for until in (since + hours * HOUR, float("inf")):
        for parts in (rollups.spans(since, until), rollups.days(since, until)):
            assert parts[0][1] == since and parts[-1][2] == until
            assert all(one[2] == other[1] for one, other in zip(parts, parts[1:], strict=False))
            for span, start, end in parts:
                assert rollups.start_of(span, start) == start
                assert end == float("inf") or rollups.start_of(span, end) == end


@given(value=st.floats(0, 1e7))
def test_buckets_hold_what_they_say(value: float) -> None:
    index = counters.bucket(value)
    assert index == len(counters.BOUNDS) or value <= counters.BOUNDS[index]
    assert index == 0 or value > counters.BOUNDS[index - 1]


@pytest.mark.parametrize("seed", range(5))
def test_percentiles_from_buckets_are_close(seed: int) -> None:
    chance = random.Random(seed)
    values = sorted(chance.lognormvariate(6, 1.5) for _ in range(5000))
    buckets: Dict[int, int] = {}
    for value in values:
        buckets[counters.bucket(value)] = buckets.get(counters.bucket(value), 0) + 1
    for tenths in (5, 9):
        exact = values[len(values) * tenths // 10 - 1]
        assert counters.percentile(buckets, tenths) == pytest.approx(exact, rel=0.06)
    assert sum(count for _, count in counters.between_lines(buckets)) == len(values)
