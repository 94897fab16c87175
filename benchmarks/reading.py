"""Time the pages' requests on databases of different sizes, and show which indexes they use.

    python -m benchmarks.reading small=sqlite:////tmp/small.db large=sqlite:////tmp/large.db

Fill the databases with ``benchmarks.seed``. The API runs as a process of its own, as ``make run`` starts it.
"""

from __future__ import annotations

import contextlib
import datetime
import os
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from typing import Dict, Iterator, List, Mapping, Sequence

import httpx

from proactive_api.storage.sql.paging import Cursor

ROUNDS, WARM_UP = 40, 5


def requests(now: float) -> Mapping[str, str]:
    """What is asked, by what it is. Periods begin at midnight in Vienna, as a browser there asks."""

    def since(days: int) -> str:
        midnight = now // 86400 * 86400 - days * 86400 - 3600
        return datetime.datetime.fromtimestamp(midnight, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")

    chats, metrics = "/v1/proactive-chats", "/v1/metrics"
    return {
        "list": f"{chats}?limit=50",
        "list, 30 days": f"{chats}?limit=50&from={since(30)}",
        "list, a later page": f"{chats}?limit=50&cursor={Cursor(now - 45 * 86400, '')}",
        "list, one campaign": f"{chats}?limit=50&campaign=renewals",
        "list, failed": f"{chats}?limit=50&delivery_status=failed",
        "list, responded": f"{chats}?limit=50&response_status=responded",
        "list, rated 5": "/v1/conversations?limit=50&csat=5",
        "list, handed over": "/v1/conversations?limit=50&handed_over=true",
        "metrics, 30 days": f"{metrics}?from={since(30)}",
        "metrics, 7 days": f"{metrics}?from={since(7)}",
        "metrics, 30 days, one campaign": f"{metrics}?from={since(30)}&campaign=renewals",
        "metrics, all": metrics,
        "campaign names": "/v1/campaign-names",
    }


@contextlib.contextmanager
def api(url: str) -> Iterator[httpx.Client]:
    """The API on this database."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    key = secrets.token_urlsafe(16)
    with tempfile.TemporaryDirectory() as folder:
        own = {"DATABASE_URL": url, "PROACTIVE_PORT": str(port), "PROACTIVE_ADMIN_KEY": key, "LOG_LEVEL": "WARNING"}
        environment = {**os.environ, **own, "PROACTIVE_DATA_DIR": folder}
        process = subprocess.Popen([sys.executable, "-m", "proactive_api.http"], env=environment)
        try:
            headers = {"Authorization": f"Bearer {key}"}
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=60) as client:
                wait_for(client)
                yield client
        finally:
            process.terminate()
            process.wait(20)


def wait_for(client: httpx.Client) -> None:
    """Until it answers."""
    deadline = time.monotonic() + 60
    while True:
        try:
            client.get("/healthz")
            return
        except httpx.TransportError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def measure(clients: Mapping[str, httpx.Client]) -> Dict[str, Dict[str, float]]:
    """Median milliseconds of each request on each database; they take turns, so that a busy machine slows all."""
    told: Dict[str, Dict[str, float]] = {}
    for name, address in requests(time.time()).items():
        times: Dict[str, List[float]] = {size: [] for size in clients}
        for number in range(WARM_UP + ROUNDS):
            for size, client in clients.items():
                begun = time.perf_counter()
                answer = client.get(address)
                answer.raise_for_status()
                if number >= WARM_UP:
                    times[size].append((time.perf_counter() - begun) * 1000)
        told[name] = {size: statistics.median(one) for size, one in times.items()}
    return told


def main(arguments: Sequence[str]) -> None:
    """Print the table."""
    databases = dict(one.partition("=")[::2] for one in arguments)
    with contextlib.ExitStack() as stack:
        clients = {size: stack.enter_context(api(url)) for size, url in databases.items()}
        told = measure(clients)
    sizes = list(databases)
    print(f"| request | {' | '.join(f'{size}, ms' for size in sizes)} | factor |")
    print("|---|" + "---|" * (len(sizes) + 1))
    for name, times in told.items():
        cells = " | ".join(f"{times[size]:.1f}" for size in sizes)
        print(f"| {name} | {cells} | {times[sizes[-1]] / times[sizes[0]]:.2f} |")


if __name__ == "__main__":
    main(sys.argv[1:])
