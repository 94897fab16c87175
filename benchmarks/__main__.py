"""Measure everything, or some of it, and print the table."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import sys
import tempfile
import time
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, Awaitable, Callable, Dict, List, Sequence, Set

from benchmarks import machine, messenger, replies, saving, sends, stacks, starting
from benchmarks.figures import Figure, plain, table
from benchmarks.stacks import Bench, Side

NAMES = ("save", "send50", "send200", "burst", "rate", "ten", "messenger", "start")
Measured = Dict[str, Any]


def main(arguments: Sequence[str]) -> int:
    """Returns 0; a missed aim is a finding, not an error."""
    given = _parser().parse_args(arguments)
    logging.disable(logging.WARNING)
    print("\n".join(machine.describe()), flush=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="benchmarks-") as folder:
        bench = stacks.prepare(Path(folder), given.quick)
        figures = asyncio.run(measure(bench, set(given.only or NAMES)))
    print(f"\n{table(figures)}\n\nmeasured in {time.monotonic() - began:.0f} s", flush=True)
    if given.json:
        given.json.write_text(json.dumps([plain(figure) for figure in figures], indent=1), encoding="utf-8")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m benchmarks", description=__doc__)
    parser.add_argument("--only", action="append", choices=NAMES, help="only this figure; may be given several times")
    parser.add_argument("--quick", action="store_true", help="toy sizes: shows that it works, measures nothing")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    return parser


async def measure(bench: Bench, wanted: Set[str]) -> List[Figure]:
    """The figures, one side after the other so that neither slows the other."""
    figures = await saving.measure(bench) if "save" in wanted else []
    phones, jobs = sends.Phones(), _jobs(bench, wanted)
    if jobs:
        bare = {name: await sends.measure_bare(bench, phones, ms) for name, ms in SENDS.items() if name in wanted}
        stock = await _side(stacks.stock(bench), "stock", {name: job[1] for name, job in jobs.items()}, phones)
        ours = await _side(stacks.ours(bench), "ours", {name: job[0] for name, job in jobs.items()}, phones)
        figures = _send_figures(bare, ours, stock) + _reply_figures(ours, stock) + figures
    return figures + ([await starting.measure(bench)] if "start" in wanted else [])


SENDS = {"send50": 50, "send200": 200}
Job = Callable[[Side, sends.Phones], Awaitable[Any]]


def _jobs(bench: Bench, wanted: Set[str]) -> Dict[str, tuple[Job, Job]]:
    jobs: Dict[str, tuple[Job, Job]] = {
        "burst": (lambda s, p: replies.burst(bench, s, p), lambda s, p: replies.burst(bench, s, p)),
        "rate": (lambda s, p: replies.rate(bench, s, p, 40), lambda s, p: replies.rate(bench, s, p, 10)),
        "ten": (lambda s, p: replies.ten(bench, s, p), lambda s, p: replies.ten(bench, s, p)),
        "messenger": (lambda s, _p: messenger.measure_ours(bench, s), lambda s, _p: messenger.measure_stock(bench, s)),
    }
    for name, latency in SENDS.items():
        jobs[name] = _send_job(bench, latency)
    return {name: job for name, job in jobs.items() if name in wanted}


def _send_job(bench: Bench, latency: int) -> tuple[Job, Job]:
    return (
        lambda _side, phones: sends.measure_ours(bench, phones, latency),
        lambda side, phones: sends.measure_stock(bench, side, phones, latency),
    )


async def _side(
    running: AbstractAsyncContextManager[Side], label: str, jobs: Dict[str, Job], phones: sends.Phones
) -> Measured:
    measured: Measured = {}
    async with running as side:
        for name, job in jobs.items():
            measured[name] = await job(side, phones)
            print(f"  {label} {name}: {measured[name]}", file=sys.stderr, flush=True)
    return measured


def _send_figures(bare: Measured, ours: Measured, stock: Measured) -> List[Figure]:
    return [sends.figure(SENDS[name], ours[name][0], stock[name], bare[name], ours[name][1]) for name in bare]


def _reply_figures(ours: Measured, stock: Measured) -> List[Figure]:
    made = {"burst": replies.burst_figure, "rate": replies.rate_figure, "ten": replies.ten_figure}
    found = [make(ours[name], stock[name]) for name, make in made.items() if name in ours]
    return found + (messenger.figures(ours["messenger"], stock["messenger"]) if "messenger" in ours else [])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
