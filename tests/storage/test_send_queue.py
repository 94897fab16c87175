"""Claiming reads what is under way, and nothing of what is done."""

from __future__ import annotations

from typing import Any, List

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from benchmarks.plans import plan
from proactive_api.storage.queues import sends
from proactive_api.storage.sql import tables as t

NOW = 1_780_000_000.0


def chats(count: int, status: str, first: int = 0) -> List[Any]:
    fixed = {"conversation_id": "c", "recipient_id": "ada", "sender_id": "sms.ada", "channel_type": "sms", "attempt": 0}
    fixed.update(suggested_replies="[]", if_active="skip", delivery_status=status, not_before=0.0)
    return [{**fixed, "id": f"{status}{n}", "created_at": NOW - n} for n in range(first, first + count)]


@pytest.fixture
def busy(engine: Engine) -> Engine:
    """A few sends under way beside many that are done."""
    with engine.begin() as conn:
        person = {"id": "ada", "attributes": "{}", "created_at": NOW, "updated_at": NOW}
        known = {name: value for name, value in person.items() if name in t.recipients.c}
        conn.execute(sa.insert(t.recipients), known)
        conn.execute(sa.insert(t.proactive_chats), chats(5000, "delivered") + chats(1500, "skipped"))
        conn.execute(sa.insert(t.proactive_chats), chats(200, "queued"))
        conn.execute(sa.insert(t.proactive_chats), [{**one, "lease_until": NOW - 5} for one in chats(3, "sending")])
        conn.execute(sa.insert(t.proactive_chats), [{**one, "lease_until": NOW + 5} for one in chats(2, "sending", 3)])
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
            conn.execute(sa.text("ANALYZE proactive_chats"))
    return engine


def test_what_was_left_behind_comes_first_then_what_waits_longest(busy: Engine) -> None:
    with busy.begin() as conn:
        ids = [row.id for row in sends.due(conn, NOW, 5)]
        assert set(ids[:3]) == {"sending0", "sending1", "sending2"} and ids[3:] == ["queued199", "queued198"]
        assert len(sends.due(conn, NOW, 1000)) == 203 and sends.in_flight(conn, NOW) == 2


def test_claiming_goes_by_the_indexes_of_what_is_under_way(busy: Engine) -> None:
    asked: List[Any] = []
    sa.event.listen(
        busy, "before_cursor_execute", lambda _c, _cur, text, values, _ctx, _many: asked.append((text, values))
    )
    with busy.begin() as conn:
        sends.due(conn, NOW, 100)
        sends.in_flight(conn, NOW)
        sent = list(asked)
        if (
            conn.dialect.name == "postgresql"
        ):  # a table this small may be read whole; where an index serves, this finds it
            conn.execute(sa.text("SET LOCAL enable_seqscan = off"))
        steps = [step for one in sent for step in plan(conn, one)]
    assert len(steps) == 3
    assert [("ix_proactive_chats_waiting" in step, "ix_proactive_chats_held" in step) for step in steps] == [
        (False, True),
        (True, False),
        (False, True),
    ], steps
