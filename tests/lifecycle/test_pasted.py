from __future__ import annotations

import pytest

from proactive_api.lifecycle.pasted import visible


@pytest.mark.parametrize(
    ("pasted", "seen"),
    [
        (" alice ", "alice"),
        ("\u202aalice\u202c", "alice"),
        ("al\u00adi\u200bce\ufeff", "alice"),
        ("\u00a0alice\u3000lee\u2003", "alice lee"),
        ("Zoe\u0308", "Zo\u00eb"),
        ("al\u200dice\u200c", "alice"),
        ("\u2060\u2800 \u3164", ""),
        ("👩\u200d🚒", "👩\u200d🚒"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("a  b", "a  b"),
    ],
)
def test_what_nobody_can_see_is_taken_out(pasted: str, seen: str) -> None:
    assert visible(pasted) == seen and visible(seen) == seen
