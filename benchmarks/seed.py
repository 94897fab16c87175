"""Fill a database with any number of chats and conversations, spread over 90 days.

    python -m benchmarks.seed DATABASE_URL 1000000

The rows are those that the product writes (without the words that were said), so that lists and figures can be timed
on a database of that size. The triggers are off meanwhile, and the rollups are counted at the end.
"""

from __future__ import annotations

import csv
import io
import random
import sys
import time
import uuid
from typing import Any, Dict, Iterator, List, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from proactive_api.storage.migrations import migrate
from proactive_api.storage.reports import rollups
from proactive_api.storage.sql import recipient_words, rollup_triggers
from proactive_api.storage.sql import tables as t
from proactive_api.storage.sql.engine import create_engine

DAYS, DAY = 90, 86400.0
CAMPAIGNS = ("spring_sale", "summer_sale", "renewals", "reminders", "surveys")
BATCH = 5000
#: One ticket for so many conversations that a human took over is still open.
OPEN_TICKETS = 40

Row = Dict[str, Any]


def fill(engine: Engine, count: int, now: float) -> None:
    """Add ``count`` chats with their conversations, and count the rollups."""
    chance = random.Random(count)
    with engine.begin() as conn:
        if conn.dialect.name == "sqlite":
            conn.exec_driver_sql("PRAGMA cache_size = -1000000")  # a gigabyte: indexes are filled in no order
        rollup_triggers.remove(conn)
        for begun in range(0, count, BATCH):
            many = [life(chance, now) for _ in range(min(BATCH, count - begun))]
            for table in (t.recipients, t.proactive_chats, t.conversations, t.handoffs):
                insert(conn, table, [row[table.name] for row in many if table.name in row])
        rollup_triggers.install(conn)
        rollups.rebuild(conn)
        recipient_words.fill(conn)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.exec_driver_sql("ANALYZE")


def life(chance: random.Random, now: float) -> Dict[str, Row]:
    """One recipient, what they were sent, and what came of it."""
    person, chat_id = (str(uuid.UUID(int=chance.getrandbits(128), version=4)) for _ in range(2))
    at, campaign = now - chance.random() * DAYS * DAY, chance.choice((*CAMPAIGNS, None))
    channel = chance.choice(("sms", "sms", "messenger"))
    status = chance.choices(("delivered", "sent", "failed", "skipped", "queued"), (80, 8, 6, 5, 1))[0]
    went = status in ("delivered", "sent")
    number = chance.getrandbits(40)
    rows = {
        "recipients": {"id": person, "user_id": f"user{number}", "nickname": f"Nick {number % 9973}",
                       "phone_number": f"+{number + 10**13}", "attributes": "{}", "created_at": at, "updated_at": at},
        "proactive_chats": {"id": chat_id, "conversation_id": chat_id, "recipient_id": person,
                            "sender_id": f"{channel}.{person}", "channel_type": channel, "campaign": campaign,
                            "message": "Our sale ends on Sunday. Would you like to see what is left?",
                            "suggested_replies": "[]", "if_active": "skip", "not_before": 0.0, "attempt": int(went),
                            "delivery_status": status, "encoding": "GSM-7", "segments": 1, "created_at": at,
                            "sent_at": at + 1 if went else None,
                            "delivered_at": at + 3 if status == "delivered" else None},
    }  # fmt: skip
    if went:
        rows["conversations"] = talk(chance, rows["proactive_chats"], at + 1)
        if rows["conversations"]["handed_over_at"] is not None:
            rows["handoffs"] = ticket(chance, rows["conversations"])
    return rows


def talk(chance: random.Random, chat: Row, at: float) -> Row:
    """A conversation's figures."""
    responded = at + chance.lognormvariate(7, 1.8) if chance.random() < 0.35 else None
    handed = responded + 20 if responded is not None and chance.random() < 0.1 else None
    closed = (responded or at) + chance.lognormvariate(8, 1.2) if chance.random() < 0.97 else None
    reasons = ("auto", "user_resolved", "user_unresolved") if handed is None else ("by_human_agent",)
    rated = closed is not None and responded is not None and chance.random() < 0.4
    return {
        "id": chat["id"], "sender_id": chat["sender_id"], "recipient_id": chat["recipient_id"],
        "channel_type": chat["channel_type"], "first_event": 0, "started_by": "business",
        "campaign": chat["campaign"], "conversation_type": "general" if responded else "proactive",
        "status": "open" if closed is None else "closed",
        "response_status": "responded" if responded else "not_responded", "started_at": at,
        "responded_at": responded, "last_activity_at": closed or responded or at,
        "auto_close_at": at + 86400 if closed is None else None, "handed_over_at": handed, "closed_at": closed,
        "closed_reason": chance.choice(reasons) if closed is not None else None,
        "resolution_time": closed - responded if closed is not None and responded is not None else None,
        "csat": chance.choices((1, 2, 3, 4, 5), (1, 1, 2, 5, 6))[0] if rated else None,
        "user_message_count": 2 if responded else 0, "agent_message_count": 2,
        "human_message_count": 1 if handed else 0, "late_response": False,
    }  # fmt: skip


def ticket(chance: random.Random, conversation: Row) -> Row:
    """A ticket; most are over."""
    is_open = chance.randrange(OPEN_TICKETS) == 0
    at = conversation["handed_over_at"]
    return {
        "id": str(uuid.UUID(int=chance.getrandbits(128), version=4)), "conversation_id": conversation["id"],
        "sender_id": conversation["sender_id"], "recipient_id": conversation["recipient_id"],
        "channel_type": conversation["channel_type"], "status": "open" if is_open else "resolved",
        "reason": "requested", "opened_at": at, "last_message_at": at, "unread": is_open,
        "ended_at": None if is_open else at + 600,
    }  # fmt: skip


def insert(conn: Connection, table: sa.Table, rows: Sequence[Row]) -> None:
    """Insert by the quickest way that the database has."""
    if not rows:
        return
    if conn.dialect.name != "postgresql":
        names, marks = ", ".join(rows[0]), ", ".join("?" for _ in rows[0])
        statement = f"INSERT INTO {table.name} ({names}) VALUES ({marks})"
        conn.exec_driver_sql(statement, [tuple(row.values()) for row in rows])
        return
    text = io.StringIO()
    csv.writer(text).writerows(_values(row) for row in rows)
    text.seek(0)
    with conn.connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table.name} ({', '.join(rows[0])}) FROM STDIN WITH CSV", text)


def _values(row: Row) -> Iterator[Any]:
    yield from ("" if value is None else value for value in row.values())


def main(arguments: List[str]) -> None:
    """Migrate and fill."""
    url, count = arguments[0], int(arguments[1])
    migrate.upgrade(url)
    engine, begun = create_engine(url), time.monotonic()
    fill(engine, count, time.time())
    print(f"{count} conversations in {time.monotonic() - begun:.0f} s")


if __name__ == "__main__":
    main(sys.argv[1:])
