"""What the carrier's error codes mean, in plain sentences (spec section 5).

Codes are Twilio's. A code says more than the HTTP status it came with, so it is asked first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: HTTP statuses after which the same request may succeed later.
_TRANSIENT_STATUSES = frozenset({408, 425, 429})

_BUSY = "The carrier is receiving too many messages right now."
_DOWN = "The carrier had a temporary problem."
_ACCOUNT = "The carrier account is not active."
_REGISTRATION = "The sending number is not registered for business messages to this country."


@dataclass(frozen=True)
class CarrierError:
    """Why the carrier did not deliver a message.

    Args:
        code: the carrier's own code, None if it gave none.
        sentence: the reason in words that a marketer understands.
        transient: whether the same request may succeed later.
        opted_out: whether it means that the recipient opted out at the carrier.
    """

    code: int | None
    sentence: str
    transient: bool = False
    opted_out: bool = False


_TRANSIENT: Mapping[int, str] = {
    14107: _BUSY,
    20429: _BUSY,
    20500: _DOWN,
    20503: _DOWN,
    20504: _DOWN,
    21611: "Too many messages from this sending number are waiting at the carrier.",
    30001: "Too many messages were waiting at the carrier.",
    30017: "The phone network was overloaded.",
    30022: "The sending number reached its rate limit.",
    30410: "The phone network did not answer the carrier in time.",
    30500: "The phone network had a temporary problem.",
}

_PERMANENT: Mapping[int, str] = {
    10001: _ACCOUNT,
    20003: "The carrier rejected the credentials. Check the account SID and auth token.",
    20005: _ACCOUNT,
    20008: "The carrier's test credentials cannot do this.",
    20403: "The carrier account doesn't have permission for this.",
    20404: "The carrier does not know this account or message.",
    21211: "This is not a valid phone number.",
    21212: "The sending number is not a valid phone number.",
    21266: "The sending number and the recipient's number are the same.",
    21408: "The carrier account isn't allowed to send to this region.",
    21602: "The message has no text.",
    21603: "No sending number is set.",
    21604: "The message has no recipient.",
    21606: "The sending number does not belong to this carrier account or cannot send SMS.",
    21608: "A trial account can only send to numbers verified with the carrier.",
    21609: "The carrier cannot use the address for delivery receipts. Check PUBLIC_URL.",
    21610: "The recipient has opted out of messages from this number.",
    21612: "The carrier has no route from the sending number to this number.",
    21614: "This number cannot receive SMS: it is not a mobile number.",
    21617: "The message is longer than 1600 characters.",
    21619: "The message has no text.",
    21620: "The carrier cannot read the attachment's address.",
    21635: "This number is a landline and cannot receive SMS.",
    21703: "The messaging service has no number to send from.",
    21704: "The messaging service has no number to send from.",
    21705: "The carrier does not know the messaging service.",
    30002: "The carrier account is suspended.",
    30003: "The phone is switched off, out of reach, or its number is no longer in use.",
    30004: "The recipient or their network blocks messages from this number.",
    30005: "The phone number is unknown or no longer in use.",
    30006: "This number is a landline or its network cannot be reached.",
    30007: "The phone network filtered the message as spam.",
    30008: "The phone network didn't deliver the message and gave no reason.",
    30009: "Part of the message was lost in delivery.",
    30010: "The message costs more than the account's price limit.",
    30023: "The sending number reached its limit for today.",
    30032: "The toll-free sending number is not verified yet.",
    30034: _REGISTRATION,
    30035: _REGISTRATION,
    30610: "Regulations forbid sending to this recipient at this time of day.",
}

#: The carrier's own list says that the person opted out.
_OPTED_OUT = frozenset({21610})


def explain(code: int | None, http_status: int | None) -> CarrierError:
    """Put a carrier's failure into words.

    Args:
        code: the carrier's code, from an error answer or a receipt.
        http_status: status of the carrier's answer; None for a receipt, or when no answer came.

    Returns:
        The reason. No code and no status is an answer that never came: transient.
        An unknown code without a status came with a receipt, which is the carrier's last word: permanent.
    """
    if code is not None and code in _TRANSIENT:
        return CarrierError(code, _TRANSIENT[code], transient=True)
    if code is not None and code in _PERMANENT:
        return CarrierError(code, _PERMANENT[code], opted_out=code in _OPTED_OUT)
    return _by_status(code, http_status)


def _by_status(code: int | None, status: int | None) -> CarrierError:
    if status is None and code is None:
        return CarrierError(None, "The carrier didn't respond.", transient=True)
    if status is not None and (status >= 500 or status in _TRANSIENT_STATUSES):
        return CarrierError(code, _BUSY if status == 429 else _DOWN, transient=True)
    if code is None and status in (401, 403):
        return CarrierError(None, _PERMANENT[20003])
    return CarrierError(code, _unknown(code, status))


def _unknown(code: int | None, status: int | None) -> str:
    if code is not None:
        return f"The carrier didn't deliver the message (error code {code})."
    return f"The carrier rejected the message (HTTP status {status})."
