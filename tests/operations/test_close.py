"""A conversation is asked to close, once."""

from __future__ import annotations

import json

import pytest
from sqlalchemy.engine import Connection

from proactive_api.lifecycle.values import ClosedReason
from proactive_api.operations.close import close
from proactive_api.operations.errors import Conflict, NotFound
from proactive_api.storage.queues import commands
from proactive_api.storage.sql import tables as t
from tests.http import story
from tests.operations import world
from tests.operations.world import NOW, person

FORCE = ClosedReason.FORCE_CLOSED


def test_closing_is_a_command_for_the_conversations_channel(conn: Connection) -> None:
    ada = person(conn)
    chat_id = world.open_conversation(conn, ada)
    before = close(conn, chat_id, FORCE, NOW)
    (asked,) = world.rows(conn, t.commands)
    assert before.figures["status"] == "open" and before.recipient["id"] == ada.id
    assert (asked.kind, asked.conversation_id, asked.sender_id) == ("close", chat_id, f"sms.{ada.id}")
    assert (json.loads(asked.payload), asked.status, asked.created_at) == ({"reason": "force_closed"}, "queued", NOW)


def test_a_conversation_that_is_not_there_cannot_be_closed(conn: Connection) -> None:
    with pytest.raises(NotFound):
        close(conn, "nothing", FORCE, NOW)


def test_a_closed_conversation_cannot_be_closed(conn: Connection) -> None:
    ada = person(conn)
    chat_id = world.open_conversation(conn, ada)
    world.tell(conn, f"sms.{ada.id}", story.closed(NOW - 1))
    with pytest.raises(Conflict, match="already closed"):
        close(conn, chat_id, FORCE, NOW)
    assert world.rows(conn, t.commands) == []


@pytest.mark.parametrize("done", [False, True])
def test_who_asks_second_is_told(conn: Connection, done: bool) -> None:
    chat_id = world.open_conversation(conn, person(conn))
    close(conn, chat_id, FORCE, NOW)
    if done:
        commands.finish(conn, world.rows(conn, t.commands)[0].id, NOW)
    with pytest.raises(Conflict, match="already being closed"):
        close(conn, chat_id, ClosedReason.BY_HUMAN_AGENT, NOW + 1)
    assert len(world.rows(conn, t.commands)) == 1


def test_what_failed_may_be_asked_for_again(conn: Connection) -> None:
    chat_id = world.open_conversation(conn, person(conn))
    close(conn, chat_id, FORCE, NOW)
    commands.finish(conn, world.rows(conn, t.commands)[0].id, NOW, "no")
    close(conn, chat_id, FORCE, NOW + 1)
    assert sorted(row.status for row in world.rows(conn, t.commands)) == ["failed", "queued"]


def test_two_conversations_close_apart(conn: Connection) -> None:
    ada = person(conn)
    first, second = world.open_conversation(conn, ada), world.open_conversation(conn, ada, "messenger")
    close(conn, first, FORCE, NOW)
    close(conn, second, FORCE, NOW)
    assert {row.sender_id for row in world.rows(conn, t.commands)} == {f"sms.{ada.id}", f"messenger.{ada.id}"}
