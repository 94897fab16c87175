"""On what the figures were measured: without this they mean nothing."""

from __future__ import annotations

import os
import platform
from importlib import metadata
from typing import List

PACKAGES = ("rasa", "sanic", "sqlalchemy", "twilio", "aiohttp")


def describe() -> List[str]:
    """The machine, its load before anything started, and the versions."""
    load = ", ".join(f"{one:.2f}" for one in os.getloadavg())
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in PACKAGES)
    return [
        f"{os.cpu_count()} cores ({_processor()}), {platform.system()} {platform.release()}",
        f"load before the start (1, 5, 15 minutes): {load}",
        f"Python {platform.python_version()}, {versions}",
    ]


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()
