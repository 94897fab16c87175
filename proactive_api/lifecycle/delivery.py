"""How far a message got; receipts come late, twice and out of order (spec sections 3 and 5).

``delivered``, ``failed`` and ``skipped`` are final: the first final word stays. Everything else only moves forward.
"""

from __future__ import annotations

from collections.abc import Mapping

from proactive_api.lifecycle.carrier_errors import explain
from proactive_api.lifecycle.values import DeliveryStatus

#: The way of a message that arrives, in order.
DELIVERY_ORDER: tuple[DeliveryStatus, ...] = (
    DeliveryStatus.QUEUED,
    DeliveryStatus.SENDING,
    DeliveryStatus.SENT,
    DeliveryStatus.DELIVERED,
)

#: Where nothing moves any more.
FINAL: frozenset[DeliveryStatus] = frozenset({DeliveryStatus.DELIVERED, DeliveryStatus.FAILED, DeliveryStatus.SKIPPED})

#: Refusals because of the account or the sending number, which somebody may have put right.
_ON_OUR_SIDE = frozenset(
    {10001, 20003, 20005, 20008, 20403, 20404, 21212, 21603, 21606, 21608, 21609, 21703, 30002, 30023, 30034, 30035}
)

_CARRIER_STATUSES: Mapping[str, DeliveryStatus] = {
    "accepted": DeliveryStatus.QUEUED,
    "scheduled": DeliveryStatus.QUEUED,
    "queued": DeliveryStatus.QUEUED,
    "sending": DeliveryStatus.SENDING,
    "sent": DeliveryStatus.SENT,
    "partially_delivered": DeliveryStatus.SENT,
    "delivered": DeliveryStatus.DELIVERED,
    "read": DeliveryStatus.DELIVERED,
    "undelivered": DeliveryStatus.FAILED,
    "failed": DeliveryStatus.FAILED,
    "canceled": DeliveryStatus.FAILED,
}


def from_carrier(carrier_status: str) -> DeliveryStatus | None:
    """Translate a carrier's ``MessageStatus``; None for a word that says nothing about delivery."""
    return _CARRIER_STATUSES.get(carrier_status.strip().lower())


def retry_may_help(code: int | None, *, with_human: bool, opted_out: bool, reachable: bool) -> bool:
    """Whether a human agent's words that were not sent may be sent by trying again.

    Args:
        code: the carrier's for its refusal; ``None`` if it gave no answer, or was never asked.
        with_human: whether the conversation is still with a human agent.
        opted_out: whether the recipient wants no messages, as things are now.
        reachable: whether there is an address to send to, as things are now.
    """
    if not with_human or opted_out or not reachable:
        return False
    error = explain(code, None)
    # Who opted out at the carrier has opted in again.
    return error.transient or error.opted_out or code in _ON_OUR_SIDE


def advance(current: DeliveryStatus, carrier_status: str) -> DeliveryStatus:
    """Apply one receipt.

    Args:
        current: the status so far.
        carrier_status: the carrier's ``MessageStatus``.

    Returns:
        The status from now on: ``current`` if the receipt is older news, repeated, or of an unknown kind.
    """
    reported = from_carrier(carrier_status)
    if reported is None or current in FINAL:
        return current
    if reported is DeliveryStatus.FAILED:
        return reported
    return max(current, reported, key=DELIVERY_ORDER.index)
