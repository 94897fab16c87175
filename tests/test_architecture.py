"""Which way imports may run: the "never" column of the architecture."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Iterator, Set, Tuple

import pytest

ROOT = Path(__file__).resolve().parent.parent

#: Folder or file -> packages that it must never import.
NEVER = {
    "proactive_api/lifecycle": {
        "sanic",
        "sqlalchemy",
        "rasa",
        "rasa_sdk",
        "httpx",
        "aiohttp",
        "time",
        "huey",
        "twilio",
    },
    "proactive_api/storage": {"sanic", "rasa", "rasa_sdk", "channels", "actions", "huey"},
    "proactive_api/tracker_store.py": {"sanic", "proactive_api.http", "channels"},
    "channels": {"proactive_api.http", "actions"},
    "actions": {"sanic", "proactive_api.storage", "sqlalchemy", "proactive_api.http"},
    "proactive_api/http": {"channels", "rasa", "actions", "proactive_api.tracker_store"},
    "proactive_api/work/tasks.py": {"sanic", "rasa", "channels", "proactive_api.http"},
    "proactive_api/worker.py": {"sanic", "rasa", "channels", "proactive_api.http"},
}


def modules(place: str) -> Iterator[Path]:
    path = ROOT / place
    yield from [path] if path.is_file() else path.rglob("*.py")


def imported(path: Path) -> Set[str]:
    found: Set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize(("place", "never"), NEVER.items(), ids=list(NEVER))
def test_imports_run_from_outside_to_inside(place: str, never: Set[str]) -> None:
    wrong: Set[Tuple[str, str]] = set()
    for path in modules(place):
        for name in imported(path):
            wrong |= {(str(path.relative_to(ROOT)), name) for one in never if name == one or name.startswith(f"{one}.")}
    assert wrong == set()


def test_the_sandbox_knows_nothing_of_the_product() -> None:
    for path in modules("proactive_api/sandbox"):
        names = {name for name in imported(path) if name.startswith(("proactive_api", "channels", "actions"))}
        assert all(name.startswith("proactive_api.sandbox") for name in names), path


def test_rasa_is_imported_in_three_places_only() -> None:
    allowed = (
        "channels/",
        "actions/",
        "proactive_api/tracker_store.py",
        "proactive_api/supervise/",
        "benchmarks/",
        "tests/",
        "scripts/",
    )
    for path in ROOT.rglob("*.py"):
        name = str(path.relative_to(ROOT))
        if name.startswith((".venv", "build")) or name.startswith(allowed):
            continue
        assert not any(one.split(".")[0] in ("rasa", "rasa_sdk") for one in imported(path)), name
