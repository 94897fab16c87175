"""Words of exported tables: the API's names as people read them in a spreadsheet."""

from __future__ import annotations

from typing import Mapping, Optional

CHANNEL: Mapping[str, str] = {"sms": "SMS", "messenger": "Messenger"}
DELIVERY: Mapping[str, str] = {
    "queued": "Waiting",
    "sending": "Sending",
    "sent": "Sent",
    "delivered": "Delivered",
    "failed": "Failed",
    "skipped": "Not sent",
}
RESPONSE: Mapping[str, str] = {"responded": "Responded", "not_responded": "No response"}
STATUS: Mapping[str, str] = {"open": "Open", "closed": "Closed"}
CLOSED: Mapping[str, str] = {
    "auto": "Went quiet",
    "user_resolved": "Resolved, says the recipient",
    "user_unresolved": "Not resolved, says the recipient",
    "by_human_agent": "Resolved by a human agent",
    "force_closed": "Closed by hand",
    "opted_out": "Opted out",
}
REASON: Mapping[str, str] = {
    "opted_out": "Opted out of messages",
    "no_phone_number": "Has no phone number",
    "invalid_number": "Phone number is not valid",
    "frequency_cap": "Reached the frequency cap",
    "conversation_open": "Is in an open conversation",
    "open_conversation": "Is in an open conversation",
    "quiet_hours": "Quiet hours",
    "scheduled": "Scheduled",
    "cancelled": "Cancelled",
}
#: Parts of the names of figures that are not just their words.
FIGURE: Mapping[str, str] = {
    "csat": "CSAT",
    "csat_average": "CSAT average",
    "csat_distribution": "CSAT distribution",
    "ai_agent": "AI agent",
    "p90": "90th percentile (seconds)",
    "median": "Median (seconds)",
    "by_day": "By day (UTC)",
    "histogram": "How many took",
    "longer": "Longer",
}


def plain(value: Optional[str], words: Mapping[str, str]) -> Optional[str]:
    """A value in words; one that has none in its own."""
    return None if value is None else words.get(value) or sentence(value)


def sentence(name: str) -> str:
    """A name of the API as words: ``handed_over`` is Handed over."""
    return name[:1].upper() + name[1:].replace("_", " ")


def figure(path: str) -> str:
    """The dotted name of a figure in words: ``csat.response_rate`` is CSAT: response rate."""
    first, *others = [FIGURE.get(part) or _bar(part) for part in path.split(".")]
    lowered = [part if part[:2].isupper() else part[:1].lower() + part[1:] for part in others]
    return ": ".join([first, *lowered])


def _bar(part: str) -> str:
    limit = part.removeprefix("up_to_")
    return f"Up to {limit} seconds" if limit != part else sentence(part)
