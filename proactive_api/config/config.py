"""The environment as one frozen value: every variable that the product reads, checked once, with its default.

Secrets that nobody set are generated into ``<data dir>/secrets.json`` (see ``generated.py``), so that all processes of
one machine share them and none has a built-in value.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, Mapping, Optional

from proactive_api.config.environment import ConfigError, Environment
from proactive_api.config.generated import Secrets, known_sandbox_account
from proactive_api.lifecycle.links import Links

#: The number that the sandbox writes from, unless TWILIO_FROM_NUMBER names another.
SANDBOX_FROM_NUMBER = "+15005550006"
#: The pages' sources and what is built of them, in a checkout; an installed package has none.
WEB_DIR = Path(__file__).resolve().parents[2] / "web"


@dataclass(frozen=True)
class Carrier:
    """The carrier account: Twilio's own, or the sandbox's."""

    account_sid: str
    auth_token: str = field(repr=False)
    from_number: Optional[str] = None
    messaging_service_sid: Optional[str] = None
    # None is Twilio's own address.
    api_base_url: Optional[str] = None
    # Whether messages stay on this machine.
    sandbox: bool = True


@dataclass(frozen=True)
class Config:
    """Everything that the environment decides. ``repr`` shows no secret."""

    data_dir: Path
    proactive_port: int
    rasa_port: int
    actions_port: int
    sandbox_port: int
    # How the API and the worker reach the Rasa server.
    rasa_url: str
    # How the carrier reaches the Rasa server from outside; never ends in a slash.
    public_url: str
    sandbox_latency_ms: int
    carrier: Carrier
    # May hold passwords, hence hidden as the secrets are.
    database_url: str = field(repr=False)
    redis_url: Optional[str] = field(repr=False)
    admin_key: Optional[str] = field(repr=False)
    trigger_token: str = field(repr=False)
    messenger_jwt_secret: str = field(repr=False)
    # PEM; where it is set, visitor tokens are those that its private half signed, and no others.
    messenger_jwt_public_key: Optional[str] = field(default=None, repr=False)
    # How people reach the dashboard, where that is not this machine's own address; never ends in a slash.
    dashboard_url: Optional[str] = None
    # Where the pages are: ``widget/dist`` and the like below it.
    web_dir: Path = WEB_DIR

    @classmethod
    def from_env(cls, environ: Optional[Mapping[str, str]] = None) -> Config:
        """Read the environment; a variable that is set but empty counts as unset.

        Args:
            environ: the variables; by default those of this process.

        Raises:
            ConfigError: naming the variable that is wrong.
        """
        env = Environment(os.environ if environ is None else environ)
        data_dir = Path(env.text("PROACTIVE_DATA_DIR") or ".data").expanduser().resolve()
        secrets = Secrets(data_dir / "secrets.json", ConfigError)
        rasa_port, sandbox_port = env.port("RASA_PORT", 5005), env.port("SANDBOX_PORT", 8010)
        return cls(
            data_dir=data_dir,
            proactive_port=env.port("PROACTIVE_PORT", 8000),
            rasa_port=rasa_port,
            actions_port=env.port("ACTIONS_PORT", 5055),
            sandbox_port=sandbox_port,
            rasa_url=env.url("RASA_URL") or f"http://127.0.0.1:{rasa_port}",
            public_url=env.url("PUBLIC_URL") or f"http://127.0.0.1:{rasa_port}",
            sandbox_latency_ms=env.number("PROACTIVE_SANDBOX_LATENCY_MS", 0, 0, 3_600_000),
            carrier=_carrier(env, secrets, f"http://127.0.0.1:{sandbox_port}"),
            database_url=_database_url(env.text("DATABASE_URL"), data_dir),
            redis_url=_redis_url(env.text("REDIS_URL")),
            admin_key=env.text("PROACTIVE_ADMIN_KEY"),
            trigger_token=env.text("PROACTIVE_TRIGGER_TOKEN") or secrets["PROACTIVE_TRIGGER_TOKEN"],
            messenger_jwt_secret=env.signing_secret("MESSENGER_JWT_SECRET") or secrets["MESSENGER_JWT_SECRET"],
            messenger_jwt_public_key=env.rsa_public_key("MESSENGER_JWT_PUBLIC_KEY"),
            dashboard_url=env.url("PROACTIVE_DASHBOARD_URL"),
            web_dir=Path(env.text("PROACTIVE_WEB_DIR") or WEB_DIR).expanduser().resolve(),
        )

    @property
    def links(self) -> Links:
        """Makes this installation's tracked links."""
        return Links(self.trigger_token, self.public_url)

    @property
    def sandbox(self) -> bool:
        """Whether the carrier is the sandbox, so that no message leaves this machine."""
        return self.carrier.sandbox

    @property
    def twilio_account_sid(self) -> str:
        """The carrier account."""
        return self.carrier.account_sid

    @property
    def twilio_auth_token(self) -> str:
        """The carrier account's token; signatures are made with it."""
        return self.carrier.auth_token

    @property
    def twilio_from_number(self) -> Optional[str]:
        """The sending number in E.164; None when a Messaging Service chooses it."""
        return self.carrier.from_number

    @property
    def twilio_messaging_service_sid(self) -> Optional[str]:
        """The Messaging Service that sends, if one does."""
        return self.carrier.messaging_service_sid

    @property
    def twilio_api_base_url(self) -> Optional[str]:
        """Base URL of the carrier's REST API; None is Twilio's own."""
        return self.carrier.api_base_url

    @property
    def api_url(self) -> str:
        """Address of the proactive API on this machine."""
        return f"http://127.0.0.1:{self.proactive_port}"

    @property
    def dashboard_address(self) -> str:
        """How people reach the dashboard."""
        return self.dashboard_url or self.api_url

    @property
    def actions_url(self) -> str:
        """Address of the Rasa action server on this machine."""
        return f"http://127.0.0.1:{self.actions_port}"

    @property
    def sandbox_url(self) -> str:
        """Address of the sandbox carrier on this machine."""
        return f"http://127.0.0.1:{self.sandbox_port}"

    @property
    def queue_path(self) -> Path:
        """The file of the embedded task queue."""
        return self.data_dir / "queue.db"

    @property
    def heartbeat_path(self) -> Path:
        """The file that the worker touches each second on the embedded default."""
        return self.data_dir / "worker.heartbeat"

    @property
    def log_dir(self) -> Path:
        """Where ``make run`` keeps the log of each process."""
        return self.data_dir / "logs"

    def environment(self) -> Dict[str, str]:
        """The resolved variables: a process started with them reads this very configuration."""
        values: Dict[str, Optional[str]] = {
            "PROACTIVE_DATA_DIR": str(self.data_dir),
            "PROACTIVE_PORT": str(self.proactive_port),
            "RASA_PORT": str(self.rasa_port),
            "ACTIONS_PORT": str(self.actions_port),
            "SANDBOX_PORT": str(self.sandbox_port),
            "RASA_URL": self.rasa_url,
            "PUBLIC_URL": self.public_url,
            "PROACTIVE_SANDBOX_LATENCY_MS": str(self.sandbox_latency_ms),
            "TWILIO_ACCOUNT_SID": self.carrier.account_sid,
            "TWILIO_AUTH_TOKEN": self.carrier.auth_token,
            "TWILIO_FROM_NUMBER": self.carrier.from_number,
            "TWILIO_MESSAGING_SERVICE_SID": self.carrier.messaging_service_sid,
            "TWILIO_API_BASE_URL": self.carrier.api_base_url,
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis_url,
            "PROACTIVE_ADMIN_KEY": self.admin_key,
            "PROACTIVE_TRIGGER_TOKEN": self.trigger_token,
            "MESSENGER_JWT_SECRET": self.messenger_jwt_secret,
            "MESSENGER_JWT_PUBLIC_KEY": self.messenger_jwt_public_key,
            "PROACTIVE_DASHBOARD_URL": self.dashboard_url,
            "PROACTIVE_WEB_DIR": str(self.web_dir),
        }
        return {name: value for name, value in values.items() if value is not None}


