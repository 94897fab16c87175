"""A reaction is none of a person's words, whatever language the phone speaks."""

# ruff: noqa: RUF001, E501 - other scripts; tables of cases
from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proactive_api.lifecycle.tapback_words import ADDED
from proactive_api.lifecycle.tapbacks import parse_tapback


@pytest.mark.parametrize(
    ("text", "kind", "quoted", "emoji", "removed"),
    [
        ("Liked “See you”", "liked", "See you", "👍", False),
        ('Liked "See you"', "liked", "See you", "👍", False),
        ("Loved “Sale ends “Sunday”!”", "loved", "Sale ends “Sunday”!", "❤️", False),
        ("Laughed at “two\n\nlines”", "laughed", "two\n\nlines", "😂", False),
        ("Emphasized “a”", "emphasized", "a", "‼️", False),
        ("Emphasised “a”", "emphasized", "a", "‼️", False),
        ("Questioned “a”", "questioned", "a", "❓", False),
        ("Disliked “a”", "disliked", "a", "👎", False),
        ("Loved an image", "loved", "", "❤️", False),
        ("Removed a like from “a”", "liked", "a", "👍", True),
        ("Removed a heart from “a”", "loved", "a", "❤️", True),
        ("Removed an exclamation from “a”", "emphasized", "a", "‼️", True),
        ("Removed a question mark from “a”", "questioned", "a", "❓", True),
        ("Removed 😂 from “a”", "reacted", "a", "😂", True),
        ("Reacted 😂 to “a”", "reacted", "a", "😂", False),
        ("👍 to “a”", "reacted", "a", "👍", False),
        ("\u200a\u200b👍🏽\u200b to “\u200a a \u200a” ", "reacted", "a", "👍🏽", False),
        ("❤️ to “a”", "reacted", "a", "❤️", False),
        ("Liked “”", "liked", "", "👍", False),
    ],
)
def test_tapbacks(text: str, kind: str, quoted: str, emoji: str, removed: bool) -> None:
    found = parse_tapback(text)
    assert found is not None
    assert (found.kind, found.quoted, found.emoji, found.removed) == (kind, quoted, emoji, removed)


@pytest.mark.parametrize(
    "text",
    [
        "", "Liked", "I liked “it”", "Liked it", "Loved “it” but the price", "👍", "👍 to that", "to “a”", "5 to “a”",
        "Loved an image of yours", "Reacted badly to “a”", "yes to “a”",
    ],
)  # fmt: skip
def test_ordinary_messages_are_no_tapbacks(text: str) -> None:
    assert parse_tapback(text) is None


_WORDINGS = [(wording, kind) for kind, lines in ADDED.items() for line in lines for wording in line.split("|")]
_QUOTES = ["“{}”", "«{}»", "« {} »", "„{}“", '"{}"', "«\u00a0{}\u00a0»", "‘{}’", "「{}」"]


@pytest.mark.parametrize("quotes", _QUOTES)
def test_every_wording_in_every_pair_of_quotes(quotes: str) -> None:
    for wording, kind in _WORDINGS:
        text = wording.replace("{}", quotes.replace("{}", "Sale! Reply “STOP” to end: it’s 5 €"))
        found = parse_tapback(text)
        assert found is not None, text
        assert (found.kind, found.quoted, found.removed) == (kind, "Sale! Reply “STOP” to end: it’s 5 €", False), text


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Le gustó “Nos vemos”", "liked"), ("Le encantó “Nos vemos”", "loved"), ("No le gustó “Nos vemos”", "disliked"),
        ("Le dio risa “Nos vemos”", "laughed"), ("Exclamó por “Nos vemos”", "emphasized"), ("Dudó sobre “Nos vemos”", "questioned"),
        ("Le gusto “Nos vemos”", "liked"), ("LE ENCANTÓ «Nos vemos»", "loved"), ("Понравилось «До встречи»", "liked"),
        ("A adoré « à demain »", "loved"), ("A ri de « drôle »", "laughed"), ("N’a pas aimé « bof »", "disliked"),
        ("S'est interrogé(e) sur « ok »", "questioned"), ("a ajouté un « J’aime » à « Message »", "liked"),
        ("Gefällt „Bis bald“", "liked"), ("Hat „Bis bald“ mit „Gefällt mir“ markiert", "liked"), ("Lacht über „Bis bald“", "laughed"),
        ('Ha messo "Mi piace" a "ciao"', "liked"), ("Gostou de “olá”", "liked"), ("Vond ‘tot zo’ leuk", "liked"),
        ("Le encantó una imagen", "loved"), ("A adoré une image", "loved"), ("Loved a photo", "loved"), ("Le gustó un video", "liked"),
        ("“またね”に“いいね”しました", "liked"), ("赞了“再见”", "liked"), ("“안녕”에 하트를 표시함", "loved"), ("أعجبه “شكرا”", "liked"),
        ("\u2068Liked “x”\u2069", "liked"), ("Liked “one\n\ntwo”", "liked"), ("Liked “cut off…", "liked"), ("Liked 'I'm fine'", "liked"),
        ("Liked “1. Yes\n2. No”", "liked"),
    ],
)  # fmt: skip
def test_reactions_as_phones_write_them(text: str, kind: str) -> None:
    found = parse_tapback(text)
    assert found is not None
    assert (found.kind, found.removed) == (kind, False)


