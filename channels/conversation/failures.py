"""What a carrier may say instead of taking a message, grouped by what it means for the message.

::

CarrierFailure
├── Refused       the carrier said no, and will say no again
├── Busy          the carrier did not take it; the same request may work later
└── NoAnswer      nobody knows whether the carrier took it: ask before sending again
"""

from __future__ import annotations

from proactive_api.lifecycle.carrier_errors import CarrierError


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
    """Nobody knows whether the carrier took the message (timeout, connection lost, HTTP 5xx)."""
