"""People, sends and conversations for the tests of operations. It is noon UTC on the first of June 2026."""

from __future__ import annotations

import uuid
from datetime import datetime, timezone
from typing import Any, Dict, List

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from proactive_api.lifecycle.links import Links
from proactive_api.lifecycle.values import ChannelType
from proactive_api.operations.send import Draft, send
from proactive_api.storage import settings as stored
from proactive_api.storage.conversations import trackers
from proactive_api.storage.conversations.trackers import Append
from proactive_api.storage.people import recipients
from proactive_api.storage.people.recipients import Recipient
from proactive_api.storage.sql import tables as t
from tests.http import story

NOW = datetime(2026, 6, 1, 12, tzinfo=timezone.utc).timestamp()
HOUR = 3600.0
LINKS = Links("secret", "https://shop.example")


def person(conn: Connection, **values: Any) -> Recipient:
    """Somebody with a user ID and a number; in UTC unless told otherwise."""
    name = uuid.uuid4().hex[:8]
    number = f"+1415555{int(name, 16) % 9000 + 1000}"
    known = {"user_id": name, "phone_number": number, "timezone": "UTC", **values}
    return recipients.create(conn, known, NOW)


def again(conn: Connection, recipient: Recipient) -> Recipient:
    """The same person as they are now."""
    found = recipients.find(conn, id=recipient.id)
    assert found is not None
    return found


def draft(recipient: Recipient, message: Any = "Sale!", **fields: Any) -> Draft:
    """A message by SMS to somebody."""
    return Draft(**{"channel": ChannelType.SMS, "user_id": recipient.user_id, "message": message, **fields})


def accept(conn: Connection, recipient: Recipient, message: Any = "Sale!", at: float = NOW, **fields: Any) -> str:
    """A send that was accepted; its id."""
    return str(send(conn, draft(recipient, message, **fields), LINKS, at).chat["id"])


def send_to_number(conn: Connection, recipient: Recipient, message: str = "Sale!", **fields: Any) -> str:
    """A send to somebody's number that was accepted; its id."""
    wanted = Draft(ChannelType.SMS, phone_number=recipient.phone_number, message=message, **fields)
    return str(send(conn, wanted, LINKS, NOW).chat["id"])


def patch(conn: Connection, **changes: Any) -> None:
    """Change the settings."""
    stored.patch(conn, changes)


def chat(conn: Connection, chat_id: str) -> Row:
    """A send's row."""
    return conn.execute(sa.select(t.proactive_chats).where(t.proactive_chats.c.id == chat_id)).one()


def set_chat(conn: Connection, chat_id: str, **columns: Any) -> None:
    """Change a send's row."""
    conn.execute(sa.update(t.proactive_chats).where(t.proactive_chats.c.id == chat_id).values(**columns))


def tell(conn: Connection, sender_id: str, *events: List[story.Event]) -> None:
    """What happened in a conversation, through the real listener."""
    trackers.append(conn, [Append(sender_id, [event for some in events for event in some])])


def open_conversation(conn: Connection, recipient: Recipient, channel: str = "sms", at: float = NOW - 60) -> str:
    """A conversation of this person that is open; its id."""
    name = str(uuid.uuid4())
    tell(conn, f"{channel}.{recipient.id}", story.opening(name, at))
    return name


def ticket(conn: Connection, recipient: Recipient) -> str:
    """A conversation that waits for a human; the ticket's id."""
    conversation_id = open_conversation(conn, recipient)
    sender_id = f"sms.{recipient.id}"
    tell(conn, sender_id, story.said("a person please", NOW - 50), story.handed_over(NOW - 40))
    query = sa.select(t.handoffs.c.id).where(t.handoffs.c.conversation_id == conversation_id)
    return str(conn.execute(query).scalar_one())


def rows(conn: Connection, table: sa.Table) -> List[Row]:
    """All of a table."""
    return list(conn.execute(sa.select(table)))


def counts(conn: Connection) -> Dict[str, int]:
    """How many rows there are, by table."""
    tables = t.metadata.sorted_tables
    return {one.name: conn.execute(sa.select(sa.func.count()).select_from(one)).scalar_one() for one in tables}
