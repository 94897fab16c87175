"""Variables, fallbacks, and braces that do not fit."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proactive_api.lifecycle.templates import MissingVariable, TemplateError, Variable, render, variables

VALUES: dict[str, Any] = {
    "nickname": "Ana", "city": None, "blank": " ", "points": 12, "price": 5.0, "rate": 2.5, "vip": True,
    "order": {"id": "A1"}, "colours": ["red", "blue"], "tricky": "{{ nickname }}", "größe": "M",
}  # fmt: skip


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("Hi {{ nickname }}!", "Hi Ana!"),
        ("Hi {{nickname}}!", "Hi Ana!"),
        ("Hi {{ nickname | there }}!", "Hi Ana!"),
        ("Hi {{ city | there }}!", "Hi there!"),
        ("Hi {{ blank | there }}!", "Hi there!"),
        ('Hi {{ nobody | default: "my friend" }}!', "Hi my friend!"),
        ("Hi {{ nobody | default: 'a \"b\"' }}!", 'Hi a "b"!'),
        ("Hi {{ nobody | default:you }}!", "Hi you!"),
        ("Hi {{ nobody | “you” }}!", "Hi you!"),
        ("Hi {{ nobody | }}, sale!", "Hi, sale!"),
        ('Hi {{ nobody | "" }} and all', "Hi and all"),
        ("{{ nobody | }}, sale!", "sale!"),
        ("Bye {{ nobody | }}", "Bye"),
        ("{{ points }} {{ price }} {{ rate }} {{ vip }}", "12 5 2.5 yes"),
        ("{{ order.id }}: {{ colours }}", "A1: red, blue"),
        ("{{ tricky }}", "{{ nickname }}"),
        ("{{ größe }}", "M"),
        ("  {{ nickname }}  ", "Ana"),
        ("{{{ nickname }}}", "{Ana}"),
        ("two  blanks {{ nickname }}", "two  blanks Ana"),
        ('plain {"json": {"a": 1}} text', 'plain {"json": {"a": 1}} text'),
    ],
)
def test_rendering(template: str, words: str) -> None:
    assert render(template, VALUES) == words


@pytest.mark.parametrize(
    "template", ["{{ city }}", "{{ nobody }}", "{{ order }}", "{{ order.no }}", "{{ nickname.x }}"]
)
def test_a_missing_value_without_fallback_names_the_variable(template: str) -> None:
    with pytest.raises(MissingVariable) as caught:
        render(template, VALUES)
    assert caught.value.name in template
    assert caught.value.name in str(caught.value)


def test_lenient_rendering_leaves_missing_values_out() -> None:
    assert render("Hi {{ nobody }}, it is {{ city | sunny }}.", {}, lenient=True) == "Hi, it is sunny."


@pytest.mark.parametrize(
    "template",
    [
        "Hi {{ nickname",
        "{{ }}",
        "{{ 1st }}",
        "{{ a b }}",
        "{{ a || }",
        "{{ {{ nickname }} }}",
        "{{ a | {b} }}",
    ],
)
@pytest.mark.parametrize("lenient", [True, False])
def test_braces_that_do_not_fit_are_told(template: str, lenient: bool) -> None:
    with pytest.raises(TemplateError, match="is not a variable"):
        render(template, VALUES, lenient=lenient)
    with pytest.raises(TemplateError):
        variables(template)


def test_variables_are_listed_once_with_their_fallback() -> None:
    assert variables("{{ a | x }} {{ b }} {{ a }}") == (Variable("a", "x"), Variable("b", None))


@given(st.text(max_size=60).filter(lambda text: "{{" not in text and "\x00" not in text))
def test_words_without_variables_stay(text: str) -> None:
    assert render(text, {}) == text.strip()


@given(st.text(min_size=1, max_size=30))
def test_values_are_put_in_as_they_are(value: str) -> None:
    clean = value.replace("\x00", "").strip()
    assert render("[{{ a | - }}]", {"a": value}) == f"[{clean or '-'}]"


@given(st.text(alphabet="{}| a\"':.\n\x00", max_size=40))
def test_any_braces_are_rendered_or_refused(template: str) -> None:
    try:
        assert "\x00" not in render(template, {"a": "x"})
    except TemplateError as error:
        assert str(error)