@pytest.mark.parametrize(
    "text",
    [
        "👍 to “See you”", "👍 to \"See you\"", "👍 a “Nos vemos”", "👍 à « À demain »", "👍 zu „Bis bald“", "👍 auf „Bis bald“", "👍 su “ciao”",
        "👍 на «До встречи»", "👍 em “olá”", "👍 op “hoi”", "👍 do „cześć“", "👍 对“再见”", "“またね”に👍", "👍 إلى “شكرا”", "👍 till ”hej”",
        "\u200a\u200b👍\u200b to “\u200asee you\u200a”\u200a", "Reacted 👍 to “x”", "Reacted with 👍 to “x”", "Reaccionó con 👍 a “x”",
        "A réagi avec 👍 à « x »", "Hat mit 👍 auf „x“ reagiert", "Reagierte mit 👍 auf „x“", "Ha reagito con 👍 a “x”", "Reagiu com 👍 a “x”",
        "Reageerde met 👍 op ‘x’", "Отреагировал(а) 👍 на «x»", "Zareagowano 👍 na „x”", "“x”に👍でリアクションしました", "对“x”回应了👍",
        "Reacted 👍 to an image", "Reaccionó con 👍 a una imagen", "👍🏿 to “x”", "👍 to « x »",
    ],
)  # fmt: skip
def test_any_emoji_in_any_language(text: str) -> None:
    found = parse_tapback(text)
    assert found is not None
    assert (found.kind, found.emoji[0], found.removed) == ("reacted", "👍", False)


@pytest.mark.parametrize(
    "text",
    [
        "Removed a heart from “x”", "Removed an exclamation mark from “x”", "Removed 😂 from “x”", "😂 removed from “x”", "Removed a like from an image",
        "Eliminó un me gusta de “x”", "Quitó un corazón de “x”", "Eliminó un “Me gusta” de “x”", "A retiré un J’aime de « x »", "A supprimé un cœur de « x »",
        "A retiré 😂 de « x »", "Hat ein Herz von „x“ entfernt", "Entfernte ein „Gefällt mir“ von „x“", "Ha rimosso un cuore da “x”", "Removeu um coração de “x”",
        "Heeft een hart verwijderd van “x”", "Verwijderde een hart van ‘x’", "Удалил(а) сердечко с «x»", "Убрала лайк с «x»", "Видалено вподобайку з «x»",
        "Usunął serce z „x”", "“x”からハートを削除しました", "取消了对“x”的赞", "“x”에서 하트를 삭제함",
    ],
)  # fmt: skip
def test_reactions_that_were_taken_back(text: str) -> None:
    found = parse_tapback(text)
    assert found is not None
    assert (found.quoted in ("x", ""), found.removed) == (True, True)


@pytest.mark.parametrize(
    "text",
    [
        "Me gusta “Premium”", "No me gusta “Premium”", "Quiero “Premium”", "Me encantó “La vida”, gracias", "J’ai adoré « le film »", "Bonjour « toi »",
        "J'aime « Premium »", "Ich mag „Premium“", "Mir gefällt „Premium“", "Was bedeutet „Premium“?", "Мне понравилось «Премиум»", "Хочу «Премиум»",
        "Liked it a lot", "I loved the photo", "What is an image", "Le gustó mucho", "Le gustó la foto de mi perro ayer", "A aimé ça", "“Premium” please",
        "I want \"Premium\"", "2. “Premium”", "Gefällt mir", "«Да»", "Removed my number from \"your list\"?", "Please remove me from “your list”",
        "I removed the app from “Home”", "I'm 👍 with “Premium”", "😂 “Premium” is what I want", "👍", "👍👍", "don't like “this”", "Hat jemand „Premium“?",
        "Loved “it” but the price is too high for me", "It's \"fine\"", "can't 'see' it", "I can't 👍", "STOP", "Удалите мой номер из «списка»",
    ],
)  # fmt: skip
def test_words_of_people_are_no_reactions(text: str) -> None:
    assert parse_tapback(text) is None


@given(st.text(max_size=60))
@settings(deadline=None)
def test_any_text_is_read_without_harm(text: str) -> None:
    found = parse_tapback(text)
    assert found is None or found.kind in {*ADDED, "reacted"}
