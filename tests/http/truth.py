"""Holds every answer that a test gets against the OpenAPI document."""

from __future__ import annotations

import re
from typing import Any, Dict, Optional

import httpx
import jsonschema

from proactive_api.http.catalogue import document

#: Made once: it takes longer than what most tests ask.
_DOCUMENT = document()
_ADDRESSES = [
    (re.compile(re.sub(r"{\w+}", "[^/]+", path)), operations) for path, operations in _DOCUMENT["paths"].items()
]
_validators: Dict[int, jsonschema.Draft202012Validator] = {}


def check(response: httpx.Response) -> None:
    """Fails if this answer is not one that the document foretells."""
    response.read()
    operation = _operation(response.request)
    if operation is None:
        return
    foretold = operation["responses"].get(str(response.status_code))
    assert foretold is not None, f"{response.request.method} {response.request.url}: {response.status_code} is not told"
    for media_type, content in foretold.get("content", {}).items():
        assert response.headers["content-type"].startswith(media_type)
        validate(response.json() if media_type.endswith("json") else response.text, content["schema"])


def validate(value: Any, schema: Dict[str, Any]) -> None:
    """Fails if ``value`` is not as this part of the document says."""
    if id(schema) not in _validators:
        whole = {**schema, "components": _DOCUMENT["components"]}
        _validators[id(schema)] = jsonschema.Draft202012Validator(whole, format_checker=jsonschema.FormatChecker())
    _validators[id(schema)].validate(value)


def _operation(request: httpx.Request) -> Optional[Dict[str, Any]]:
    for pattern, operations in _ADDRESSES:
        if pattern.fullmatch(request.url.path) and request.method.lower() in operations:
            return operations[request.method.lower()]
    return None
