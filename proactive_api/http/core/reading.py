"""Requests into values: what cannot be used becomes a problem that names the field in plain words."""

from __future__ import annotations

import json
import re
from typing import (
    Any,
    List,
    Literal,
    Sequence,
    Tuple,
    Type,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

import msgspec

from proactive_api.http.core import patterns
from proactive_api.http.core.problems import FieldError, Problem, invalid

T = TypeVar("T")

#: Largest body, bytes. Nothing that the API takes comes near.
MAX_BODY = 1_048_576
#: Deepest nesting of a body.
MAX_DEPTH = 24
#: Beyond this most programs that read JSON cannot tell one whole number from the next.
MAX_NUMBER = 2**53

#: Control characters and halves of characters; line breaks and tabs are fine.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def read_body(body: bytes, content_type: str, wanted: Type[T]) -> T:
    """A JSON body as a ``wanted``.

    Raises:
        Problem: 400, 413, 415 or 422.
    """
    return convert(read_json(body, content_type), wanted)


def read_json(body: bytes, content_type: str) -> Any:
    """A JSON body as plain values, safe to store.

    Raises:
        Problem: 400, 413, 415 or 422.
    """
    if len(body) > MAX_BODY:
        raise Problem("too-large", f"The body is larger than {MAX_BODY} bytes, which nothing here needs.", "body")
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type != "application/json" and not media_type.endswith("+json"):
        raise Problem("unsupported-media-type", "Send the body as JSON, with Content-Type: application/json.", "body")
    try:
        value = json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
    except RecursionError:
        raise invalid("body", "The body is nested too deeply.") from None
    except UnicodeDecodeError as error:
        raise Problem("invalid-json", f"The body is not UTF-8 (byte {error.start}).", "body") from None
    except ValueError as error:
        raise Problem("invalid-json", f"The body is not JSON: {error}.", "body") from None
    return clean(value)


def convert(value: Any, wanted: Type[T]) -> T:
    """Plain values as a ``wanted``.

    Raises:
        Problem: 422, naming the field.
    """
    try:
        return msgspec.convert(value, wanted)
    except msgspec.ValidationError as error:
        field, sentence = _in_plain_words(str(error), wanted)
        raise invalid(field, sentence) from None
    except (OverflowError, ValueError, RecursionError):
        raise invalid("body", "A value in the body is not valid.") from None


def clean(value: Any) -> Any:
    """``value`` with line breaks written one way, if all its texts and numbers can be stored.

    Raises:
        Problem: 422, naming every field that cannot.
    """
    errors: List[FieldError] = []
    cleaned = _clean(value, "", 0, errors)
    if errors:
        raise Problem("invalid-field", errors[0].detail, errors[0].field, errors[:20])
    return cleaned


def printable(name: str) -> str:
    """A name as it may stand in an answer."""
    return _UNPRINTABLE.sub("\ufffd", name)[:100]


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a number in JSON")


def _clean(value: Any, path: str, depth: int, errors: List[FieldError]) -> Any:
    if isinstance(value, str):
        return _clean_text(value, path, errors)
    if isinstance(value, (dict, list)) and depth >= MAX_DEPTH:
        errors.append(FieldError(path[:100], "This is nested too deeply."))
    elif isinstance(value, dict):
        return {k: _clean(v, _checked_name(path, k, errors), depth + 1, errors) for k, v in value.items()}
    elif isinstance(value, list):
        return [_clean(v, f"{path}[{i}]", depth + 1, errors) for i, v in enumerate(value)]
    elif isinstance(value, (int, float)) and not abs(value) <= MAX_NUMBER:
        errors.append(FieldError(path, "This number is too large."))
    return value


def _checked_name(path: str, name: str, errors: List[FieldError]) -> str:
    field = f"{path}.{printable(name)}" if path else printable(name)
    if _UNPRINTABLE.search(name):
        errors.append(FieldError(field, "A field's name holds a character that is not text."))
    return field


def _clean_text(text: str, path: str, errors: List[FieldError]) -> str:
    text = text.replace("\r\n", "\n")
    found = _UNPRINTABLE.search(text)
    if found:
        sentence = f"Character {found.start() + 1} (U+{ord(found.group()):04X}) is not text. Remove it."
        errors.append(FieldError(path or "body", sentence))
    return text


#: How msgspec says it, and how we do. ``{0}`` and so on are the parts that the pattern catches.
_SENTENCES: Sequence[Tuple[str, str]] = (
    (r"Object missing required field `(.+)`", "This field is required."),
    (r"Object contains unknown field `(.+)`", "There is no field of this name."),
    (r"Expected `str` of length >= 1", "This can't be empty."),
    (r"Expected `str` of length <= (\d+)", "This is too long: at most {0} characters."),
    (r"Expected `str` of length >= (\d+)", "This is too short: at least {0} characters."),
    (r"Expected `array` of length >= (\d+)", "This needs at least {0} entry."),
    (r"Expected `array` of length <= (\d+)", "These are too many: at most {0}."),
    (r"Expected `object` of length <= (\d+)", "These are too many: at most {0}."),
    (r"Expected `(?:int|float)` > ([-\d.]+)", "This must be above {0}."),
    (r"Expected `(?:int|float)` >= ([-\d.]+)", "This must be at least {0}."),
    (r"Expected `(?:int|float)` <= ([-\d.]+)", "This must be at most {0}."),
    (r"Expected `datetime` with a timezone component", "This time needs an offset or Z at its end."),
    (r"Invalid RFC3339 encoded datetime", "This must be a time such as 2026-11-22T09:00:00Z."),
    (r"Number out of range", "This number is too large."),
)
_WORDS = {
    "str": "a text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "object": "an object",
    "array": "a list",
    "null": "null",
    "datetime": "a time such as 2026-11-22T09:00:00Z",
}
_WRONG_TYPE = re.compile(r"Expected `(.+)`, got `(.+)`")
_NOT_MATCHING = re.compile(r"Expected `str` matching regex (.+)")


def _in_plain_words(message: str, wanted: Any) -> Tuple[str, str]:
    """Field and sentence for what msgspec says."""
    text, _, path = message.partition(" - at `$")
    field = path.rstrip("`").lstrip(".").replace("[...]", "")
    for pattern, sentence in _SENTENCES:
        found = re.fullmatch(pattern, text)
        if found:
            named = pattern.startswith("Object ")
            inner = f"{field}.{found.group(1)}" if field and named else (found.group(1) if named else field)
            return inner or "body", sentence.format(*found.groups())
    return field or "body", _of_value(text, field, wanted)


def _of_value(text: str, field: str, wanted: Any) -> str:
    wrong = _WRONG_TYPE.fullmatch(text)
    if wrong:
        expected = " or ".join(_WORDS.get(word, word) for word in wrong.group(1).split(" | "))
        return f"This must be {expected}, not {_WORDS.get(wrong.group(2), wrong.group(2))}."
    unmatched = _NOT_MATCHING.fullmatch(text)
    if unmatched:
        pattern = unmatched.group(1)[1:-1].replace("\\\\", "\\")
        return patterns.SENTENCES.get(pattern, "This is not written in the right way.")
    if text.startswith("Invalid enum value"):
        return f"This must be one of {', '.join(_choices(wanted, field))}."
    return "This cannot be used."


def _choices(wanted: Any, field: str) -> List[str]:
    """The values that a field takes, found through its type."""
    kind: Any = wanted
    for name in field.split("."):
        kind = (
            _without_null(get_type_hints(kind).get(name.partition("[")[0]))
            if hasattr(kind, "__annotations__")
            else None
        )
        if kind is not None and get_origin(kind) in (list, List):
            kind = get_args(kind)[0]
    return sorted(str(value) for value in get_args(kind)) if get_origin(kind) is Literal else ["the known values"]


def _without_null(kind: Any) -> Any:
    if get_origin(kind) is not Union:
        return kind
    inner = [one for one in get_args(kind) if one not in (type(None), msgspec.UnsetType)]
    return inner[0] if len(inner) == 1 else None
