from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy.engine import Engine

from proactive_api.storage.access import keys


def test_the_first_start_makes_one_key_and_tells_it_once(engine: Engine) -> None:
    with ThreadPoolExecutor(4) as pool:
        made = [key for key in pool.map(lambda _: keys.ensure_admin_key(engine, None, 1.0), range(4)) if key]
    assert len(made) == 1
    with engine.begin() as conn:
        found = keys.find(conn, made[0])
    assert found is not None and found.allows("send")
    assert keys.ensure_admin_key(engine, None, 2.0) is None


def test_a_configured_key_needs_no_other(engine: Engine) -> None:
    assert keys.ensure_admin_key(engine, "mine", 1.0) is None
    with engine.begin() as conn:
        assert keys.list_all(conn) == []


def test_with_the_last_admin_key_revoked_a_new_one_is_made(engine: Engine) -> None:
    keys.ensure_admin_key(engine, None, 1.0)
    with engine.begin() as conn:
        (only,) = keys.list_all(conn)
        assert keys.revoke(conn, only.id, 2.0) and keys.revoke(conn, only.id, 3.0)
        assert keys.list_all(conn)[0].revoked_at == 2.0
    assert keys.ensure_admin_key(engine, None, 4.0) is not None
