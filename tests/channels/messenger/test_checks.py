"""What a widget is told about an event that cannot be used."""

import pytest

from channels.messenger.checks import Problem


@pytest.mark.parametrize("seconds, told", [(0.0, 0.1), (0.04, 0.1), (0.4, 0.4), (0.41, 0.5), (12.0, 12.0)])
def test_who_waits_as_told_is_not_refused_again(seconds: float, told: float) -> None:
    assert Problem("rate_limited", "Too fast", seconds).answer["retry_after"] == told


def test_a_problem_that_waiting_does_not_mend_names_no_time() -> None:
    assert "retry_after" not in Problem("invalid", "Wrong").answer
