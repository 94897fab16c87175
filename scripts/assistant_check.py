"""Check the assistant: its training data, and its end-to-end stories against the model that ``make run`` would use.

Exits with 1 if Rasa finds fault.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from proactive_api.config import Config
from proactive_api.run.console import Console
from proactive_api.run.model import TrainingError, default_cache, ensure_model
from proactive_api.run.plan import QUIET

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Validate, train if needed, test the stories."""
    if rasa("data", "validate", "--fail-on-warnings", "--quiet"):
        return 1
    try:
        log = Config.from_env().log_dir / "train.log"
        model = ensure_model(ROOT, default_cache(), log, os.environ, Console())
    except TrainingError as error:
        print(error, file=sys.stderr)
        return 1
    return stories(model)


def stories(model: Path) -> int:
    """Play every story of tests/assistant/test_*.yml."""
    with tempfile.TemporaryDirectory() as folder:
        # Without the project's own database: the stories are nobody's conversations.
        endpoints = Path(folder) / "endpoints.yml"
        endpoints.write_text("{}\n")
        options = ["--model", str(model), "--endpoints", str(endpoints), "--out", folder]
        return rasa(
            *("test", "core", "--e2e", "--stories", "tests/assistant", "--fail-on-prediction-errors", "--no-plot"),
            *options,
        )


def rasa(*arguments: str) -> int:
    """Run one of Rasa's commands; returns its exit code."""
    print(f"$ rasa {' '.join(arguments[:2])}", flush=True)
    return subprocess.run([sys.executable, "-m", "rasa", *arguments], cwd=ROOT, env={**os.environ, **QUIET}).returncode


if __name__ == "__main__":
    sys.exit(main())
