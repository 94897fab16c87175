"""The dashboard's files by themselves: what the first load weighs, its own tests, and types true to the API."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

from proactive_api.http.catalogue import document
from proactive_api.run.console import Console
from proactive_api.run.web import default_cache, ensure_web
from tests.journey.stack import ROOT

FOLDER = ROOT / "web" / "dashboard"
#: Compressed, bytes.
MOST = 250_000

RunNpm = Callable[..., "subprocess.CompletedProcess[str]"]


def weight(path: Path) -> int:
    """As it travels: a font is compressed already."""
    content = path.read_bytes()
    return len(content) if path.suffix == ".woff2" else len(gzip.compress(content, 6))


def test_the_first_load_is_light() -> None:
    ensure_web(ROOT, default_cache(), ROOT / "results" / "web.log", os.environ, Console())
    dist = FOLDER / "dist"
    manifest = json.loads((dist / ".vite" / "manifest.json").read_text())
    wanted, files = ["index.html"], {"index.html", "theme.js", "favicon.svg"}
    while wanted:
        chunk = manifest[wanted.pop()]
        if chunk["file"] not in files:
            files |= {chunk["file"], *chunk.get("css", ()), *chunk.get("assets", ())}
            wanted += chunk.get("imports", ())
    assert sum(weight(dist / name) for name in files) <= MOST


def test_its_own_tests_pass(run_npm: RunNpm) -> None:
    answer = run_npm("dashboard", "test")
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_its_types_are_the_api_s(run_npm: RunNpm, tmp_path: Path) -> None:
    described, made = tmp_path / "openapi.json", tmp_path / "schema.d.ts"
    described.write_text(json.dumps(document()))
    answer = run_npm("dashboard", "schema", "--", str(described), "-o", str(made))
    assert answer.returncode == 0, answer.stdout + answer.stderr
    committed = (FOLDER / "src" / "api" / "schema.d.ts").read_text()
    assert made.read_text() == committed, "The API changed: make the types anew (see docs/dashboard.md)."


def test_it_names_no_registry() -> None:
    lock = (FOLDER / "package-lock.json").read_text()
    assert '"resolved"' not in lock
    assert '"integrity"' in lock
