from __future__ import annotations

from typing import Optional

import pytest

from proactive_api.lifecycle.searching import NICKNAME, PHONE, USER_ID, terms_of, whole_of, words_of


def finds(
    text: str, user_id: Optional[str] = None, nickname: Optional[str] = None, phone: Optional[str] = None
) -> bool:
    words = [word for word, _kind in words_of(user_id, nickname, phone)]
    return all(any(word.startswith(term) for word in words for term in forms) for forms in terms_of(text))


@pytest.mark.parametrize(
    ("text", "nickname"),
    [
        ("Élodie", "Élodie Dubois"),
        ("elodie", "Élodie Dubois"),
        ("dubois ÉLO", "Élodie Dubois"),
        ("omer", "Ömer"),
        ("мария", "МАРИЯ"),
        ("  Мар ", "МАРИЯ"),
        ("strasse", "Anna Straße"),
        ("obrien", "Conan O’Brien"),
        ("o'brien", "Conan O’Brien"),
        ("O BRIEN", "Conan O’Brien"),
        ("jean luc p", "Jean-Luc Picard"),
        ("Jean-Luc", "Jean Luc Picard"),
        ("isil", "IŞIL"),
        ("太郎", "山田太郎"),
        ("철수", "김철수"),
        ("सीता", "राम सीता"),
        ("🎉", "Ann 🎉"),
    ],
)
def test_somebody_is_found_by_the_beginning_of_any_part_of_their_name(text: str, nickname: str) -> None:
    assert finds(text, nickname=nickname)


@pytest.mark.parametrize("text", ["bob", "ann bob", "nn", "ann 415"])
def test_others_are_not_found(text: str) -> None:
    assert not finds(text, user_id="ann", nickname="Ann Lee", phone="+436641234567")


@pytest.mark.parametrize(
    ("text", "user_id"),
    [("4711", "crm-004711"), ("004711", "crm-004711"), ("CRM-0047", "crm-004711"), ("12345", "user12345"),
     ("ann.smith@ex", "ann.smith@example.com"), ("example.com", "ann.smith@example.com"), ("007", "007")],
)  # fmt: skip
def test_a_user_id_is_found_by_its_parts(text: str, user_id: str) -> None:
    assert finds(text, user_id=user_id)


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("+1 415 555 0111", "+14155550111"),
        (" 14155550111", "+14155550111"),
        ("(415) 555-0111", "+14155550111"),
        ("415.555.01", "+14155550111"),
        ("5550111", "+14155550111"),
        ("0111", "+14155550111"),
        ("0664 123 45 67", "+436641234567"),
        ("+43 (0)664 1234567", "+436641234567"),
        ("0043 664/123 45 67", "+436641234567"),
        ("011 43 664 1234567", "+436641234567"),
        ("8 (912) 345-67-89", "+79123456789"),
        ("06 20 123 4567", "+36201234567"),
        ("06 1234 5678", "+390612345678"),
        ("tel:+43-664-1234567", "+436641234567"),
        ("\u202a+43 664 1234567\u202c", "+436641234567"),
        ("０６６４", "+436641234567"),
        ("ann 0664", "+436641234567"),
    ],
)
def test_a_number_is_found_in_any_form(text: str, phone: str) -> None:
    assert finds(text, user_id="ann", phone=phone)


def test_what_is_no_word_asks_for_nothing() -> None:
    assert terms_of(" (%_ ") == [] and terms_of("") == []


def test_whole_names_are_told_from_parts() -> None:
    kinds = dict(words_of("ann-1", "Ann Lee", "+436641234567"))
    assert kinds[whole_of(" ANN-1")] == USER_ID
    assert kinds[whole_of("ann lee")] == NICKNAME
    assert kinds[whole_of("+43 664 1234567")] == PHONE


def test_a_long_name_is_kept_in_few_words() -> None:
    assert len(words_of("x" * 255, " ".join("ab" for _ in range(80)), None)) < 40
    assert finds("x" * 200, user_id="x" * 255)
