"""The OpenAPI document, made from the declarations that the routes and the checks use."""

from __future__ import annotations

import re
from typing import Any, Dict, Iterable, List, Sequence, Set, Tuple

import msgspec

from proactive_api.http.core import health, limits
from proactive_api.http.core.access import COOKIE
from proactive_api.http.core.endpoint import OPEN, SIGNED_IN, Endpoint
from proactive_api.http.core.problems import CONTENT_TYPE, KINDS, ProblemBody

_REF = "#/components/schemas/{name}"
_JSON = "application/json"
_ALWAYS = ("bad-request", "unauthorized", "forbidden", "invalid-field", "internal", "unavailable")
_WITH_BODY = ("invalid-json", "too-large", "unsupported-media-type")
_OPEN = {"/healthz": health.healthz, "/readyz": health.readyz, "/metrics": health.metrics}

_INTRODUCTION = """Send proactive messages and see what came of them.

Scripts send an API key (`Authorization: Bearer …`) with the scope that the operation names; `admin` includes the
others. The dashboard's pages send the session's cookie, and `X-CSRF-Token` with whatever changes something. Errors
are `application/problem+json`. Lists are newest first; `next_cursor` leads to the next page. Times are RFC 3339 in
UTC, durations seconds, phone numbers E.164."""


def document(endpoints: Sequence[Endpoint]) -> Dict[str, Any]:
    """The document that describes these endpoints."""
    schemas, components = _schemas(endpoints)
    paths: Dict[str, Dict[str, Any]] = {}
    for endpoint in endpoints:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint, schemas, components)
    for path, handler in _OPEN.items():
        paths[path] = {"get": _health_operation(path, handler)}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Proactive chats", "version": "1", "description": _INTRODUCTION},
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer", "description": "An API key."},
                "session": {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": "Somebody signed in."},
            },
        },
    }


def _schemas(endpoints: Sequence[Endpoint]) -> Tuple[Dict[Any, Any], Dict[str, Any]]:
    """A reference for each type, and what is referred to."""
    kinds: List[Any] = [ProblemBody]
    for endpoint in endpoints:
        kinds += [kind for kind in (endpoint.query, endpoint.body, endpoint.response) if kind and kind not in kinds]
    references, components = msgspec.json.schema_components(kinds, ref_template=_REF)
    schemas, components = dict(zip(kinds, references, strict=True)), dict(components)
    asked = [kind for endpoint in endpoints for kind in (endpoint.query, endpoint.body) if kind]
    limits.tell(components, [schemas[kind] for kind in asked])
    return schemas, components


def _operation(endpoint: Endpoint, schemas: Dict[Any, Any], components: Dict[str, Any]) -> Dict[str, Any]:
    operation: Dict[str, Any] = {
        "operationId": _name(endpoint),
        "tags": [endpoint.path.split("/")[2]] if endpoint.path.startswith("/v1/") else ["about"],
        "summary": endpoint.summary,
        "description": f"{endpoint.description}\n\nScope: `{endpoint.scope}`.",
        "security": _security(endpoint.scope),
        "parameters": [*_path_parameters(endpoint), *_query_parameters(endpoint, schemas, components)],
        "responses": {str(endpoint.status): _success(endpoint, schemas), **_unchanged(endpoint), **_problems(endpoint)},
    }
    if endpoint.repeatable:
        operation["parameters"].append(_IDEMPOTENCY_KEY)
    if endpoint.body is not None:
        operation["requestBody"] = {"required": True, "content": {_JSON: {"schema": schemas[endpoint.body]}}}
    return operation


def _security(scope: str) -> List[Dict[str, List[str]]]:
    if scope == OPEN:
        return []
    return [{"session": []}] if scope == SIGNED_IN else [{"key": [scope]}, {"session": [scope]}]


_IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Within 24 hours, the same key with the same body gets the first answer again and does nothing.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": r"^[\x20-\x7e]*$"},
}


def _name(endpoint: Endpoint) -> str:
    words = re.findall(r"\w+", endpoint.path.removeprefix("/v1"))
    return "_".join([endpoint.method.lower(), *words]).replace(".", "_")


def _path_parameters(endpoint: Endpoint) -> List[Dict[str, Any]]:
    names = re.findall(r"{(\w+)}", endpoint.path)
    schemas = {"number": {"type": "string", "pattern": r"^\+[1-9][0-9]{1,14}$"}}
    uuid = {"type": "string", "format": "uuid"}
    return [{"name": name, "in": "path", "required": True, "schema": schemas.get(name, uuid)} for name in names]


def _query_parameters(
    endpoint: Endpoint, schemas: Dict[Any, Any], components: Dict[str, Any]
) -> Iterable[Dict[str, Any]]:
    if endpoint.query is None:
        return
    schema = components[schemas[endpoint.query]["$ref"].rpartition("/")[2]]
    for name, value in schema["properties"].items():
        yield {"name": name, "in": "query", "required": name in schema.get("required", ()), "schema": value}


def _success(endpoint: Endpoint, schemas: Dict[Any, Any]) -> Dict[str, Any]:
    response: Dict[str, Any] = {"description": endpoint.summary}
    if endpoint.response is not None:
        response["content"] = {endpoint.media_type: {"schema": schemas[endpoint.response]}}
    return response


def _unchanged(endpoint: Endpoint) -> Dict[str, Any]:
    return {"304": {"description": "As it was: `If-None-Match` shows its `ETag`."}} if endpoint.has_tag else {}


def _problems(endpoint: Endpoint) -> Dict[str, Any]:
    kinds: Set[str] = {*_ALWAYS, *endpoint.problems}
    kinds.update(("csrf",) if endpoint.method != "GET" else ())
    kinds.update(_WITH_BODY if endpoint.body is not None else ())
    kinds.update(("idempotency-key-reused",) if endpoint.repeatable else ())
    kinds.update(("not-found",) if "{" in endpoint.path else ())
    return _problem_answers(kinds)


def _problem_answers(kinds: Iterable[str]) -> Dict[str, Any]:
    by_status: Dict[int, List[str]] = {}
    for kind in sorted(kinds):
        by_status.setdefault(KINDS[kind][0], []).append(f"`{kind}`: {KINDS[kind][1]}.")
    content = {CONTENT_TYPE: {"schema": {"$ref": _REF.format(name=ProblemBody.__name__)}}}
    return {
        str(status): {"description": " ".join(told), "content": content} for status, told in sorted(by_status.items())
    }


def _health_operation(path: str, handler: Any) -> Dict[str, Any]:
    summary = (handler.__doc__ or "").strip()
    answers: Dict[str, Any] = {"200": {"description": summary}}
    if path == "/readyz":
        answers["503"] = {"description": "Some part is not ready; the body names it."}
    needed: List[Dict[str, List[str]]] = []
    if path == "/metrics":
        needed.append({"key": ["read"]})
        answers.update(_problem_answers(("unauthorized", "forbidden", "unavailable", "internal")))
    return {
        "operationId": f"check_{path[1:]}",
        "tags": ["about"],
        "summary": summary,
        "security": needed,
        "responses": answers,
    }
