"""What the person in front of the terminal sees."""

from __future__ import annotations

import sys
import time
from typing import TextIO

_RESET, _BOLD, _RED, _GREEN, _YELLOW = "\033[0m", "\033[1m", "\033[31m", "\033[32m", "\033[33m"
# Apart from each other, from the terminal's own text, and from the colours of warning and error.
_NAMES = ("\033[36m", "\033[35m", "\033[34m", "\033[96m", "\033[95m")


class Console:
    """Lines for people: coloured on a terminal, plain in a file."""

    def __init__(self, stream: TextIO = sys.stdout) -> None:
        self._stream = stream
        self.interactive = stream.isatty()
        self._colours: dict[str, str] = {}

    def say(self, text: str) -> None:
        """One line of the supervisor's own."""
        self._write(f"{self._clear()}{text}\n")

    def ready(self, name: str, seconds: float) -> None:
        """A process is ready, ``seconds`` after its start."""
        self.say(f"  {self._paint(_GREEN, 'ready')}  {name} ({seconds:.1f} s)")

    def warn(self, text: str) -> None:
        """Something happened that the person should know, and that is being dealt with."""
        self.say(self._paint(_YELLOW, text))

    def fail(self, text: str) -> None:
        """Say what ends the run, in red where there are colours."""
        self.say(self._paint(_RED, text))

    def echo(self, name: str, line: str) -> None:
        """A line of a child's log, behind its name."""
        colour = self._colours.setdefault(name, _NAMES[len(self._colours) % len(_NAMES)])
        self.say(f"{self._paint(colour, f'{name} |')} {line}")

    def progress(self, text: str) -> None:
        """A line that the next one replaces; in a file, a line of its own."""
        self._write(f"{self._clear()}{text}" if self.interactive else f"{text}\n")

    def block(self, *lines: str) -> None:
        """What must not be overlooked."""
        self.say("\n" + "\n".join(self._paint(_BOLD, f"  {line}") if line else "" for line in lines) + "\n")

    def _clear(self) -> str:
        return "\r\033[K" if self.interactive else ""

    def _paint(self, colour: str, text: str) -> str:
        return f"{colour}{text}{_RESET}" if self.interactive else text

    def _write(self, text: str) -> None:
        try:
            self._stream.write(text)
            self._stream.flush()
        except OSError:
            # The terminal is gone, or its reader: the processes matter more than the lines about them.
            pass


class Every:
    """For progress that should not flood: called often, true once in a while."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._last = time.monotonic()

    def __call__(self) -> bool:
        """Whether it is time again."""
        due = time.monotonic() - self._last >= self._seconds
        if due:
            self._last = time.monotonic()
        return due
