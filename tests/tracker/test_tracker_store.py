"""The listener: events and figures in one transaction, whatever is saved and however often."""

from __future__ import annotations

import asyncio
import threading
from typing import Any, Dict, Iterator, List, Optional

import pytest
import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig
from sqlalchemy.engine import Engine

from channels.conversation import events as product
from proactive_api.config import ConfigError
from proactive_api.lifecycle.facts import METADATA_KEY, Policy
from proactive_api.storage.conversations import rebuild
from proactive_api.storage.sql import tables as t
from proactive_api.tracker_store import ProactiveTrackerStore, alongside

SENDER = "sms.recipient-1"
DOMAIN = Domain.from_dict({"slots": {"campaign": {"type": "text", "mappings": [{"type": "custom"}]}}})
POLICY = Policy(600.0, 3600.0, 900.0)


@pytest.fixture
def store(migrated_url: str) -> Iterator[ProactiveTrackerStore]:
    opened = ProactiveTrackerStore(DOMAIN, database=migrated_url)
    yield opened
    opened.engine.dispose()


def opening(at: float, chat_id: str = "chat-1") -> List[Event]:
    return [*product.opening(at, chat_id, "sale", "sms", POLICY), *product.words(at, "Sale!", {}), product.listen(at)]


def turn(at: float, text: str = "hi", sid: Optional[str] = None) -> List[Event]:
    metadata = {METADATA_KEY: {"policy": product.policy_metadata(POLICY)}}
    said = UserUttered(text, timestamp=at, message_id=sid or f"SM{at}", metadata=metadata)
    return [said, BotUttered("hello", timestamp=at + 1), ActionExecuted("action_listen", timestamp=at + 1)]


def rows(store: ProactiveTrackerStore, table: sa.Table) -> List[Any]:
    with store.engine.connect() as conn:
        return list(conn.execute(sa.select(table).order_by(table.primary_key.columns.values()[0])))


async def tracker_with(store: ProactiveTrackerStore, *more: Event) -> DialogueStateTracker:
    tracker = await store.get_or_create_tracker(SENDER, append_action_listen=False)
    for event in more:
        tracker.update(event, DOMAIN)
    await store.save(tracker)
    return tracker


def assert_rebuilt_equals_live(engine: Engine) -> None:
    assert rebuild.rebuild(engine).differences == []


async def test_saving_writes_events_and_figures_together(store: ProactiveTrackerStore) -> None:
    await tracker_with(store, *opening(100.0), *turn(160.0))
    (chat,) = rows(store, t.conversations)
    assert (chat.id, chat.response_status, chat.responded_at, chat.campaign) == ("chat-1", "responded", 160.0, "sale")
    assert (chat.recipient_id, chat.channel_type) == ("recipient-1", "sms")
    assert chat.auto_close_at == 161.0 + 600.0
    assert_rebuilt_equals_live(store.engine)


async def test_each_event_is_stored_once_however_often_a_tracker_is_saved(store: ProactiveTrackerStore) -> None:
    tracker = await tracker_with(store, *opening(100.0))
    await store.save(tracker)
    for event in turn(160.0):
        tracker.update(event, DOMAIN)
        await store.save(tracker)
    assert len(rows(store, t.events)) == len(tracker.events)


async def test_a_tracker_that_began_a_session_can_be_saved_again(store: ProactiveTrackerStore) -> None:
    tracker = await tracker_with(store, *opening(100.0), *turn(160.0))
    for event in opening(1000.0, "chat-2"):
        tracker.update(event, DOMAIN)
    await store.save(tracker)
    await store.save(tracker)
    assert len(rows(store, t.events)) == len(tracker.events)
    assert [row.id for row in rows(store, t.conversations)] == ["chat-1", "chat-2"]


async def test_only_the_latest_session_is_loaded_and_the_full_tracker_has_all(store: ProactiveTrackerStore) -> None:
    await tracker_with(store, *opening(100.0), *turn(160.0), *opening(1000.0, "chat-2"))
    latest = await store.retrieve(SENDER)
    full = await store.retrieve_full_tracker(SENDER)
    assert latest is not None and full is not None
    assert isinstance(latest.events[0], SessionStarted) and latest.events[0].timestamp == 1000.0
    assert len(full.events) == len(rows(store, t.events))


