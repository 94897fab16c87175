"""The steps of docs/adoption.md, read from the page itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import List, Optional

PAGE = Path(__file__).resolve().parents[2] / "docs" / "adoption.md"


@dataclass(frozen=True)
class Step:
    """One step: what to add to a file of the project, or what to run in it."""

    title: str
    language: str
    text: str

    @property
    def file(self) -> Optional[str]:
        named = re.search(r"`([\w.]+\.yml)`", self.title)
        return named.group(1) if named else None


def read_steps() -> List[Step]:
    """Everything under "The steps", in order; each has exactly one block to take over."""
    section = PAGE.read_text().split("\n## The steps\n")[1].split("\n## ")[0]
    steps = []
    for part in section.split("\n### ")[1:]:
        ((language, text),) = re.findall(r"^```(\w+)\n(.*?)^```$", part, re.MULTILINE | re.DOTALL)
        steps.append(Step(part.splitlines()[0], language, text))
    return steps


def read_trial() -> List[str]:
    """The commands under "See it work"."""
    section = PAGE.read_text().split("\n## See it work\n")[1].split("\n## ")[0]
    return re.findall(r"^```sh\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)[0].strip().splitlines()
