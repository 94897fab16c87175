"""Who gets a message, who waits, who is skipped, and in which order the reasons are asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proactive_api.lifecycle.sending import Candidate, Go, Skip, Wait, decide, quiet_until
from proactive_api.lifecycle.values import ChannelType, FrequencyCap, IfActive, QuietHours, Settings

NIGHT = QuietHours("21:00", "08:00")
PLAIN = Settings()
SMS = Candidate(ChannelType.SMS)


def at(wall: str, zone: str = "UTC", fold: int = 0) -> float:
    return datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone), fold=fold).timestamp()


NOON = at("2026-03-02T12:00")
MIDNIGHT = at("2026-03-02T00:00")


def test_nothing_in_the_way() -> None:
    assert decide(NOON, SMS, PLAIN) == Go()
    assert decide(NOON, Candidate(ChannelType.MESSENGER, has_phone=False), PLAIN) == Go()


@pytest.mark.parametrize(
    ("candidate", "reason"),
    [
        (Candidate(ChannelType.SMS, opted_out=True), "opted_out"),
        (Candidate(ChannelType.MESSENGER, opted_out=True), "opted_out"),
        (Candidate(ChannelType.SMS, has_phone=False), "no_phone_number"),
        (Candidate(ChannelType.SMS, valid_phone=False), "invalid_number"),
        (Candidate(ChannelType.SMS, has_open_conversation=True), "conversation_open"),
    ],
)
def test_skipped_with_a_reason_and_a_sentence(candidate: Candidate, reason: str) -> None:
    decision = decide(NOON, candidate, PLAIN)
    assert isinstance(decision, Skip)
    assert decision.reason == reason
    assert decision.sentence.endswith(".")


def test_open_conversation_by_if_active() -> None:
    busy = replace(SMS, has_open_conversation=True)
    assert decide(NOON, replace(busy, if_active=IfActive.APPEND), PLAIN) == Go()
    queued = decide(NOON, replace(busy, if_active=IfActive.QUEUE), PLAIN)
    assert isinstance(queued, Wait)
    assert queued.reason == "open_conversation"
    assert queued.until > NOON


@pytest.mark.parametrize(
    ("sent", "goes"),
    [((), True), ((-10.0,), True), ((-10.0, -20.0), False), ((-10.0, -3600.0), True), ((-10.0, -3599.0), False)],
)
def test_frequency_cap_looks_back_over_its_period(sent: tuple[float, ...], goes: bool) -> None:
    capped = replace(PLAIN, frequency_cap=FrequencyCap(2, 3600.0))
    decision = decide(NOON, replace(SMS, recent_sends=[NOON + ago for ago in sent]), capped)
    assert decision == (Go() if goes else Skip("frequency_cap"))


def test_scheduled_sends_wait_for_their_time() -> None:
    assert decide(NOON, replace(SMS, not_before=NOON + 5), PLAIN) == Wait(NOON + 5, "scheduled")
    assert decide(NOON, replace(SMS, not_before=NOON), PLAIN) == Go()


def test_order_of_reasons() -> None:
    settings = replace(PLAIN, quiet_hours=NIGHT, frequency_cap=FrequencyCap(1, 60.0))
    candidate = replace(
        SMS, opted_out=True, not_before=MIDNIGHT + 1, has_open_conversation=True, recent_sends=[MIDNIGHT]
    )
    assert decide(MIDNIGHT, candidate, settings) == Skip("opted_out")
    candidate = replace(candidate, opted_out=False)
    assert decide(MIDNIGHT, candidate, settings) == Wait(MIDNIGHT + 1, "scheduled")
    candidate = replace(candidate, not_before=None)
    assert decide(MIDNIGHT, candidate, settings) == Wait(at("2026-03-02T08:00"), "quiet_hours")
    settings = replace(settings, quiet_hours=None)
    assert decide(MIDNIGHT, candidate, settings) == Skip("conversation_open")
    assert decide(MIDNIGHT, replace(candidate, has_open_conversation=False), settings) == Skip("frequency_cap")


def test_quiet_hours_use_the_own_zone_before_the_number_s_and_utc_last() -> None:
    settings = replace(PLAIN, quiet_hours=NIGHT)
    noon_in_berlin_only = replace(SMS, timezone="Europe/Berlin", phone_timezone="Asia/Tokyo")
    assert decide(NOON, noon_in_berlin_only, settings) == Go()
    evening_in_tokyo = decide(NOON, replace(SMS, phone_timezone="Asia/Tokyo"), settings)
    assert evening_in_tokyo == Wait(at("2026-03-03T08:00", "Asia/Tokyo"), "quiet_hours")
    assert decide(MIDNIGHT, SMS, settings) == Wait(at("2026-03-02T08:00"), "quiet_hours")
    assert decide(MIDNIGHT, replace(SMS, exempt_from_quiet_hours=True), settings) == Go()


@pytest.mark.parametrize(
    ("now", "start", "end", "until"),
    [
        ("2026-03-02T20:59", "21:00", "08:00", None),
        ("2026-03-02T21:00", "21:00", "08:00", "2026-03-03T08:00"),
        ("2026-03-02T23:59", "21:00", "08:00", "2026-03-03T08:00"),
        ("2026-03-03T00:00", "21:00", "08:00", "2026-03-03T08:00"),
        ("2026-03-03T07:59", "21:00", "08:00", "2026-03-03T08:00"),
        ("2026-03-03T08:00", "21:00", "08:00", None),
        ("2026-03-02T13:00", "12:00", "14:00", "2026-03-02T14:00"),
        ("2026-03-02T14:00", "12:00", "14:00", None),
        ("2026-03-02T12:00", "12:00", "12:00", None),
        ("2026-12-31T22:00", "21:00", "00:00", "2027-01-01T00:00"),
        ("2026-03-02T05:00", "00:00", "08:00", "2026-03-02T08:00"),
    ],
)
def test_windows(now: str, start: str, end: str, until: str | None) -> None:
    expected = None if until is None else at(until)
    assert quiet_until(at(now), QuietHours(start, end), None) == expected


NEW_YORK = "America/New_York"


def test_the_night_the_clock_goes_forward_is_an_hour_shorter() -> None:
    now = at("2026-03-07T22:00", NEW_YORK)
    assert quiet_until(now, NIGHT, NEW_YORK) == now + 9 * 3600


def test_the_night_the_clock_goes_back_is_an_hour_longer() -> None:
    now = at("2026-10-31T22:00", NEW_YORK)
    assert quiet_until(now, NIGHT, NEW_YORK) == now + 11 * 3600


def test_an_end_that_the_clock_skips() -> None:
    now = at("2026-03-08T01:00", NEW_YORK)
    until = quiet_until(now, QuietHours("21:00", "02:30"), NEW_YORK)
    assert until is not None
    assert at("2026-03-08T03:00", NEW_YORK) <= until <= at("2026-03-08T03:30", NEW_YORK)


def test_an_end_that_comes_twice() -> None:
    hours = QuietHours("21:00", "01:30")
    first, second = at("2026-11-01T01:30", NEW_YORK), at("2026-11-01T01:30", NEW_YORK, fold=1)
    assert second - first == 3600
    assert quiet_until(first - 60, hours, NEW_YORK) == first
    assert quiet_until(second - 60, hours, NEW_YORK) == second


@pytest.mark.parametrize("zone", ["", "Nowhere/Land", "America", "../etc/passwd", "\x00", "x" * 300, None])
def test_an_unknown_zone_is_utc(zone: str | None) -> None:
    assert quiet_until(MIDNIGHT, NIGHT, zone) == at("2026-03-02T08:00")


@given(
    st.integers(0, 2_000_000_000),
    st.times(),
    st.times(),
    st.sampled_from(
        ["UTC", "America/New_York", "Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia"]
    ),
)
def test_quiet_hours_end_within_a_day_at_a_moment_that_is_not_quiet(
    now: int, start: time, end: time, zone: str
) -> None:
    hours = QuietHours(start.strftime("%H:%M"), end.strftime("%H:%M"))
    until = quiet_until(now, hours, zone)
    if until is None:
        return
    assert now < until <= now + 26 * 3600
    assert quiet_until(until, hours, zone) is None or _just_changed(until, zone)


def _just_changed(moment: float, zone: str) -> bool:
    """Within two hours of a change of the clock, a short window may be met again."""
    around = [datetime.fromtimestamp(moment, timezone.utc) + timedelta(hours=hours) for hours in (-2, 2)]
    return len({when.astimezone(ZoneInfo(zone)).utcoffset() for when in around}) > 1