async def test_appending_without_loading_continues_what_a_loaded_tracker_saves(store: ProactiveTrackerStore) -> None:
    await store.append(SENDER, product.stored(opening(100.0)))
    tracker = await store.retrieve(SENDER)
    assert tracker is not None
    for event in turn(160.0):
        tracker.update(event, DOMAIN)
    await store.save(tracker)
    await store.append(SENDER, product.stored([SlotSet("closed_reason", "auto", timestamp=900.0)]))
    (chat,) = rows(store, t.conversations)
    assert (chat.closed_reason, chat.resolution_time, chat.auto_close_at) == ("auto", 740.0, None)
    assert_rebuilt_equals_live(store.engine)


async def test_an_effect_is_written_with_the_events_or_not_at_all(store: ProactiveTrackerStore) -> None:
    def fail(_conn: Any) -> None:
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        await store.append(SENDER, product.stored(opening(100.0)), fail)
    assert rows(store, t.events) == rows(store, t.conversations) == rows(store, t.trackers) == []


async def test_effects_alongside_wait_for_the_save_that_has_events(store: ProactiveTrackerStore) -> None:
    written: List[str] = []
    with alongside(lambda _conn: written.append("effect")):
        tracker = await store.get_or_create_tracker(SENDER, append_action_listen=False)
        assert written == []
        tracker.update(ActionExecuted("action_listen"), DOMAIN)
        await store.save(tracker)
    assert written == ["effect"]


async def test_one_bad_append_does_not_spoil_its_neighbours(store: ProactiveTrackerStore) -> None:
    def fail(_conn: Any) -> None:
        raise RuntimeError("no")

    good = [store.append(f"sms.r{i}", product.stored(opening(100.0, f"c{i}"))) for i in range(5)]
    results = await asyncio.gather(
        *good, store.append("sms.bad", product.stored(opening(1.0)), fail), return_exceptions=True
    )
    assert [isinstance(result, Exception) for result in results] == [False] * 5 + [True]
    assert {row.id for row in rows(store, t.conversations)} == {f"c{i}" for i in range(5)}


async def test_appends_to_one_tracker_at_once_keep_their_order(store: ProactiveTrackerStore) -> None:
    await asyncio.gather(*(store.append(SENDER, product.stored(turn(float(i), str(i)))) for i in range(30)))
    tracker = await store.retrieve(SENDER)
    assert tracker is not None
    assert [e.text for e in tracker.events if isinstance(e, UserUttered)] == [str(i) for i in range(30)]
    assert_rebuilt_equals_live(store.engine)


async def test_saving_does_not_block_the_event_loop(store: ProactiveTrackerStore) -> None:
    begun, may_end = threading.Event(), threading.Event()

    def slow(_conn: Any) -> None:
        begun.set()
        assert may_end.wait(20), "the event loop stood still"

    work = asyncio.ensure_future(store.append(SENDER, product.stored(opening(100.0)), slow))
    while not begun.is_set():
        await asyncio.sleep(0)
    may_end.set()
    await work


async def test_trackers_of_other_channels_have_no_figures(store: ProactiveTrackerStore) -> None:
    await store.append("default", product.stored(turn(1.0)))
    assert len(rows(store, t.events)) == 3 and rows(store, t.conversations) == []


async def test_what_stock_rasa_stored_goes_on(database_url: str) -> None:
    stock = SQLTrackerStore(DOMAIN, host=database_url)
    old = DialogueStateTracker.from_events(
        SENDER, [ActionExecuted("action_session_start"), SessionStarted(), *turn(50.0)], DOMAIN.slots
    )
    await stock.save(old)
    stock.engine.dispose()
    store = ProactiveTrackerStore(DOMAIN, database=database_url)
    tracker = await store.retrieve(SENDER)
    assert tracker is not None
    for event in turn(160.0):
        tracker.update(event, DOMAIN)
    await store.save(tracker)
    assert len(rows(store, t.events)) == len(old.events) + 3
    (conversation,) = rows(store, t.conversations)
    assert (conversation.started_at, conversation.user_message_count) == (50.0, 2)
    assert_rebuilt_equals_live(store.engine)
    store.engine.dispose()


