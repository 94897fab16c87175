"""What a carrier may say instead of taking a message, grouped by what it means for the message.

::

CarrierFailure
├── Refused       the carrier said no, and will say no again
├── Busy          the carrier did not take it; the same request may work later
└── NoAnswer      nobody knows whether the carrier took it: ask before sending again
"""

from __future__ import annotations

from proactive_api.lifecycle.carrier_errors import CarrierError


class Overtaken(Exception):
    """Somebody else holds the row by now: nothing may be said for it here."""


class CarrierFailure(Exception):
    """The carrier did not confirm a message. ``error`` says why in a plain sentence."""

    def __init__(self, error: CarrierError) -> None:
        super().__init__(error.sentence)
        self.error = error


class Refused(CarrierFailure):
    """The carrier said no, and will say no again (Twilio 21211, 21610, …)."""


class Busy(CarrierFailure):
    """The carrier did not take the message; it may later (HTTP 429, connection refused)."""


class NoAnswer(CarrierFailure):
    """Nobody knows whether the carrier took the message (timeout, connection lost, HTTP 5xx).

    Args:
        on_its_way: whether the request may still be on its way: the carrier said nothing at all. Then its list proves
            nothing yet.
    """

    def __init__(self, error: CarrierError, on_its_way: bool = False) -> None:
        super().__init__(error)
        self.on_its_way = on_its_way
