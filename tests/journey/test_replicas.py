"""Two Rasa servers side by side: what is said on one reaches a browser that is connected to the other."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from proactive_api.operations.visitor_tokens import VisitorTokens
from proactive_api.run.plan import child_environment, rasa_command
from tests import web
from tests.journey.browser import Browser
from tests.journey.stack import ROOT, Stack, free_port, wait_for

pytestmark = [
    pytest.mark.redis,
    pytest.mark.slow,
    pytest.mark.xdist_group("replicas"),
]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, redis_url: str) -> Iterator[Stack]:
    own = Stack(tmp_path_factory.mktemp("replicas"), REDIS_URL=redis_url)
    try:
        own.start()
        yield own
    finally:
        own.stop()


@pytest.fixture(scope="module")
def second(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of another Rasa server on the same database and the same Redis."""
    port = free_port()
    (model,) = sorted(Path(ROOT / "models").glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)[-1:]
    command = rasa_command(stack.config, ROOT, model, port)
    environment = child_environment(stack.config, {**os.environ, **stack.variables})
    url = f"http://127.0.0.1:{port}"
    with open(tmp_path_factory.mktemp("second") / "rasa.log", "wb") as log:
        process = subprocess.Popen([sys.executable, *command[1:]], cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            wait_for(lambda: answers(f"{url}/webhooks/messenger/"), 300)
            yield url
        finally:
            process.terminate()
            process.wait(30)


def answers(url: str) -> bool:
    try:
        return web.get(url, timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


def test_a_send_on_one_server_reaches_a_browser_on_the_other(stack: Stack, second: str) -> None:
    user_id = f"visitor-{uuid.uuid4().hex[:8]}"
    assert stack.api.post("/v1/recipients", json={"user_id": user_id}).status_code == 201
    token = VisitorTokens(stack.config).make(user_id, time.time(), 600)
    there, here = Browser(stack, token=token, url=second), Browser(stack, token=token)
    plain = Browser(stack, token=token, url=second, rich=False)
    body = {"channel_type": "messenger", "user_id": user_id, "message": "From the first server"}
    chat = stack.api.post("/v1/proactive-chats", json=body).json()["id"]
    said = there.read("From the first server")
    assert plain.got("bot_uttered") == [{"text": "From the first server"}]
    stack.until(chat, lambda one: one["delivery_status"] == "delivered")  # the plain widget has shown it
    there.say("how much is it?")
    answer = here.read("Prices are shown")
    there.read("Prices are shown")
    assert int(answer["id"]) > int(said["id"])
    wait_for(lambda: len(plain.texts()) == 2)
    late = Browser(stack, token=token, url=second, rich=False)
    here.say("what is the offer?")
    there.read("offers are on our website")
    wait_for(lambda: late.texts() and plain.texts()[-1] == late.texts()[-1])
    assert len(late.texts()) == 1, "what was shown elsewhere came again"
    assert stack.differences() == []
    for one in (there, here, plain, late):
        one.leave()


def test_messages_of_one_person_on_two_servers_are_answered_one_after_the_other(stack: Stack, second: str) -> None:
    session = uuid.uuid4().hex
    pages = [Browser(stack, session_id=session), Browser(stack, session_id=session, url=second)]
    greetings = ["hi", "hello", "hey there", "good morning", "hi there", "hey"]
    for number, greeting in enumerate(greetings):
        assert pages[number % 2].say(greeting)["ok"]
    for page in pages:
        page.answers(6)
    seen = [[(one["sender"], one["text"]) for one in page.messages()] for page in pages]
    assert seen[0] == seen[1]
    assert [sender for sender, _ in seen[0]] == ["recipient", "ai_agent"] * 6, "each is answered before the next"
    assert sorted(text for sender, text in seen[0] if sender == "recipient") == sorted(greetings)
    for page in pages:
        page.leave()
    assert stack.differences() == []
