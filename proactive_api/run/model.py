"""The assistant's model: trained when what it is made of has changed, and only then."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sys
import tempfile
import time
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import Iterator, Mapping, Optional

from proactive_api.run.console import Console
from proactive_api.run.steps import last_lines, run_step

#: Models kept in the cache outside the project, newest first.
KEPT = 10


class TrainingError(Exception):
    """The assistant's files cannot be trained; the text ends with Rasa's own words."""


def ensure_model(root: Path, cache: Path, log: Path, environment: Mapping[str, str], console: Console) -> Path:
    """The model of the project in ``root``, trained now if no run has trained the same before.

    Args:
        root: the folder with config.yml, domain.yml and data/.
        cache: where models are kept by what they were made of, for other copies of the project.
        log: where Rasa's words go while it trains.
        environment: the variables to train with.
        console: where to show progress.

    Raises:
        TrainingError: if training fails.
    """
    name = f"{fingerprint(root)}.tar.gz"
    model, cached = root / "models" / name, cache / name
    with _one_at_a_time(root):
        if not model.exists():
            if not cached.exists():
                train(root, cached, log, environment, console)
            _copy(cached, model)
    return model


def fingerprint(root: Path, rasa_version: Optional[str] = None) -> str:
    """Of everything that training reads: 16 hexadecimal digits."""
    version = rasa_version or metadata.version("rasa")
    digest = hashlib.sha256(f"rasa {version}, python {sys.version_info[:2]}".encode())
    for path in _inputs(root):
        digest.update(f"\0{path.relative_to(root)}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def default_cache() -> Path:
    """The user's cache folder for models."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "rasa-proactive" / "models"


def train(root: Path, target: Path, log: Path, environment: Mapping[str, str], console: Console) -> None:
    """Train into ``target``, with a line of progress.

    Raises:
        TrainingError: if Rasa fails.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    log.parent.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    console.say("Training the assistant, because it is new or its files have changed")
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        # Checking the data is for those who write it (make check), and would take as long again as training does.
        options = ["--skip-validation", "--fixed-model-name", "model", "--out", folder]
        command = [sys.executable, "-m", "rasa", "train", *options]
        with open(log, "wb") as output:
            run_step(command, root, output, environment, console, "training")
        trained = Path(folder) / "model.tar.gz"
        if not trained.exists():
            raise TrainingError(f"The assistant could not be trained. Rasa says:\n{last_lines(log)}")
        os.replace(trained, target)
    console.say(f"  trained in {time.monotonic() - started:.0f} s")
    _prune(target.parent)


@contextmanager
def _one_at_a_time(root: Path) -> Iterator[None]:
    """Let a second start of the same clone wait for the model that the first one trains."""
    with open(root / "config.yml", "rb") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _inputs(root: Path) -> Iterator[Path]:
    for name in ("config.yml", "domain.yml", "domain", "data"):
        path = root / name
        if path.is_file():
            yield path
        yield from sorted(found for found in path.rglob("*.y*ml") if found.is_file())


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_suffix(f".{os.getpid()}")
    # Copied with a time of its own: `rasa shell` and its like take the newest model of the folder.
    shutil.copyfile(source, draft)
    os.replace(draft, target)


def _prune(folder: Path) -> None:
    models = sorted(folder.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in models[KEPT:]:
        path.unlink(missing_ok=True)
