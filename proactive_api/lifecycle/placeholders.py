"""What looks like a variable and is none: found before it reaches people as it is.

Other tools write variables in other ways, and fingers slip. Single braces, brackets and the like are refused only
around names that are variables here, or that such tools give theirs: ``{sale}``, JSON and code are ordinary words.
"""

# ruff: noqa: SIM905 - word lists read better as a line of words
from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache

#: What every recipient has (``proactive_api.operations.send``).
STANDARD = ("nickname", "user_id", "phone_number", "locale")
#: What other tools call them, and the variable that stands for it here.
_ALIASES = {
    **dict.fromkeys(("name", "first_name", "firstname", "fname", "full_name", "fullname", "given_name"), "nickname"),
    **dict.fromkeys(("nick_name", "username", "user_name", "customer_name", "contact_name"), "nickname"),
    **dict.fromkeys(("last_name", "lastname", "lname", "surname", "email", "company"), ""),
    **dict.fromkeys(("phone", "mobile", "phonenumber"), "phone_number"),
    **dict.fromkeys(("userid", "customer_id"), "user_id"),
}
#: These are hardly ever ordinary words, so that weaker signs around them are enough.
_UNMISTAKABLE = "nickname|user_id|phone_number|first_name|firstname|fname|last_name|lastname|lname"
_OWNERS = "user|recipient|contact|customer|person|subscriber|profile|attributes|attribute|custom_attribute|lead|member"
_LIQUID = (
    "if|unless|else|elsif|elif|endif|endunless|for|endfor|assign|case|when|endcase|capture|endcapture|set|include|render"
    "|comment|endcomment|raw|endraw|block|endblock|with|connected_content"
)
#: What other tools put after the bar: each would stand in for the value, as words.
_FILTERS = frozenset(
    "upper upcase uppercase lower downcase lowercase title titlecase titleize capitalize capitalise capfirst trim strip"
    " lstrip rstrip escape safe raw url_encode urlencode url_escape length striptags strip_html strip_tags truncate"
    " json tojson to_json nl2br default default_if_none defaultifempty fallback ifempty replace".split()
)
_DEFAULT = re.compile(r"default\s*:\s*", re.IGNORECASE)
_QUOTED = re.compile("\"([^\"]*)\"|'([^']*)'|“([^”]*)”|‘([^’]*)’")
_CALL = re.compile(r"\w+\(\s*(?:[\"'“‘].*|[\d., ]*)\)", re.DOTALL)
_WORD_AND_QUOTED = re.compile(r"\w+\s*[:=]?\s*(?:\"[^\"]*\"|'[^']*'|“[^”]*”|‘[^’]*’)")
_FILTER = re.compile(r"(\w+)(?:\s*:.*)?", re.DOTALL)
_IDENTIFIER = re.compile(r"[^\W\d]\w*(?:\.\w+)*")
_NO_NAMES = frozenset("if unless else each for in or and not end endif with set".split())
_LONGEST_PIECE = 40


class TemplateError(ValueError):
    """The template itself cannot be read; the message says where and how to write it."""


def refuse_lookalikes(words: str, template: str, start: int, known: Collection[str] = ()) -> None:
    """See that nothing in words between variables looks like one.

    Args:
        words: what stands in the template from ``start`` on, without variables.
        known: the names of the recipient's attributes.

    Raises:
        TemplateError: with the place and the right form.
    """
    for pattern in _patterns(frozenset(one for one in known if _IDENTIFIER.fullmatch(one))):
        found = pattern.search(words)
        if found:
            name = found.groupdict().get("name") or ""
            raise refusal(template, start + found.start(), start + found.end(), form(name, known, found.group()))


def refuse_filter(template: str, found: re.Match[str], raw: str, known: Collection[str] = ()) -> None:
    """See that a fallback is one, and no filter or operator of another tool.

    Args:
        found: the variable.
        raw: its fallback as written.

    Raises:
        TemplateError: with the place and the right form.
    """
    words = _DEFAULT.sub("", raw.strip(), count=1)
    quoted = _QUOTED.fullmatch(words)
    filters = _FILTER.fullmatch(words)
    named = words == raw.strip() and filters is not None and filters.group(1).lower() in _FILTERS
    if quoted or not ("|" in words or named or _CALL.fullmatch(words) or _is_call_with_words(words)):
        return
    first = re.sub("^default ", "", words.strip("| ").split("|")[0].strip(), flags=re.IGNORECASE)
    named = named or _CALL.fullmatch(first) is not None
    inside = _QUOTED.search(words)
    fallback = next(filter(None, inside.groups()), "") if inside else "" if named else first
    right = _written(suggested(found["name"], known), fallback)
    if words.lower() in _FILTERS:
        right += f', or {{{{ {found["name"]} | "{words}" }}}} if "{words}" is to stand in'
    raise refusal(template, found.start(), found.end(), right)


def _is_call_with_words(words: str) -> bool:
    return _WORD_AND_QUOTED.fullmatch(words) is not None or words.lower().startswith("default ")


