"""Children's logs: each writes its own file, of which the supervisor shows what matters."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import IO, Iterator, List

#: A log is emptied into its predecessor beyond this size, bytes.
LIMIT = 10_000_000
#: At most so many lines of a child are shown at one time; the rest is in its file.
BURST = 30

_SERIOUS = re.compile(r"\b(WARNING|ERROR|CRITICAL)\b|^Traceback ")
_LOG_LINE = re.compile(r"\b(DEBUG|INFO|WARNING|ERROR|CRITICAL)\b|^\d{4}-\d\d-\d\d|^\[\d{4}-\d\d-\d\d")
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


class ChildLog:
    """One child's log file, and the reader's place in it.

    Args:
        path: the file; it is appended to, and what earlier runs left is not shown again.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        path.touch()
        self._rotate()
        self._position = path.stat().st_size
        self._rest = b""
        self._serious = False

    def open(self) -> IO[bytes]:
        """The file, for a child to write to: appending, so that rotation cannot leave a hole."""
        return open(self.path, "ab")

    def news(self) -> List[str]:
        """The warnings and errors since the last call, with the lines that belong to them."""
        lines = [line for line in self._lines() if self._matters(line)]
        if len(lines) > BURST:
            lines[BURST:] = [f"... and {len(lines) - BURST} lines more: {self.path}"]
        return lines

    def tail(self, count: int) -> List[str]:
        """The last lines, for when a child will not start."""
        with open(self.path, "rb") as file:
            file.seek(max(0, self.path.stat().st_size - 20_000))
            return file.read().decode("utf-8", "replace").splitlines()[-count:]

    def _lines(self) -> Iterator[str]:
        *whole, self._rest = (self._rest + self._read()).split(b"\n")
        for line in whole:
            yield _COLOURS.sub("", line.decode("utf-8", "replace")).rstrip()

    def _read(self) -> bytes:
        with open(self.path, "rb") as file:
            file.seek(self._position)
            found = file.read()
        self._position += len(found)
        self._rotate()
        return found

    def _rotate(self) -> None:
        if self.path.stat().st_size > LIMIT:
            # Emptied, not renamed: the child goes on writing to the file it has open.
            shutil.copyfile(self.path, self.path.with_suffix(".old.log"))
            os.truncate(self.path, 0)
            self._position = 0

    def _matters(self, line: str) -> bool:
        # What follows a serious line without being a log line itself (a traceback) belongs to it.
        if _LOG_LINE.search(line) or _SERIOUS.search(line):
            self._serious = bool(_SERIOUS.search(line))
        return self._serious and bool(line)
