"""The script that installs: what it asks of pip's configuration, and that it does nothing twice."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def bootstrap() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bootstrap", ROOT / "scripts" / "bootstrap.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_pip_was_told_reaches_uv(bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(("PIP_", "UV_", "SSL_CERT"))]:
        monkeypatch.delenv(name)
    configuration = tmp_path / "pip.conf"
    configuration.write_text(
        "[global]\nindex-url = https://mirror.example/simple\nextra-index-url =\n  https://a.example/x\n  https://b.example/x\n"
        "[install]\ntrusted-host = mirror.example\n"
    )
    monkeypatch.setenv("PIP_CONFIG_FILE", str(configuration))
    monkeypatch.setenv("PIP_CERT", "/certs/ours.pem")
    monkeypatch.setenv("UV_INSECURE_HOST", "kept.example")
    environment = bootstrap.uv_environment()
    assert environment["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"
    assert environment["UV_INDEX"].split() == ["https://a.example/x", "https://b.example/x"]
    assert environment["SSL_CERT_FILE"] == "/certs/ours.pem"
    assert environment["UV_INSECURE_HOST"] == "kept.example"


def test_a_python_that_only_pretends_is_passed_over(bootstrap: ModuleType, tmp_path: Path) -> None:
    shim = tmp_path / "python3.10"
    shim.write_text("#!/bin/sh\necho not installed >&2\nexit 127\n")
    shim.chmod(0o755)
    assert not bootstrap.python_works(str(shim))
    assert not bootstrap.python_works(str(tmp_path / "none"))
    assert bootstrap.python_works(sys.executable)


def test_a_changed_lock_file_means_not_installed(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("requirements.txt", "pyproject.toml", "scripts/bootstrap.py", ".venv/bin/python"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(bootstrap, "STAMP", tmp_path / ".venv" / "stamp")
    assert not bootstrap.installed()
    bootstrap.STAMP.write_text(bootstrap.fingerprint())
    assert bootstrap.installed()
    (tmp_path / "requirements.txt").write_text("y")
    assert not bootstrap.installed()


def test_every_package_is_pinned_and_hashed_and_no_registry_is_named() -> None:
    text = (ROOT / "requirements.txt").read_text()
    pins = re.findall(r"^\S+==.*(?:\n +--hash=sha256:[0-9a-f]{64}.*)+", text, re.M)
    assert len(pins) == len(re.findall(r"^[a-z0-9]", text, re.M)) > 100
    assert "://" not in text


def test_the_script_runs_on_the_oldest_python_that_may_start_it() -> None:
    source = (ROOT / "scripts" / "bootstrap.py").read_text()
    compile(source, "bootstrap.py", "exec", flags=0, dont_inherit=True)
    check = "import ast, sys; ast.parse(sys.stdin.read(), feature_version=(3, 9))"
    assert subprocess.run([sys.executable, "-c", check], input=source, text=True).returncode == 0