def refuse_foreign_name(template: str, found: re.Match[str], known: Collection[str] = ()) -> None:
    """See that a variable's name is not that of another tool: ``user.nickname``, or other capitals.

    Raises:
        TemplateError: with the place and the right form.
    """
    name: str = found["name"]
    owner, _, rest = name.partition(".")
    ours = {one.casefold(): one for one in (*STANDARD, *known)}
    if name in known or name in STANDARD or owner in known:
        return
    owned = re.fullmatch(_OWNERS, owner, re.IGNORECASE) and rest and (rest.casefold() in {**ours, **_ALIASES})
    if owned or name.casefold() in ours:
        fallback = found["fallback"]
        right = form(name, known) if fallback is None else _written(suggested(name, known), fallback.strip())
        raise refusal(template, found.start(), found.end(), right)


def refuse_braces(words: str, template: str, start: int, known: Collection[str] = ()) -> None:
    """See that no two braces open here: whatever follows them was meant to be a variable.

    Raises:
        TemplateError: with the place and the right form.
    """
    at = words.find("{{")
    if at < 0:
        return
    piece = words[at:].split("\n")[0]
    closed = re.match(r"\{\{.*?\}+", piece)
    piece = closed.group() if closed else piece
    raise refusal(template, start + at, start + at + len(piece), _guess(piece, known))


def refusal(template: str, start: int, end: int, right: str) -> TemplateError:
    """What to tell of a piece of the template that is no variable."""
    piece = template[start:end].split("\n")[0]
    piece = piece if len(piece) <= _LONGEST_PIECE else f"{piece[:_LONGEST_PIECE]}…"
    line, character = template.count("\n", 0, start) + 1, start - template.rfind("\n", 0, start)
    return TemplateError(f'"{piece}" (line {line}, character {character}) is not a variable. Write {right}.')


def form(name: str, known: Collection[str] = (), piece: str = "") -> str:
    """The right way to write a variable that was written otherwise; the fallback is that of the piece."""
    ours = suggested(name, known)
    if not ours:
        return "{{ name }} or {{ name | fallback }}"
    inside = _QUOTED.search(piece)
    after = re.search(r"[|?]\s*([^|?\"'{}\[\]]+?)\s*[}\]]", piece)
    told = next(filter(None, inside.groups()), "") if inside else after.group(1) if after else ""
    return _written(ours, told)


def suggested(name: str, known: Collection[str] = ()) -> str:
    """The variable here that another tool's name stands for."""
    whole = name.strip().casefold().replace(" ", "_")
    ours = {one.casefold(): one for one in (*STANDARD, *known)}
    for one in (whole, whole.rpartition(".")[2], whole.partition(".")[0]):
        if one in ours:
            return ours[one]
        if _ALIASES.get(one):
            return _ALIASES[one]
    return whole.rpartition(".")[2] if re.match(_OWNERS, whole) else name.strip()


def _written(name: str, fallback: str) -> str:
    usual = "there" if name == "nickname" else "…"
    words = fallback if fallback and not re.search(r"[{}|\n]", fallback) else usual
    return f"{{{{ {name} | {words} }}}}"


def _guess(piece: str, known: Collection[str]) -> str:
    ours = {one.casefold() for one in (*STANDARD, *known, *_ALIASES)}
    unquoted = _QUOTED.sub("", piece)
    names = [one for one in _IDENTIFIER.findall(unquoted) if one.lower() not in _NO_NAMES | _FILTERS]
    best = next((one for one in names if ours & set(one.casefold().split("."))), "")
    return form(best or (names[0] if len(names) == 1 else ""), known, piece)


@lru_cache(maxsize=64)
def _patterns(known: frozenset[str]) -> tuple[re.Pattern[str], ...]:
    names = sorted({*STANDARD, *known, *_ALIASES}, key=len, reverse=True)
    told = rf"(?P<name>(?:(?:{_OWNERS})\.)?(?:{'|'.join(map(re.escape, names))}))"
    return tuple(re.compile(one, re.IGNORECASE) for one in _written_elsewhere(told, rf"(?P<name>{_UNMISTAKABLE})"))


def _written_elsewhere(name: str, sure: str) -> Iterator[str]:
    """How others write variables."""
    yield rf"[$#%@]?\{{\s*[$#!@%:=&]?\s*{name}\s*(?:(?:\||\?\?)[^{{}}\n]*)?\}}+"
    yield rf"[｛]+\s*{name}\s*[｝]+"
    yield rf"\[\[\s*{name}\s*(?:\|[^\[\]\n]*)?\]\]"
    yield rf"%{{1,2}}{name}%{{1,2}}"
    yield rf"%\({name}\)s"
    yield rf"\$\({name}\)"
    yield rf"<%[=-]?\s*{name}\s*-?%>"
    yield rf"<<\s*{name}\s*>>"
    yield rf"«\s*{name}\s*»"
    yield r"\*\|(?P<name>[A-Z][\w:]{0,40})\|\*"
    yield rf"\{{%-?\s*(?:{_LIQUID})\b[^}}\n]*\}}?"
    yield rf"\[\s*{sure}\s*\](?![(\[])"
    yield rf"<\s*{sure}\s*>"
    yield rf"(?<![\w$])\${sure}\b"
    yield rf"(?<!\w)#{sure}#"
    yield rf"\b{sure}\s*\}}\}}"
