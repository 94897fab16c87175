"""``TrackerStore.save`` with the listener, against stock's SQL tracker store without an event broker."""

from __future__ import annotations

import statistics
import time
import uuid
from typing import Any, List

from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from benchmarks.figures import Aim, Figure
from benchmarks.stacks import ROOT, Bench
from proactive_api.tracker_store import ProactiveTrackerStore

SIZES = (10, 100, 1000, 5000)


def turn() -> List[Event]:
    """The seven events of a usual turn."""
    intent = {"name": "greet", "confidence": 0.99}
    ranking = [{"name": f"intent_{number}", "confidence": 0.01} for number in range(10)]
    parsed = {"intent": intent, "entities": [], "text": "hi", "intent_ranking": [intent, *ranking]}
    return [
        UserUttered("hi", intent, [], parsed, input_channel="sms", message_id=uuid.uuid4().hex),
        SlotSet("reaction", None),
        ActionExecuted("utter_greet", "RulePolicy", 1.0),
        BotUttered("Hi there! How can I help?", {}, {"utter_action": "utter_greet"}),
        ActionExecuted("utter_ask_offer", "RulePolicy", 1.0),
        BotUttered("The sale ends on Sunday.", {}, {"utter_action": "utter_ask_offer"}),
        ActionExecuted("action_listen", "RulePolicy", 1.0),
    ]


def conversation(domain: Domain, events: int) -> DialogueStateTracker:
    """A tracker of one session with so many events."""
    made = DialogueStateTracker(f"sms.{uuid.uuid4()}", domain.slots)
    for event in (ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")):
        made.update(event, domain)
    while len(made.events) < events:
        made.update(turn()[(len(made.events) - 3) % 7], domain)
    return made


async def saved(store: Any, domain: Domain, tracker: DialogueStateTracker) -> float:
    """Add a turn and save; returns milliseconds of the saving."""
    for event in turn():
        tracker.update(event, domain)
    began = time.perf_counter()
    await store.save(tracker)
    return (time.perf_counter() - began) * 1000


async def measure(bench: Bench) -> List[Figure]:
    """One line for each size; the two sides take turns."""
    domain = Domain.load(str(ROOT / "domain.yml"))
    ours = ProactiveTrackerStore(domain, database=f"sqlite:///{bench.folder / 'save-ours.db'}")
    stock = SQLTrackerStore(domain, dialect="sqlite", db=str(bench.folder / "save-stock.db"))
    return [await _at(bench, domain, size, ours, stock) for size in SIZES]


async def _at(bench: Bench, domain: Domain, size: int, ours: Any, stock: Any) -> Figure:
    trackers = [(store, conversation(domain, size)) for store in (ours, stock)]
    for store, tracker in trackers:
        await store.save(tracker)
        await saved(store, domain, tracker)
    rounds = bench.size(40, 3)
    times: List[List[float]] = [[], []]
    for _ in range(rounds):
        for side, (store, tracker) in enumerate(trackers):
            times[side].append(await saved(store, domain, tracker))
    medians = [statistics.median(one) for one in times]
    aim = Aim("<= half of stock", times_stock=2.0)
    return Figure(f"save at {size} events", "ms", medians[0], medians[1], aim)
