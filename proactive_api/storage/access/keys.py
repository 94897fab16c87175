"""API keys: shown once, stored as hashes, with scopes."""

from __future__ import annotations

import hashlib
import secrets
import time
import uuid
from dataclasses import dataclass
from typing import Iterable, List, Optional, Tuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from proactive_api.storage.sql import tables as t

#: What a key may allow. ``admin`` includes the others.
SCOPES: Tuple[str, ...] = ("send", "read", "agent", "admin")

#: Seconds for which ``last_used_at`` may lag behind: not every request has to write.
USE_RESOLUTION = 60.0

_keys = t.api_keys
#: Any number that nobody else takes: two processes do not both make the first key.
_FIRST_KEY_LOCK = 7308324


@dataclass(frozen=True)
class ApiKey:
    """A key without its secret. Times are seconds UTC."""

    id: str
    name: str
    scopes: Tuple[str, ...]
    created_at: float
    last_used_at: Optional[float] = None
    revoked_at: Optional[float] = None

    def allows(self, scope: str) -> bool:
        """Whether the key may do what needs ``scope``."""
        return scope in self.scopes or "admin" in self.scopes


def hash_key(secret: str) -> str:
    """What is stored of a key. Keys are long and random, so a plain digest cannot be guessed back."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def create(conn: Connection, name: str, scopes: Iterable[str], now: float) -> Tuple[ApiKey, str]:
    """Make a key; its secret is returned here and can never be read again.

    Raises:
        ValueError: if a scope is none of ``SCOPES``, or there is none.
    """
    wanted = set(scopes)
    if not wanted or wanted - set(SCOPES):
        raise ValueError(f"scopes must be some of {', '.join(SCOPES)}")
    secret = "pk_" + secrets.token_urlsafe(32)
    key = ApiKey(str(uuid.uuid4()), name, tuple(s for s in SCOPES if s in wanted), now)
    row = {"id": key.id, "name": name, "key_hash": hash_key(secret), "scopes": " ".join(key.scopes), "created_at": now}
    conn.execute(sa.insert(_keys).values(**row))
    return key, secret


def find(conn: Connection, secret: str) -> Optional[ApiKey]:
    """The key with this secret, unless revoked."""
    query = sa.select(_keys).where(_keys.c.key_hash == hash_key(secret), _keys.c.revoked_at.is_(None))
    row = conn.execute(query).first()
    return _key(row) if row is not None else None


def touch(conn: Connection, key_id: str, now: float) -> None:
    """Note that the key was used."""
    conn.execute(sa.update(_keys).where(_keys.c.id == key_id).values(last_used_at=now))


def list_all(conn: Connection) -> List[ApiKey]:
    """Every key ever made, newest first."""
    rows = conn.execute(sa.select(_keys).order_by(_keys.c.created_at.desc(), _keys.c.id.desc()))
    return [_key(row) for row in rows]


def revoke(conn: Connection, key_id: str, now: float) -> bool:
    """Make a key worthless; ``False`` if there is none with this id. Twice is once."""
    mine = sa.update(_keys).where(_keys.c.id == key_id)
    return bool(conn.execute(mine.values(revoked_at=sa.func.coalesce(_keys.c.revoked_at, now))).rowcount)


def ensure_admin_key(engine: Engine, configured: Optional[str], now: Optional[float] = None) -> Optional[str]:
    """See to it that somebody can sign in (contract, ``PROACTIVE_ADMIN_KEY``).

    Args:
        configured: the key that the environment sets, if any: it works without being stored.
        now: seconds UTC; the clock's time if left out.

    Returns:
        A new admin key to show once, ``None`` if there is one already.
    """
    if configured:
        return None
    with engine.begin() as conn:
        if conn.dialect.name == "postgresql":
            conn.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _FIRST_KEY_LOCK})
        if any(key.allows("admin") and key.revoked_at is None for key in list_all(conn)):
            return None
        return create(conn, "first start", ["admin"], time.time() if now is None else now)[1]


def _key(row: Row) -> ApiKey:
    return ApiKey(row.id, row.name, tuple(row.scopes.split()), row.created_at, row.last_used_at, row.revoked_at)
