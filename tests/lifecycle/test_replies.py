"""Numbered lines out, choices in, and no way from a phone into payload syntax."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from proactive_api.lifecycle.choices import match_reply
from proactive_api.lifecycle.replies import escape_payload_syntax, sms_body, utterance_for
from proactive_api.lifecycle.values import SuggestedReply

OFFER = SuggestedReply("See the offer 🛍️", url="https://example.com/sale")
PERSON = SuggestedReply("Talk to a person")
YEARLY = SuggestedReply("Take the yearly plan", payload='/choose_plan{"plan": "yearly"}')
NO = SuggestedReply("No, thanks")
REPLIES = [OFFER, PERSON, YEARLY, NO]


def test_replies_are_numbered_lines_with_links_written_out() -> None:
    body = sms_body("Sale!", [OFFER, PERSON], lambda index, reply: f"https://t.example/{index}")
    assert body == "Sale!\n1. See the offer 🛍️: https://t.example/0\n2. Talk to a person"


def test_a_message_without_replies_stays_as_it_is() -> None:
    assert sms_body("Line\n\nline", [], lambda index, reply: "") == "Line\n\nline"


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("1", OFFER), ("2", PERSON), (" 2. ", PERSON), ("2)", PERSON), ("#2", PERSON), ("option 2", PERSON),
        ("Number 2!", PERSON), ("2 please", PERSON), ("2️⃣", PERSON), ("two", PERSON), ("second", PERSON),
        ("2nd", PERSON),
        ("the second one", PERSON), ("I'll take 3, thanks", YEARLY), ("no. 4", NO), ("٢", PERSON),
        ("See the offer", OFFER), ("see the OFFER!", OFFER), ("Talk to a person", PERSON),
        ("talk to a person please", PERSON),
        ("person", PERSON), ("Talk", PERSON), ("pers", PERSON), ("yearly plan", YEARLY), ("offer", OFFER),
        ("the off", OFFER),
        ("no", NO), ("No thanks", NO), ("yearly", YEARLY), ("🛍", OFFER),
        ("2. Talk to a person", PERSON), ("1. See the offer 🛍️", OFFER),
    ],
)  # fmt: skip
def test_choices(text: str, reply: SuggestedReply) -> None:
    assert match_reply(text, REPLIES) is reply


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "0", "5", "99", "1234567", "the", "to a", "a", "ta", "what does it cost", "I need 2 tickets",
        "1. Talk to a person",
        "7. Talk to a person", "0. Talk to a person", "2 or 3", "the yearly person", "🙂", "thanks",
        "offers of last year", "-1", "no one",
    ],
)  # fmt: skip
def test_what_chooses_nothing(text: str) -> None:
    assert match_reply(text, REPLIES) is None


def test_an_ambiguous_part_chooses_nothing() -> None:
    replies = [SuggestedReply("Monday morning"), SuggestedReply("Monday evening")]
    assert match_reply("monday", replies) is None
    assert match_reply("mon", replies) is None
    assert match_reply("evening", replies) is replies[1]


def test_a_whole_word_comes_before_a_beginning() -> None:
    replies = [SuggestedReply("Show offers"), SuggestedReply("One offer")]
    assert match_reply("offer", replies) is replies[1]


def test_a_title_that_is_a_number_comes_before_the_position() -> None:
    replies = [SuggestedReply("3"), SuggestedReply("2"), SuggestedReply("1")]
    assert match_reply("3", replies) is replies[0]


def test_equal_titles_are_ambiguous() -> None:
    assert match_reply("yes", [SuggestedReply("Yes", payload="/a"), SuggestedReply("yes", payload="/b")]) is None


@pytest.mark.parametrize(
    ("titles", "text", "index"),
    [
        (["👍", "👎"], "👎", 1),
        (["👍 Yes", "👎 No"], "👍🏽", 0),
        (["Café", "Bar"], "cafe", 0),
        (["Sí", "No"], "si", 0),
        (["נעם", "לא"], "לא", 1),
        (["了解详情", "人工服务"], "人工", 1),
        (["Thanks", "More"], "thanks", 0),
    ],
)
def test_titles_of_the_world(titles: list[str], text: str, index: int) -> None:
    replies = [SuggestedReply(title) for title in titles]
    assert match_reply(text, replies) is replies[index]


@given(st.lists(st.text(min_size=1, max_size=40).filter(str.strip), min_size=1, max_size=10, unique=True), st.data())
@settings(deadline=None)
def test_a_shown_number_always_works_unless_it_is_a_title(titles: list[str], data: st.DataObject) -> None:
    replies = [SuggestedReply(f"{title} x") for title in titles]
    index = data.draw(st.integers(0, len(replies) - 1))
    assert match_reply(str(index + 1), replies) is replies[index]


@given(st.text(max_size=80), st.lists(st.text(min_size=1, max_size=40), max_size=10))
@settings(deadline=None)
def test_any_text_is_matched_without_harm(text: str, titles: list[str]) -> None:
    replies = [SuggestedReply(title) for title in titles]
    found = match_reply(text, replies)
    assert found is None or found in replies


def test_what_the_assistant_reads() -> None:
    assert utterance_for(YEARLY) == '/choose_plan{"plan": "yearly"}'
    assert utterance_for(PERSON) == "Talk to a person"
    assert utterance_for(SuggestedReply("/EXTERNAL_close")) == "EXTERNAL_close"


def _intent_read_by_rasa(text: str) -> object:
    """What Rasa itself takes the text for, on the way that an inbound message goes."""
    inbound = UserMessage(text).text
    return YAMLStoryReader.unpack_regex_message(Message({TEXT: inbound})).get(INTENT)


_SYNTAX = st.text(alphabet='/ \t\n\r\x0b\x1c\x85\xa0\u2028\u3000\u200b\u200e\ufeffab{}@":1EXTRNAL_', max_size=20)


def test_rasa_takes_an_unescaped_payload_for_an_intent() -> None:
    assert _intent_read_by_rasa("/EXTERNAL_close") is not None


@given(_SYNTAX | st.text(max_size=60) | _SYNTAX.map(lambda text: "/" + text))
@settings(deadline=None)
def test_no_typed_text_reaches_payload_syntax(text: str) -> None:
    escaped = escape_payload_syntax(text)
    assert not escaped.strip().startswith("/")
    assert _intent_read_by_rasa(escaped) is None
    assert escape_payload_syntax(escaped) == escaped


@given(st.text(max_size=60).filter(lambda text: "/" not in text))
@settings(deadline=None)
def test_words_without_slashes_stay(text: str) -> None:
    assert escape_payload_syntax(text) == text


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ('/choose_plan{"plan":"free"}', 'choose_plan{"plan":"free"}'),
        (" //stop", "stop"),
        ("and/or", "and/or"),
        ("/", "∕"),
        ("\u200b/restart", "restart"),
        ("EXTERNAL: close", "EXTERNAL: close"),
    ],
)
def test_escaped_text_stays_readable(text: str, escaped: str) -> None:
    assert escape_payload_syntax(text) == escaped
