"""The pages under web/: built when what they are made of has changed, and only then.

Every folder ``web/*`` whose package.json has a script ``build`` is built by it into its ``dist``. A package without one
is shared: all others may be made of it.
Started as ``python -m proactive_api.run.web`` in the project's root, it builds them and nothing else.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Iterator, List, Mapping

from proactive_api.config import Config, ConfigError
from proactive_api.run.console import Console
from proactive_api.run.node import NodeMissingError, node_environment
from proactive_api.run.steps import last_lines, run_step

#: Built results kept in the cache outside the project for each folder, newest first.
KEPT = 5
#: What lies beside the sources without being one.
NOT_SOURCES = {"node_modules", "dist", "coverage", "test-results"}
#: Says of a built folder what it was built from.
STAMP = ".built-from"

INSTALL = ["npm", "ci", "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund"]
BUILD = ["npm", "run", "build"]


class BuildError(Exception):
    """Pages could not be built; the text names them and ends with the builder's own words."""


def ensure_web(root: Path, cache: Path, log: Path, environment: Mapping[str, str], console: Console) -> None:
    """Have every ``web/*/dist`` of the project be what its sources say.

    Args:
        root: the folder that has web/; without one there is nothing to do.
        cache: where built pages are kept by what they were made of, for other copies of the project.
        log: where the builders' words go.
        environment: the variables to build with.
        console: where to show progress.

    Raises:
        BuildError: if some could not be built; the others were.
    """
    problems: List[str] = []
    for folder in _packages(root / "web", built=True):
        own_log = log.with_stem(f"{log.stem}-{folder.name}")
        try:
            with _one_at_a_time(folder):
                _ensure(root, folder, cache / folder.name, own_log, environment, console)
        except BuildError as error:
            problems.append(str(error))
    if problems:
        raise BuildError("\n".join(problems))


def default_cache() -> Path:
    """The user's cache folder for built pages."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "rasa-proactive" / "web"


def fingerprint(folder: Path) -> str:
    """Of everything that a build of the folder reads, in it and in shared packages: 16 hexadecimal digits."""
    digest = hashlib.sha256()
    for place in (folder, *_packages(folder.parent, built=False)):
        for path in _sources(place):
            name = path.relative_to(folder if place == folder else folder.parent)
            digest.update(f"\0{name}\0{path.stat().st_size}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def ensure_packages(folder: Path, log: Path, environment: Mapping[str, str], console: Console) -> None:
    """Have the packages of the folder's lock file in its node_modules, for its tests.

    Raises:
        BuildError: if they cannot be installed.
    """
    with _one_at_a_time(folder), open(log, "wb") as output:
        _install(folder, output, environment, console)


def _ensure(root: Path, folder: Path, cache: Path, log: Path, environment: Mapping[str, str], console: Console) -> None:
    wanted = fingerprint(folder)
    if _built_from(folder / "dist") == wanted:
        return
    cached = cache / wanted
    if not cached.exists():
        _build(root, folder, log, environment, console)
        (folder / "dist" / STAMP).write_text(wanted)
        # Sources that changed meanwhile would be taken for the ones that were built.
        if fingerprint(folder) == wanted:
            _copy(folder / "dist", cached)
            _prune(cache)
    else:
        _copy(cached, folder / "dist")


def _build(root: Path, folder: Path, log: Path, environment: Mapping[str, str], console: Console) -> None:
    name = f"web/{folder.name}"
    started = time.monotonic()
    try:
        environment = node_environment(root, environment, console)
    except NodeMissingError as error:
        raise BuildError(f"{name} was not built. {error}") from None
    console.say(f"Building {name}, because it is new or its files have changed")
    log.parent.mkdir(parents=True, exist_ok=True)
    (folder / "dist" / STAMP).unlink(missing_ok=True)
    with open(log, "wb") as output:
        _install(folder, output, environment, console)
        failed = run_step(BUILD, folder, output, environment, console, "building")
    if failed or not (folder / "dist").is_dir():
        raise BuildError(f"{name} could not be built. Its builder says:\n{last_lines(log)}")
    console.say(f"  built in {time.monotonic() - started:.0f} s")


def _install(folder: Path, output: IO[bytes], environment: Mapping[str, str], console: Console) -> None:
    """Fetch the packages of the lock file, unless they are there."""
    lock = folder / "package-lock.json"
    locked = hashlib.sha256(lock.read_bytes()).hexdigest() if lock.exists() else "nothing"
    stamp = folder / "node_modules" / STAMP
    if stamp.exists() and stamp.read_text() == locked:
        return
    if run_step(INSTALL, folder, output, environment, console, "installing packages"):
        words = last_lines(Path(output.name))
        raise BuildError(f"web/{folder.name} was not built: its packages could not be installed. npm says:\n{words}")
    # With nothing to install npm makes no folder.
    stamp.parent.mkdir(exist_ok=True)
    stamp.write_text(locked)


def _packages(web: Path, built: bool) -> List[Path]:
    """The folders of packages that are built, or of those that are not but shared."""
    packages = sorted(web.glob("*/package.json"))
    return [path.parent for path in packages if ("build" in json.loads(path.read_bytes()).get("scripts", {})) == built]


def _sources(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(set(folders) - NOT_SOURCES)
        yield from (Path(place) / name for name in sorted(files))


def _built_from(dist: Path) -> str:
    try:
        return (dist / STAMP).read_text()
    except OSError:
        return ""


def _copy(source: Path, target: Path) -> None:
    """Put a copy in place whole or not at all, as far as a folder can be."""
    draft, old = (target.with_name(f"{target.name}.{os.getpid()}.{kind}") for kind in ("new", "old"))
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(source, draft)
    if target.exists():
        os.replace(target, old)
    os.replace(draft, target)
    shutil.rmtree(old, ignore_errors=True)


def _prune(cache: Path) -> None:
    built = sorted(cache.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in built[KEPT:]:
        shutil.rmtree(path, ignore_errors=True)


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    """Hold off a second build of the same clone."""
    with open(folder / "package.json", "rb") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def main() -> int:
    """Build what has changed; returns the exit code."""
    console = Console()
    try:
        ensure_web(Path.cwd(), default_cache(), Config.from_env().log_dir / "web.log", os.environ, console)
    except (BuildError, ConfigError) as error:
        console.fail(str(error))
        return 1
    console.say("The pages are up to date")
    return 0


if __name__ == "__main__":
    sys.exit(main())
