"""In which order commands of one conversation are claimed."""

from __future__ import annotations

from typing import List

from sqlalchemy.engine import Engine

from proactive_api.storage.queues import commands

ADA, BOB = "sms.ada", "sms.bob"


def ask(engine: Engine, sender_id: str, kind: str, at: float) -> str:
    with engine.begin() as conn:
        asked = commands.enqueue(
            conn, kind=kind, conversation_id=sender_id, sender_id=sender_id, payload={}, dedup_key=None, now=at
        )
    assert asked is not None
    return asked


def claimed(engine: Engine, now: float) -> List[str]:
    with engine.begin() as conn:
        return [row.id for row in commands.claim(conn, now, 100)]


def test_nothing_overtakes_what_was_asked_before_in_the_same_conversation(engine: Engine) -> None:
    words, close = ask(engine, ADA, "human_message", 1.0), ask(engine, ADA, "close", 2.0)
    other = ask(engine, BOB, "close", 3.0)
    assert claimed(engine, 10.0) == [words, close, other], "what is claimed together is done in this order"
    with engine.begin() as conn:
        commands.release(conn, words, 15.0)  # the carrier did not answer
        commands.release(conn, close, 0.0)
        commands.finish(conn, other, 11.0)
    assert claimed(engine, 11.0) == [], "it waits until the words before it are said"
    assert claimed(engine, 15.0) == [words, close]


def test_words_that_are_just_being_said_are_not_overtaken(engine: Engine) -> None:
    words = ask(engine, ADA, "human_message", 1.0)
    assert claimed(engine, 1.1) == [words]
    close, other = ask(engine, ADA, "close", 2.0), ask(engine, BOB, "close", 3.0)
    assert claimed(engine, 3.0) == [other]
    with engine.begin() as conn:
        commands.finish(conn, words, 3.5)
    assert claimed(engine, 3.6) == [close]


def test_what_is_asked_later_is_done_later_though_its_request_came_first(engine: Engine) -> None:
    """A request that waits for another one's lock was timed before it waited."""
    words, close = ask(engine, ADA, "human_message", 2.0), ask(engine, ADA, "close", 1.0)
    assert claimed(engine, 3.0) == [words, close]
    with engine.begin() as conn:
        assert [one.id for one in commands.load(conn, [close, words])] == [words, close]


def test_a_command_knows_whether_words_wait_before_it(engine: Engine) -> None:
    first, second = ask(engine, ADA, "human_message", 1.0), ask(engine, ADA, "human_message", 2.0)
    claimed(engine, 3.0)
    with engine.begin() as conn:
        one, two = commands.load(conn, [first, second])
        assert commands.next_in_line(conn, one) and not commands.next_in_line(conn, two)
        commands.finish(conn, first, 4.0)
        assert commands.next_in_line(conn, two) and not commands.next_in_line(conn, one)
