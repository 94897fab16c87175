"""The OpenAPI document tells what every request is held to."""

from __future__ import annotations

from typing import Any, Dict, Iterator

import jsonschema
import pytest

from proactive_api.http.catalogue import document

DOCUMENT = document()


def body_schema(path: str, method: str = "post") -> Dict[str, Any]:
    content = DOCUMENT["paths"][path][method]["requestBody"]["content"]
    return {**content["application/json"]["schema"], "components": DOCUMENT["components"]}


def is_told_good(path: str, body: Dict[str, Any]) -> bool:
    return bool(jsonschema.Draft202012Validator(body_schema(path)).is_valid(body))


@pytest.mark.parametrize(
    "attributes",
    [{"a": "\x00"}, {"a\x7f": 1}, {"a": ["\x1b"]}, {"a": {"b": "\x08"}}, {"a": 2**60}, {"a": {"b": [-1e300]}}],
)
def test_what_cannot_be_stored_is_told(attributes: Dict[str, Any]) -> None:
    assert not is_told_good("/v1/recipients", {"user_id": "a", "attributes": attributes})


def test_what_can_be_stored_is_told() -> None:
    attributes = {"a": ["x\ty\n", {"b": None}], "ключ": True, "n": 41.5}
    assert is_told_good("/v1/recipients", {"user_id": "Zoë", "attributes": attributes})


@pytest.mark.parametrize(
    "change",
    [{"message": "a\x00"}, {"campaign": "a\nb"}, {"campaign": "\x7f"}, {"scheduled_at": "1969-12-31T23:59:59Z"},
     {"auto_close_timeout": 5e-324}, {"suggested_replies": ["a\tb"]}, {"entities": {"n": 2**60}}],
)  # fmt: skip
def test_a_send_that_is_refused_is_told(change: Dict[str, Any]) -> None:
    good = {"channel_type": "sms", "phone_number": "+14155550123", "message": "Two\nlines", "scheduled_at": None}
    assert is_told_good("/v1/proactive-chats", good) and not is_told_good("/v1/proactive-chats", {**good, **change})


def schemas_of_requests() -> Iterator[Dict[str, Any]]:
    for operations in DOCUMENT["paths"].values():
        for operation in operations.values():
            yield from (one["schema"] for one in operation.get("parameters", ()))


def test_every_text_of_a_query_tells_its_characters() -> None:
    plain = [one for one in schemas_of_requests() for part in one.get("anyOf", [one]) if part.get("type") == "string"]
    texts = [part for one in plain for part in one.get("anyOf", [one]) if part.get("type") == "string"]
    assert texts and all({"pattern", "format", "enum"} & set(one) for one in texts)
