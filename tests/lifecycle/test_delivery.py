"""Receipts in any order, any number of times."""

from __future__ import annotations

from functools import reduce
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proactive_api.lifecycle.delivery import DELIVERY_ORDER, FINAL, advance, retry_may_help
from proactive_api.lifecycle.values import DeliveryStatus as Status

UNDER_WAY = ["accepted", "queued", "sending", "sent"]
ENDINGS = ["delivered", "read", "undelivered", "failed"]


@pytest.mark.parametrize(
    ("current", "receipt", "after"),
    [
        (Status.QUEUED, "sending", Status.SENDING),
        (Status.SENDING, "queued", Status.SENDING),
        (Status.SENDING, "accepted", Status.SENDING),
        (Status.SENDING, "sent", Status.SENT),
        (Status.QUEUED, "delivered", Status.DELIVERED),
        (Status.SENT, "read", Status.DELIVERED),
        (Status.DELIVERED, "sent", Status.DELIVERED),
        (Status.DELIVERED, "failed", Status.DELIVERED),
        (Status.SENT, "undelivered", Status.FAILED),
        (Status.SENT, "failed", Status.FAILED),
        (Status.FAILED, "sent", Status.FAILED),
        (Status.FAILED, "delivered", Status.FAILED),
        (Status.SKIPPED, "delivered", Status.SKIPPED),
        (Status.SENT, "received", Status.SENT),
        (Status.SENT, "", Status.SENT),
        (Status.QUEUED, " Delivered ", Status.DELIVERED),
    ],
)
def test_one_receipt(current: Status, receipt: str, after: Status) -> None:
    assert advance(current, receipt) is after


@st.composite
def well_formed(draw: st.DrawFn) -> list[str]:
    """What a carrier says about one message: any steps, at most one kind of ending, repeated at will."""
    words = draw(st.lists(st.sampled_from(UNDER_WAY), max_size=6))
    ending = draw(st.none() | st.sampled_from(ENDINGS))
    return words if ending is None else words + [ending] * draw(st.integers(1, 3))


@given(well_formed(), st.randoms(use_true_random=False))
def test_the_outcome_depends_only_on_what_was_said(receipts: list[str], random: object) -> None:
    shuffled = list(receipts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert reduce(advance, shuffled, Status.QUEUED) is reduce(advance, sorted(set(receipts)), Status.QUEUED)


@given(st.sampled_from(Status), st.lists(st.sampled_from(UNDER_WAY + ENDINGS) | st.text(max_size=12), max_size=10))
def test_status_never_moves_back(status: Status, receipts: list[str]) -> None:
    for receipt in receipts:
        after = advance(status, receipt)
        if status in FINAL:
            assert after is status
        elif after is not Status.FAILED:
            assert DELIVERY_ORDER.index(after) >= DELIVERY_ORDER.index(status)
        status = after


@pytest.mark.parametrize(
    ("code", "about", "helps"),
    [
        (None, {}, True),
        (30001, {}, True),
        (20003, {}, True),
        (21211, {}, False),
        (30007, {}, False),
        (21610, {}, True),
        (21610, {"opted_out": True}, False),
        (None, {"reachable": False}, False),
        (None, {"with_human": False}, False),
    ],
)
def test_another_try_of_a_humans_words_is_offered_where_it_can_help(code: Any, about: Any, helps: bool) -> None:
    things = {"with_human": True, "opted_out": False, "reachable": True, **about}
    assert retry_may_help(code, **things) is helps
