"""Which failures are tried again, and that each has a sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proactive_api.lifecycle.carrier_errors import explain


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (20429, 429),
        (None, 429),
        (20500, 500),
        (None, 500),
        (None, 503),
        (99999, 502),
        (None, 408),
        (None, None),
        (21611, 400),
    ],
)
def test_transient_failures(code: int | None, status: int | None) -> None:
    assert explain(code, status).transient


@pytest.mark.parametrize("status", [400, 401, 403, None])
@pytest.mark.parametrize(
    "code",
    [20003, 21211, 21408, 21602, 21610, 21612, 21614, 21617, 30003, 30004, 30005, 30006, 30007, 30008, 30610, 88888],
)
def test_permanent_failures(code: int, status: int | None) -> None:
    error = explain(code, status)
    assert not error.transient
    assert error.code == code


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
def test_refusals_without_a_code_are_permanent(status: int) -> None:
    assert not explain(None, status).transient


def test_only_21610_means_opted_out() -> None:
    assert [code for code in range(10_000, 40_000) if explain(code, 400).opted_out] == [21610]


def test_a_known_code_outweighs_the_status() -> None:
    assert not explain(21211, 503).transient
    assert explain(20429, 400).transient


def test_an_unknown_code_stays_findable() -> None:
    assert "12345" in explain(12345, 400).sentence


@given(st.none() | st.integers(min_value=-1, max_value=10**9), st.none() | st.integers(min_value=100, max_value=599))
def test_every_failure_has_one_plain_sentence(code: int | None, status: int | None) -> None:
    error = explain(code, status)
    assert error.sentence.endswith(".") and error.sentence[0].isupper()
    assert "None" not in error.sentence
    assert error.code == code
