"""Somebody who has a Rasa project in a Python environment of their own, and follows the page."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.request
from functools import partial
from pathlib import Path
from typing import Callable, Dict, List, Optional, TypeVar

from proactive_api.run.console import Console
from proactive_api.run.model import default_cache, fingerprint, train
from tests.conftest import PRIVATE
from tests.journey.stack import free_port

ROOT = Path(__file__).resolve().parents[2]
#: The ports of the page, and the variables that say them to processes that are not told by a flag.
PORTS = {5005: "RASA_PORT", 8000: "PROACTIVE_PORT", 8010: "SANDBOX_PORT", 5055: "ACTIONS_PORT"}
#: What a clone holds that pip looks at; ``actions`` is there to be left out.
CLONE = ("pyproject.toml", "README.md", "LICENSE", "proactive_api", "channels", "actions")
QUIET = {"RASA_TELEMETRY_ENABLED": "false", "SQLALCHEMY_SILENCE_UBER_WARNING": "1", "TF_CPP_MIN_LOG_LEVEL": "3"}

T = TypeVar("T")


def eventually(check: Callable[[], Optional[T]], seconds: float = 30.0) -> T:
    """Wait until ``check`` gives something true, and return that."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = check()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError(f"did not become true within {seconds} s")


def answers(url: str) -> bool:
    """Whether ``url`` answers 200."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


class Environment:
    """A Python environment with Rasa and without this product.

    Its packages are links to those of the environment that runs the tests: installing them again
    would take minutes and need the network.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        self.packages = folder / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"
        for found in Path(sysconfig.get_paths()["purelib"]).iterdir():
            ours = found.name.startswith(("__editable__", "rasa_proactive"))
            if not ours and not (self.packages / found.name).exists():
                (self.packages / found.name).symlink_to(found)
        rasa = (Path(sys.executable).parent / "rasa").read_text()
        (folder / "bin" / "rasa").write_text(rasa.replace(sys.executable, str(folder / "bin" / "python")))
        (folder / "bin" / "rasa").chmod(0o755)

    def variables(self) -> Dict[str, str]:
        """As after ``source bin/activate``, without what the developer of this repository has set."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in PRIVATE and not name.startswith(("TWILIO_", "PROACTIVE_")) and name != "DATABASE_URL"
        }
        path = f"{self.folder / 'bin'}{os.pathsep}{kept['PATH']}"
        # What builds the package and what it needs is in the environment: pip has nothing to fetch. (0 reads "none".)
        offline = {"PIP_NO_BUILD_ISOLATION": "0", "PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
        return {**kept, **QUIET, **offline, "PATH": path, "VIRTUAL_ENV": str(self.folder)}


class Adopter:
    """A Rasa project beside a clone of this repository."""

    def __init__(self, folder: Path, environment: Environment) -> None:
        self.project = folder / "bot"
        self.log = folder / "log.txt"
        self.environment = environment
        self.ports = _free_ports()
        self._script: Optional[subprocess.Popen[bytes]] = None
        from rasa.cli.scaffold import create_initial_project  # with all of TensorFlow

        _copy_clone(folder / "rasa-proactive")
        self.project.mkdir()
        create_initial_project(str(self.project))  # what `rasa init` does before it trains
        self._train()

    def _train(self) -> None:
        """Train once for each state of Rasa's template; it takes a minute."""
        cached = default_cache() / f"init-{fingerprint(self.project)}.tar.gz"
        if not cached.exists():
            train(self.project, cached, self.log, {**os.environ, **QUIET}, Console())
        (self.project / "models").mkdir(exist_ok=True)
        shutil.copy(cached, self.project / "models" / "first.tar.gz")

    def variables(self) -> Dict[str, str]:
        ports = {PORTS[usual]: str(free) for usual, free in self.ports.items()}
        return {**self.environment.variables(), **ports, "PYTHONUNBUFFERED": "1"}

    def here(self, text: str) -> str:
        """The page's words with free ports in place of the usual ones: nothing else differs."""
        for usual, free in self.ports.items():
            text = text.replace(str(usual), str(free))
        return text

    def add(self, name: str, text: str) -> None:
        """Add ``text`` to a file of the project."""
        with open(self.project / name, "a") as file:
            file.write(f"\n{text}")

    def run(self, script: str) -> str:
        """Run commands in the project's folder; gives what they print."""
        done = subprocess.run(
            ["bash", "-ec", self.here(script)],
            cwd=self.project,
            env=self.variables(),
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self, script: str) -> None:
        """Run commands that leave processes in the background."""
        with open(self.log, "wb") as log:
            self._script = subprocess.Popen(
                ["bash", "-ec", f"{self.here(script)}\nwait"],
                cwd=self.project,
                env=self.variables(),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        for usual, path in ((8010, "/healthz"), (8000, "/healthz"), (5005, "/webhooks/sms/")):
            eventually(partial(answers, self.url(usual, path)), 120)

    def url(self, usual: int, path: str) -> str:
        return f"http://127.0.0.1:{self.ports[usual]}{path}"

    def said(self) -> List[str]:
        """What the processes wrote on the console."""
        return self.log.read_text(errors="replace").splitlines()

    def stop(self) -> None:
        """End everything that ``start`` started."""
        if self._script is not None:
            os.killpg(self._script.pid, signal.SIGTERM)
            try:
                self._script.wait(10)
            finally:
                _kill_group(self._script.pid)


def _kill_group(group: int) -> None:
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        pass


def _copy_clone(target: Path) -> None:
    """Only what pip reads: building leaves traces, and they do not belong in the repository."""
    target.mkdir()
    for name in CLONE:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target / name)


def _free_ports() -> Dict[int, int]:
    return {usual: free_port() for usual in PORTS}
