"""What looks like a variable and is none is refused, with its place and the right form; ordinary words are not."""

from __future__ import annotations

import contextlib
import time

import pytest

from proactive_api.lifecycle.placeholders import TemplateError
from proactive_api.lifecycle.templates import refuse_variables, render

VALUES = {"nickname": "Ada", "user_id": "u1", "plan": "yearly", "order_no": "7"}

THERE = "{{ nickname | there }}"
MISTAKES = [
    # another tool's fallbacks and filters
    ("{{ nickname | default('there') }}", THERE),
    ('{{ nickname | default("my friend") }}', "{{ nickname | my friend }}"),
    ("{{ nickname | default there }}", "{{ nickname | there }}"),
    ('{{ nickname | default "you" }}', "{{ nickname | you }}"),
    ("{{ nickname | default = 'you' }}", "{{ nickname | you }}"),
    ('{{ nickname | fallback: "you" }}', "{{ nickname | you }}"),
    ("{{ nickname | upper }}", THERE),
    ("{{nickname|upcase}}", THERE),
    ("{{ nickname | title }}", THERE),
    ("{{ nickname | Capitalize }}", THERE),
    ("{{ nickname | truncate: 5 }}", THERE),
    ("{{ nickname | there | upper }}", "{{ nickname | there }}"),
    ("{{ nickname | upper | default: 'you' }}", "{{ nickname | you }}"),
    ("{{ nickname || there }}", "{{ nickname | there }}"),
    ("{{ nickname || 'you' }}", "{{ nickname | you }}"),
    ("{{ nickname ?? 'you' }}", "{{ nickname | you }}"),
    ('{{ nickname or "you" }}', "{{ nickname | you }}"),
    ("{{ plan | upper() }}", "{{ plan | … }}"),
    # other braces and signs
    ("{nickname}", THERE),
    ("{ nickname }", THERE),
    ("{nickname|you}", "{{ nickname | you }}"),
    ("{nickname || 'you'}", "{{ nickname | you }}"),
    ("{NICKNAME}", THERE),
    ("{plan}", "{{ plan | … }}"),
    ("{{nickname}", THERE),
    ("{{ nickname }", THERE),
    ("{nickname}}", THERE),
    ("{{ nickname }}}", THERE),
    ("{ {nickname} }", THERE),
    ("{{{nickname}", THERE),
    ("{{ nickname", THERE),
    ("nickname }}", THERE),
    ("${nickname}", THERE),
    ("#{nickname}", THERE),
    ("%{nickname}", THERE),
    ("{$nickname}", THERE),
    ("{{ $nickname }}", THERE),
    ("{{${first_name}}}", THERE),
    ("$nickname", THERE),
    ("$(nickname)", THERE),
    ("%(nickname)s", THERE),
    ("[[nickname]]", THERE),
    ("[[ nickname | you ]]", "{{ nickname | you }}"),
    ("[nickname]", THERE),
    ("<nickname>", THERE),
    ("<<nickname>>", THERE),
    ("«nickname»", THERE),
    ("%nickname%", THERE),
    ("%%nickname%%", THERE),
    ("#nickname#", THERE),
    ("<%= nickname %>", THERE),
    ("*|FNAME|*", THERE),
    ("｛｛nickname｝｝", THERE),
    # another tool's names
    ("{{ user.nickname }}", THERE),
    ("{{ user.nickname | you }}", "{{ nickname | you }}"),
    ("{{ recipient.first_name }}", THERE),
    ("{{ contact.plan }}", "{{ plan | … }}"),
    ("{{ custom_attribute.plan | none }}", "{{ plan | none }}"),
    ("{{ Nickname }}", THERE),
    ("{{ NICKNAME | you }}", "{{ nickname | you }}"),
    ("{user.nickname}", THERE),
    ("{first_name}", THERE),
    ("{{{first_name}", THERE),
    ("{name}", THERE),
    ("{phone}", "{{ phone_number | … }}"),
    # conditions
    ("{{#if nickname}}", THERE),
    ("{{/if}}", "{{ name | fallback }}"),
    ("{% if nickname %}", "{{ name | fallback }}"),
    ("{%- endif -%}", "{{ name | fallback }}"),
    ("{{ }}", "{{ name | fallback }}"),
    ("{{ 'x' }}", "{{ name | fallback }}"),
    ("{{ nickname.upper() }}", THERE),
    ("{{ upper(nickname) }}", THERE),
    ("{{ nickname[0] }}", THERE),
]

