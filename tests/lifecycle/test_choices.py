"""What stands around a number or a title does not matter; what tells two titles apart does."""

# ruff: noqa: RUF001, E501 - other scripts; tables of cases
from __future__ import annotations

import pytest

from proactive_api.lifecycle.choices import match_reply, shows_nothing, titles_alike
from proactive_api.lifecycle.values import SuggestedReply

REPLIES = [SuggestedReply(title) for title in ("See the offer 🛍️", "Talk to a person", "Yearly plan", "No, thanks")]


@pytest.mark.parametrize(
    "text",
    [
        "2 👍", "👍 2", "2👍🏽", "*2*", "**2**", "_2_", "~2~", "`2`", "2 plz", "2!!", "(2)", "[2]", "2.", "2,", "2)", "2:", "2;",
        "'2'", '"2"', "“2”", "«2»", "„2“", "「2」", "#2", "# 2", "no. 2", "No.2", "no 2", "Nr. 2", "nr2", "n° 2", "nº 2", "№2",
        "№ 2", "2nd", "2nd one please", "the 2nd", "2nd option", "option 2", "Option #2", "option2", "opt 2", "- 2", "• 2", "2?",
        "2 2", "2\n2", "2 (two)", "2 - two", "2...", "…2", "2 :)", "2:)", "2 ;-)", "<3 2", "2 <3", "2 xD", "2 lol", "2.\n", "2\t",
        "2\u200b", "\u200e2\u200f", "\ufeff2", "2\u00ad", "\u20602", "2\ufe0f", "\u00a02\u00a0", "2\u2800", "2\ufffc", "\x002",
        "２", "2️⃣", "2⃣", "2️⃣ 👍", "②", "❷", "➁", "⒉", "⑵", "𝟐", "٢", "۲", "२", "২", "๒", "௨",
        "2 please", "please 2", "2 pls", "2 thx", "2, thanks!", "2 thank you so much", "Thanks! 2", "2 ty", "2 🙏 thank you",
        "2 por favor", "2, gracias", "opción 2", "la 2", "el número 2 por favor", "la segunda", "dos", "2 svp", "2 merci",
        "2 s'il vous plaît", "2 S’il te plaît", "la 2", "numéro 2", "le deuxième", "2ème", "2e", "deux", "2 bitte", "2, danke",
        "Nummer 2 bitte", "die 2", "zwei", "zweite", "die zweite bitte", "2 per favore", "2 grazie", "2 obrigado", "2 aub",
        "nummer 2 graag", "2 tack", "2 proszę", "2 пожалуйста", "вариант 2", "второй", "2-й", "2й", "2 lütfen", "2 谢谢", "选2", "第2",
        "第二", "2番", "2番でお願いします", "2をお願いします", "2번이요", "2번", "شكرا 2", "2 בבקשה", "I'll take 2",
        "I would like 2 please", "I choose 2", "my answer is 2", "Answer: 2", "ok 2", "OK, 2!", "yes 2 please", "hi, 2", "Hello! 2",
        "two", "TWO!", "Two 👍", "second", "the second one", "number two",
        "2\n\nSent from my iPhone", "2\nEnviado desde mi iPhone", "2\n--\nJane Doe", "2 Sent from my Samsung Galaxy",
        "2\nGet Outlook for iOS", "> Sale! Which one?\n2", "2\n\nOn Mon, Nov 23, 2026 at 10:00 Shop <a@b.example> wrote:\n> 1. Offer",
        "“Which one do you want?” 2", "2. Talk to a person", "2 Talk to a person", "2 - talk to a person!", "2: person",
        "(2) Talk to a person 👍", "Talk to a person (2)", "option 2, talk to a person please", "2 a person please",
    ],
)  # fmt: skip
def test_the_second_however_it_is_written(text: str) -> None:
    assert match_reply(text, REPLIES) is REPLIES[1]


@pytest.mark.parametrize(
    "text",
    [
        "*Talk to a person*", "_Talk to a person_", "“Talk to a person”", "«talk to a person»", "'Talk to a person'.",
        "Talk to a person!!!", "talk to a person 👍", "Talk to a person plz", "Talk to a person, thanks", "TALK TO A PERSON",
        "Talk to a person por favor", "Talk to a person, merci", "Talk to a person bitte", "Talk\u00a0to a\u200b person",
        "Talk to a person\n\nSent from my iPhone", "> the offer?\nTalk to a person", "Ｔａｌｋ to a person",
        "I'd like to talk to a person", "person please 🙏", "- Talk to a person", "Talk to a person :)",
    ],
)  # fmt: skip
def test_a_title_however_it_is_dressed(text: str) -> None:
    assert match_reply(text, REPLIES) is REPLIES[1]


