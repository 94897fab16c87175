"""Why something that was asked for is not done.

::

    OperationError
    ├── InvalidInput   what was given cannot be used; ``field`` names it
    ├── NotFound       there is no such thing
    └── Conflict       it does not fit the state of things

Each text is a sentence for the person who asked. The API answers 422, 404 and 409, the command line prints it.
"""

from __future__ import annotations

from typing import Optional


class OperationError(Exception):
    """Nothing was done; the text says why, ``field`` names what was at fault, where one thing was."""

    def __init__(self, sentence: str, field: Optional[str] = None) -> None:
        super().__init__(sentence)
        self.field = field


class InvalidInput(OperationError):
    """What was given cannot be used."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence, field)


class NotFound(OperationError):
    """There is no such thing."""


class Conflict(OperationError):
    """It does not fit the state of things."""
