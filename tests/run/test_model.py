"""When the assistant is trained, and when not."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import List

import pytest

from proactive_api.run import model as model_module
from proactive_api.run.console import Console
from proactive_api.run.model import TrainingError, ensure_model, fingerprint


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    (root / "data" / "more").mkdir(parents=True)
    for name in ("config.yml", "domain.yml", "data/nlu.yml", "data/more/rules.yaml"):
        (root / name).write_text(f"# {name}")
    return root


@pytest.fixture
def trainings(monkeypatch: pytest.MonkeyPatch) -> List[Path]:
    """Where training was asked for; each writes a model at once."""
    done: List[Path] = []

    def train(root: Path, target: Path, *_: object) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(f"model {len(done)}")
        done.append(root)

    monkeypatch.setattr(model_module, "train", train)
    return done


def ensure(project: Path) -> Path:
    cache = project.parent / "cache"
    return ensure_model(project, cache, project / "train.log", os.environ, Console(io.StringIO()))


def test_it_is_trained_once(project: Path, trainings: List[Path]) -> None:
    assert ensure(project) == ensure(project)
    assert len(trainings) == 1


@pytest.mark.parametrize("name", ["config.yml", "domain.yml", "data/nlu.yml", "data/more/rules.yaml", "data/new.yml"])
def test_it_is_trained_again_when_a_file_changes(project: Path, trainings: List[Path], name: str) -> None:
    before = ensure(project)
    (project / name).write_text("other")
    assert ensure(project) != before
    assert len(trainings) == 2


def test_what_training_does_not_read_changes_nothing(project: Path) -> None:
    before = fingerprint(project)
    (project / "endpoints.yml").write_text("x")
    (project / "data" / "notes.txt").write_text("x")
    os.utime(project / "config.yml", (1, 1))
    assert fingerprint(project) == before


def test_moving_a_line_from_file_to_file_is_a_change(project: Path) -> None:
    (project / "data" / "nlu.yml").write_text("ab")
    (project / "data" / "stories.yml").write_text("c")
    before = fingerprint(project)
    (project / "data" / "nlu.yml").write_text("a")
    (project / "data" / "stories.yml").write_text("bc")
    assert fingerprint(project) != before


def test_another_rasa_is_a_change(project: Path) -> None:
    assert fingerprint(project, "3.6.20") != fingerprint(project, "3.6.21")


def test_a_fresh_copy_of_the_project_takes_the_model_from_the_cache(project: Path, trainings: List[Path]) -> None:
    model = ensure(project)
    model.unlink()
    os.utime(next((project.parent / "cache").iterdir()), (1, 1))
    assert ensure(project).read_text() == "model 0"
    assert len(trainings) == 1
    assert model.stat().st_mtime > 1, "rasa takes the newest model of the folder"


def test_a_training_that_fails_ends_with_its_last_words(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(TrainingError, match="could not be trained"):
        ensure(project)
    assert not list((project.parent / "cache").rglob("*.tar.gz"))
    assert not (project / "models").exists()
