"""The environment, variable by variable."""

from __future__ import annotations

import dataclasses
import json
import multiprocessing
import os
import stat
from pathlib import Path
from typing import Dict

import pytest

from proactive_api.config import Config, ConfigError

REAL = {"TWILIO_ACCOUNT_SID": "AC" + "1" * 32, "TWILIO_AUTH_TOKEN": "t0ken", "TWILIO_FROM_NUMBER": "+14155550100"}


@pytest.fixture
def env(tmp_path: Path) -> Dict[str, str]:
    return {"PROACTIVE_DATA_DIR": str(tmp_path / "data")}


def test_nothing_set_means_the_embedded_default(env: Dict[str, str], tmp_path: Path) -> None:
    config = Config.from_env(env)
    assert (config.proactive_port, config.rasa_port, config.actions_port, config.sandbox_port) == (
        8000,
        5005,
        5055,
        8010,
    )
    assert config.public_url == config.rasa_url == "http://127.0.0.1:5005"
    assert config.database_url == f"sqlite:///{tmp_path / 'data' / 'proactive.db'}"
    assert (config.redis_url, config.admin_key, config.sandbox_latency_ms) == (None, None, 0)


def test_without_an_account_messages_go_to_the_sandbox(env: Dict[str, str]) -> None:
    config = Config.from_env({**env, "SANDBOX_PORT": "8123"})
    assert config.sandbox
    assert config.twilio_api_base_url == "http://127.0.0.1:8123"
    assert config.twilio_from_number == "+15005550006"
    assert config.twilio_account_sid.startswith("AC") and len(config.twilio_account_sid) == 34


def test_with_an_account_messages_go_to_twilio(env: Dict[str, str]) -> None:
    config = Config.from_env({**env, **REAL})
    assert not config.sandbox
    assert config.twilio_api_base_url is None
    assert (config.twilio_account_sid, config.twilio_auth_token) == (REAL["TWILIO_ACCOUNT_SID"], "t0ken")
    assert config.twilio_from_number == "+14155550100"


