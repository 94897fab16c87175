"""Everything is killed with SIGKILL, again and again, while sends flow; none is lost, none comes twice."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any, Dict, List

import httpx
import pytest

from tests import web
from tests.journey.stack import Phone, Stack, wait_for
from tests.journey.trouble import assistant_ready, eventually, kill, kill_everything, stats

#: Milliseconds that the carrier takes: long enough for a SIGKILL to fall between "accepted" and "written down".
LATENCY = "300"
#: Seconds that a message may take to go out after the last kill, leases and restarts included.
SETTLED_WITHIN = 90.0


@pytest.fixture
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A product of its own: its carrier is slow, and has counted nothing yet."""
    own = Stack(tmp_path_factory.mktemp("killed"))
    own.variables["PROACTIVE_SANDBOX_LATENCY_MS"] = LATENCY
    try:
        own.start()
        yield own
    finally:
        own.stop()
        for log in [own.folder / "supervisor.log", *sorted(own.config.log_dir.glob("*.log"))]:
            print(f"\n--- {log.name}\n{log.read_text(errors='replace')[-8000:]}")  # shown if the test fails


class Marketer(threading.Thread):
    """Sends to one person after the other, and insists on an answer."""

    def __init__(self, stack: Stack, count: int, pause: float) -> None:
        super().__init__(daemon=True)
        self._stack, self._pause = stack, pause
        self.wanted = [(stack.phone(), f"Offer number {n} ends on Sunday") for n in range(count)]
        self.accepted: Dict[str, str] = {}

    def run(self) -> None:
        for number, (phone, message) in enumerate(self.wanted):
            body = {"channel_type": "sms", "phone_number": phone.number, "message": message}
            headers = {"Idempotency-Key": f"kill-{number}"}
            # The answer to an accepted request may be lost with the server: the key makes asking again safe.
            post = partial(self._stack.api.post, "/v1/proactive-chats", json=body, headers=headers)
            answer = eventually(post)
            assert answer.status_code == 202, answer.text
            self.accepted[answer.json()["id"]] = message
            time.sleep(self._pause)


def chats(stack: Stack) -> List[Dict[str, Any]]:
    found: List[Dict[str, Any]] = []
    cursor: Dict[str, Any] = {}
    while True:
        page = eventually(lambda c=cursor: stack.api.get("/v1/proactive-chats", params={"limit": 100, **c})).json()
        found += page["data"]
        if not page["next_cursor"]:
            return found
        cursor = {"cursor": page["next_cursor"]}


def settled(stack: Stack) -> bool:
    try:
        return all(chat["delivery_status"] not in ("queued", "sending") for chat in chats(stack))
    except (httpx.HTTPError, KeyError):
        return False


def one_kill(stack: Stack, victim: str, rng: random.Random) -> bool:
    if victim == "everything":
        kill_everything(stack)
        stack.start()
        return True
    if victim == "rasa":
        # When it comes back, all that waited goes out at once: that is when it hurts most.
        wait_for(lambda: assistant_ready(stack), 90)
    time.sleep(rng.uniform(0.0, 1.2))
    return kill(stack, victim)


def play(stack: Stack, seed: int, count: int, victims: List[str]) -> None:
    rng = random.Random(seed)
    marketer = Marketer(stack, count, pause=0.15)
    marketer.start()
    kills: Counter[str] = Counter()
    for victim in rng.sample(victims, len(victims)):
        kills[victim] += one_kill(stack, victim, rng)
    marketer.join(120)
    assert len(marketer.accepted) == count, "the API did not come back"
    wait_for(lambda: settled(stack), SETTLED_WITHIN)
    # The carrier itself may have been the last one killed.
    eventually(lambda: web.get(f"{stack.config.sandbox_url}/stats"))
    wait_for(stack.ready, 90)
    shown = Counter(words for phone, _ in marketer.wanted for words in phone.heard())
    lost = [message for message in marketer.accepted.values() if shown[message] == 0]
    twice = stats(stack)["duplicates"]
    print(f"\nsends {count}, kills {sum(kills.values())} {dict(kills)}, lost {len(lost)}, twice {len(twice)}")
    assert kills.keys() == set(victims) and all(kills.values())
    assert (lost, twice) == ([], [])
    assert stats(stack)["created"] == count == len(chats(stack)) == sum(shown.values())
    assert {chat["delivery_status"] for chat in chats(stack)} <= {"sent", "delivered"}
    assert stack.differences() == []
    still_works(stack, marketer.wanted[0][0])


def still_works(stack: Stack, phone: Phone) -> None:
    phone.say("how much is it?")
    phone.hears("Prices are shown")


@pytest.mark.xdist_group("kill")
def test_nothing_is_lost_or_doubled_when_everything_is_killed(stack: Stack) -> None:
    play(stack, seed=20, count=60, victims=["rasa", "rasa", "worker", "worker", "api", "api", "sandbox", "everything"])


@pytest.mark.slow
@pytest.mark.parametrize(
    "seed", [pytest.param(seed, marks=pytest.mark.xdist_group(f"kill-{seed}")) for seed in (1, 2, 3)]
)
def test_nor_when_it_goes_on_for_minutes(stack: Stack, seed: int) -> None:
    play(stack, seed, count=200, victims=["rasa", "worker", "api", "sandbox"] * 5 + ["everything"] * 2)
