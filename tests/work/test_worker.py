"""How the worker hands sends to connectors: never more than they may hold, and on as soon as there is room."""

from __future__ import annotations

import json
import threading
import uuid
from typing import Any, Dict, List

import httpx
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from proactive_api.config import Config
from proactive_api.storage.queues import sends
from proactive_api.storage.queues.outcomes import Posted
from proactive_api.storage.sql import tables as t
from proactive_api.work import dispatch
from proactive_api.work.tasks import Worker


class Connectors:
    """Take what the worker hands over; what they took is sent when ``send`` is called."""

    def __init__(self, engine: Engine, answer: int = 202) -> None:
        self._engine, self._answer = engine, answer
        self._lock = threading.Lock()
        self.taken: List[str] = []
        self._held: List[str] = []
        self.most_held = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        ids = [claim["chat_id"] for claim in json.loads(request.content)["sends"]]
        with self._lock:
            self.taken += ids
            self._held += ids
            self.most_held = max(self.most_held, len(self._held))
        return httpx.Response(self._answer)

    def send(self, at: float = 1.0) -> None:
        with self._lock:
            sent, self._held = self._held[:50], self._held[50:]
        if sent:
            with self._engine.begin() as conn:
                Posted.together(conn, [Posted(one, one, at) for one in sent])


def queue(engine: Engine, count: int) -> None:
    people = [str(uuid.uuid4()) for _ in range(count)]
    rows = [{"id": one, "user_id": one, "attributes": "{}", "created_at": 1.0, "updated_at": 1.0} for one in people]
    with engine.begin() as conn:
        conn.execute(sa.insert(t.recipients), rows)
        conn.execute(sa.insert(t.proactive_chats), [chat(one) for one in people])


def chat(recipient_id: str) -> Dict[str, Any]:
    name = str(uuid.uuid4())
    return {
        "id": name,
        "conversation_id": name,
        "recipient_id": recipient_id,
        "sender_id": f"messenger.{recipient_id}",
        "channel_type": "messenger",
        "message": "The sale ends on Sunday",
        "if_active": "skip",
        "delivery_status": "queued",
        "created_at": 1.0,
    }


def worker(engine: Engine, connectors: Connectors) -> Worker:
    config = Config.from_env({"PROACTIVE_ADMIN_KEY": "k" * 40})
    return Worker(engine, config, httpx.Client(transport=httpx.MockTransport(connectors)))


def test_a_large_campaign_flows_in_one_go_and_never_overfills(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    connectors = Connectors(engine)
    # Each pause of the worker is when the connectors get something done: no clock, no luck.
    monkeypatch.setattr(dispatch.time, "sleep", lambda _seconds: connectors.send())
    monkeypatch.setattr(dispatch, "TURN", 60.0)
    queue(engine, 450)
    assert worker(engine, connectors).dispatch() == 450
    assert len(set(connectors.taken)) == len(connectors.taken) == 450
    assert connectors.most_held <= dispatch.IN_FLIGHT


def test_connectors_that_do_nothing_do_not_hold_the_worker(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    connectors = Connectors(engine)
    now = [0.0]
    monkeypatch.setattr(dispatch.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(dispatch.time, "sleep", lambda seconds: now.__setitem__(0, now[0] + seconds))
    queue(engine, 450)
    assert worker(engine, connectors).dispatch() == dispatch.IN_FLIGHT
    assert now[0] <= dispatch.TURN + dispatch.PAUSE, "others must get their turn"
    assert worker(engine, connectors).dispatch() == 0
    with engine.connect() as conn:
        assert sends.in_flight(conn, 0.0) == dispatch.IN_FLIGHT


def test_what_no_connector_takes_waits_for_the_assistant(engine: Engine) -> None:
    queue(engine, 3)
    assert worker(engine, Connectors(engine, answer=503)).dispatch() == 3
    rows = sa.select(t.proactive_chats.c.delivery_status, t.proactive_chats.c.wait_reason)
    with engine.connect() as conn:
        assert [tuple(row) for row in conn.execute(rows)] == [("queued", "assistant_unavailable")] * 3
