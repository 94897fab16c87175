"""What is asked of the carrier's memory, each as one function over a connection."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any, Dict, List, Optional, Set, Tuple

from proactive_api.sandbox.messages import INBOUND, OUTBOUND, Message, from_row, to_row
from proactive_api.sandbox.store import INSERT, SELECT

#: How many pairs ``/stats`` lists; ``duplicates_total`` counts them all.
DUPLICATES_LISTED = 100


@dataclass(frozen=True)
class Filter:
    """What a list of messages is narrowed to. ``since`` and ``before`` bound the time of
    sending, from and up to but without: what is still queued has none, as Twilio documents of ``DateSent``.
    """

    to: Optional[str] = None
    sender: Optional[str] = None
    since: Optional[float] = None
    before: Optional[float] = None
    #: The SID of the last message of the page before.
    after_sid: Optional[str] = None
    skip: int = 0

    def where(self) -> Tuple[str, List[Any]]:
        """The SQL condition and its values."""
        position = "(created_at, id) < (SELECT created_at, id FROM messages WHERE sid = ?)"
        parts = {
            "to_number = ?": self.to,
            "from_number = ?": self.sender,
            "sent_at >= ?": self.since,
            "sent_at < ?": self.before,
            position: self.after_sid,
        }
        used = {sql: value for sql, value in parts.items() if value is not None}
        return " AND ".join(used) or "1", list(used.values())


def add(connection: sqlite3.Connection, message: Message) -> None:
    """Store an outbound message."""
    connection.execute(INSERT, to_row(message))


def receive(connection: sqlite3.Connection, message: Message, opted_out: Optional[bool]) -> None:
    """Store what a person typed; ``opted_out`` tells whether that opts the phone out or in, None neither."""
    connection.execute(INSERT, to_row(message))
    if opted_out is not None:
        sql = "INSERT OR IGNORE INTO opted_out VALUES (?)" if opted_out else "DELETE FROM opted_out WHERE phone = ?"
        connection.execute(sql, (message.from_number,))


def move(
    connection: sqlite3.Connection,
    sid: str,
    status: str,
    error_code: int,
    stage: int,
    pending: bool = True,
    left_at: Optional[float] = None,
) -> None:
    """Note how far a message has got; ``left_at`` is when it left for the network, seconds UTC."""
    sql = (
        "UPDATE messages SET status = ?, error_code = ?, stage = ?, pending = ?, sent_at = COALESCE(sent_at, ?)"
        " WHERE sid = ?"
    )
    connection.execute(sql, (status, error_code, stage, pending, left_at, sid))


def fetch(connection: sqlite3.Connection, sid: str) -> Optional[Message]:
    """The message with this SID."""
    row = connection.execute(SELECT + "WHERE sid = ?", (sid,)).fetchone()
    return from_row(row) if row else None


def newest_first(connection: sqlite3.Connection, wanted: Filter, limit: int) -> List[Message]:
    """Messages in both directions, newest first."""
    where, values = wanted.where()
    sql = f"{SELECT} WHERE {where} ORDER BY created_at DESC, id DESC LIMIT ? OFFSET ?"
    return [from_row(row) for row in connection.execute(sql, [*values, limit, wanted.skip])]


def of_phone(connection: sqlite3.Connection, phone: str) -> List[Message]:
    """Everything to and from this phone, oldest first."""
    sql = SELECT + (
        "WHERE (to_number = :phone AND direction <> :inbound) OR (from_number = :phone AND direction = :inbound)"
        " ORDER BY created_at, id"
    )
    return [from_row(row) for row in connection.execute(sql, {"phone": phone, "inbound": INBOUND})]


def last_writer(connection: sqlite3.Connection, phone: str) -> Optional[str]:
    """The business number that last wrote to this phone."""
    sql = "SELECT from_number FROM messages WHERE to_number = ? AND direction = ? ORDER BY created_at DESC, id DESC"
    row = connection.execute(sql + " LIMIT 1", (phone, OUTBOUND)).fetchone()
    return str(row[0]) if row else None


def last_of_each_phone(connection: sqlite3.Connection, limit: int) -> List[Tuple[str, Message]]:
    """Each phone with its newest message, newest first."""
    sql = (
        "SELECT max(id), CASE direction WHEN ? THEN from_number ELSE to_number END AS phone"
        " FROM messages GROUP BY phone ORDER BY 1 DESC LIMIT ?"
    )
    found = connection.execute(sql, (INBOUND, limit)).fetchall()
    return [(phone, from_row(connection.execute(SELECT + "WHERE id = ?", (row,)).fetchone())) for row, phone in found]


def pending(connection: sqlite3.Connection) -> List[Message]:
    """What still has callbacks or a webhook to post, oldest first."""
    return [from_row(row) for row in connection.execute(SELECT + "WHERE pending ORDER BY id")]


def opted_out(connection: sqlite3.Connection) -> Set[str]:
    """Phones that may not be written to."""
    return {row[0] for row in connection.execute("SELECT phone FROM opted_out")}


def stats(connection: sqlite3.Connection) -> Dict[str, Any]:
    """Counts of what was created, and what went to the same phone in the same words more than once."""
    statuses = "SELECT status, count(*) FROM messages WHERE direction = ? GROUP BY status"
    by_status = dict(connection.execute(statuses, (OUTBOUND,)).fetchall())
    twice = "SELECT to_number, body, count(*) AS n FROM messages WHERE direction = ? GROUP BY 1, 2 HAVING n > 1"
    again = connection.execute(twice, (OUTBOUND,)).fetchall()
    received = connection.execute("SELECT count(*) FROM messages WHERE direction = ?", (INBOUND,)).fetchone()[0]
    return {
        "created": sum(by_status.values()),
        "by_status": by_status,
        "received": received,
        "duplicates": [{"to": to, "body": body, "count": n} for to, body, n in again[:DUPLICATES_LISTED]],
        "duplicates_total": sum(n - 1 for _, _, n in again),
    }
