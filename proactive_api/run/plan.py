"""Which processes make up the product, and what each needs."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List, Mapping

from proactive_api.config import Config
from proactive_api.run.child import Spec
from proactive_api.run.probes import http_ok, port_is_free, touched

#: What keeps the processes' words to what matters.
QUIET = {
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "PYTHONUNBUFFERED": "1",
    # A process that hangs is ended by SIGABRT, and its log then tells where it stood.
    "PYTHONFAULTHANDLER": "1",
    "PYTHONWARNINGS": "ignore::DeprecationWarning",
}


@dataclass(frozen=True)
class Port:
    """A port that one of the processes listens on."""

    number: int
    variable: str
    owner: str


class PortTakenError(Exception):
    """A port is taken, or given to two processes; the text says which variable moves it."""


def ports(config: Config) -> List[Port]:
    """Every port that will be listened on."""
    wanted = [
        Port(config.proactive_port, "PROACTIVE_PORT", "proactive API"),
        Port(config.rasa_port, "RASA_PORT", "Rasa server"),
        Port(config.actions_port, "ACTIONS_PORT", "action server"),
    ]
    return wanted + ([Port(config.sandbox_port, "SANDBOX_PORT", "sandbox carrier")] if has_sandbox(config) else [])


def check_ports(wanted: List[Port]) -> None:
    """See that each process can have its port.

    Raises:
        PortTakenError: naming every port that cannot be had.
    """
    problems = [
        f"Port {port.number} for the {port.owner} is taken. Set {port.variable} to a free one,"
        f" for example: {port.variable}={port.number + 1 if port.number < 65535 else 8080} make run"
        for index, port in enumerate(wanted)
        if not port_is_free(port.number) or port.number in {other.number for other in wanted[:index]}
    ]
    if problems:
        raise PortTakenError("\n".join(problems))


def has_sandbox(config: Config) -> bool:
    """Whether the sandbox carrier of this machine is part of the product."""
    return config.sandbox and config.twilio_api_base_url == config.sandbox_url


def child_environment(config: Config, environ: Mapping[str, str]) -> Dict[str, str]:
    """What every process gets: the person's environment, with the configuration resolved."""
    return {**environ, **QUIET, **config.environment()}


def stages(config: Config, root: Path, model: Path, environment: Mapping[str, str]) -> List[List[Spec]]:
    """The processes, in the order of stopping: what starts work first, what others lean on last."""
    python = [sys.executable, "-m"]
    heartbeat = touched(config.heartbeat_path)
    api = Spec("api", [*python, "proactive_api.http"], environment, http_ok(config.proactive_port, "/healthz"))
    worker = Spec("worker", [*python, "proactive_api.worker"], environment, heartbeat)
    assistant = rasa_command(config, root, model, config.rasa_port)
    rasa = Spec("rasa", assistant, environment, http_ok(config.rasa_port, "/webhooks/sms/"))
    last = [_actions(config, environment)]
    if has_sandbox(config):
        ready = http_ok(config.sandbox_port, "/healthz")
        last.append(Spec("sandbox", [*python, "proactive_api.sandbox"], environment, ready))
    return [[api, worker], [rasa], last]


def _actions(config: Config, environment: Mapping[str, str]) -> Spec:
    command = [sys.executable, "-m", "rasa_sdk", "--actions", "actions", "--port", str(config.actions_port)]
    # Its server answers strangers with exception texts: loopback only.
    local = {**environment, "SANIC_HOST": "127.0.0.1"}
    return Spec("actions", command, local, http_ok(config.actions_port, "/health"))


def rasa_command(config: Config, root: Path, model: Path, port: int) -> List[str]:
    """What starts a Rasa server with the product's channels."""
    # No shell, no API switch: nobody needs more than the channels.
    return [
        *(sys.executable, "-m", "rasa", "run", "--interface", "127.0.0.1", "--port", str(port)),
        *("--model", str(model), "--endpoints", str(_endpoints(config, root))),
        *("--credentials", str(root / "credentials.yml")),
    ]


def _endpoints(config: Config, root: Path) -> Path:
    """endpoints.yml, or a copy of it in which the action server is where ACTIONS_PORT puts it."""
    source = root / "endpoints.yml"
    text = source.read_text(encoding="utf-8")
    moved = re.sub(r"http://(127\.0\.0\.1|localhost):5055/webhook", f"{config.actions_url}/webhook", text)
    if moved == text:
        return source
    target = config.data_dir / "endpoints.yml"
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_suffix(f".{os.getpid()}")
    draft.write_text(moved, encoding="utf-8")
    os.replace(draft, target)
    return target
