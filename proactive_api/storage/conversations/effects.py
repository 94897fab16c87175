"""What else is written in the transaction of a tracker's events."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Sequence

from sqlalchemy.engine import Connection

#: Something to write, such as a delivery status. A kind with a ``together(conn, effects)`` is written many at once.
Effect = Callable[[Connection], None]


def take_effect(conn: Connection, effects: Sequence[Effect]) -> None:
    """Write effects; those of one kind that can, in one go."""
    joint: Dict[Any, List[Effect]] = {}
    for effect in effects:
        together = getattr(effect, "together", None)
        if together is None:
            effect(conn)
        else:
            joint.setdefault(together, []).append(effect)
    for together, many in joint.items():
        together(conn, many)
