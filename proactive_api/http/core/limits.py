"""What every request is held to (``reading``), told in the schemas of the OpenAPI document."""

from __future__ import annotations

from typing import Any, Dict, Iterable, Mapping, Set

from proactive_api.http.core.patterns import TEXT
from proactive_api.http.core.reading import MAX_NUMBER

#: Any value of JSON that can be stored.
VALUE = "StoredValue"
_NAMES = {"pattern": TEXT}
_BOUNDS = {"minimum": -MAX_NUMBER, "maximum": MAX_NUMBER}
_SAID = ("pattern", "format", "enum", "const")


def tell(components: Dict[str, Any], requests: Iterable[Mapping[str, Any]]) -> None:
    """Say in the components that requests are made of which characters and numbers they may hold.

    Args:
        components: schemas by their names; changed in place.
        requests: references to those of query parameters and bodies.
    """
    seen: Set[str] = set()
    for reference in requests:
        _follow(reference, components, seen)
    if VALUE in seen:
        components[VALUE] = _value()


def _value() -> Dict[str, Any]:
    mine = _reference()
    simple = [{"type": "null"}, {"type": "boolean"}, {"type": "number", **_BOUNDS}, {"type": "string", "pattern": TEXT}]
    nested = [
        {"type": "array", "items": mine},
        {"type": "object", "propertyNames": dict(_NAMES), "additionalProperties": mine},
    ]
    return {"title": VALUE, "description": "Any value of JSON that can be stored.", "anyOf": [*simple, *nested]}


def _reference() -> Dict[str, Any]:
    return {"$ref": f"#/components/schemas/{VALUE}"}


def _follow(schema: Any, components: Dict[str, Any], seen: Set[str]) -> None:
    if isinstance(schema, list):
        for one in schema:
            _follow(one, components, seen)
    if not isinstance(schema, dict):
        return
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    if name and name not in seen:
        seen.add(name)
        _follow(components.get(name), components, seen)
    _limit(schema)
    for key in ("anyOf", "oneOf", "allOf", "prefixItems", "items", "additionalProperties"):
        _follow(schema.get(key), components, seen)
    for one in (schema.get("properties") or {}).values():
        _follow(one, components, seen)


def _limit(schema: Dict[str, Any]) -> None:
    kind = schema.get("type")
    if kind == "string" and not any(said in schema for said in _SAID):
        schema["pattern"] = TEXT
    if kind in ("number", "integer") and "enum" not in schema:
        if "exclusiveMinimum" not in schema:
            schema.setdefault("minimum", -MAX_NUMBER)
        schema.setdefault("maximum", MAX_NUMBER)
    if kind == "array" and schema.get("items") == {}:
        schema["items"] = _reference()
    if kind == "object" and "properties" not in schema:
        schema["propertyNames"] = {**_NAMES, **schema.get("propertyNames", {})}
        if schema.get("additionalProperties", {}) in ({}, True):
            schema["additionalProperties"] = _reference()