ORDINARY = [
    "{sale}",
    "The {sale} code",
    "{ }",
    "{}",
    "{{",
    ":) ;-} :{ {: }:",
    "50% off, 100%, %d",
    "20%off%now",
    '{"name": "Ada", "a": {"b": 1}}',
    "{name: 'Ada'}",
    'send {"nickname":"Ada"} there',
    "if (a) { b(); } else { c[0][1] }",
    "x || y | z",
    "a | upper",
    "[Shop](https://shop.example)",
    "[nickname](https://shop.example)",
    "[x] done, [ ] open",
    "[name] [date]",
    "<b>bold</b> <3 <name@example.com>",
    "$5, $nick, US$, ${5}",
    "#sale #nickname, #1#",
    "https://shop.example/?q=%7Bnickname%7D&a=%20name%20b",
    "https://shop.example/{id}",
    "My nickname is name.",
    "nickname: none",
    "user.nickname",
    "* | * and *| |*",
    "{%} 5 {% 6 %}",
    "{1,2} {a-z}+",
    "Dear customer (nickname)",
    "~nickname~ _nickname_ __nickname__ @nickname",
    "¯\\_(ツ)_/¯ {o,o}",
    "f(x) = {x | x > 0}",
    "Prices: {S} 5, {M} 6",
    "#default | title",
]


@pytest.mark.parametrize(("mistake", "right"), MISTAKES)
@pytest.mark.parametrize("before", ["", "Hi ", "Hi {{ nickname }},\n  you "])
def test_what_is_no_variable_is_refused_with_its_place_and_the_right_form(
    before: str, mistake: str, right: str
) -> None:
    with pytest.raises(TemplateError) as refused:
        render(f"{before}{mistake}! Sale.", VALUES)
    told = str(refused.value)
    assert right in told, told
    line, character = before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1
    shown = [f"(line {line}, character {character + shift})" for shift in range(3)]
    assert any(one in told for one in shown), told


@pytest.mark.parametrize("text", [one for one in ORDINARY if one != "{{"])
@pytest.mark.parametrize("around", ["{}", "Hi {{{{ nickname }}}}, {} now"])
def test_ordinary_words_go_out(text: str, around: str) -> None:
    words = around.format(text)
    assert render(words, VALUES) == words.replace("{{ nickname }}", "Ada").strip()
    refuse_variables(text)


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ('{{ city | "upper" }}', "upper"),
        ("{{ city | friend(s) }}", "friend(s)"),
        ("{{ city | our town }}", "our town"),
        ("{{ city | by default }}", "by default"),
        ("{{ city | title of it }}", "title of it"),
        ('{{ city | "a | b" }}', "a | b"),
        ("{{ user.nickname }}", "own"),
        ('{"name": {{ nickname }}}', '{"name": Ada}'),
    ],
)
def test_what_only_looks_like_a_mistake_is_none(template: str, words: str) -> None:
    assert render(template, {**VALUES, "user": {"nickname": "own"}}) == words


def test_where_no_variables_are_taken_all_of_them_are_refused() -> None:
    for text in ("Bye {{ nickname }}", "Bye {{ x | y }}", "Bye {nickname}", "Bye {{ nickname"):
        with pytest.raises(TemplateError, match="would be said as it is"):
            refuse_variables(text)


@pytest.mark.parametrize("part", ["{", "{{", "{ nickname |", "[[nickname", "%nickname", "*|A", "{% if ", "<% nickname"])
def test_time_grows_with_the_text_only(part: str) -> None:
    started = time.process_time()
    with contextlib.suppress(TemplateError):
        render((part * 2_000)[:16_000], VALUES)
    assert time.process_time() - started < 2
