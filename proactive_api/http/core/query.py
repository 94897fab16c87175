"""Query parameters into values: each is written as JSON has it, texts and times without quotes."""

from __future__ import annotations

import datetime
import json
import re
from typing import Annotated, Any, Callable, Dict, Mapping, Sequence, Tuple, Type, TypeVar, Union, get_args, get_origin

import msgspec

from proactive_api.http.core.problems import invalid
from proactive_api.http.core.reading import clean, convert, printable

T = TypeVar("T", bound=msgspec.Struct)

_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]*)")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
#: Digits of the longest number that is looked at; all that fit into a field are shorter.
_LONGEST_NUMBER = 40
#: An offset whose plus became a blank, as it does in an address that was not encoded.
_LOST_PLUS = re.compile(r"(T[0-9:.]+) ([0-9]{2}:[0-9]{2})$")


def read_query(pairs: Sequence[Tuple[str, str]], wanted: Type[T]) -> T:
    """Query parameters as a ``wanted``.

    Raises:
        Problem: 422, naming the parameter.
    """
    given: Dict[str, str] = {}
    for name, value in pairs:
        if name in given:
            raise invalid(printable(name), "This parameter is given twice.")
        given[name] = value
    kinds = {field.encode_name: _kind(field.type) for field in msgspec.structs.fields(wanted)}
    texts: Dict[str, str] = clean(given)
    values = {name: _READERS.get(kinds.get(name), _text)(name, value) for name, value in texts.items()}
    return convert(clean(values), wanted)


def _kind(declared: Any) -> Any:
    """The type of a field, without what is said of it and without null."""
    if get_origin(declared) is Annotated:
        return _kind(get_args(declared)[0])
    if get_origin(declared) is Union:
        (inner,) = [one for one in get_args(declared) if one is not type(None)]
        return _kind(inner)
    return declared


def _text(_name: str, value: str) -> str:
    return value


def _time(_name: str, value: str) -> str:
    return _LOST_PLUS.sub(r"\1+\2", value)


def _whole_number(name: str, value: str) -> int:
    if not _WHOLE.fullmatch(value):
        raise invalid(name, "This must be a whole number.")
    return int(_json_number(name, value))


def _number(name: str, value: str) -> float:
    if not _NUMBER.fullmatch(value):
        raise invalid(name, "This must be a number.")
    return _json_number(name, value)


def _json_number(name: str, value: str) -> Any:
    if len(value) > _LONGEST_NUMBER:
        raise invalid(name, "This number is too long.")
    return json.loads(value)


def _yes_or_no(name: str, value: str) -> bool:
    if value not in ("true", "false"):
        raise invalid(name, "This must be true or false.")
    return value == "true"


_READERS: Mapping[Any, Callable[[str, str], Any]] = {
    int: _whole_number,
    float: _number,
    bool: _yes_or_no,
    datetime.datetime: _time,
}
