"""What an address of the API is: one declaration that the routes, the checks and the OpenAPI document share."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, field
from typing import Any, Callable, ContextManager, Iterator, Mapping, Optional, Type

from sqlalchemy.engine import Connection

from proactive_api.config import Config
from proactive_api.storage.access.keys import ApiKey
from proactive_api.storage.access.sessions import Session

#: Scope of what anybody may ask, and of what only somebody who signed in may ask.
OPEN, SIGNED_IN = "open", "session"
JSON, CSV = "application/json", "text/csv"


@dataclass(frozen=True)
class Call:
    """A request that was let in and read.

    Args:
        key: who asks; for somebody who signed in, their id, name and scopes.
        now: seconds UTC.
        path: the parts of the address that stand in braces.
        query: the parameters, as the endpoint's ``query``.
        body: the body, as the endpoint's ``body``.
        config: the environment.
        transaction: opens one, whatever becomes of the endpoint's own; it writes unless told otherwise.
        session: who is signed in, unless a key asks.
        address: where the request comes from.
    """

    key: ApiKey
    now: float
    path: Mapping[str, str]
    query: Any
    body: Any
    config: Config
    transaction: Callable[..., ContextManager[Connection]]
    session: Optional[Session] = None
    address: str = ""

    @property
    def id(self) -> str:
        """The id in the address."""
        return self.path["id"]


@dataclass(frozen=True)
class Answer:
    """A successful answer.

    Args:
        body: encoded as JSON; ``None`` is no body.
        headers: more response headers.
        wakes: whether there is new work for the worker.
        parts: instead of ``body``, bytes that are made while they are sent, off the event loop and outside of the
            endpoint's transaction.
    """

    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)
    wakes: bool = False
    parts: Optional[Iterator[bytes]] = None


@dataclass(frozen=True)
class Endpoint:
    """One method of one address.

    Args:
        method: the HTTP method.
        path: with the parts that vary in braces.
        scope: what the API key or the person's role must allow; or ``OPEN``, or ``SIGNED_IN``.
        handler: runs off the event loop, in a transaction of its own; what it raises is rolled back.
            Its docstring is the endpoint's description.
        query: the parameters it takes.
        body: the body it takes; ``None`` is none.
        response: what the body of its answer is.
        status: of a successful answer.
        writes: whether the transaction writes.
        repeatable: whether an ``Idempotency-Key`` is honoured.
        media_type: of a successful answer.
        problems: kinds of problems beyond those that its scope, path, query and body imply.
    """

    method: str
    path: str
    scope: str
    handler: Callable[[Connection, Call], Answer]
    query: Optional[Type[Any]] = None
    body: Optional[Type[Any]] = None
    response: Optional[Type[Any]] = None
    status: int = 200
    writes: bool = False
    repeatable: bool = False
    media_type: str = JSON
    problems: tuple[str, ...] = ()

    @property
    def has_tag(self) -> bool:
        """Whether an answer can be told from the one before by its ``ETag``."""
        return self.method == "GET" and self.media_type == JSON

    @property
    def summary(self) -> str:
        """The first line of the description."""
        return self.description.splitlines()[0].rstrip(".")

    @property
    def description(self) -> str:
        """What it does, for people."""
        return inspect.getdoc(self.handler) or ""
