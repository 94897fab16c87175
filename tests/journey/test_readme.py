"""The README's tour, its commands run as they are written."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from typing import Dict, Iterator, List

import pytest

from tests.journey.stack import ROOT, Stack, wait_for

PASTED = re.compile(r"paste-the-[a-z-]+-here")


def tour() -> Iterator[str]:
    """The code blocks of the tour, in order."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = text.split("## The five-minute tour")[1].split("\n## ")[0]
    yield from (block.strip() for block in re.findall(r"```\n(.*?)```", section, re.S))


class Shell:
    """A terminal that keeps what is exported."""

    def __init__(self, stack: Stack) -> None:
        self.variables = {"KEY": stack.admin_key, "BASE": stack.config.api_url, "SANDBOX": stack.config.sandbox_url}

    def run(self, line: str) -> str:
        command = ["bash", "-ec", line]
        done = subprocess.run(command, env={**os.environ, **self.variables}, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def paste(self, name: str, value: str) -> None:
        self.variables[name] = value


def commands(block: str) -> List[str]:
    """A block's commands; one ends where its line does, unless that ends in a backslash or an open quote."""
    found, open_ones = [], ""
    for line in block.splitlines():
        open_ones = f"{open_ones}\n{line}" if open_ones else line
        if not line.endswith("\\") and open_ones.count("'") % 2 == 0:
            found.append(open_ones)
            open_ones = ""
    return found


def answers(shell: Shell, block: str) -> List[object]:
    """What the JSON commands of a block answer; a line to paste something into is left to the reader."""
    lines = [line for line in commands(block) if not PASTED.search(line) and not line.startswith("export BASE")]
    return [json.loads(shell.run(line)) for line in lines]


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl")
def test_the_tour_does_what_it_says(stack: Stack) -> None:
    shell = Shell(stack)
    exports, write, look, answer, human, rate, silence, messenger = tour()
    assert "export KEY=" in exports
    (chat,) = answers(shell, write)
    assert isinstance(chat, dict) and chat["delivery_status"] == "queued" and chat["segments"] == 1
    wait_for(lambda: answers(shell, look)[0])
    answers(shell, answer)
    ticket = stack.ticket(chat["id"])
    assert "SPRING20" in json.dumps(ticket["transcript"])
    shell.paste("TICKET", ticket["id"])
    answers(shell, human)
    wait_for(lambda: "rate this conversation" in json.dumps(answers(shell, look)))
    assert rated(shell, rate, chat)
    stack.settings(auto_close_timeout=2)  # the page waits for eight seconds; so does a test, at most
    *_, screen = answers(shell, silence)
    assert "rate this conversation" in json.dumps(screen)
    assert stack.api.post("/demo/token", json={"visitor": "alice"}).status_code == 200  # what the page does for Alice
    (greeted,) = answers(shell, messenger)
    assert isinstance(greeted, dict)
    assert stack.until(greeted["id"], lambda one: one["status"] == "open")["message"].startswith("Hi Alice, our")


def rated(shell: Shell, block: str, chat: Dict[str, str]) -> bool:
    say, listed, metrics = commands(block)
    shell.run(say)

    def counted() -> bool:
        found = [one for one in json.loads(shell.run(listed))["data"] if one["id"] == chat["id"]]
        return bool(found) and found[0]["csat"] == 5

    assert wait_for(counted) and json.loads(shell.run(metrics))["responded"] >= 1
    return True
