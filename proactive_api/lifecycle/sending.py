"""Who may be written to, and when (spec section 2: consent, quiet hours, frequency cap, open conversations).

The order matters, because what is asked first is what the marketer reads:

1. what no waiting mends: ``opted_out``, ``no_phone_number``, ``invalid_number``;
2. what the clock mends: ``scheduled``, then ``quiet_hours``;
3. what counts only at the moment of sending: an open conversation, then ``frequency_cap``.

A send that waited is decided anew, so a conversation that closes overnight or a cap that frees up stops nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone, tzinfo
from typing import Literal, Union
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from proactive_api.lifecycle.values import ChannelType, FrequencyCap, IfActive, QuietHours, Settings

SkipReason = Literal[
    "opted_out", "no_phone_number", "invalid_number", "conversation_open", "frequency_cap", "cancelled"
]
WaitReason = Literal["scheduled", "quiet_hours", "open_conversation"]

#: Seconds after which a send behind an open conversation is looked at again, should its closing go unnoticed.
OPEN_CONVERSATION_RECHECK = 60.0

_SENTENCES: dict[SkipReason, str] = {
    "opted_out": "The recipient has opted out.",
    "no_phone_number": "The recipient has no phone number.",
    "invalid_number": "The recipient's phone number is not valid.",
    "conversation_open": "The recipient has an open conversation.",
    "frequency_cap": "The recipient has already got as many messages as the frequency cap allows.",
    "cancelled": "The message was cancelled before it went out.",
}


@dataclass(frozen=True)
class Candidate:
    """What the rules need to know of one send to one recipient. Times are seconds UTC.

    Args:
        channel: where it would go.
        opted_out: whether the recipient opted out.
        has_phone: whether the recipient has a phone number at all.
        timezone: IANA name of the recipient's time zone, if known.
        recent_sends: when this recipient got proactive messages, at least as far back as the cap looks.
        has_open_conversation: whether one is open on this channel.
        if_active: what to do then.
        not_before: when the send is scheduled; None is at once.
        valid_phone: False once the carrier called the number invalid.
        phone_timezone: time zone that the number tells; used where the recipient's own is not known.
        exempt_from_quiet_hours: for messages that the recipient asked for.
    """

    channel: ChannelType
    opted_out: bool = False
    has_phone: bool = True
    timezone: str | None = None
    recent_sends: Sequence[float] = ()
    has_open_conversation: bool = False
    if_active: IfActive = IfActive.SKIP
    not_before: float | None = None
    valid_phone: bool = True
    phone_timezone: str | None = None
    exempt_from_quiet_hours: bool = False


@dataclass(frozen=True)
class Go:
    """Send it now."""


@dataclass(frozen=True)
class Wait:
    """Decide again at ``until`` (seconds UTC), or when an ``open_conversation`` closes, if that is earlier."""

    until: float
    reason: WaitReason


@dataclass(frozen=True)
class Skip:
    """Do not send it, for this reason."""

    reason: SkipReason

    @property
    def sentence(self) -> str:
        """The reason as a marketer reads it."""
        return _SENTENCES[self.reason]


Decision = Union[Go, Wait, Skip]


def decide(now: float, candidate: Candidate, settings: Settings) -> Decision:
    """Apply the sending rules, in the order told at the top of this module.

    Args:
        now: seconds UTC.
        candidate: the send.
        settings: quiet hours and frequency cap in force.
    """
    return (
        _never(candidate)
        or _not_yet(now, candidate, settings.quiet_hours)
        or _behind_conversation(now, candidate)
        or _beyond_cap(now, candidate, settings.frequency_cap)
        or Go()
    )


def decide_under_lock(now: float, candidate: Candidate) -> Decision:
    """The rules that can have changed since the send was claimed: opting out, and whether a conversation is open.

    Args:
        now: seconds UTC.
        candidate: the send; its conversation is locked, so that what it says of it holds.
    """
    return _never(candidate) or _behind_conversation(now, candidate) or Go()


def _never(candidate: Candidate) -> Skip | None:
    if candidate.opted_out:
        return Skip("opted_out")
    if candidate.channel is not ChannelType.SMS:
        return None
    if not candidate.has_phone:
        return Skip("no_phone_number")
    return None if candidate.valid_phone else Skip("invalid_number")


def _not_yet(now: float, candidate: Candidate, quiet_hours: QuietHours | None) -> Wait | None:
    if candidate.not_before is not None and candidate.not_before > now:
        return Wait(candidate.not_before, "scheduled")
    if quiet_hours is None or candidate.exempt_from_quiet_hours:
        return None
    until = quiet_until(now, quiet_hours, candidate.timezone or candidate.phone_timezone)
    return None if until is None else Wait(until, "quiet_hours")


def _behind_conversation(now: float, candidate: Candidate) -> Wait | Skip | None:
    if not candidate.has_open_conversation or candidate.if_active is IfActive.APPEND:
        return None
    if candidate.if_active is IfActive.QUEUE:
        return Wait(now + OPEN_CONVERSATION_RECHECK, "open_conversation")
    return Skip("conversation_open")


def _beyond_cap(now: float, candidate: Candidate, cap: FrequencyCap | None) -> Skip | None:
    if cap is None:
        return None
    counted = sum(sent > now - cap.per_seconds for sent in candidate.recent_sends)
    return Skip("frequency_cap") if counted >= cap.messages else None


def quiet_until(now: float, quiet_hours: QuietHours, timezone: str | None) -> float | None:
    """When the quiet hours that hold now end.

    The hours are read on the recipient's wall clock: ``start`` is the first quiet minute, ``end`` the first that is
    not. ``end`` before ``start`` goes over midnight; both the same is no quiet hours at all. Where the clock is put
    forward over ``end``, they end at most an hour later than the clock would tell.

    Args:
        now: seconds UTC.
        quiet_hours: ``HH:MM`` each.
        timezone: IANA name; None or an unknown one is UTC.

    Returns:
        Seconds UTC, or None when it is not quiet.

    Raises:
        ValueError: if the hours are not written as ``HH:MM``.
    """
    start, end = time.fromisoformat(quiet_hours.start), time.fromisoformat(quiet_hours.end)
    zone = _zone(timezone)
    local = datetime.fromtimestamp(now, zone)
    if not _is_within(local.time(), start, end):
        return None
    day = local.date() if local.time() < end else local.date() + timedelta(days=1)
    ending = datetime.combine(day, end, zone)
    # Where the clock was put back, the same wall time comes twice: take the next one.
    return min(moment for moment in (_first(ending), _second(ending)) if moment > now)


def _is_within(moment: time, start: time, end: time) -> bool:
    if start <= end:
        return start <= moment < end
    return moment >= start or moment < end


def _first(wall: datetime) -> float:
    return wall.replace(fold=0).timestamp()


def _second(wall: datetime) -> float:
    """The later of two moments with this wall time; the only one if the clock was not put back."""
    return max(_first(wall), wall.replace(fold=1).timestamp())


def _zone(name: str | None) -> tzinfo:
    try:
        return ZoneInfo(name) if name else timezone.utc
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return timezone.utc
