"""What goes wrong on a bad day: processes that die, and requests that only look like the carrier's."""

from __future__ import annotations

import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Callable, Dict, List, Mapping, Optional

import httpx
import sqlalchemy as sa
from twilio.request_validator import RequestValidator

from proactive_api.storage.sql import tables as t
from proactive_api.storage.sql.engine import create_engine
from tests import web
from tests.journey.stack import Stack, T, wait_for

#: Which command line is which process of the product.
PROCESSES = {
    "rasa": "rasa run",
    "worker": "proactive_api.worker",
    "api": "proactive_api.http",
    "sandbox": "proactive_api.sandbox",
    "actions": "rasa_sdk",
}


def pid_of(stack: Stack, name: str) -> Optional[int]:
    """The process with this name under the stack's supervisor, None while it is down."""
    assert stack._process is not None
    supervisor = Path(f"/proc/{stack._process.pid}/task")
    try:
        pids = [int(pid) for task in supervisor.iterdir() for pid in (task / "children").read_text().split()]
    except FileNotFoundError:
        return None
    return next((pid for pid in pids if f" {PROCESSES[name]} " in _command(pid)), None)


def _command(pid: int) -> str:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
    except (FileNotFoundError, ProcessLookupError):
        return ""
    return "" if any(word.endswith("leash.py") for word in words) else f"{' '.join(words)} "


def kill(stack: Stack, name: str) -> bool:
    """SIGKILL, which nobody can prepare for; False if it was down already. The supervisor starts it again."""
    pid = pid_of(stack, name)
    if pid is None:
        return False
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def kill_everything(stack: Stack) -> None:
    """SIGKILL to the supervisor; whatever it runs dies with it."""
    assert stack._process is not None
    pids = [pid for pid in (pid_of(stack, name) for name in PROCESSES) if pid]
    stack._process.kill()
    stack._process.wait(10)
    wait_for(lambda: not any(_command(pid) for pid in pids))


def answers(url: str) -> bool:
    """Whether this address answers 200 at the moment."""
    try:
        return web.get(url, timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


def assistant_ready(stack: Stack) -> bool:
    return answers(f"{stack.config.rasa_url}/webhooks/sms/")


def actions_ready(stack: Stack) -> bool:
    return answers(f"{stack.config.actions_url}/health")


def carrier_posts(
    stack: Stack, route: str, fields: Mapping[str, str], *, token: Optional[str] = None, signature: Optional[str] = None
) -> httpx.Response:
    """What the carrier posts to one of the connector's webhooks, signed as it signs.

    Args:
        route: ``webhook`` or ``status``, with a query if there is one.
        token: the account's secret; by default the right one.
        signature: sent as it is, instead of a real one.
    """
    path = f"/webhooks/sms/{route}"
    validator = RequestValidator(token or stack.config.twilio_auth_token)
    real = validator.compute_signature(f"{stack.config.public_url}{path}", dict(fields))
    headers = {"X-Twilio-Signature": real if signature is None else signature}
    return web.post(f"{stack.config.rasa_url}{path}", data=dict(fields), headers=headers, timeout=20)


def inbound(phone: str, body: str, sid: str, **more: str) -> Dict[str, str]:
    """The form of an inbound message."""
    fields = {"MessageSid": sid, "SmsSid": sid, "SmsMessageSid": sid, "AccountSid": "AC0", "From": phone}
    return {**fields, "To": "+15005550006", "Body": body, "NumMedia": "0", "ApiVersion": "2010-04-01", **more}


def stats(stack: Stack) -> Dict[str, Any]:
    """What the carrier counted."""
    return dict(web.get(f"{stack.config.sandbox_url}/stats", timeout=20).json())


def eventually(call: Any, seconds: float = 90.0) -> Any:
    """The answer of ``call``, which is repeated while the server it needs is down."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            answer = call()
            if answer.status_code < 500:
                return answer
            last = f"{answer.status_code} {answer.text}"
        except httpx.HTTPError as error:
            last = repr(error)
        assert time.monotonic() < deadline, f"the server stayed down: {last}"
        time.sleep(0.1)


def together(*calls: Callable[[], T]) -> List[T]:
    """What these answer when all begin at the same moment."""
    gate = threading.Barrier(len(calls))

    def one(call: Callable[[], T]) -> T:
        gate.wait(10)
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


def rows(stack: Stack) -> Dict[str, int]:
    """How many rows each table of the product has; what leaves no trace changes none of them."""
    engine = create_engine(stack.config.database_url)
    try:
        with engine.connect() as conn:
            count = sa.select(sa.func.count())
            return {one.name: conn.execute(count.select_from(one)).scalar_one() for one in t.metadata.sorted_tables}
    finally:
        engine.dispose()
