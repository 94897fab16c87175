"""``make run`` again, against plain ``rasa run`` with the same model."""

from __future__ import annotations

import asyncio
import os
import statistics
import time
from pathlib import Path
from typing import Dict

from benchmarks.figures import Aim, Figure
from benchmarks.processes import running
from benchmarks.stacks import ROOT, Bench, free_port, stock_spec
from proactive_api.run.child import Spec
from proactive_api.run.probes import http_ok


async def measure(bench: Bench) -> Figure:
    """Both have been started once before; the two sides take turns."""
    rounds, times = bench.size(2, 1), []
    if not bench.small:
        await make_run(bench)
    for _ in range(rounds):
        times.append((await make_run(bench), await rasa_run(bench)))
    ours, stock = (statistics.median(column) for column in zip(*times, strict=True))
    aim = Aim("<= 1.3 x plain rasa run", at_most=1.3 * stock)
    note = f"median of {rounds}; ours starts five processes"
    return Figure("start again, to ready", "s", ours, stock, aim, note=note)


async def make_run(bench: Bench) -> float:
    """Seconds until ``/readyz`` says that a send would go out and a reply would be answered."""
    port = bench.config.proactive_port
    spec = Spec("make-run", ["make", "run"], _clean(bench.environment()), http_ok(port, "/readyz"))
    return await _timed(spec, bench.folder, ROOT)


def _clean(environment: Dict[str, str]) -> Dict[str, str]:
    """Without what ``make bench`` tells its children: this ``make`` is nobody's child."""
    return {name: value for name, value in environment.items() if not name.startswith(("MAKE", "MFLAGS"))}


async def rasa_run(bench: Bench) -> float:
    """Seconds until plain ``rasa run`` answers with its model loaded."""
    folder = bench.folder / "stock"
    folder.mkdir(exist_ok=True)
    return await _timed(stock_spec(bench, folder, free_port()), bench.folder, folder)


async def _timed(spec: Spec, logs: Path, folder: Path) -> float:
    began = time.monotonic()
    async with running(spec, logs, folder):
        took = time.monotonic() - began
    await asyncio.sleep(0.5)
    os.sync()  # what the last one wrote must not slow the next one
    return took