@pytest.mark.parametrize(
    "text",
    [
        "2 or 3", "2 and 3", "2, 3", "2/3", "1-2", "2.5", "2,5", "-2", "+2", "2%", "$2", "2€", "2:30", "2pm", "2 pm", "22", "0", "5",
        "⑤", "I need 2 tickets", "2 tickets please", "2 days", "in 2 hours", "2 more", "1. Talk to a person", "no one", "not 2", "no",
        "call me at 2", "2 people", "thanks", "please", "👍", "", "\u200b", "Sent from my iPhone", "about 2", "2 minutes",
        "why 2?", "what is 2", "2 + 2", "2x", "A2", "room 2", "10", "the", "second hand", "two of us", "on", "due",
    ],
)  # fmt: skip
def test_what_chooses_nothing(text: str) -> None:
    replies = [SuggestedReply(title) for title in ("See the offer 🛍️", "Talk to a person", "Yearly plan", "Maybe later")]
    assert match_reply(text, replies) is None


@pytest.mark.parametrize(
    ("titles", "text", "index"),
    [
        (["C++", "C#"], "C++", 0), (["C++", "C#"], "c#", 1), (["C++", "C#"], "C# please", 1), (["C++", "C#"], "“C++”!", 0),
        (["C++", "C#"], "C++ 👍", 0), (["C++", "C#", "C"], "C", 2), (["C++", "C#"], "2", 1), (["Go", "Go+"], "go", 0),
        (["Go", "Go+"], "go+", 1), (["5%", "5"], "5%", 0), (["< 10", "> 10"], "> 10", 1), (["+1", "-1"], "-1", 1),
        (["Sí", "Si"], "sí", 0), (["Sí", "Si"], "si", 1), (["schon", "schön"], "schön", 1), (["$10", "€10"], "€10", 1),
        (["10 €", "10 $"], "10 €", 0), (["!", "?"], "?", 1), (["A&B", "A/B"], "a/b", 1), (["3.5", "35"], "3.5", 0),
        (["Two months", "One month"], "two", 0), (["Yes", "No"], "yes please", 0), (["Yes, please", "No"], "Yes pls!", 0),
        (["OK", "Later"], "ok", 0), (["Ja", "Nein"], "Ja, danke", 0), (["👍", "👎"], "👎🏿!", 1),
    ],
)  # fmt: skip
def test_exact_marks_decide(titles: list[str], text: str, index: int) -> None:
    replies = [SuggestedReply(title) for title in titles]
    assert match_reply(text, replies) is replies[index]


def test_what_fits_two_titles_equally_chooses_neither() -> None:
    replies = [SuggestedReply("C++"), SuggestedReply("C#")]
    assert match_reply("C", replies) is None
    assert match_reply("yes 2", [SuggestedReply("Yes"), SuggestedReply("No")]) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Yes", "Yes!"), ("Yes", "YES."), ("Yes", "“Yes”"), ("Yes", "Yes 👍"), ("Go 😀", "Go 😢"), ("No, thanks", "No thanks"),
        ("👍", "👍🏽"), ("Yes", "Y\u200bes"), ("Yes", "Ｙes"), ("*Yes*", "Yes"), ("Why?", "Why!"),
    ],
)  # fmt: skip
def test_titles_that_no_typed_answer_tells_apart(one: str, other: str) -> None:
    assert titles_alike(one, other)
    assert titles_alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [("C++", "C#"), ("C", "C#"), ("Yes", "No"), ("👍", "👎"), ("Sí", "Si"), ("!", "?"), ("+1", "-1"), ("👍", "Yes 👍")],
)
def test_titles_that_can_be_told_apart(one: str, other: str) -> None:
    assert not titles_alike(one, other)
    replies = [SuggestedReply(one), SuggestedReply(other)]
    assert [match_reply(reply.title, replies) for reply in replies] == replies


@pytest.mark.parametrize(("title", "nothing"), [("\u200b", True), ("\u2800 ", True), ("!", False), ("👍", False)])
def test_a_title_has_to_show_something(title: str, nothing: bool) -> None:
    assert shows_nothing(title) is nothing
