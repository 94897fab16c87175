"""The transcript says what went out: by SMS the phone's words, in the messenger how they are to be shown."""

from __future__ import annotations

from typing import Any, Dict

import pytest

from proactive_api.lifecycle.facts import METADATA_KEY
from proactive_api.lifecycle.transcript import transcript


def bot(text: str, **ours: Any) -> Dict[str, Any]:
    return {"event": "bot", "text": text, "data": {}, "metadata": {METADATA_KEY: ours}, "timestamp": 1.0}


@pytest.mark.parametrize(
    ("text", "ours", "words"),
    [
        ("Sale on **Sunday**: [shop](https://a.example)", {}, "Sale on Sunday: shop (https://a.example)"),
        ("Hi *Ada*, **hello**", {"literal": [[3, 8]]}, "Hi *Ada*, hello"),
        ("*hi* + 10%", {"human_agent": "Bo", "literal": [[0, 10]]}, "*hi* + 10%"),
        ("*hi*", {"human_agent": "Bo"}, "hi"),
    ],
)
def test_an_sms_is_as_the_phone_shows_it(text: str, ours: Dict[str, Any], words: str) -> None:
    (one,) = transcript([bot(text, **ours)], "sms")
    assert (one.text, one.format, one.literal, one.name) == (words, None, (), ours.get("human_agent"))


def test_in_the_messenger_it_says_what_is_markdown() -> None:
    said = [
        bot("**a**"),
        bot("*a* **b**", literal=[[0, 3]]),
        bot("*a*", literal=[[0, 3]]),
        bot("*a*", human_agent="Bo"),
    ]
    shown = [(one.text, one.format, one.literal) for one in transcript(said, "messenger")]
    assert shown == [
        ("**a**", "markdown", ()),
        ("*a* **b**", "markdown", ((0, 3),)),
        ("*a*", None, ()),
        ("*a*", None, ()),
    ]


def test_what_the_recipient_writes_is_never_markdown() -> None:
    event = {"event": "user", "text": "*a*", "metadata": {}, "timestamp": 1.0}
    for channel in ("sms", "messenger"):
        (one,) = transcript([event], channel)
        assert (one.text, one.format) == ("*a*", None)
