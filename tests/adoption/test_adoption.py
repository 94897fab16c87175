"""Docs/adoption.md, done word by word to a project made by ``rasa init``: its moodbot goes on SMS."""

from __future__ import annotations

import asyncio
import csv
import json
import re
import shutil
import time
import urllib.request
from datetime import datetime
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional

import pytest
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from proactive_api.tracker_store import ProactiveTrackerStore
from tests.adoption.adopter import Adopter, Environment, answers, eventually
from tests.adoption.steps import Step, read_steps, read_trial
from tests.journey.stack import free_port

pytestmark = pytest.mark.slow

KEY = "change-me-to-something-long-and-random"
STEPS = read_steps()


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    return Environment(tmp_path_factory.mktemp("environment") / "venv")


@pytest.fixture(scope="module")
def adopter(tmp_path_factory: pytest.TempPathFactory, environment: Environment) -> Iterator[Adopter]:
    """The page followed to its end, by somebody whose assistant has talked before."""
    adopter = Adopter(tmp_path_factory.mktemp("adopter"), environment)
    talk_before(adopter)
    try:
        follow(adopter, STEPS)
        yield adopter
    finally:
        adopter.stop()


def follow(adopter: Adopter, steps: List[Step]) -> None:
    """Do what each step says: add to the file it names, or run its commands; the last ones in one terminal."""
    terminal = [step.text for step in steps if step.language == "sh" and step is not steps[0]]
    adopter.run(steps[0].text)
    for step in steps:
        if step.file:
            adopter.add(step.file, step.text)
    adopter.start("\n".join(terminal))


# -- before ---------------------------------------------------------------------------------------


def stock_store(adopter: Adopter) -> SQLTrackerStore:
    """Rasa's own store, in the database that step 4 names."""
    return SQLTrackerStore(domain(adopter), dialect="sqlite", db=str(adopter.project / "rasa.db"))


def domain(adopter: Adopter) -> Domain:
    return Domain.load(str(adopter.project / "domain.yml"))


def asked_how_are_you(at: float) -> List[Event]:
    intent = {"name": "greet", "confidence": 1.0}
    return [
        ActionExecuted("action_session_start", timestamp=at),
        SessionStarted(timestamp=at),
        ActionExecuted("action_listen", timestamp=at),
        UserUttered("hello", intent, input_channel="rest", timestamp=at),
        ActionExecuted("utter_greet", timestamp=at),
        BotUttered("Hey! How are you?", metadata={"utter_action": "utter_greet"}, timestamp=at),
        ActionExecuted("action_listen", timestamp=at),
    ]


def talk_before(adopter: Adopter) -> None:
    """Two conversations of stock Rasa: one of a minute ago, after an older session, and one of yesterday."""
    now = time.time()
    lately = asked_how_are_you(now - 9000.0) + asked_how_are_you(now - 60.0)
    store = stock_store(adopter)
    for sender, events in (("lately", lately), ("yesterday", asked_how_are_you(now - 86400.0))):
        tracker = DialogueStateTracker.from_events(sender, events, domain(adopter).slots)
        asyncio.run(store.save(tracker))
    store.engine.dispose()


# -- asking what runs -----------------------------------------------------------------------------


def call(url: str, body: Optional[Dict[str, Any]] = None, method: Optional[str] = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(url, data, headers, method=method), timeout=30) as answer:
        return json.load(answer)


class Phone:
    def __init__(self, adopter: Adopter, number: str) -> None:
        self.number = number
        self._url = adopter.url(8010, f"/phones/{number}/messages")

    def type(self, body: str) -> None:
        assert call(self._url, {"body": body})["webhook_status"] == 200

    def screen(self) -> List[str]:
        return [one["body"] for one in call(self._url) if one["direction"] == "to_phone"]

    def waits_for(self, count: int) -> List[str]:
        return eventually(lambda: shown if len(shown := self.screen()) >= count else None)


def send(adopter: Adopter, phone: Phone, **more: Any) -> str:
    wish = {"channel_type": "sms", "phone_number": phone.number, "message": "How was your week?", **more}
    return call(adopter.url(8000, "/v1/proactive-chats"), wish)["id"]


def chat(adopter: Adopter, chat_id: str) -> Dict[str, Any]:
    return call(adopter.url(8000, f"/v1/proactive-chats/{chat_id}?include=transcript"))


def until(adopter: Adopter, chat_id: str, **wanted: Any) -> Dict[str, Any]:
    """The chat, once its fields are as wanted."""
    return eventually(
        lambda: found if wanted.items() <= (found := chat(adopter, chat_id)).items() else None,
    )


def say_by_rest(adopter: Adopter, sender: str, text: str) -> List[str]:
    answer = call(adopter.url(5005, "/webhooks/rest/webhook"), {"sender": sender, "message": text})
    return [one["text"] for one in answer if "text" in one]


def stored_events(store: TrackerStore, sender: str) -> List[Event]:
    tracker = asyncio.run(store.retrieve_full_tracker(sender))
    assert tracker is not None
    return list(tracker.events)


# -- what must hold -------------------------------------------------------------------------------


def test_there_are_five_steps_at_most() -> None:
    assert 1 < len(STEPS) <= 5
    assert [step.title.split(".")[0] for step in STEPS] == [str(number) for number in range(1, len(STEPS) + 1)]


def test_the_installed_package_leaves_the_projects_own_actions_alone(adopter: Adopter) -> None:
    (record,) = adopter.environment.packages.glob("rasa_proactive-*.dist-info/RECORD")
    with open(record) as file:
        tops = {Path(row[0]).parts[0] for row in csv.reader(file)}
    assert {top for top in tops if not top.startswith(("rasa_proactive-", ".."))} == {"proactive_api", "channels"}
    printed = adopter.run('python -c "import actions.actions, channels; print(actions.__file__, channels.__file__)"')
    theirs, ours = printed.split()
    assert theirs.startswith(str(adopter.project)) and ours.startswith(str(adopter.environment.packages))


