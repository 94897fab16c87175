from __future__ import annotations

import multiprocessing

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.engine import Engine

from proactive_api.storage.migrations import migrate
from proactive_api.storage.people import consent
from proactive_api.storage.sql import tables
from proactive_api.storage.sql.engine import create_engine


def differences(engine: Engine) -> list:
    with engine.connect() as conn:
        return compare_metadata(MigrationContext.configure(conn), tables.metadata)


def test_the_migrated_schema_is_that_of_the_tables(engine: Engine) -> None:
    assert differences(engine) == []
    assert migrate.is_current(engine)


def test_head_names_the_newest_step() -> None:
    assert ScriptDirectory.from_config(migrate.alembic_config()).get_current_head() == migrate.HEAD


def test_upgrading_again_changes_nothing(migrated_url: str, engine: Engine) -> None:
    with engine.begin() as conn:
        conn.execute(sa.insert(tables.settings).values(name="kept", value="1"))
    migrate.upgrade(migrated_url)
    with engine.begin() as conn:
        assert conn.execute(sa.select(tables.settings.c.value)).scalars().all() == ["1"]


def test_an_empty_database_is_not_current(database_url: str) -> None:
    engine = create_engine(database_url)
    assert not migrate.is_current(engine)
    engine.dispose()


def test_many_processes_may_upgrade_at_once(database_url: str) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=migrate.upgrade, args=(database_url,)) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0, 0, 0]
    engine = create_engine(database_url)
    assert differences(engine) == []
    engine.dispose()


@pytest.mark.asyncio
async def test_a_database_of_stock_rasa_is_taken_over_with_its_rows(database_url: str) -> None:
    url = sa.engine.make_url(database_url)
    store = SQLTrackerStore(
        Domain.empty(), dialect=url.drivername, host=url.host, port=url.port, db=url.database, username=url.username,
        password=url.password,
    )  # fmt: skip
    said = [ActionExecuted("action_listen"), UserUttered("hello")]
    await store.save(DialogueStateTracker.from_events("someone", said))
    store.engine.dispose()

    migrate.upgrade(database_url)

    engine = create_engine(database_url)
    assert differences(engine) == []
    with engine.begin() as conn:
        types = conn.execute(sa.select(tables.events.c.type_name).order_by(tables.events.c.id)).scalars().all()
        assert types == ["action", "user"]
        new = conn.execute(sa.insert(tables.events).values(sender_id="someone", type_name="bot")).inserted_primary_key
        assert new is not None and new[0] == 3
    engine.dispose()


def test_the_history_of_consent_begins_with_what_is_known(database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.begin() as conn:
        command.upgrade(migrate.alembic_config(conn), "0005")
        person = {"attributes": "{}", "created_at": 1.0, "updated_at": 1.0}
        rows = [
            {**person, "id": "ann", "consent": True, "consent_at": 3.0, "consent_asked_at": 2.0},
            {**person, "id": "bob", "consent": False, "consent_at": 5.0, "opted_out_at": 5.0},
            {**person, "id": "zoe"},
        ]
        for row in rows:
            conn.execute(sa.insert(tables.recipients), row)
    migrate.upgrade(database_url)
    with engine.begin() as conn:
        known = {
            one: [(change.kind, change.by, change.at) for change in consent.history(conn, one)]
            for one in ("ann", "bob", "zoe")
        }
    engine.dispose()
    assert known == {
        "ann": [("given", "unknown", 3.0), ("asked", "business", 2.0)],
        "bob": [("opted_out", "unknown", 5.0)],
        "zoe": [],
    }
