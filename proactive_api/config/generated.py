"""Secrets that nobody set: generated once, kept in one file that only its owner can read."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from contextlib import contextmanager
from pathlib import Path
from typing import Callable, Dict, Iterator, Optional

_GENERATORS: Dict[str, Callable[[], str]] = {
    "PROACTIVE_TRIGGER_TOKEN": lambda: secrets.token_urlsafe(32),
    "MESSENGER_JWT_SECRET": lambda: secrets.token_urlsafe(48),
    "TWILIO_ACCOUNT_SID": lambda: "AC" + secrets.token_hex(16),
    "TWILIO_AUTH_TOKEN": lambda: secrets.token_hex(16),
}


class Secrets:
    """The generated secrets of one data directory, made when the first of them is asked for.

    Args:
        path: the file; created with mode 0600 in one step, so that processes that race for it agree.
        error: how to complain about a file that cannot be used: called with a name and a sentence.
    """

    def __init__(self, path: Path, error: Callable[[str, str], Exception]) -> None:
        self.path = path
        self._error = error
        self._values: Optional[Dict[str, str]] = None

    def __getitem__(self, name: str) -> str:
        """The secret called ``name``, a variable of the environment.

        Raises:
            ConfigError: if the file cannot be read or written.
        """
        if self._values is None:
            self._values = self._load()
        return self._values[name]

    def _load(self) -> Dict[str, str]:
        try:
            values = _read(self.path)
            return values if _complete(values) else _generate(self.path)
        except (OSError, ValueError) as error:
            raise self._error("PROACTIVE_DATA_DIR", f"holds no usable secrets ({self.path}: {error}).") from error


def known_sandbox_account(path: Path) -> Optional[str]:
    """The sandbox's own account id, if ``path`` holds one: what tells it from a real account."""
    try:
        return _read(path).get("TWILIO_ACCOUNT_SID")
    except (OSError, ValueError):
        return None


def _complete(values: Dict[str, str]) -> bool:
    return all(values.get(name) for name in _GENERATORS)


def _read(path: Path) -> Dict[str, str]:
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    if not isinstance(values, dict) or not all(isinstance(value, str) for value in values.values()):
        raise ValueError("not an object of strings")
    return values


def _generate(path: Path) -> Dict[str, str]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with _locked(path.with_suffix(".lock")):
        # Another process may have been quicker, and a newer version may need one more secret.
        values = _read(path)
        for name, generator in _GENERATORS.items():
            values[name] = values.get(name) or generator()
        _write(path, values)
    return values


def _write(path: Path, values: Dict[str, str]) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(values, file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