def _carrier(env: Environment, secrets: Secrets, sandbox_url: str) -> Carrier:
    account, token = env.text("TWILIO_ACCOUNT_SID"), env.text("TWILIO_AUTH_TOKEN")
    number, service = env.text("TWILIO_FROM_NUMBER"), env.text("TWILIO_MESSAGING_SERVICE_SID")
    if not (account and token):
        _refuse_half_an_account(account, token)
        account, token = secrets["TWILIO_ACCOUNT_SID"], secrets["TWILIO_AUTH_TOKEN"]
    # A process started by the supervisor gets the sandbox's account by the environment: it is still the sandbox.
    sandbox = account == known_sandbox_account(secrets.path)
    if not (number or service) and not sandbox:
        raise ConfigError(
            "TWILIO_FROM_NUMBER", "or TWILIO_MESSAGING_SERVICE_SID must be set beside the Twilio account, to send from."
        )
    if sandbox and not service:
        number = number or SANDBOX_FROM_NUMBER
    base = env.url("TWILIO_API_BASE_URL") or (sandbox_url if sandbox else None)
    return Carrier(account, token, number, service, base, sandbox)


def _refuse_half_an_account(account: Optional[str], token: Optional[str]) -> None:
    for name, value, other in (("TWILIO_ACCOUNT_SID", account, token), ("TWILIO_AUTH_TOKEN", token, account)):
        if other and not value:
            raise ConfigError(name, "is missing: set it too, or unset the other one to use the sandbox carrier.")


def _database_url(text: Optional[str], data_dir: Path) -> str:
    if text is None:
        return f"sqlite:///{data_dir / 'proactive.db'}"
    scheme, separator, rest = text.partition("://")
    if not separator or scheme.split("+")[0] not in ("sqlite", "postgresql", "postgres"):
        raise ConfigError("DATABASE_URL", "must start with postgresql:// or sqlite:///.")
    if scheme.startswith("sqlite") and rest.lstrip("/").partition("?")[0] in ("", ":memory:"):
        raise ConfigError("DATABASE_URL", "must name a file: every process would have a database of its own in memory.")
    # Hosting services hand out the short name, which SQLAlchemy no longer takes.
    return f"postgresql://{rest}" if scheme == "postgres" else text


def _redis_url(text: Optional[str]) -> Optional[str]:
    if text is not None and not text.startswith(("redis://", "rediss://")):
        raise ConfigError("REDIS_URL", "must start with redis:// or rediss://.")
    return text
