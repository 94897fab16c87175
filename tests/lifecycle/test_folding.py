from __future__ import annotations

import pytest

from proactive_api.lifecycle.folding import folded, holds, letters_of


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("Élodie", "elodie"),
        ("E\u0301LODIE", "élodie"),
        ("Ömer", "omer"),
        ("МАРИЯ", "мария"),
        ("Алёна", "алена"),
        ("Straße", "STRASSE"),
        ("Łukasz", "lukasz"),
        ("Søren", "SOREN"),
        ("Đorđe", "dorde"),
        ("İREM", "irem"),
        ("Işıl", "ISIL"),
        ("Ægir", "aegir"),
        ("ΝΙΚΟΣ", "νίκος"),
        ("Ｔａｒｏ", "taro"),
        ("An\u00adna\u200b", "anna"),
        ("  Ann \u00a0 Lee ", "ann lee"),
        ("٠١٢٣", "0123"),
    ],
)
def test_names_are_the_same_whatever_the_case_and_the_accents(written: str, same: str) -> None:
    assert folded(written) == folded(same)


def test_what_other_scripts_write_below_and_beside_a_letter_stays() -> None:
    assert folded("सीता") != folded("सता")
    assert letters_of(folded("सीता")) == folded("सीता")


@pytest.mark.parametrize(
    ("part", "found"),
    [("spring", True), ("RING SA", True), ("spring sale", True), ("prîng", True), ("autumn", False), ("_", True)],
)  # fmt: skip
def test_a_part_is_found_whatever_stands_between_the_words(part: str, found: bool) -> None:
    assert holds("Spring_Sale 2026", part) is found
