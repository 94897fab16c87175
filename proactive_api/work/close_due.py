"""Ask for the closing of conversations whose time has come, and hand all waiting commands to their connectors."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Dict, Iterable, List

from sqlalchemy.engine import Engine, Row

from proactive_api.lifecycle.senders import split_sender
from proactive_api.lifecycle.values import ChannelType
from proactive_api.storage.queues import commands
from proactive_api.work.connectors import RETRY_AFTER, Connectors

#: Commands claimed in one transaction.
BATCH = 100


@dataclass(frozen=True)
class Closer:
    """Moves commands from their rows to the connectors.

    Args:
        engine: the database.
        connectors: the channels.
    """

    engine: Engine
    connectors: Connectors

    def close_due(self) -> int:
        """Hand over what is due. Returns how many commands that were."""
        now = time.time()
        with self.engine.begin() as conn:
            commands.add_due_closings(conn, now)
            rows = commands.claim(conn, now, BATCH)
        for channel, ids in _by_channel(rows).items():
            self._offer(channel, ids)
        return len(rows)

    def _offer(self, channel: str, ids: List[str]) -> None:
        if self.connectors.offer(channel, {"commands": ids}):
            return
        with self.engine.begin() as conn:
            for command_id in ids:
                commands.release(conn, command_id, time.time() + RETRY_AFTER)


def _by_channel(rows: Iterable[Row]) -> Dict[str, List[str]]:
    grouped: Dict[str, List[str]] = {}
    for row in rows:
        channel, _ = split_sender(row.sender_id) or (ChannelType.SMS.value, "")
        grouped.setdefault(channel, []).append(row.id)
    return grouped
