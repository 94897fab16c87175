"""``{{ nickname }}``-style variables in messages, each with its own fallback (spec section 2).

Written as ``{{ nickname }}``, ``{{ nickname | there }}`` or ``{{ nickname | default: "there" }}``. What looks like one
and is none is refused (``placeholders``), so that it reaches nobody as it is.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from proactive_api.lifecycle import placeholders
from proactive_api.lifecycle.markdown import Words
from proactive_api.lifecycle.placeholders import TemplateError


class MissingVariable(TemplateError):  # noqa: N818
    """The recipient has no value for a variable that has no fallback."""

    def __init__(self, name: str) -> None:
        super().__init__(f'"{name}" is unknown for this recipient. Give it a fallback: {{{{ {name} | … }}}}.')
        self.name = name


@dataclass(frozen=True)
class Variable:
    """One variable of a template.

    Args:
        name: the attribute; dots lead into nested attributes.
        fallback: what stands in for a missing value; None if there is none.
    """

    name: str
    fallback: str | None


_NAME = r"[^\W\d]\w*(?:[.-]\w+)*"
_DEFAULT = re.compile(r"default\s*:\s*(?P<value>.*)", re.DOTALL)
_VARIABLE = re.compile(rf"\{{\{{\s*(?P<name>{_NAME})\s*(?:\|(?P<fallback>[^{{}}]*))?\}}\}}")
_QUOTES = {'"': '"', "'": "'", "“": "”", "‘": "’"}
#: Begins what stands in a text only while values are put in; it is taken out of all that comes in.
_SIGN = "\x00"
#: Marks where nothing was put in, so that the blanks around it can go too.
_NOTHING = f"{_SIGN}-"
#: Around a value that was put in.
_FROM, _TO = f"{_SIGN}<", f"{_SIGN}>"


def variables(template: str) -> tuple[Variable, ...]:
    """The variables of a template, in order, each name once; the first fallback counts.

    Raises:
        TemplateError: if the braces do not fit.
    """
    found: dict[str, Variable] = {}
    for variable in _read(template):
        found.setdefault(variable.name, variable)
    return tuple(found.values())


def render(template: str, values: Mapping[str, Any], *, lenient: bool = False) -> Words:
    """Put a recipient's values into a template.

    Values are put in as they are: braces in them mean nothing, and neither do the marks of Markdown, as they are the
    ``literal`` parts of the words that come out. A fallback is the marketer's own, marks and all. Where nothing is put
    in, the blank before it goes too ("Hi {{ nickname | }}, …" becomes "Hi, …").

    Args:
        template: the words with their variables.
        values: attributes by name; None and blank text count as missing.
        lenient: put in nothing, instead of raising, where a value and its fallback are missing.

    Raises:
        MissingVariable: names the first variable without value and fallback.
        TemplateError: if the braces do not fit.
    """
    known = {variable: _value(variable, values, lenient) for variable in _read(template, values)}
    return settled(_VARIABLE.sub(lambda found: known[_variable(found)], template.replace(_SIGN, "")))


def marked(value: str) -> str:
    """A value as it stands in a text until ``settled`` has seen it; blank text stands for nothing."""
    words = value.replace(_SIGN, "").strip()
    return f"{_FROM}{words}{_TO}" if words else _NOTHING


def settled(text: str) -> Words:
    """A text with all its values in it, which are its literal parts; where there was nothing, the blank goes too."""
    return _spans(_tidy(text))


def refuse_variables(text: str, known: Collection[str] = ()) -> None:
    """See that a text that takes no variables has none, and nothing that looks like one.

    Args:
        known: names that look like variables there, beside those of every recipient.

    Raises:
        TemplateError: with the place.
    """
    found = _VARIABLE.search(text)
    if found:
        raise TemplateError(f'"{found.group()}" would be said as it is: this text takes no variables.')
    try:
        list(_read(text, known))
    except TemplateError as error:
        raise TemplateError(f"{str(error).partition(' is not a variable.')[0]} would be said as it is.") from None


def _read(template: str, known: Collection[str] = ()) -> Iterator[Variable]:
    end = 0
    template = template.replace(_SIGN, "")
    for found in _VARIABLE.finditer(template):
        _check_words(template, end, found.start(), known)
        _check_variable(template, found, known)
        end = found.end()
        yield _variable(found)
    _check_words(template, end, len(template), known)


def _check_words(template: str, start: int, end: int, known: Collection[str]) -> None:
    words = template[start:end]
    placeholders.refuse_braces(words, template, start, known)
    placeholders.refuse_lookalikes(words, template, start, known)


def _check_variable(template: str, found: re.Match[str], known: Collection[str]) -> None:
    placeholders.refuse_filter(template, found, found["fallback"] or "", known)
    placeholders.refuse_foreign_name(template, found, known)
    before = template[: found.start()]
    if template.startswith("}", found.end()) and before.count("{") <= before.count("}"):
        right = placeholders.form(found["name"], known, found.group())
        raise placeholders.refusal(template, found.start(), found.end() + 1, right)


def _variable(found: re.Match[str]) -> Variable:
    raw = found["fallback"]
    return Variable(found["name"], None if raw is None else _fallback(raw.strip()))


def _fallback(raw: str) -> str:
    default = _DEFAULT.fullmatch(raw)
    words = default["value"].strip() if default else raw
    quoted = len(words) >= 2 and _QUOTES.get(words[0]) == words[-1]
    return words[1:-1] if quoted else words


def _value(variable: Variable, values: Mapping[str, Any], lenient: bool) -> str:
    words = _as_words(_look_up(variable.name, values))
    if words:
        return marked(words)
    if variable.fallback is None and not lenient:
        raise MissingVariable(variable.name)
    return variable.fallback or _NOTHING


def _look_up(name: str, values: Mapping[str, Any]) -> Any:
    """The value of the name as it stands, else along its dots."""
    if name in values:
        return values[name]
    first, _, rest = name.partition(".")
    inner = values.get(first)
    return _look_up(rest, inner) if rest and isinstance(inner, Mapping) else None


def _as_words(value: Any) -> str:
    """A value as people write it; nothing for what has no words (None, mappings)."""
    if isinstance(value, (list, tuple)):
        return ", ".join(filter(None, map(_as_words, value)))
    if value is None or isinstance(value, Mapping):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    whole = isinstance(value, float) and value.is_integer()
    return str(int(value) if whole else value).replace(_SIGN, "").strip()


def _tidy(text: str) -> str:
    text = re.sub(rf"(?m)^[ \t]*{_NOTHING}[ \t,;:]*", "", text)
    text = re.sub(rf"[ \t]*[,;:]?[ \t]*{_NOTHING}(?=[ \t]*[.!?)])", "", text)
    text = re.sub(rf"[ \t]*{_NOTHING}(?=[ \t]*(?:[,.!?;:)\n]|$))", "", text)
    return re.sub(rf"{_NOTHING}[ \t]*", "", text).strip()


def _spans(text: str) -> Words:
    """The words without the marks around values, which tell what is literal."""
    out, literal = "", []
    for part in text.split(_FROM):
        value, ended, rest = part.partition(_TO)
        if ended and value:
            literal.append((len(out), len(out) + len(value)))
        out += value + rest
    return Words(out, literal)
