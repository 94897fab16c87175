"""Twilio's errors, in Twilio's words and shape (https://www.twilio.com/docs/api/errors)."""

from __future__ import annotations

from typing import Any, Dict, Tuple

_TEXTS: Dict[int, Tuple[int, str]] = {
    20001: (400, "{detail}"),
    20003: (401, "Authenticate"),
    20404: (404, "The requested resource {path} was not found"),
    20429: (429, "Too Many Requests"),
    20500: (500, "An internal server error has occurred"),
    20503: (503, "Service unavailable"),
    21211: (400, "The 'To' number {to} is not a valid phone number."),
    21212: (400, "The 'From' number {sender} is not a valid phone number, shortcode, or alphanumeric sender ID."),
    21408: (400, "Permission to send an SMS has not been enabled for the region indicated by the 'To' number: {to}."),
    21602: (400, "Message body is required."),
    21603: (400, "A 'From' phone number is required."),
    21604: (400, "A 'To' phone number is required."),
    21606: (400, "The From phone number {sender} is not a valid, SMS-capable inbound phone number or short code."),
    21610: (400, "Attempt to send to unsubscribed recipient"),
    21611: (400, "This 'From' number {sender} has exceeded the maximum number of queued messages"),
    21612: (400, "The 'To' phone number: {to}, is not currently reachable using the 'From' phone number: {sender}."),
    21614: (400, "'To' number is not a valid mobile number: {to}"),
    21617: (400, "The concatenated message body exceeds the 1600 character limit."),
    21620: (400, "Invalid media URL(s)"),
    21623: (400, "Number of media files exceeds allowed limit."),
}
#: What the carrier says of each error of a message that it had accepted.
DELIVERY_TEXTS: Dict[int, str] = {
    30003: "Unreachable destination handset",
    30005: "Unknown destination handset",
    30006: "Landline or unreachable carrier",
    30007: "Message filtered",
    30008: "Unknown error",
    30610: "Message blocked: quiet hours at the destination",
    21610: "Attempt to send to unsubscribed recipient",
}
#: Twilio's code for each HTTP status that a number fails with.
BY_STATUS: Dict[int, int] = {429: 20429, 500: 20500, 503: 20503}


class RefusalError(Exception):
    """The carrier says no. ``status`` is the HTTP status, ``body`` the JSON object of the answer."""

    def __init__(self, code: int, **details: str) -> None:
        self.code = code
        self.status, text = _TEXTS[code]
        self.text = text.format_map({"to": "", "sender": "", **details})
        super().__init__(self.text)

    @property
    def body(self) -> Dict[str, Any]:
        """The answer's JSON object."""
        more = f"https://www.twilio.com/docs/errors/{self.code}"
        return {"code": self.code, "message": self.text, "more_info": more, "status": self.status}