def test_a_messaging_service_stands_in_for_a_number(env: Dict[str, str]) -> None:
    account = {name: REAL[name] for name in ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN")}
    config = Config.from_env({**env, **account, "TWILIO_MESSAGING_SERVICE_SID": "MG1"})
    assert (config.twilio_from_number, config.twilio_messaging_service_sid) == (None, "MG1")


@pytest.mark.parametrize("missing", sorted(REAL))
def test_half_an_account_is_refused_by_the_name_of_what_is_missing(env: Dict[str, str], missing: str) -> None:
    half = {name: value for name, value in REAL.items() if name != missing}
    with pytest.raises(ConfigError, match=missing) as error:
        Config.from_env({**env, **half})
    assert error.value.variable == missing
    assert "t0ken" not in str(error.value)


def test_empty_counts_as_unset(env: Dict[str, str]) -> None:
    config = Config.from_env({**env, "DATABASE_URL": "", "RASA_PORT": " ", "TWILIO_ACCOUNT_SID": "", "REDIS_URL": ""})
    assert config.sandbox and config.rasa_port == 5005 and config.database_url.startswith("sqlite:///")


def test_addresses_follow_the_ports_unless_set(env: Dict[str, str]) -> None:
    assert Config.from_env({**env, "RASA_PORT": "6005"}).public_url == "http://127.0.0.1:6005"
    assert Config.from_env({**env, "PUBLIC_URL": "https://chat.example.com/"}).public_url == "https://chat.example.com"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PROACTIVE_PORT", "80x"),
        ("RASA_PORT", "0"),
        ("ACTIONS_PORT", "70000"),
        ("SANDBOX_PORT", "-1"),
        ("PROACTIVE_SANDBOX_LATENCY_MS", "1.5"),
        ("PUBLIC_URL", "chat.example.com"),
        ("RASA_URL", "ftp://x"),
        ("TWILIO_API_BASE_URL", "http://"),
        ("DATABASE_URL", "mysql://x"),
        ("DATABASE_URL", "somewhere.db"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "sqlite:///?cache=shared"),
        ("REDIS_URL", "localhost:6379"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(env: Dict[str, str], name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=f"^{name} ") as error:
        Config.from_env({**env, name: value})
    assert error.value.variable == name


def test_the_short_name_of_postgresql_is_understood(env: Dict[str, str]) -> None:
    config = Config.from_env({**env, "DATABASE_URL": "postgres://u:p@db/x"})
    assert config.database_url == "postgresql://u:p@db/x"


def test_secrets_are_generated_once_for_their_owner_only(env: Dict[str, str], tmp_path: Path) -> None:
    first, second = Config.from_env(env), Config.from_env(env)
    assert first == second
    file = tmp_path / "data" / "secrets.json"
    assert stat.S_IMODE(os.stat(file).st_mode) == 0o600
    assert first.trigger_token != first.messenger_jwt_secret
    assert min(len(first.trigger_token), len(first.messenger_jwt_secret), len(first.twilio_auth_token)) >= 32


def test_another_directory_has_other_secrets(env: Dict[str, str], tmp_path: Path) -> None:
    other = Config.from_env({"PROACTIVE_DATA_DIR": str(tmp_path / "other")})
    assert other.trigger_token != Config.from_env(env).trigger_token


def test_what_is_set_is_not_generated(env: Dict[str, str], tmp_path: Path) -> None:
    given = {**REAL, "PROACTIVE_TRIGGER_TOKEN": "a", "MESSENGER_JWT_SECRET": "b", "PROACTIVE_ADMIN_KEY": "c"}
    config = Config.from_env({**env, **given})
    assert (config.trigger_token, config.messenger_jwt_secret, config.admin_key) == ("a", "b", "c")
    assert not (tmp_path / "data").exists()


def test_a_secret_of_a_newer_version_joins_those_that_are_there(env: Dict[str, str], tmp_path: Path) -> None:
    before = Config.from_env(env)
    file = tmp_path / "data" / "secrets.json"
    kept = json.loads(file.read_text())
    del kept["MESSENGER_JWT_SECRET"]
    file.write_text(json.dumps(kept))
    after = Config.from_env(env)
    assert after.trigger_token == before.trigger_token
    assert after.messenger_jwt_secret != before.messenger_jwt_secret


def test_a_broken_secrets_file_is_named_and_left_alone(env: Dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "data" / "secrets.json"
    file.parent.mkdir()
    file.write_text("{")
    with pytest.raises(ConfigError, match="secrets.json"):
        Config.from_env(env)
    assert file.read_text() == "{"


def _token(folder: str) -> str:
    return Config.from_env({"PROACTIVE_DATA_DIR": folder}).trigger_token


def test_processes_that_race_get_the_same_secrets(tmp_path: Path) -> None:
    with multiprocessing.get_context("fork").Pool(8) as pool:
        tokens = pool.map(_token, [str(tmp_path / "data")] * 64, chunksize=1)
    assert len(set(tokens)) == 1
    assert sorted(path.name for path in (tmp_path / "data").iterdir()) == ["secrets.json", "secrets.lock"]


def test_repr_shows_no_secret(env: Dict[str, str]) -> None:
    urls = {"DATABASE_URL": "postgresql://u:hunter2@db/x", "REDIS_URL": "redis://:hunter3@r"}
    config = Config.from_env({**env, **urls, "PROACTIVE_ADMIN_KEY": "hunter4"})
    shown = repr(config)
    for secret in (config.trigger_token, config.messenger_jwt_secret, config.twilio_auth_token, "hunter"):
        assert secret not in shown


@pytest.mark.parametrize(
    "extra", [{}, REAL, {"PUBLIC_URL": "https://x.example"}, {"TWILIO_MESSAGING_SERVICE_SID": "MG1"}]
)
def test_a_process_started_with_the_resolved_variables_reads_the_same(
    env: Dict[str, str], extra: Dict[str, str]
) -> None:
    config = Config.from_env({**env, **extra})
    assert Config.from_env(config.environment()) == config


def test_it_cannot_be_changed(env: Dict[str, str]) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Config.from_env(env).rasa_port = 1  # type: ignore[misc]
