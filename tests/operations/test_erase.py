"""A person is erased: nothing is left of them anywhere, and all of everybody else."""

from __future__ import annotations

from typing import Dict, List

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from proactive_api.lifecycle.values import ChannelType, SuggestedReply
from proactive_api.operations import consent, handoff
from proactive_api.operations.erase import erase
from proactive_api.operations.errors import Conflict, NotFound
from proactive_api.operations.handoff import Agent
from proactive_api.storage.conversations import links
from proactive_api.storage.people.recipients import Recipient
from proactive_api.storage.queues import inbound, receipts
from proactive_api.storage.queues.inbound import Inbound
from proactive_api.storage.sql import tables as t
from tests.http import story
from tests.operations import world
from tests.operations.world import NOW, accept, person

BO = Agent("user-bo", "Bo", True)


def live(conn: Connection, who: Recipient) -> List[str]:
    """Everything that can happen to somebody; the ids of their chats."""
    ids = [accept(conn, who, suggested_replies=(SuggestedReply("Shop", url="https://s.example"),))]
    ids.append(accept(conn, who, channel=ChannelType.MESSENGER, scheduled_at=NOW + 5))
    links.remember(conn, f"token-{who.user_id}", ids[0], "Shop", "https://s.example")
    ticket = world.ticket(conn, who)
    handoff.say(conn, ticket, BO, "Hello", NOW)
    handoff.note_typing(conn, ticket, BO, NOW)
    world.tell(conn, f"messenger.{who.id}", story.said(f"I am {who.user_id}", NOW))
    for sender, channel in ((who.phone_number, "sms"), (who.id, "messenger")):
        assert sender is not None
        message = Inbound(f"in-{channel}-{who.user_id}", sender, {"Body": "hi"}, NOW, channel_type=channel)
        inbound.store(conn, message)
    receipts.note_accepted(conn, f"SM-{who.user_id}", "sent", NOW, sender_id=f"sms.{who.id}", chat_id=ids[0])
    consent.note_asked(conn, who.id, NOW)
    known = {"api_key_id": "key", "key": who.user_id, "body_hash": "h", "status": 202, "created_at": NOW}
    conn.execute(sa.insert(t.idempotency_keys).values(**known, response=f'{{"recipient": {{"id": "{who.id}"}}}}'))
    conn.execute(sa.insert(t.visitor_cursors).values(sender_id=f"messenger.{who.id}", shown_id=1, read_id=1))
    session = {"session_hash": f"hash-{who.user_id}", "recipient_id": who.id, "last_seen_at": NOW}
    conn.execute(sa.insert(t.visitor_sessions).values(**session))
    return ids


def everything(conn: Connection) -> Dict[str, List[str]]:
    """Each table's rows as text."""
    return {one.name: sorted(str(tuple(row)) for row in world.rows(conn, one)) for one in t.metadata.sorted_tables}


def test_nothing_is_left_of_who_is_erased_and_everything_of_the_others(conn: Connection) -> None:
    live(conn, person(conn))
    kept = {name: rows for name, rows in everything(conn).items() if not name.startswith("rollup")}
    ada = person(conn, nickname="Countess")
    ids = live(conn, ada)
    erase(conn, ada.id)
    left = everything(conn)
    assert {name: rows for name, rows in left.items() if not name.startswith("rollup")} == kept
    traces = [ada.id, ada.user_id, ada.phone_number, "Countess", *ids]
    assert [(name, row) for name, rows in left.items() for row in rows if any(str(one) in row for one in traces)] == []


def test_every_table_that_knows_a_person_is_tried_here(conn: Connection) -> None:
    live(conn, person(conn))
    named = {"recipient_id", "sender_id", "sender"}
    about_people = {one.name for one in t.metadata.sorted_tables if named & set(one.columns.keys())} - {"plain_sockets"}
    counts = world.counts(conn)
    assert [name for name in about_people if not counts[name]] == [], "a table that is new here must be erased, too"


def test_a_message_on_its_way_is_waited_for(conn: Connection) -> None:
    ada = person(conn)
    sending, _ = accept(conn, ada), accept(conn, ada)
    world.set_chat(conn, sending, delivery_status="sending")
    before = world.counts(conn)
    with pytest.raises(Conflict, match="being sent"):
        erase(conn, ada.id)
    assert world.counts(conn) == before


def test_somebody_elses_message_on_its_way_is_nobodys_business(conn: Connection) -> None:
    ada, bob = person(conn), person(conn)
    world.set_chat(conn, accept(conn, bob), delivery_status="sending")
    erase(conn, ada.id)
    assert [row.id for row in world.rows(conn, t.recipients)] == [bob.id]


def test_who_is_not_there_cannot_be_erased(conn: Connection) -> None:
    with pytest.raises(NotFound):
        erase(conn, "nobody")
