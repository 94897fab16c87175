"""What the sandbox carrier can be told, by flag or by environment."""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Mapping, Optional, Sequence

#: The path of the SMS connector's inbound webhook below the public URL.
WEBHOOK_PATH = "/webhooks/sms/webhook"


@dataclass(frozen=True)
class Options:
    """How one sandbox carrier behaves."""

    account_sid: str
    auth_token: str = field(repr=False)
    #: The business's number: the default sender, and where a phone's first message goes.
    from_number: str = "+15005550006"
    #: Set on inbound webhooks when the number is in a Messaging Service's pool.
    messaging_service_sid: Optional[str] = None
    #: Where inbound messages are posted; the signature is over exactly this text.
    webhook_url: str = "http://127.0.0.1:5005" + WEBHOOK_PATH
    database: Path = Path(".data/sandbox.db")
    #: 0 takes any free port, which is printed.
    port: int = 8010
    #: Seconds that each REST answer is held back, each on its own.
    latency: float = 0.0
    #: Whether STOP, START and HELP come with ``OptOutType``, as with Twilio's Advanced Opt-Out.
    advanced_opt_out: bool = False


def parse(arguments: Sequence[str], environ: Mapping[str, str]) -> Options:
    """Read the command line; what it leaves open comes from ``environ``.

    Raises:
        SystemExit: with a usage message, if something is missing or cannot be read.
    """
    parser = _parser(environ)
    given = parser.parse_args(arguments)
    if not given.account_sid or not given.auth_token:
        parser.error("set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN (any values): callers sign in with them")
    return Options(
        account_sid=given.account_sid,
        auth_token=given.auth_token,
        from_number=given.from_number,
        messaging_service_sid=given.messaging_service_sid or None,
        webhook_url=given.webhook_url,
        database=Path(given.db),
        port=given.port,
        latency=given.latency_ms / 1000,
        advanced_opt_out=given.advanced_opt_out,
    )


def _parser(environ: Mapping[str, str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m proactive_api.sandbox", description="A local carrier like Twilio.")
    parser.add_argument("--port", type=int, default=environ.get("SANDBOX_PORT") or "8010", help="0 takes a free one")
    parser.add_argument("--account-sid", default=environ.get("TWILIO_ACCOUNT_SID"))
    parser.add_argument("--auth-token", default=environ.get("TWILIO_AUTH_TOKEN"), help="better in the environment")
    parser.add_argument("--from-number", default=environ.get("TWILIO_FROM_NUMBER") or Options.from_number)
    parser.add_argument("--messaging-service-sid", default=environ.get("TWILIO_MESSAGING_SERVICE_SID"))
    parser.add_argument("--webhook-url", default=_webhook_url(environ), help="where inbound messages go")
    parser.add_argument("--db", default=_database(environ), help="SQLite file; created if missing")
    latency = environ.get("PROACTIVE_SANDBOX_LATENCY_MS") or "0"
    parser.add_argument("--latency-ms", type=float, default=latency, help="delay of each REST answer")
    parser.add_argument("--advanced-opt-out", action="store_true", help="add OptOutType to STOP, START and HELP")
    return parser


def _webhook_url(environ: Mapping[str, str]) -> str:
    public = environ.get("PUBLIC_URL") or "http://127.0.0.1:5005"
    return environ.get("SANDBOX_WEBHOOK_URL") or public.rstrip("/") + WEBHOOK_PATH


def _database(environ: Mapping[str, str]) -> str:
    return environ.get("SANDBOX_DB") or os.path.join(environ.get("PROACTIVE_DATA_DIR") or ".data", "sandbox.db")
