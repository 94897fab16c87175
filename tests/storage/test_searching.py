"""People are found by what they are called, and through an index."""

from __future__ import annotations

import re
from typing import Any, Dict, List

import pytest
import sqlalchemy as sa
from alembic import command
from sqlalchemy.engine import Connection, Engine

from proactive_api.storage.migrations import migrate
from proactive_api.storage.people import contacts, erasing, recipients, searching
from proactive_api.storage.sql import recipient_words
from proactive_api.storage.sql import tables as t
from proactive_api.storage.sql.engine import create_engine

CROWD = 2000


def found(conn: Connection, text: str, limit: int = 50) -> List[Any]:
    return [one.user_id or one.phone_number for one in searching.search(conn, text, limit).rows]


def crowd() -> List[Dict[str, Any]]:
    """Nick 0, Nick 1 and so on."""
    known = {"attributes": "{}", "updated_at": 1.0}
    return [
        {**known, "id": f"id{n:05}", "user_id": f"user{n:05}", "nickname": f"Nick {n}",
         "phone_number": f"+4366{n + 10**8}", "created_at": float(n)}
        for n in range(CROWD)
    ]  # fmt: skip


@pytest.fixture
def crowded(engine: Engine) -> Engine:
    with engine.begin() as conn:
        conn.execute(sa.insert(t.recipients), crowd())
        recipient_words.fill(conn)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.exec_driver_sql("ANALYZE")
    return engine


def test_names_are_found_in_any_case_with_and_without_accents(engine: Engine) -> None:
    with engine.begin() as conn:
        for user_id, nickname in (("1", "Élodie"), ("2", "Ömer"), ("3", "МАРИЯ"), ("4", "Anna Straße")):
            recipients.create(conn, {"user_id": user_id, "nickname": nickname}, 1.0)
        typed = ("Élodie", "élodie", "ELODIE", "Ömer", "omer", "МАРИЯ", "мария", "strasse ANNA", "anna élodie")
        assert [found(conn, one) for one in typed] == [["1"]] * 3 + [["2"]] * 2 + [["3"]] * 2 + [["4"], []]


def test_whoever_is_written_is_found_from_then_on(engine: Engine) -> None:
    with engine.begin() as conn:
        ann = recipients.create(conn, {"user_id": "ann", "nickname": "Annie"}, 1.0)
        contacts.contact_for_sender(conn, "+14155550111", 2.0)
        assert found(conn, "+1 (415) 555-0111") == found(conn, "5550111") == ["+14155550111"]
        recipients.update(conn, ann.id, {"nickname": "Zoë", "phone_number": "+436641234567"}, 3.0)
        assert found(conn, "annie") == [] and found(conn, "zoe") == found(conn, "0664 123") == ["ann"]
        recipients.update(conn, ann.id, {"locale": "de"}, 3.0)
        assert found(conn, "zoe") == ["ann"]
        changed = recipients.find(conn, id=ann.id)
        assert changed is not None
        erasing.erase(conn, changed)
        assert found(conn, "zoe") == []
        left = sa.select(sa.func.count()).where(t.recipient_words.c.recipient_id == ann.id)
        assert conn.execute(left).scalar() == 0


def test_whoever_is_meant_comes_first(engine: Engine) -> None:
    with engine.begin() as conn:
        for n, (user_id, nickname) in enumerate((("ann", "Zoe"), ("2", "Ann Lee"), ("3", "Mary Ann"), ("anna", "Bo"))):
            recipients.create(conn, {"user_id": user_id, "nickname": nickname}, float(n))
        assert found(conn, " ANN") == ["ann", "2", "anna", "3"]
        page, seen = searching.search(conn, "ann", 1), []
        while True:
            seen += [one.user_id for one in page.rows]
            if page.next_cursor is None:
                break
            page = searching.search(conn, "ann", 1, page.next_cursor)
        assert seen == ["ann", "2", "anna", "3"]


def test_what_nearly_everybody_is_called_pages_without_gaps(crowded: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "MOST_WORDS", 100)
    monkeypatch.setattr(searching, "MOST_WORDS_OF_SEVERAL", 100)
    with crowded.begin() as conn:
        recipients.create(conn, {"user_id": "nick"}, -1.0)
        first = searching.search(conn, "nick", 3)
        assert [one.user_id for one in first.rows] == ["nick", "user01999", "user01998"]
        second = searching.search(conn, "nick", 3, first.next_cursor)
        assert [one.user_id for one in second.rows] == ["user01997", "user01996", "user01995"]
        assert found(conn, "nick user", 2) == ["user01999", "user01998"]
        assert found(conn, "nick 1999") == found(conn, "1999 nick") == ["user01999"]
        assert found(conn, "nick 1999 4000") == [] and found(conn, "nick zoe") == []


def test_a_search_reads_the_indexes_only(crowded: Engine) -> None:
    asked: List[Any] = []
    sa.event.listen(crowded, "before_cursor_execute", lambda _c, _k, text, values, *_: asked.append((text, values)))
    for text in ("nick 19", "user00017", "0661 000 00003", "1999"):
        with crowded.begin() as conn:
            assert found(conn, text), text
            sent, postgres = list(asked), conn.dialect.name == "postgresql"
            if postgres:  # a table this small may be read whole; where an index serves, this finds it
                conn.execute(sa.text("SET LOCAL enable_seqscan = off"))
            for statement, values in (one for one in sent if one[0].lstrip().startswith("SELECT")):
                rows = conn.exec_driver_sql(f"EXPLAIN {'' if postgres else 'QUERY PLAN '}{statement}", values).all()
                plan = "\n".join(str(row[0] if postgres else row[3]) for row in rows)
                assert not re.search(r"Seq Scan|SCAN (recipients|recipient_words)\b", plan), plan
            asked.clear()


def test_those_who_are_there_already_are_found_after_an_upgrade(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recipient_words, "BATCH", 300)
    engine = create_engine(database_url)
    with engine.begin() as conn:
        command.upgrade(migrate.alembic_config(conn), "0006")
        conn.execute(sa.insert(t.recipients), crowd()[:1000])
    migrate.upgrade(database_url)
    with engine.begin() as conn:
        assert found(conn, "nick 999") == found(conn, "0661 000 00999") == ["user00999"]
    engine.dispose()
