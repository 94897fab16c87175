"""Numbers that make the carrier misbehave. The table for people is in ``docs/sandbox.md``.

Twilio's own test numbers keep their meaning; ours are ``+150055501xx``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Tuple


@dataclass(frozen=True)
class Step:
    """One status on a message's way, and the callback that tells of it."""

    #: Seconds since the step before.
    delay: float
    status: str
    error_code: int = 0


SENT = Step(0.05, "sent")
DELIVERED = Step(0.15, "delivered")


@dataclass(frozen=True)
class Behaviour:
    """What happens to messages for one number."""

    #: Twilio's error code that refuses the message at once; 0 accepts it.
    refused: int = 0
    #: HTTP status of the failing tries; 0 never fails.
    failure: int = 0
    #: How many tries of the same words fail before one is accepted; 0 means all.
    failures: int = 0
    #: Seconds until the message is accepted, whether or not the caller still waits.
    accept_delay: float = 0.0
    #: Seconds between accepting and answering.
    answer_delay: float = 0.0
    #: The connection is cut instead of answering; the message exists.
    answer_lost: bool = False
    steps: Tuple[Step, ...] = (SENT, DELIVERED)
    #: Callbacks are posted at all.
    calls_back: bool = True
    #: Characters are exchanged for look-alikes that take less room, as Twilio's Smart Encoding does.
    smart_encoding: bool = False

    @property
    def arrives(self) -> bool:
        """Whether the message shows on the phone's screen."""
        return all(step.error_code == 0 for step in self.steps)


NORMAL = Behaviour()


def _undelivered(code: int) -> Behaviour:
    return Behaviour(steps=(SENT, Step(0.15, "undelivered", code)))


TO_NUMBERS: Dict[str, Behaviour] = {
    "+15005550001": Behaviour(refused=21211),
    "+15005550002": Behaviour(refused=21612),
    "+15005550003": Behaviour(refused=21408),
    "+15005550004": Behaviour(refused=21610),
    "+15005550009": Behaviour(refused=21614),
    "+15005550103": _undelivered(30003),
    "+15005550105": _undelivered(30005),
    "+15005550106": _undelivered(30006),
    "+15005550107": _undelivered(30007),
    "+15005550108": _undelivered(30008),
    "+15005550110": _undelivered(30610),
    "+15005550111": _undelivered(21610),
    "+15005550120": Behaviour(failure=429, failures=2),
    "+15005550121": Behaviour(failure=429),
    "+15005550122": Behaviour(failure=500, failures=2),
    "+15005550123": Behaviour(failure=503),
    "+15005550130": Behaviour(answer_delay=10.0),
    "+15005550131": Behaviour(answer_lost=True),
    "+15005550132": Behaviour(answer_delay=30.0),
    "+15005550133": Behaviour(accept_delay=25.0),
    "+15005550134": Behaviour(answer_lost=True, calls_back=False, steps=(Step(30.0, "sent"), DELIVERED)),
    "+15005550135": Behaviour(answer_lost=True, calls_back=False, smart_encoding=True),
    "+15005550140": Behaviour(steps=(SENT, Step(0, "sent"), DELIVERED, Step(0, "delivered"))),
    "+15005550141": Behaviour(steps=(Step(0.1, "delivered"), Step(0.1, "sent"))),
    "+15005550142": Behaviour(calls_back=False),
    "+15005550143": Behaviour(steps=(SENT, Step(5.0, "delivered"))),
}

#: Two hundred more that answer as slowly as ``+15005550130``: a carrier that hangs for many at once.
SLOW_PREFIXES = ("+150055502", "+150055503")

#: Twilio's test senders that are refused.
FROM_NUMBERS: Dict[str, int] = {"+15005550001": 21212, "+15005550007": 21606, "+15005550008": 21611}


def behaviour(to: str) -> Behaviour:
    """What happens to a message for this number."""
    if to.startswith(SLOW_PREFIXES):
        return TO_NUMBERS["+15005550130"]
    return TO_NUMBERS.get(to, NORMAL)


class Tries:
    """Counts failing tries, so that the next one may be accepted. Each (to, body) counts on its own."""

    def __init__(self) -> None:
        self._failed: Dict[Tuple[str, str], int] = {}

    def failure(self, to: str, body: str) -> int:
        """HTTP status that this try fails with; 0 if it goes through."""
        rule = behaviour(to)
        if not rule.failure or not rule.failures:
            return rule.failure
        failed = self._failed.pop((to, body), 0)
        if failed >= rule.failures:
            return 0
        self._failed[to, body] = failed + 1
        return rule.failure
