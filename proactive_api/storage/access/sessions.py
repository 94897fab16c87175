"""Who is signed in: a secret that only their browser holds, stored as a hash."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Optional

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from proactive_api.storage.access import users
from proactive_api.storage.access.users import User
from proactive_api.storage.sql import tables as t

#: Seconds without a request after which a session ends, and seconds after which it ends in any case.
IDLE, ABSOLUTE = 12 * 3600.0, 7 * 86400.0

_sessions, _users = t.sessions, t.users


@dataclass(frozen=True)
class Session:
    """Somebody who is signed in.

    Args:
        secret_hash: what stands for the session in the database.
        csrf_token: what a page of ours knows of the secret, and no other site.
        last_seen_at: seconds UTC.
    """

    user: User
    secret_hash: str
    csrf_token: str
    last_seen_at: float


def begin(conn: Connection, user: User, now: float) -> tuple[Session, str]:
    """Sign somebody in; the secret is returned here only."""
    secret = secrets.token_urlsafe(32)
    digest = _hash(secret)
    row = {"secret_hash": digest, "user_id": user.id, "created_at": now, "last_seen_at": now}
    conn.execute(sa.delete(_sessions).where(_sessions.c.last_seen_at <= now - IDLE))
    conn.execute(sa.insert(_sessions).values(**row))
    return Session(user, digest, csrf_token(secret), now), secret


def find(conn: Connection, secret: str, now: float) -> Optional[Session]:
    """The session with this secret, unless it ended or its user may not sign in any more."""
    digest = _hash(secret)
    query = sa.select(_sessions.c.user_id, _sessions.c.last_seen_at).where(
        _sessions.c.secret_hash == digest,
        _sessions.c.last_seen_at > now - IDLE,
        _sessions.c.created_at > now - ABSOLUTE,
    )
    row = conn.execute(query).first()
    user = users.find(conn, id=row.user_id) if row is not None else None
    if row is None or user is None or user.disabled_at is not None:
        return None
    return Session(user, digest, csrf_token(secret), row.last_seen_at)


def touch(conn: Connection, session: Session, now: float) -> None:
    """Note that it was used."""
    mine = _sessions.c.secret_hash == session.secret_hash
    conn.execute(sa.update(_sessions).where(mine).values(last_seen_at=now))


def end(conn: Connection, session: Session) -> None:
    """End one session: who is signed in elsewhere stays so there."""
    conn.execute(sa.delete(_sessions).where(_sessions.c.secret_hash == session.secret_hash))


def end_all(conn: Connection, user_id: str, but: Optional[Session] = None) -> None:
    """Sign somebody out everywhere, ``but`` here."""
    theirs = _sessions.c.user_id == user_id
    if but is not None:
        theirs = sa.and_(theirs, _sessions.c.secret_hash != but.secret_hash)
    conn.execute(sa.delete(_sessions).where(theirs))


def csrf_token(secret: str) -> str:
    """Follows from the secret, so that it needs no storing; the secret does not follow from it."""
    return hmac.new(secret.encode("utf-8", "surrogatepass"), b"csrf", hashlib.sha256).hexdigest()


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
