"""People in the messenger: whom a token names, and to whom an anonymous visitor's secret leads."""

from __future__ import annotations

import hashlib
import uuid
from typing import List, Optional

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from proactive_api.lifecycle.pasted import visible
from proactive_api.storage.people import recipients
from proactive_api.storage.sql import tables as t
from proactive_api.storage.sql.writing import insert_for

_sessions = t.visitor_sessions


def recipient_of_token(conn: Connection, user_id: str, nickname: Optional[str], now: float) -> str:
    """The id of the recipient whom a token names; made at first contact (spec section 2)."""
    known = recipients.find_named(conn, user_id)
    if known is None:
        try:
            fresh = {"user_id": visible(user_id), "nickname": visible(nickname or "") or None}
            known = recipients.create(conn, fresh, now)
        except recipients.Taken:  # by another tab, in this very moment
            known = recipients.find_named(conn, user_id)
    assert known is not None
    return known.id


def recipients_of_users(engine: Engine, user_ids: List[str]) -> List[Optional[str]]:
    """The ids of the recipients with these user IDs; ``None`` where there is none."""
    people = t.recipients.c
    with engine.connect() as conn:
        rows = conn.execute(
            sa.select(people.user_id, people.id).where(people.user_id.in_({*user_ids, *map(visible, user_ids)}))
        )
        ids = {row.user_id: row.id for row in rows}
    return [ids.get(user_id) or ids.get(visible(user_id)) for user_id in user_ids]


def anonymous_recipient(conn: Connection, session_id: str, now: float) -> str:
    """The id of the recipient whom this secret leads to; a random one at first sight."""
    secret = hashlib.sha256(session_id.encode()).hexdigest()
    fresh = {"session_hash": secret, "recipient_id": str(uuid.uuid4()), "last_seen_at": now}
    insert = insert_for(conn, _sessions).values(**fresh)
    seen = insert.on_conflict_do_update(index_elements=["session_hash"], set_={"last_seen_at": now})
    conn.execute(seen)
    query = sa.select(_sessions.c.recipient_id).where(_sessions.c.session_hash == secret)
    return str(conn.execute(query).scalar_one())


def ensure_recipient(conn: Connection, recipient_id: str, now: float) -> None:
    """An anonymous visitor wrote: from now on there is a recipient."""
    row = {"id": recipient_id, "attributes": "{}", "created_at": now, "updated_at": now}
    conn.execute(insert_for(conn, t.recipients).values(**row).on_conflict_do_nothing())
