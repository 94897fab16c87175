"""Triggers that note each change of a chat or a conversation for the rollups, in the transaction that makes it.

They see every writer there is: sends, receipts, the listener, erasing, a rebuild. They only ever insert, so that
transactions which count for the same day do not wait for each other.
"""

from __future__ import annotations

from typing import List, Sequence, Tuple

from sqlalchemy.engine import Connection

from proactive_api.storage.sql import counters

#: Columns whose change moves a count.
_CHAT = ("created_at", "channel_type", "campaign", "conversation_id", "delivery_status", "sent_at")
_CONVERSATION = (
    *("started_at", "channel_type", "campaign", "started_by", "status", "response_status", "responded_at"),
    *("handed_over_at", "closed_reason", "resolution_time", "csat"),
)
_SHARED = ("responded", "resolved")


def install(conn: Connection) -> None:
    """Make the triggers, instead of those that are there."""
    remove(conn)
    postgres = conn.dialect.name == "postgresql"
    for table, columns in (("proactive_chats", _CHAT), ("conversations", _CONVERSATION)):
        for statement in _postgres(table, columns) if postgres else _sqlite(table, columns):
            conn.exec_driver_sql(statement.replace("%", "%%") if postgres else statement)


def remove(conn: Connection) -> None:
    """Take the triggers away."""
    for table in ("proactive_chats", "conversations"):
        if conn.dialect.name == "postgresql":
            for event in ("insert", "update", "delete"):
                conn.exec_driver_sql(f"DROP TRIGGER IF EXISTS count_{table}_{event} ON {table}")
                conn.exec_driver_sql(f"DROP FUNCTION IF EXISTS count_{table}_{event}()")
        else:
            for event in ("insert", "update", "delete"):
                conn.exec_driver_sql(f"DROP TRIGGER IF EXISTS count_{table}_{event}")


def _events(table: str) -> Sequence[Tuple[str, List[str]]]:
    """What each event inserts; one statement, so that what came and what went are seen at one moment."""
    went = _selects(table, "OLD", -1)
    came = _selects(table, "NEW", 1)
    groups = {"insert": came, "update": [*went, *came], "delete": went}
    return [(event, _inserts(selects)) for event, selects in groups.items()]


def _inserts(selects: Sequence[Tuple[Tuple[str, ...], str]]) -> List[str]:
    kinds = list(dict.fromkeys(names for names, _ in selects))
    return [
        f"INSERT INTO rollup_deltas (at, channel_type, campaign, sign, {', '.join(names)}) "
        + " UNION ALL ".join(select for others, select in selects if others == names)
        for names in kinds
    ]


def _selects(table: str, row: str, sign: int) -> List[Tuple[Tuple[str, ...], str]]:
    if table == "proactive_chats":
        names = tuple(counters.OF_CHATS)
        values = ", ".join(sql.replace("c.", f"{row}.") for sql in counters.OF_CHATS.values())
        source = f"FROM (SELECT 1 AS one) AS one LEFT JOIN conversations AS v ON v.id = {row}.conversation_id"
        return [(names, f"SELECT {row}.created_at, {row}.channel_type, {row}.campaign, {sign}, {values} {source}")]
    own = {**counters.OF_CONVERSATIONS, **counters.DURATIONS}
    values = ", ".join(sql.replace("v.", f"{row}.") for sql in own.values())
    mine = f"SELECT {row}.started_at, {row}.channel_type, {row}.campaign, {sign}, {values}"
    shared = ", ".join(counters.OF_CHATS[name].replace("v.", f"{row}.") for name in _SHARED)
    chats = (
        f"SELECT c.created_at, c.channel_type, c.campaign, {sign}, {shared} FROM proactive_chats AS c"
        f" WHERE c.conversation_id = {row}.id AND c.sent_at IS NOT NULL"
        f" AND ({row}.response_status = 'responded' OR {row}.resolution_time IS NOT NULL)"
    )
    return [(tuple(own), mine), (_SHARED, chats)]


def _sqlite(table: str, columns: Sequence[str]) -> List[str]:
    changed = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in columns)
    return [
        f"CREATE TRIGGER count_{table}_{event} AFTER {event.upper()} ON {table}"
        f"{f' WHEN {changed}' if event == 'update' else ''} BEGIN {'; '.join(inserts)}; END"
        for event, inserts in _events(table)
    ]


def _postgres(table: str, columns: Sequence[str]) -> List[str]:
    changed = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in columns)
    statements = []
    for event, inserts in _events(table):
        name, when = f"count_{table}_{event}", f" WHEN ({changed})" if event == "update" else ""
        body = f"BEGIN {'; '.join(inserts)}; RETURN NULL; END"
        statements.append(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $body$ {body} $body$")
        statements.append(
            f"CREATE TRIGGER {name} AFTER {event.upper()} ON {table} FOR EACH ROW{when} EXECUTE FUNCTION {name}()"
        )
    return statements
