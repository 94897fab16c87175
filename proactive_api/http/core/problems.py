"""Problem responses (RFC 9457): whatever goes wrong, the caller gets the same shape and a sentence to act on."""

from __future__ import annotations

import logging
from typing import Dict, List, Mapping, Optional, Tuple, Type

import msgspec
from sanic import Request, Sanic
from sanic.exceptions import SanicException
from sanic.response import HTTPResponse, raw
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, NotSupportedError, ProgrammingError

from proactive_api.operations.errors import Conflict, InvalidInput, NotFound, OperationError

logger = logging.getLogger(__name__)

CONTENT_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:proactive:problem:"

#: Database errors that mean a mistake in our code, not an absent database.
_OUR_FAULT = (DataError, ProgrammingError, NotSupportedError)

#: Every kind of problem: its status and title. The kind's name is the end of its ``type``.
KINDS: Mapping[str, Tuple[int, str]] = {
    "bad-request": (400, "Invalid request"),
    "invalid-json": (400, "Invalid JSON"),
    "unauthorized": (401, "Authentication required"),
    "forbidden": (403, "Permission denied"),
    "csrf": (403, "The request did not come from the dashboard"),
    "not-found": (404, "Not found"),
    "method-not-allowed": (405, "Method not allowed"),
    "timeout": (408, "Request timed out"),
    "conflict": (409, "Conflict with the current state"),
    "idempotency-key-reused": (409, "Idempotency-Key already used"),
    "too-large": (413, "Request too large"),
    "unsupported-media-type": (415, "Unsupported content type"),
    "invalid-field": (422, "Invalid field"),
    "too-many-requests": (429, "Too many attempts"),
    "internal": (500, "Something went wrong"),
    "unavailable": (503, "Temporarily unavailable"),
}

_BY_OPERATION: Mapping[Type[OperationError], str] = {
    InvalidInput: "invalid-field",
    NotFound: "not-found",
    Conflict: "conflict",
}

_BY_STATUS = {
    400: "bad-request",
    401: "unauthorized",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    408: "timeout",
    413: "too-large",
    503: "unavailable",
}


class FieldError(msgspec.Struct, frozen=True):
    """One field at fault."""

    field: str
    detail: str


class ProblemBody(msgspec.Struct, frozen=True, rename={"kind": "type"}):
    """What every error answer says."""

    kind: str
    title: str
    status: int
    detail: str
    field: Optional[str] = None
    errors: List[FieldError] = []


class Problem(Exception):
    """An error answer.

    Args:
        kind: one of ``KINDS``.
        detail: a sentence that a marketer understands.
        field: the field at fault, such as ``suggested_replies[0].title``.
        errors: all fields at fault, if there are several.
        headers: more response headers.
    """

    def __init__(
        self,
        kind: str,
        detail: str,
        field: Optional[str] = None,
        errors: Optional[List[FieldError]] = None,
        headers: Optional[Mapping[str, str]] = None,
    ) -> None:
        super().__init__(detail)
        self.status, title = KINDS[kind]
        listed = errors or ([FieldError(field, detail)] if field else [])
        self.body = ProblemBody(TYPE_PREFIX + kind, title, self.status, detail, field, listed)
        self.headers: Dict[str, str] = dict(headers or {})

    def response(self) -> HTTPResponse:
        """The answer to send."""
        return raw(msgspec.json.encode(self.body), self.status, self.headers, CONTENT_TYPE)


def invalid(field: str, detail: str) -> Problem:
    """A field that cannot be used."""
    return Problem("invalid-field", detail, field)


def not_found(what: str) -> Problem:
    """No such thing; ``what`` is a noun with its article."""
    return Problem("not-found", f"There is {what} with this id.")


def install(app: Sanic) -> None:
    """Make every error of ``app`` a problem response."""
    app.error_handler.add(Exception, _respond)


async def _respond(request: Request, error: Exception) -> HTTPResponse:
    return translate(error).response()


def translate(error: Exception) -> Problem:
    """The problem that stands for an exception; what nobody foresaw is logged and told without its details."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, OperationError):
        kind = next((kind for one, kind in _BY_OPERATION.items() if isinstance(error, one)), "conflict")
        return Problem(kind, str(error), error.field)
    if isinstance(error, SanicException):
        return _of_server(error)
    if isinstance(error, IntegrityError):
        # Two requests at once, of which the other one was faster.
        logger.warning("A request met another one: %s", error.orig)
        return Problem("conflict", "Something changed while this was being saved. Try again.")
    if isinstance(error, DBAPIError) and not isinstance(error, _OUR_FAULT):
        logger.error("The database did not answer: %s", error.orig)
        sentence = "The database can't be reached right now. Nothing was saved. Try again shortly."
        return Problem("unavailable", sentence, headers={"Retry-After": "2"})
    logger.error("Unforeseen error", exc_info=error)
    return Problem("internal", "An unexpected error occurred. Details are in the server's log.")


_SENTENCES = {
    "bad-request": "The server could not read this request.",
    "not-found": "There is no such address. /openapi.json lists those that there are.",
    "method-not-allowed": "This address does not take this method.",
    "too-large": "The request is larger than the server takes.",
    "timeout": "The request did not arrive in time.",
    "unavailable": "The server did not answer in time. Try again shortly.",
}


def _of_server(error: SanicException) -> Problem:
    kind = _BY_STATUS.get(error.status_code, "internal" if error.status_code >= 500 else "bad-request")
    headers = {k: v for k, v in (getattr(error, "headers", None) or {}).items() if k.lower() == "allow"}
    field = "body" if kind == "too-large" else None
    return Problem(kind, _SENTENCES.get(kind, "The server could not handle this request."), field, headers=headers)
