"""People in the messenger, as rows."""

from __future__ import annotations

import json
from typing import Any, Dict, List

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from proactive_api.storage import housekeeping
from proactive_api.storage.conversations import history, seen
from proactive_api.storage.people import erasing, recipients, visitors
from proactive_api.storage.sql import tables as t

DAY = 86400.0


def tell(conn: Connection, sender_id: str, *said: Dict[str, Any]) -> List[int]:
    """Store events; their ids."""
    ids = []
    for event in said:
        row = {"sender_id": sender_id, "type_name": event["event"], "action_name": event.get("name")}
        row.update(timestamp=event["timestamp"], data=json.dumps(event))
        ids.append(conn.execute(sa.insert(t.events).values(**row)).inserted_primary_key[0])
    return ids


def bot(at: float, text: str = "hi") -> Dict[str, Any]:
    return {"event": "bot", "text": text, "timestamp": at}


def user(at: float, text: str = "hello") -> Dict[str, Any]:
    return {"event": "user", "text": text, "timestamp": at}


def test_a_secret_leads_to_one_person_and_another_to_another(engine: Engine) -> None:
    with engine.begin() as conn:
        first = visitors.anonymous_recipient(conn, "a-secret-of-some-length", 1.0)
        assert visitors.anonymous_recipient(conn, "a-secret-of-some-length", 2.0) == first
        assert visitors.anonymous_recipient(conn, "another-secret-of-length", 2.0) != first
        stored = conn.execute(sa.select(t.visitor_sessions.c.session_hash)).scalars().all()
    assert not any("secret" in one for one in stored)


def test_a_token_names_one_recipient_however_often(engine: Engine) -> None:
    with engine.begin() as conn:
        first = visitors.recipient_of_token(conn, "alice", "Alice", 1.0)
        assert visitors.recipient_of_token(conn, "alice", "Somebody else", 2.0) == first
        known = recipients.find(conn, id=first)
        assert known is not None and known.nickname == "Alice"
    assert visitors.recipients_of_users(engine, ["bob", "alice"]) == [None, first]


def test_a_cursor_only_moves_forward_and_only_over_what_was_said_here(engine: Engine) -> None:
    with engine.begin() as conn:
        mine = tell(conn, "messenger.a", bot(10.0), user(11.0), bot(12.0))
        (other,) = tell(conn, "messenger.b", bot(13.0))
        assert seen.move_cursor(conn, "messenger.a", 20.0, read=mine[2])
        assert not seen.move_cursor(conn, "messenger.a", 21.0, shown=mine[0])
        assert not seen.move_cursor(conn, "messenger.a", 22.0, read=other)
        assert seen.cursor(conn, "messenger.a") == seen.Cursor(mine[2], mine[2])
        assert seen.cursor(conn, "messenger.b") == seen.Cursor()


def test_unread_counts_what_the_business_said_since(engine: Engine) -> None:
    with engine.begin() as conn:
        mine = tell(conn, "messenger.a", bot(10.0), user(11.0), bot(12.0), bot(13.0))
        assert history.unread(conn, "messenger.a", 0) == 3
        assert history.unread(conn, "messenger.a", mine[2]) == 1


def test_pages_go_back_from_the_newest(engine: Engine) -> None:
    with engine.begin() as conn:
        ids = tell(conn, "messenger.a", *(bot(float(at), str(at)) for at in range(5)))
        newest = history.page(conn, "messenger.a", 2)
        assert [number for number, _ in newest.said] == ids[3:] and newest.more
        oldest = history.page(conn, "messenger.a", 3, before=ids[3])
        assert [number for number, _ in oldest.said] == ids[:3] and not oldest.more
        seen.move_cursor(conn, "messenger.a", 20.0, shown=ids[2])
    missed = history.not_shown(engine, ["messenger.b", "messenger.a"])
    assert [[number for number, _ in one] for one in missed] == [[], ids[3:]]


def test_what_a_plain_widget_gets_counts_as_shown_only_while_one_is_there(engine: Engine) -> None:
    def noted(sender_id: str, event_id: int, at: float, sure: bool = False) -> int:
        seen.note_shown(engine, [seen.Shown(sender_id, event_id, 11.0, at, sure)])
        with engine.begin() as conn:
            return seen.cursor(conn, sender_id).shown_id

    with engine.begin() as conn:
        first, second = tell(conn, "messenger.a", bot(10.0), bot(11.0))
        seen.plain_connected(conn, "socket", "messenger.a", 100.0)
    assert noted("messenger.a", first, 101.0) == first
    assert noted("messenger.b", first, 101.0) == 0
    assert noted("messenger.a", second, 101.0 + seen.SOCKET_SECONDS) == first, "nobody saw it for too long"
    with engine.begin() as conn:
        seen.plain_gone(conn, "socket")
    assert noted("messenger.a", second, 101.0) == first
    assert noted("messenger.a", second, 101.0, sure=True) == second
    assert noted("messenger.a", first, 101.0, sure=True) == second, "a cursor only moves forward"


def test_erasing_a_person_forgets_their_secret_and_how_far_they_read(engine: Engine) -> None:
    with engine.begin() as conn:
        person = visitors.anonymous_recipient(conn, "a-secret-of-some-length", 1.0)
        visitors.ensure_recipient(conn, person, 1.0)
        (said,) = tell(conn, f"messenger.{person}", bot(10.0))
        seen.move_cursor(conn, f"messenger.{person}", 20.0, read=said)
        found = recipients.find(conn, id=person)
        assert found is not None
        erasing.erase(conn, found)
        for table in (t.visitor_sessions, t.visitor_cursors, t.events):
            assert conn.execute(sa.select(sa.func.count()).select_from(table)).scalar() == 0
        assert visitors.anonymous_recipient(conn, "a-secret-of-some-length", 2.0) != person


def test_visitors_who_never_wrote_are_forgotten_and_others_are_not(engine: Engine) -> None:
    with engine.begin() as conn:
        silent = visitors.anonymous_recipient(conn, "silent-and-long-enough", 1.0)
        wrote = visitors.anonymous_recipient(conn, "wrote-and-long-enough-too", 1.0)
        visitors.ensure_recipient(conn, wrote, 1.0)
        housekeeping.tidy(conn, 40 * DAY)
        assert visitors.anonymous_recipient(conn, "wrote-and-long-enough-too", 40 * DAY) == wrote
        assert visitors.anonymous_recipient(conn, "silent-and-long-enough", 40 * DAY) != silent


def test_a_user_id_is_the_same_with_what_nobody_can_see(engine: Engine) -> None:
    with engine.begin() as conn:
        ann = visitors.recipient_of_token(conn, "ann\u200b", "Ann\u00a0", 1.0)
        assert visitors.recipient_of_token(conn, " ann", None, 1.0) == ann
        known = recipients.find(conn, id=ann)
        assert known is not None and (known.user_id, known.nickname) == ("ann", "Ann")
    assert visitors.recipients_of_users(engine, ["ann ", "bob", "ann"]) == [ann, None, ann]
