"""Node.js for building the pages: the machine's own, or one from PyPI."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Mapping, Optional, Tuple

from proactive_api.run.console import Console

#: The oldest one that Vite runs on.
OLDEST = (20, 19)


class NodeMissingError(Exception):
    """There is no usable Node.js here, and none could be fetched; the text says what to do."""


def node_environment(root: Path, environment: Mapping[str, str], console: Console) -> Mapping[str, str]:
    """``environment`` with a PATH on which ``node`` and ``npm`` are found and new enough.

    Raises:
        NodeMissingError: if there is none and none can be fetched.
    """
    if usable(environment):
        return environment
    folder = fetch(root, environment, console)
    found = {**environment, "PATH": f"{folder}{os.pathsep}{environment.get('PATH', os.defpath)}"}
    if not usable(found):
        raise NodeMissingError(f"The Node.js that was fetched from PyPI does not run on this machine ({folder})")
    return found


def usable(environment: Mapping[str, str]) -> bool:
    """Whether the PATH has a Node.js that is new enough, and npm."""
    version = node_version(environment)
    return version is not None and version >= OLDEST and _said("npm", environment) is not None


def node_version(environment: Mapping[str, str]) -> Optional[Tuple[int, int]]:
    """Of the first ``node`` on the PATH that runs."""
    match = re.match(r"v(\d+)\.(\d+)", _said("node", environment) or "")
    return (int(match[1]), int(match[2])) if match else None


def fetch(root: Path, environment: Mapping[str, str], console: Console) -> str:
    """Have the bootstrap script install the pinned Node.js; the folder of its programs."""
    script = root / "scripts" / "bootstrap.py"
    console.say(f"Fetching Node.js from PyPI: none of version {OLDEST[0]}.{OLDEST[1]} or later is on the PATH")
    command = [sys.executable, str(script), "--node"]
    process = subprocess.run(command, env=dict(environment), capture_output=True, text=True)
    if process.returncode != 0:
        words = "\n".join(f"    {line}" for line in (process.stdout + process.stderr).splitlines()[-12:])
        raise NodeMissingError(
            f"The pages need Node.js {OLDEST[0]}.{OLDEST[1]} or later to be built. None is on the PATH, and none could"
            f" be fetched from PyPI:\n{words}"
        )
    return process.stdout.splitlines()[-1]


def _said(program: str, environment: Mapping[str, str]) -> Optional[str]:
    path = shutil.which(program, path=environment.get("PATH", os.defpath))
    if path is None:
        return None
    try:
        answer = subprocess.run([path, "--version"], env=dict(environment), capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return answer.stdout.strip() if answer.returncode == 0 else None
