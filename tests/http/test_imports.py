from __future__ import annotations

import subprocess
import sys

HEAVY = ("rasa", "rasa_sdk", "channels", "actions", "tensorflow", "twilio")


def test_the_api_needs_neither_rasa_nor_the_channels() -> None:
    program = "import sys, proactive_api.http.app, proactive_api.work.tasks, proactive_api.cli; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert not {name.partition(".")[0] for name in loaded} & set(HEAVY)
