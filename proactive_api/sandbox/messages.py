"""A message as the carrier knows it, and the shapes it is shown in."""

from __future__ import annotations

import json
import math
import secrets
from dataclasses import dataclass
from datetime import datetime, timezone
from email.utils import formatdate
from typing import Any, Dict, Optional, Tuple

from proactive_api.sandbox.errors import DELIVERY_TEXTS
from proactive_api.sandbox.words import segments

API_VERSION = "2010-04-01"
OUTBOUND = "outbound-api"
INBOUND = "inbound"


@dataclass(frozen=True)
class Message:
    """One row of the carrier's table. Times are seconds since the epoch, UTC."""

    sid: str
    direction: str
    to_number: str
    from_number: str
    body: str
    created_at: float
    status: str
    service: Optional[str] = None
    media: Tuple[str, ...] = ()
    callback_url: Optional[str] = None
    error_code: int = 0
    #: How many callbacks are done with; where a restart goes on.
    stage: int = 0
    #: Whether callbacks, or the inbound webhook, are still to be posted.
    pending: bool = True
    #: When it left for the phone network; unknown as long as it is queued.
    sent_at: Optional[float] = None

    @property
    def segments(self) -> int:
        """How many SMS segments the body takes."""
        return segments(self.body)


def new_sid() -> str:
    """A message SID that nothing else has."""
    return "SM" + secrets.token_hex(16)


def resource(message: Message, account_sid: str) -> Dict[str, Any]:
    """The message as Twilio's REST API shows it."""
    uri = f"/{API_VERSION}/Accounts/{account_sid}/Messages/{message.sid}"
    # A Messaging Service picks the sender after it accepted the message.
    undecided = message.status == "accepted"
    created = _rfc2822(message.created_at)
    return {
        "account_sid": account_sid,
        "api_version": API_VERSION,
        "body": message.body,
        "date_created": created,
        "date_sent": None if message.sent_at is None else _rfc2822(message.sent_at),
        "date_updated": created,
        "direction": message.direction,
        "error_code": message.error_code or None,
        "error_message": DELIVERY_TEXTS.get(message.error_code),
        "from": None if undecided else message.from_number,
        "messaging_service_sid": message.service,
        "num_media": str(len(message.media)),
        "num_segments": "0" if undecided else str(message.segments),
        "price": None,
        "price_unit": "USD",
        "sid": message.sid,
        "status": message.status,
        "subresource_uris": {"media": f"{uri}/Media.json"},
        "to": message.to_number,
        "uri": f"{uri}.json",
    }


def _rfc2822(at: float) -> str:
    return formatdate(at).replace("-0000", "+0000")


def on_screen(message: Message) -> Dict[str, Any]:
    """The message as the person sees it on the phone."""
    return {
        "sid": message.sid,
        "direction": "from_phone" if message.direction == INBOUND else "to_phone",
        "body": message.body,
        "media_url": list(message.media),
        "at": rfc3339(message.created_at),
    }


def rfc3339(at: float) -> str:
    """A time in UTC, to the millisecond, as RFC 3339 writes it."""
    # Rounding up would show a message as later than it was.
    moment = datetime.fromtimestamp(math.floor(at * 1000) / 1000, timezone.utc)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def to_row(message: Message) -> Tuple[Any, ...]:
    """The message in the order of ``COLUMNS``."""
    return tuple(json.dumps(message.media) if name == "media" else getattr(message, name) for name in COLUMNS)


def from_row(row: Tuple[Any, ...]) -> Message:
    """The other way round."""
    values = dict(zip(COLUMNS, row, strict=True))
    values["media"] = tuple(json.loads(values["media"]))
    values["pending"] = bool(values["pending"])
    return Message(**values)


#: The table's columns, in order.
COLUMNS = tuple(Message.__dataclass_fields__)
