"""The whole product as its users meet it: real processes, a phone, an API key."""

from __future__ import annotations

import itertools
import os
import random
import secrets
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional, TypeVar

import httpx

from proactive_api.config import Config
from proactive_api.run.leash import leashed
from proactive_api.storage.conversations import rebuild
from proactive_api.storage.sql.engine import create_engine
from tests import web

ROOT = Path(__file__).resolve().parents[2]
T = TypeVar("T")
#: Seconds until the stack must be ready; a model may have to be trained first.
READY_WITHIN = 300.0

_numbers = itertools.count(1)


def wait_for(condition: Callable[[], T], seconds: float = 20.0) -> T:
    """The first true answer of ``condition``, asked again and again."""
    deadline = time.monotonic() + seconds
    while True:
        answer = condition()
        if answer:
            return answer
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def free_port() -> int:
    """A port that stays free until it is used: the system gives none of these to anybody who takes just any."""
    while True:
        number = random.SystemRandom().randrange(12_000, 32_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", number))
            except OSError:
                continue
            return number


class Phone:
    """A simulated phone of the sandbox."""

    def __init__(self, stack: Stack, number: str) -> None:
        self._stack = stack
        self.number = number
        self._url = f"{stack.config.sandbox_url}/phones/{number}/messages"

    def screen(self) -> List[Dict[str, Any]]:
        return list(web.get(self._url).json())

    def heard(self) -> List[str]:
        """The words of the business, oldest first."""
        return [message["body"] for message in self.screen() if message["direction"] == "to_phone"]

    def say(self, body: str, **more: Any) -> None:
        """Type something; the webhook was answered when this returns."""
        answer = web.post(self._url, json={"body": body, **more}, timeout=30)
        assert answer.json()["webhook_status"] == 200, answer.text

    def hears(self, words: str, times: int = 1, seconds: float = 20.0) -> List[str]:
        """Wait until ``words`` came that often; everything heard so far."""

        def arrived() -> List[str]:
            heard = self.heard()
            return heard if sum(words in one for one in heard) >= times else []

        try:
            return wait_for(arrived, seconds)
        except AssertionError:
            raise AssertionError(f"{words!r} did not come; the phone shows {self.screen()}") from None


class Stack:
    """``make run`` without make, on free ports and with a data directory of its own."""

    def __init__(self, folder: Path, **variables: str) -> None:
        self.folder = folder
        self.admin_key = secrets.token_urlsafe(24)
        names = ("PROACTIVE_PORT", "RASA_PORT", "ACTIONS_PORT", "SANDBOX_PORT")
        self.variables = {name: str(free_port()) for name in names}
        self.variables.update(PROACTIVE_DATA_DIR=str(folder / "data"), PROACTIVE_ADMIN_KEY=self.admin_key, **variables)
        self.config = Config.from_env(self.variables)
        self.api = httpx.Client(
            base_url=self.config.api_url,
            headers={"Authorization": f"Bearer {self.admin_key}"},
            timeout=20,
            verify=web.PLAIN,
        )
        self._process: Optional[subprocess.Popen[bytes]] = None

    def start(self) -> None:
        with open(self.folder / "supervisor.log", "ab") as log:
            self._process = subprocess.Popen(
                leashed([sys.executable, "-m", "proactive_api.run"]),
                cwd=ROOT, env={**os.environ, **self.variables}, stdout=log, stderr=log,
            )  # fmt: skip
        wait_for(self.ready, READY_WITHIN)

    def ready(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, (self.folder / "supervisor.log").read_text()
        try:
            return web.get(f"{self.config.api_url}/readyz").status_code == 200
        except httpx.HTTPError:
            return False

    def stop(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(30)
        self.api.close()

    # -- what a marketer does -----------------------------------------------------------------

    def phone(self) -> Phone:
        """A phone that nobody used before."""
        return Phone(self, f"+1415556{next(_numbers):04d}")

    def send(self, to: Phone, message: str = "Our sale ends Sunday!", **more: Any) -> str:
        """Send a proactive chat; its id."""
        body = {"channel_type": "sms", "phone_number": to.number, "message": message, **more}
        if "intent" in more:
            del body["message"]
        answer = self.api.post("/v1/proactive-chats", json=body)
        assert answer.status_code == 202, answer.text
        return str(answer.json()["id"])

    def opened(self, to: Phone, message: str = "Our sale ends Sunday!", **more: Any) -> str:
        """Send a proactive chat and wait until the phone shows it; its id."""
        chat = self.send(to, message, **more)
        self.until(chat, lambda one: one["status"] == "open")
        return chat

    def chat(self, chat_id: str) -> Dict[str, Any]:
        return dict(self.api.get(f"/v1/proactive-chats/{chat_id}", params={"include": "transcript"}).json())

    def until(self, chat_id: str, condition: Callable[[Dict[str, Any]], bool], seconds: float = 20.0) -> Dict[str, Any]:
        """The chat, once ``condition`` holds for it."""
        last: Dict[str, Any] = {}

        def holds() -> bool:
            last.update(self.chat(chat_id))
            return condition(last)

        try:
            wait_for(holds, seconds)
        except AssertionError:
            raise AssertionError(f"the chat did not get there: {last}") from None
        return last

    def settings(self, **sms: Any) -> None:
        answer = self.api.patch("/v1/settings", json={"sms": sms})
        assert answer.status_code == 200, answer.text
        time.sleep(0.6)  # what a connector remembers of the settings is at most half a second old

    def close(self, chat_id: str) -> Dict[str, Any]:
        """Force-close a conversation and wait until it is closed."""
        answer = self.api.post(f"/v1/conversations/{chat_id}/close", json={})
        assert answer.status_code in (200, 202), answer.text
        return self.until(chat_id, lambda one: one["status"] == "closed")

    # -- what a human agent does --------------------------------------------------------------

    def ticket(self, conversation_id: str) -> Dict[str, Any]:
        """The open ticket of a conversation, once there is one."""

        def found() -> Dict[str, Any]:
            tickets = self.api.get("/v1/handoffs", params={"status": "open", "limit": 100}).json()["data"]
            return next((one for one in tickets if one["conversation_id"] == conversation_id), {})

        return wait_for(found)

    def act(self, ticket: Dict[str, Any], verb: str, **body: Any) -> httpx.Response:
        return self.api.post(f"/v1/handoffs/{ticket['id']}/{verb}", json=body)

    # -- what an operator does ----------------------------------------------------------------

    def differences(self) -> List[str]:
        """Where live figures and the stored events disagree."""
        engine = create_engine(self.config.database_url)
        try:
            return rebuild.rebuild(engine).differences
        finally:
            engine.dispose()
