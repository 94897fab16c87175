"""Wrong passwords in a row: each one makes the next wait longer, whichever API server is asked."""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import dataclass
from typing import Any, Dict, Optional, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from proactive_api.storage.sql import tables as t
from proactive_api.storage.sql.writing import insert_missing

#: Longest wait, seconds.
LONGEST_WAIT = 900.0
#: Failures this old no longer count, seconds.
MEMORY = 86400.0

_attempts = t.sign_in_attempts


@dataclass(frozen=True)
class Subject:
    """What is tried: an account, or from an address.

    Args:
        free: failures before there is any wait. Many people may share an address.
    """

    key: str
    free: int


def of(email: str, address: str) -> Sequence[Subject]:
    """The subjects of a try, in the order in which they are locked."""
    digest = hashlib.sha256(email.encode("utf-8", "surrogatepass")).hexdigest()
    return [Subject(f"address:{_network(address)}"[:80], 30), Subject(f"email:{digest}", 5)]


def begin(conn: Connection, subjects: Sequence[Subject], now: float) -> Optional[float]:
    """Count a try as a failure before it is known to be one, so that many at once are not one.

    Returns:
        Seconds to wait, and nothing is counted; ``None`` to go ahead.
    """
    _forget(conn, now)
    fresh = {"failures": 0, "blocked_until": 0.0, "updated_at": now}
    insert_missing(conn, _attempts, [{"subject": one.key, **fresh} for one in subjects])
    rows: Dict[str, Any] = {}
    for one in subjects:
        query = sa.select(_attempts).where(_attempts.c.subject == one.key).with_for_update()
        rows[one.key] = conn.execute(query).one()
    wait = max(row.blocked_until for row in rows.values()) - now
    if wait > 0:
        return wait
    for one in subjects:
        failures = rows[one.key].failures + 1
        values = {"failures": failures, "blocked_until": now + _wait(failures - one.free), "updated_at": now}
        conn.execute(sa.update(_attempts).where(_attempts.c.subject == one.key).values(**values))
    return None


def succeed(conn: Connection, subjects: Sequence[Subject]) -> None:
    """The try was right: the account's wrong ones are forgotten, of the address only this try.

    Else whoever has an account could go on guessing those of others.
    """
    for one in subjects:
        mine = _attempts.c.subject == one.key
        if one.key.startswith("email:"):
            conn.execute(sa.delete(_attempts).where(mine))
        else:
            undone = {"failures": _attempts.c.failures - 1, "blocked_until": 0.0}
            conn.execute(sa.update(_attempts).where(mine, _attempts.c.failures > 0).values(**undone))


def _wait(beyond: int) -> float:
    return 0.0 if beyond < 0 else min(LONGEST_WAIT, 2.0 ** min(beyond, 20))


def _forget(conn: Connection, now: float) -> None:
    conn.execute(sa.delete(_attempts).where(_attempts.c.updated_at < now - MEMORY))


def _network(address: str) -> str:
    """Whoever has one IPv6 address has 2^64 of them."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if parsed.version == 4:
        return str(parsed)
    return str(ipaddress.ip_network((parsed, 64), strict=False).network_address)