def test_all_is_ready_without_an_action_server(adopter: Adopter) -> None:
    eventually(lambda: answers(adopter.url(8000, "/readyz")))


def test_a_send_is_answered_by_their_stories_and_closes_quietly_with_right_figures(adopter: Adopter) -> None:
    phone = Phone(adopter, "+14155550101")
    chat_id = send(adopter, phone, auto_close_timeout=3)
    until(adopter, chat_id, delivery_status="delivered", response_status="not_responded")
    phone.type("hi")
    assert phone.waits_for(2) == ["How was your week?", "Hey! How are you?"]
    phone.type("I am very sad")
    picture, question = phone.waits_for(5)[3:]
    assert phone.screen()[2] == "Here is something to cheer you up:"
    assert picture.startswith("https://") and question == "Did that help you?"
    closed = until(adopter, chat_id, status="closed")
    assert (closed["response_status"], closed["closed_reason"], closed["csat"]) == ("responded", "auto", None)
    lasted = seconds(closed["closed_at"]) - seconds(closed["responded_at"])
    assert closed["resolution_time"] == pytest.approx(lasted, abs=0.01) and 3 <= lasted < 25
    assert [one["text"] for one in closed["transcript"] if one["sender"] == "recipient"] == ["hi", "I am very sad"]
    assert len(phone.screen()) == 5, "it closes without words that nobody wrote"


def seconds(text: str) -> float:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def test_somebody_who_writes_first_or_again_is_answered(adopter: Adopter) -> None:
    phone = Phone(adopter, "+14155550102")
    phone.type("hello")
    assert phone.waits_for(1) == ["Hey! How are you?"]
    phone.type("perfect")
    assert phone.waits_for(2)[1] == "Great, carry on!"


def test_stop_is_obeyed_without_words_of_ours(adopter: Adopter) -> None:
    phone = Phone(adopter, "+14155550103")
    until(adopter, send(adopter, phone), delivery_status="delivered")
    phone.type("STOP")
    eventually(lambda: call(adopter.url(8000, "/v1/recipients?search=%2B14155550103"))["data"][0]["opted_out_at"])
    skipped = until(adopter, send(adopter, phone, message="Are you sure?"), delivery_status="skipped")
    assert skipped["delivery_status"] == "skipped" and phone.screen() == ["How was your week?"]


def test_their_other_channels_and_earlier_conversations_go_on(adopter: Adopter) -> None:
    assert say_by_rest(adopter, "lately", "amazing") == ["Great, carry on!"], "in the context of a minute ago"
    assert say_by_rest(adopter, "stranger", "hello") == ["Hey! How are you?"]
    events = stored_events(stock_store(adopter), "lately")
    assert [event.text for event in events if isinstance(event, UserUttered)] == ["hello", "hello", "amazing"]
    url = f"sqlite:///{adopter.project / 'rasa.db'}"
    ours = ProactiveTrackerStore(domain(adopter), database=url)
    assert [event.as_dict() for event in stored_events(ours, "lately")] == [event.as_dict() for event in events]


def test_their_session_expiry_still_holds_for_their_channels(adopter: Adopter) -> None:
    say_by_rest(adopter, "yesterday", "hello")
    events = stored_events(stock_store(adopter), "yesterday")
    assert sum(isinstance(event, SessionStarted) for event in events) == 2, "their domain says: after 60 minutes"


def test_what_the_page_shows_at_the_end_works(adopter: Adopter) -> None:
    send_it, look, answer, look_again, chats = read_trial()
    environment = "\n".join(step.text for step in STEPS if "export" in step.text)

    def shown(command: str) -> str:
        url = f"export PROACTIVE_URL={adopter.url(8000, '')}\n"
        return adopter.run(f"{environment}\n{url}{command}")

    shown(send_it)
    eventually(lambda: "Hello from us" in shown(look))
    shown(answer)
    eventually(lambda: "Hey! How are you?" in shown(look_again))
    assert re.search(r"14155550123.*Hello from us.*responded", shown(chats))


def test_nothing_was_said_to_be_wrong(adopter: Adopter) -> None:
    """Runs last: what all of the above made the processes say."""
    complaints = [line for line in adopter.said() if re.search(r"ERROR|CRITICAL|Traceback", line)]
    assert complaints == []


def test_rasa_refuses_to_run_with_a_store_that_it_cannot_import(adopter: Adopter, tmp_path: Path) -> None:
    elsewhere = tmp_path / "bot"
    shutil.copytree(adopter.project, elsewhere, ignore=shutil.ignore_patterns("rasa.db*", ".data"))
    endpoints = elsewhere / "endpoints.yml"
    endpoints.write_text(endpoints.read_text().replace("ProactiveTrackerStore", "ProactivTrackerStore"))
    environment = next(step.text for step in STEPS if "export" in step.text)
    rasa = next(line for step in STEPS for line in step.text.splitlines() if line.startswith("rasa run")).rstrip("& ")
    port = free_port()
    printed = adopter.run(
        f"cd {elsewhere}\n{environment}\n{rasa.replace('5005', str(port))} >said.txt 2>&1 && status=0 || status=$?\n"
        "echo $status; cat said.txt"
    )
    assert printed.splitlines()[0] == "78"
    assert "Rasa runs with InMemoryTrackerStore" in printed
    assert "proactive_api.tracker_store.ProactiveTrackerStore" in printed and "endpoints.yml" in printed
