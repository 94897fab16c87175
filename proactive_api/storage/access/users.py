"""People who sign in to the dashboard, their roles, and the links by which they choose a password."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from typing import Any, List, Mapping, Optional, Tuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from proactive_api.storage.access.keys import SCOPES
from proactive_api.storage.sql import tables as t
from proactive_api.storage.sql.writing import insert_for

#: What each role may do, in the scopes of API keys.
ROLES: Mapping[str, Tuple[str, ...]] = {"marketer": ("send", "read"), "agent": ("read", "agent"), "admin": SCOPES}

#: Seconds for which an invitation, or the link for the first user, can be used.
LINK_LIFETIME = 7 * 86400.0

_users, _links = t.users, t.sign_in_links
#: Any number that nobody else takes: there is one first user, whoever asks at once.
_FIRST_USER_LOCK = 7308325


@dataclass(frozen=True)
class User:
    """Somebody who may sign in. Times are seconds UTC."""

    id: str
    email: str
    name: str
    role: str
    created_at: float
    disabled_at: Optional[float] = None
    password_hash: Optional[str] = None

    @property
    def scopes(self) -> Tuple[str, ...]:
        """What they may do."""
        return ROLES[self.role]


@dataclass(frozen=True)
class Link:
    """A link that was not used yet; without a user, it makes the first one."""

    user_id: Optional[str]


def normal_email(email: str) -> str:
    """An address as it is stored and looked for."""
    return email.strip().lower()


def add(
    conn: Connection, email: str, name: str, role: str, now: float, password_hash: Optional[str] = None
) -> Optional[User]:
    """A new user; ``None`` if the address is somebody's already."""
    row = {
        "id": str(uuid.uuid4()),
        "email": normal_email(email),
        "name": name,
        "role": role,
        "created_at": now,
        "password_hash": password_hash,
    }
    added = conn.execute(insert_for(conn, _users).values(**row).on_conflict_do_nothing())
    return find(conn, id=row["id"]) if added.rowcount else None


def find(conn: Connection, lock: bool = False, **unique: Any) -> Optional[User]:
    """The user with this ``id`` or ``email``."""
    ((name, value),) = unique.items()
    query = sa.select(_users).where(_users.c[name] == value)
    row = conn.execute(query.with_for_update() if lock else query).first()
    return _user(row) if row is not None else None


def list_all(conn: Connection) -> List[User]:
    """Every user, the latest added first."""
    return [_user(row) for row in conn.execute(sa.select(_users).order_by(_users.c.created_at.desc(), _users.c.id))]


def exist(conn: Connection) -> bool:
    """Whether there is any user."""
    return conn.execute(sa.select(_users.c.id).limit(1)).first() is not None


def update(conn: Connection, user_id: str, **values: Any) -> None:
    """Change some columns of a user, already checked."""
    if values:
        conn.execute(sa.update(_users).where(_users.c.id == user_id).values(**values))


def delete(conn: Connection, user_id: str) -> None:
    """Remove a user and their links."""
    conn.execute(sa.delete(_links).where(_links.c.user_id == user_id))
    conn.execute(sa.delete(_users).where(_users.c.id == user_id))


def is_last_admin(conn: Connection, user_id: str) -> bool:
    """Whether nobody else could administer; no other admin changes until the transaction ends."""
    working = sa.and_(_users.c.role == "admin", _users.c.disabled_at.is_(None), _users.c.password_hash.is_not(None))
    admins = conn.execute(sa.select(_users.c.id).where(working).order_by(_users.c.id).with_for_update()).scalars().all()
    return list(admins) == [user_id]


def new_link(conn: Connection, user_id: Optional[str], now: float) -> str:
    """A link's token: shown once, stored as a hash, used once. Earlier ones for the same user are void."""
    token = secrets.token_urlsafe(32)
    same = _links.c.user_id == user_id if user_id is not None else _links.c.user_id.is_(None)
    conn.execute(sa.delete(_links).where(sa.or_(same, _links.c.expires_at <= now)))
    row = {"token_hash": _hash(token), "user_id": user_id, "expires_at": now + LINK_LIFETIME}
    conn.execute(sa.insert(_links).values(**row))
    return token


def use_link(conn: Connection, token: str, now: float) -> Optional[Link]:
    """Use a token up; ``None`` if it is not known, used, or too old. Of two at once, one gets it."""
    mine = sa.and_(_links.c.token_hash == _hash(token), _links.c.expires_at > now)
    found = conn.execute(sa.select(_links).where(mine).with_for_update()).first()
    if found is None or not conn.execute(sa.delete(_links).where(mine)).rowcount:
        return None
    return Link(found.user_id)


def lock_first(conn: Connection) -> None:
    """Let nobody else make the first user until the transaction ends."""
    if conn.dialect.name == "postgresql":
        conn.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _FIRST_USER_LOCK})


def first_link(engine: Engine, now: float) -> Optional[str]:
    """The token of the link that makes the first user; ``None`` if there is one already."""
    with engine.begin() as conn:
        lock_first(conn)
        return None if exist(conn) else new_link(conn, None, now)


def _hash(token: str) -> str:
    # Tokens are long and random: a plain digest cannot be guessed back.
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _user(row: Row) -> User:
    return User(**{name: row._mapping[name] for name in User.__dataclass_fields__})