async def test_ids_of_events_go_on_beyond_32_bits(store: ProactiveTrackerStore) -> None:
    await store.append(SENDER, product.stored(opening(1000.0)))
    beyond = 2**31 + 10
    with store.engine.begin() as conn:
        if conn.dialect.name == "postgresql":
            conn.execute(sa.text(f"SELECT setval(pg_get_serial_sequence('events', 'id'), {beyond})"))
        else:
            conn.execute(sa.insert(t.events).values(id=beyond, sender_id="other", type_name="slot", timestamp=1.0))
    await store.append(SENDER, product.stored(opening(2000.0, "chat-2")))
    await store.append(SENDER, product.stored(turn(2001.0)))
    assert rows(store, t.events)[-1].id > beyond and rows(store, t.trackers)[0].session_event_id > beyond
    tracker = await store.retrieve(SENDER)
    assert tracker is not None and tracker.latest_message is not None and tracker.latest_message.text == "hi"
    assert [row.user_message_count for row in rows(store, t.conversations)].count(1) == 1


async def test_new_events_reach_the_event_broker_once(database_url: str) -> None:
    class Broker:
        def __init__(self) -> None:
            self.published: List[Any] = []

        def publish(self, body: Any) -> None:
            self.published.append(body)

    broker = Broker()
    store = ProactiveTrackerStore(DOMAIN, database=database_url, event_broker=broker)
    tracker = await tracker_with(store, *opening(100.0))
    await store.save(tracker)
    assert [body["event"] for body in broker.published] == [e.as_dict()["event"] for e in tracker.events]
    assert all(body["sender_id"] == SENDER for body in broker.published)
    store.engine.dispose()


async def test_rebuilding_reports_and_mends_a_figure_that_is_wrong(store: ProactiveTrackerStore) -> None:
    await tracker_with(store, *opening(100.0), *turn(160.0))
    with store.engine.begin() as conn:
        conn.execute(sa.update(t.conversations).values(csat=3, responded_at=None))
    report = rebuild.rebuild(store.engine)
    assert len(report.differences) == 2 and report.conversations == 1
    assert_rebuilt_equals_live(store.engine)
    assert rows(store, t.conversations)[0].csat is None


async def test_closing_lets_a_waiting_send_go(store: ProactiveTrackerStore) -> None:
    await tracker_with(store, *opening(100.0))
    with store.engine.begin() as conn:
        person = {"id": "recipient-1", "attributes": "{}", "created_at": 1.0, "updated_at": 1.0}
        conn.execute(sa.insert(t.recipients).values(**person))
        waiting = {"id": "chat-2", "conversation_id": "chat-2", "recipient_id": "recipient-1", "sender_id": SENDER}
        waiting.update(channel_type="sms", if_active="queue", delivery_status="queued", created_at=1.0)
        conn.execute(sa.insert(t.proactive_chats).values(not_before=1e12, wait_reason="open_conversation", **waiting))
    await store.append(SENDER, product.stored([SlotSet("closed_reason", "auto", timestamp=900.0)]))
    assert rows(store, t.proactive_chats)[0].not_before == 0.0


@pytest.mark.parametrize(
    "entry",
    [{"url": "postgresql://db/rasa"}, {"url": "localhost", "port": 5432}, {"db": "rasa.db"}, {"dialect": "mysql"}],
)
def test_another_database_than_that_of_the_other_processes_is_refused(entry: Dict[str, Any]) -> None:
    path = f"{ProactiveTrackerStore.__module__}.{ProactiveTrackerStore.__name__}"
    with pytest.raises(ConfigError, match="DATABASE_URL says where the database is: take .* out of .*endpoints.yml"):
        TrackerStore.create(EndpointConfig(type=path, **entry), DOMAIN)
