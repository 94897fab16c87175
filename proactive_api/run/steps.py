"""One long step of the preparation: its words go to a log, a line of progress to the console."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path
from typing import IO, List, Mapping

from proactive_api.run.console import Console, Every
from proactive_api.run.leash import leashed


def run_step(
    command: List[str], folder: Path, output: IO[bytes], environment: Mapping[str, str], console: Console, doing: str
) -> int:
    """Run ``command`` to its end; its exit code. It dies with this process.

    Args:
        command: the program and its arguments.
        folder: where to run it.
        output: where its words go.
        environment: all its variables.
        console: where to show progress.
        doing: a word for what it does, such as ``building``.
    """
    started = time.monotonic()
    process = subprocess.Popen(leashed(command), cwd=folder, env=dict(environment), stdout=output, stderr=output)
    due = Every(1 if console.interactive else 10)
    try:
        while process.poll() is None:
            time.sleep(0.1)
            if due():
                console.progress(f"  {doing} ... {time.monotonic() - started:.0f} s")
    finally:
        process.kill()
        process.wait()
    return process.returncode


def last_lines(log: Path, count: int = 20) -> str:
    """The end of a log, indented."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-count:]
    return "\n".join(f"    {line}" for line in lines)
