"""Claim the sends that are due and hand them to their connectors."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Dict, List, Sequence

from sqlalchemy.engine import Engine

from proactive_api.operations import sending_rules
from proactive_api.storage.queues import sends
from proactive_api.storage.queues.sends import Claim
from proactive_api.storage.sql.engine import reader
from proactive_api.work.connectors import RETRY_AFTER, Connectors

#: Sends held by connectors at once: enough to keep the carrier busy, few enough to settle after a crash.
IN_FLIGHT = 400
#: Rows claimed in one transaction.
BATCH = 100
#: With less room than a batch, the dispatcher looks again after ``PAUSE`` seconds, for ``TURN`` seconds in all.
PAUSE, TURN = 0.03, 0.4


@dataclass(frozen=True)
class Dispatcher:
    """Moves sends from their rows to the connectors.

    Args:
        engine: the database.
        connectors: the channels.
    """

    engine: Engine
    connectors: Connectors

    def dispatch(self) -> int:
        """Hand over all that is due, as the connectors have room. Returns how many sends that were."""
        handed, until = 0, time.monotonic() + TURN
        while True:
            if time.monotonic() < until and self._is_full():
                time.sleep(PAUSE)
                continue
            claims = self._claim()
            for channel, batch in claims.items():
                self._offer(channel, batch)
            count = sum(len(batch) for batch in claims.values())
            handed += count
            if not count:
                return handed

    def _is_full(self) -> bool:
        with reader(self.engine).connect() as conn:
            return sends.in_flight(conn, time.time()) > IN_FLIGHT - BATCH

    def _claim(self) -> Dict[str, List[Claim]]:
        now = time.time()
        with self.engine.begin() as conn:
            free = IN_FLIGHT - sends.in_flight(conn, now)
            return sending_rules.claim_due(conn, now, min(BATCH, free)) if free > 0 else {}

    def _offer(self, channel: str, claims: Sequence[Claim]) -> None:
        if self.connectors.offer(channel, {"sends": [dict(claim.__dict__) for claim in claims]}):
            return
        later = time.time() + RETRY_AFTER
        with self.engine.begin() as conn:
            for claim in claims:
                sends.release(conn, claim.chat_id, later, wait_reason="assistant_unavailable", in_doubt=claim.in_doubt)
