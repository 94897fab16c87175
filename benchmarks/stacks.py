"""The two sides of each comparison, and the carrier that both talk to."""

from __future__ import annotations

import itertools
import json
import os
import secrets
import socket
import sys
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import AsyncIterator, Dict, Iterator

import aiohttp
from sqlalchemy.engine import Engine

from benchmarks.processes import running
from benchmarks.stock import CARRIER_URL
from proactive_api.config import Config
from proactive_api.run import plan
from proactive_api.run.child import Spec
from proactive_api.run.console import Console
from proactive_api.run.model import default_cache, ensure_model
from proactive_api.run.probes import http_ok
from proactive_api.storage.migrations.migrate import upgrade
from proactive_api.storage.sql.engine import create_engine

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Bench:
    """What all measurements share.

    Args:
        folder: a folder of this run alone.
        model: the trained assistant, for both sides.
        small: toy sizes, to see that everything works.
    """

    folder: Path
    model: Path
    config: Config
    small: bool = False
    names: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def size(self, full: int, toy: int) -> int:
        """How many of something to use."""
        return toy if self.small else full

    def environment(self) -> Dict[str, str]:
        """For every process of either side."""
        return plan.child_environment(self.config, {**os.environ, "PYTHONPATH": str(ROOT)})

    def specs(self) -> Dict[str, Spec]:
        """The product's own processes, as ``make run`` starts them."""
        stages = plan.stages(self.config, ROOT, self.model, self.environment())
        return {spec.name: spec for stage in stages for spec in stage}


@dataclass(frozen=True)
class Side:
    """One running assistant.

    Args:
        url: of its Rasa server.
        webhook: the path that the carrier posts inbound messages to.
        database: its SQLite file.
    """

    url: str
    webhook: str
    database: Path


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def prepare(folder: Path, small: bool) -> Bench:
    """Choose ports, make secrets and the model."""
    ports = {name: str(free_port()) for name in ("PROACTIVE_PORT", "RASA_PORT", "ACTIONS_PORT", "SANDBOX_PORT")}
    admin_key = secrets.token_urlsafe(24)
    config = Config.from_env({**ports, "PROACTIVE_DATA_DIR": str(folder / "data"), "PROACTIVE_ADMIN_KEY": admin_key})
    environment = plan.child_environment(config, os.environ)
    model = ensure_model(ROOT, default_cache(), folder / "train.log", environment, Console())
    return Bench(folder, model, config, small)


@asynccontextmanager
async def carrier(bench: Bench, latency_ms: int) -> AsyncIterator[Carrier]:
    """The sandbox carrier with an empty memory, answering after ``latency_ms``."""
    database = bench.folder / f"carrier-{next(bench.names)}.db"
    spec = bench.specs()["sandbox"]
    changed = {"PROACTIVE_SANDBOX_LATENCY_MS": str(latency_ms), "SANDBOX_DB": str(database)}
    spec = Spec(spec.name, spec.command, {**spec.environment, **changed}, spec.ready)
    async with running(spec, bench.folder, ROOT), aiohttp.ClientSession() as session:
        yield Carrier(bench.config.sandbox_url, database, session)


@dataclass(frozen=True)
class Carrier:
    """The running carrier, asked from outside."""

    url: str
    database: Path
    session: aiohttp.ClientSession

    async def stats(self) -> Dict[str, object]:
        """Its own counts."""
        async with self.session.get(f"{self.url}/stats") as answer:
            return dict(await answer.json())

    async def screen(self, phone: str) -> list[Dict[str, str]]:
        """What a phone shows."""
        async with self.session.get(f"{self.url}/phones/{phone}/messages") as answer:
            return list(await answer.json())


@asynccontextmanager
async def ours(bench: Bench) -> AsyncIterator[Side]:
    """The product: its Rasa server, and its worker."""
    upgrade(bench.config.database_url)
    specs = bench.specs()
    async with AsyncExitStack() as stack:
        for name in ("rasa", "worker"):
            await stack.enter_async_context(running(specs[name], bench.folder, ROOT))
        yield Side(bench.config.rasa_url, "/webhooks/sms/webhook", bench.config.data_dir / "proactive.db")


def database(bench: Bench) -> Engine:
    """The product's database, opened here."""
    return create_engine(bench.config.database_url, pool_size=1)


@asynccontextmanager
async def stock(bench: Bench) -> AsyncIterator[Side]:
    """Stock Rasa with its Twilio channel and its SQL tracker store on SQLite."""
    port, folder = free_port(), bench.folder / "stock"
    folder.mkdir(exist_ok=True)
    async with running(stock_spec(bench, folder, port), bench.folder, folder):
        yield Side(f"http://127.0.0.1:{port}", "/webhooks/twilio/webhook", folder / "tracker.db")


def stock_spec(bench: Bench, folder: Path, port: int) -> Spec:
    """Plain ``rasa run`` with the same model."""
    config = bench.config
    account = {
        "account_sid": config.twilio_account_sid,
        "auth_token": config.twilio_auth_token,
        "twilio_number": config.twilio_from_number,
    }
    endpoints = {
        "tracker_store": {"type": "SQL", "dialect": "sqlite", "db": str(folder / "tracker.db")},
        "action_endpoint": {"url": f"{config.actions_url}/webhook"},
    }
    # YAML reads JSON.
    channels = {
        "benchmarks.stock.StockTwilio": account,
        "benchmarks.stock.RepairedSocketIO": {"session_persistence": True},
    }
    (folder / "credentials.yml").write_text(json.dumps(channels), encoding="utf-8")
    (folder / "endpoints.yml").write_text(json.dumps(endpoints), encoding="utf-8")
    command = [*(sys.executable, "-m", "rasa", "run", "--enable-api", "--interface", "127.0.0.1", "--port", str(port))]
    command += ["--model", str(bench.model), "--endpoints", "endpoints.yml", "--credentials", "credentials.yml"]
    environment = {**bench.environment(), CARRIER_URL: config.sandbox_url}
    return Spec("stock", command, environment, http_ok(port, "/webhooks/twilio/"))
