"""``make run``: bring the database and the model up to date, run every process, stop them together.

Started as ``python -m proactive_api.run`` in the project's root.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from pathlib import Path
from typing import Awaitable, Callable, List, Mapping, Optional

from proactive_api.config import Config, ConfigError
from proactive_api.run.child import Child, Spec, StartError
from proactive_api.run.console import Console
from proactive_api.run.group import Group
from proactive_api.run.leash import die_with_parent
from proactive_api.run.logs import ChildLog
from proactive_api.run.model import TrainingError, default_cache, ensure_model
from proactive_api.run.plan import PortTakenError, check_ports, child_environment, has_sandbox, ports, stages
from proactive_api.run.probes import http_ok
from proactive_api.run.web import BuildError, ensure_web
from proactive_api.run.web import default_cache as web_cache

#: How long all parts may take to agree that they are ready, once each of them is, seconds.
AGREEMENT = 30.0

MAKE_A_KEY = ".venv/bin/proactive keys create --name me --scope admin"


def main() -> int:
    """Run everything until Ctrl-C or SIGTERM; returns the exit code."""
    if "MAKELEVEL" in os.environ:
        # `make` that is killed outright cannot pass it on.
        die_with_parent(signal.SIGTERM)
    console = Console()
    try:
        specs, config, started = prepare(Path.cwd(), console)
        asyncio.run(supervise(specs, config.log_dir, console, lambda: greet(config, console, started)))
    except (ConfigError, PortTakenError, TrainingError, StartError) as error:
        console.fail(str(error))
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def prepare(root: Path, console: Console) -> tuple[List[List[Spec]], Config, float]:
    """Everything that comes before the first process.

    Raises:
        ConfigError, PortTakenError, TrainingError: with what to do about it.
    """
    started = time.monotonic()
    config = Config.from_env()
    check_ports(ports(config))
    environment = child_environment(config, os.environ)
    os.environ.update(environment)
    model = ensure_model(root, default_cache(), config.log_dir / "train.log", environment, console)
    build_pages(root, config, environment, console)
    migrate(config)
    return stages(config, root, model, environment), config, started


def build_pages(root: Path, config: Config, environment: Mapping[str, str], console: Console) -> None:
    """Bring the pages up to date; without them everything else still works."""
    try:
        ensure_web(root, web_cache(), config.log_dir / "web.log", environment, console)
    except BuildError as error:
        console.warn(f"{error}\nStarting anyway: pages are missing or out of date until `make web` succeeds")


def migrate(config: Config) -> None:
    """Bring the database's tables up to date."""
    from proactive_api.storage.migrations.migrate import upgrade

    config.data_dir.mkdir(parents=True, exist_ok=True)
    upgrade(config.database_url)


async def supervise(
    specs: List[List[Spec]], log_dir: Path, console: Console, when_ready: Callable[[], Awaitable[None]]
) -> None:
    """Run the processes until a signal.

    Args:
        specs: what to run, in stages, in the order of stopping.
        log_dir: a folder for their logs.
        console: where to say what becomes of them.
        when_ready: called once, when all are.

    Raises:
        StartError: if one never gets ready.
    """
    console.say(f"Starting (logs in {log_dir})")
    children = [[Child(spec, ChildLog(log_dir / f"{spec.name}.log"), console) for spec in stage] for stage in specs]
    await Group(children, console).run(when_ready)
    console.say("Stopped")


async def greet(config: Config, console: Console, started: float) -> None:
    """Say that all is ready, where, and how to sign in."""
    if not await agreed(config):
        console.warn(f"Started, but not everything is working yet: see {config.api_url}/readyz")
    loop = asyncio.get_running_loop()
    key = await loop.run_in_executor(None, new_admin_key, config)
    token = await loop.run_in_executor(None, new_setup_token, config)
    console.block(
        f"Ready in {time.monotonic() - started:.0f} s: {config.api_url}",
        *setting_up(config, token),
        *signing_in(config, key),
        *carrier_words(config),
        "Press Ctrl-C to stop",
    )


async def agreed(config: Config) -> bool:
    """Whether the API finds all parts working, given a moment."""
    ready, deadline = http_ok(config.proactive_port, "/readyz"), time.monotonic() + AGREEMENT
    while time.monotonic() < deadline:
        if await ready(0.0):
            return True
        await asyncio.sleep(0.1)
    return False


def new_admin_key(config: Config) -> Optional[str]:
    """The admin key, if this is the first start and it had to be made."""
    from proactive_api.storage.access.keys import ensure_admin_key
    from proactive_api.storage.sql.engine import create_engine

    engine = create_engine(config.database_url)
    try:
        return ensure_admin_key(engine, config.admin_key)
    finally:
        engine.dispose()


def new_setup_token(config: Config) -> Optional[str]:
    """The token of the link that makes the first user, as long as there is none."""
    from proactive_api.storage.access.users import first_link
    from proactive_api.storage.sql.engine import create_engine

    engine = create_engine(config.database_url)
    try:
        return first_link(engine, time.time())
    finally:
        engine.dispose()


def setting_up(config: Config, token: Optional[str]) -> List[str]:
    """The link for the first user of the dashboard. The one place where it is ever shown."""
    if token is None:
        return []
    return [f"Create your account here (the link works once): {config.dashboard_address}/setup?token={token}"]


def signing_in(config: Config, key: Optional[str]) -> List[str]:
    """How scripts sign in. The one place where a generated key is ever shown."""
    if config.admin_key:
        return ["Admin API key: the one in PROACTIVE_ADMIN_KEY"]
    if key:
        return [f"Admin API key (shown only once): {key}"]
    return ["Use the admin API key shown at the first start, or create another:", f"  {MAKE_A_KEY}"]


def carrier_words(config: Config) -> List[str]:
    """Where messages go."""
    if has_sandbox(config):
        return [f"Sandbox: messages go to a simulated carrier ({config.sandbox_url}), not to real phones"]
    return [f"Sending through Twilio account {config.twilio_account_sid[:6]}..."]
