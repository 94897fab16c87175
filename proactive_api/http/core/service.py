"""From a raw request to an answer: let in, read, done in one transaction, remembered. Runs off the event loop."""

from __future__ import annotations

import contextlib
import hashlib
import re
import threading
import time
from dataclasses import dataclass, field, replace
from typing import Any, Callable, Dict, Iterator, Mapping, Optional, Sequence, Tuple

import msgspec
from sqlalchemy.engine import Connection, Engine

from proactive_api.config import Config
from proactive_api.http.core import reading
from proactive_api.http.core.access import ENVIRONMENT_KEY, Access, Credentials, enter
from proactive_api.http.core.endpoint import Answer, Call, Endpoint
from proactive_api.http.core.problems import Problem, invalid
from proactive_api.http.core.query import read_query
from proactive_api.storage.access import idempotency, keys, sessions
from proactive_api.storage.sql.engine import reader

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
#: Parts of addresses that are no ids.
_PATH = {"number": re.compile(r"\+[1-9][0-9]{1,14}")}
_IDEMPOTENCY_KEY = re.compile(r"[\x20-\x7e]{1,255}")


@dataclass(frozen=True)
class Raw:
    """A request as it came."""

    shown: Credentials = Credentials()
    address: str = ""
    content_type: str = ""
    idempotency_key: Optional[str] = None
    if_none_match: str = ""
    path: Mapping[str, str] = field(default_factory=dict)
    query: Sequence[Tuple[str, str]] = ()
    body: bytes = b""


@dataclass(frozen=True)
class Reply:
    """An answer, ready to be sent."""

    status: int
    body: bytes
    headers: Mapping[str, str]
    wakes: bool = False
    parts: Optional[Iterator[bytes]] = None


@dataclass(frozen=True)
class Service:
    """Answers requests.

    Args:
        engine: the database.
        config: the environment.
        clock: tells the time, seconds UTC.
        turn: held while writing to a database that takes one writer only.
    """

    engine: Engine
    config: Config
    clock: Callable[[], float] = time.time
    turn: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, endpoint: Endpoint, request: Raw) -> Reply:
        """Do what the request asks for.

        Raises:
            Problem: and nothing was stored.
        """
        now = self.clock()
        with reader(self.engine).begin() as conn:
            access = enter(conn, request.shown, endpoint.method, endpoint.scope, self.config.admin_key, now)
        call = self._read(endpoint, request, access, now)
        with self._transaction(endpoint.writes) as conn:
            reply = self._once(conn, endpoint, request, call)
        self._note_use(access, now)
        return _unless_known(reply, request.if_none_match) if endpoint.has_tag else reply

    @contextlib.contextmanager
    def _transaction(self, writes: bool = True) -> Iterator[Connection]:
        if not writes:
            with reader(self.engine).begin() as conn:
                yield conn
            return
        # SQLite has one writer at a time; those who wait for it in turn here need not poll for it there.
        turn = self.turn if self.engine.dialect.name == "sqlite" else contextlib.nullcontext()
        with turn, self.engine.begin() as conn:
            yield conn

    def _read(self, endpoint: Endpoint, request: Raw, access: Access, now: float) -> Call:
        for name, value in request.path.items():
            if not _PATH.get(name, _ID).fullmatch(value):
                raise Problem("not-found", "Nothing was found with this id.")
        query = read_query(request.query, endpoint.query or NoParameters)
        body = None
        if endpoint.body is not None:
            body = reading.read_body(request.body, request.content_type, endpoint.body)
        return Call(
            key=access.key,
            now=now,
            path=request.path,
            query=query,
            body=body,
            config=self.config,
            transaction=self._transaction,
            session=access.session,
            address=request.address,
        )

    def _once(self, conn: Connection, endpoint: Endpoint, request: Raw, call: Call) -> Reply:
        """The answer; with an ``Idempotency-Key``, the first one again."""
        repeat = request.idempotency_key
        if not endpoint.repeatable or repeat is None:
            return _reply(endpoint, endpoint.handler(conn, call))
        if not _IDEMPOTENCY_KEY.fullmatch(repeat):
            raise invalid("Idempotency-Key", "This header must have 1 to 255 plain characters.")
        mark = idempotency.fingerprint(endpoint.method, endpoint.path, call.path, msgspec.to_builtins(call.body))
        try:
            first = idempotency.claim(conn, call.key.id, repeat, mark, call.now)
        except idempotency.Reused:
            sentence = "This Idempotency-Key came with another request before. Use a new key for a new request."
            raise Problem("idempotency-key-reused", sentence, "Idempotency-Key") from None
        if first is not None:
            return Reply(first.status, first.response.encode(), {"Idempotent-Replayed": "true"})
        reply = _reply(endpoint, endpoint.handler(conn, call))
        idempotency.finish(conn, call.key.id, repeat, reply.status, reply.body.decode())
        return reply

    def _note_use(self, access: Access, now: float) -> None:
        key, session = access.key, access.session
        if session is not None:
            if now - session.last_seen_at > keys.USE_RESOLUTION:
                with self._transaction(writes=True) as conn:
                    sessions.touch(conn, session, now)
        elif key.id not in ("", ENVIRONMENT_KEY) and now - (key.last_used_at or 0.0) > keys.USE_RESOLUTION:
            with self._transaction(writes=True) as conn:
                keys.touch(conn, key.id, now)


class NoParameters(msgspec.Struct, forbid_unknown_fields=True):
    """For addresses that take none."""


def _reply(endpoint: Endpoint, answer: Answer) -> Reply:
    body = b"" if answer.body is None else msgspec.json.encode(answer.body)
    headers: Dict[str, Any] = dict(answer.headers)
    return Reply(endpoint.status, body, headers, answer.wakes, answer.parts)


def _unless_known(reply: Reply, known: str) -> Reply:
    """The answer with its tag; without its body for those who show that they have it."""
    if "Cache-Control" in reply.headers:
        return reply
    tag = f'"{hashlib.blake2b(reply.body, digest_size=12).hexdigest()}"'
    headers = {**reply.headers, "ETag": tag, "Cache-Control": "private, no-cache"}
    if tag in (one.strip().removeprefix("W/") for one in known.split(",")):
        return Reply(304, b"", headers)
    return replace(reply, headers=headers)
