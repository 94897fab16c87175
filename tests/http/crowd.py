"""Many chats and conversations of every kind, made as the product makes them."""

from __future__ import annotations

import random
from typing import Any, Dict, List

import httpx
import sqlalchemy as sa

from proactive_api.storage.sql import tables as t
from tests.http import story
from tests.http.server import RunningApi

NOON = 1_760_011_200.0  # 2025-10-09T12:00:00Z
HOUR, DAY = 3600.0, 86400.0


def gather(api: RunningApi, client: httpx.Client, size: int, seed: int = 7) -> List[str]:
    """Chats over a week before ``NOON``, with ids; each has another fate."""
    chance, ids = random.Random(seed), []
    for number in range(size):
        body: Dict[str, Any] = {"channel_type": "sms", "phone_number": f"+1415555{1000 + number}", "message": "Sale!"}
        if number % 3:
            body["campaign"] = ("spring", "autumn")[number % 2]
        chat = client.post("/v1/proactive-chats", json=body).json()
        ids.append(chat["id"])
        meet(api, chat, NOON - chance.random() * 7 * DAY, chance)
    return ids


def meet(api: RunningApi, chat: Dict[str, Any], at: float, chance: random.Random) -> None:
    """One chat's fate."""
    status = chance.choice(("queued", "sending", "sent", "delivered", "delivered", "delivered", "failed", "skipped"))
    went = status in ("sent", "delivered") or (status == "failed" and chance.random() < 0.5)
    values = {"delivery_status": status, "created_at": at, "sent_at": at + 1 if went else None}
    with api.engine.begin() as conn:
        conn.execute(sa.update(t.proactive_chats).where(t.proactive_chats.c.id == chat["id"]).values(**values))
    if went:
        story.tell(api.engine, f"sms.{chat['recipient']['id']}", life(chat, at + 1, chance))


def life(chat: Dict[str, Any], at: float, chance: random.Random) -> List[story.Event]:
    events = story.opening(chat["id"], at, campaign=chat["campaign"])
    if chance.random() < 0.7:
        at += chance.choice((3.0, 10.0, 25.0, 400.0, 5000.0, 90_000.0))
        events += story.said("yes", at)
        if chance.random() < 0.4:
            events += story.handed_over(at + 2)
    if chance.random() < 0.8:
        at += chance.choice((5.0, 60.0, 4000.0, 100_000.0))
        reasons = ("auto", "user_resolved", "user_unresolved", "by_human_agent", "force_closed", "opted_out")
        events += story.closed(at, chance.choice(reasons))
        if chance.random() < 0.6:
            events += story.rated(chance.randint(1, 5), at + 30)
    if chance.random() < 0.2:
        events += story.said("another thing", at + 200_000)
    return events
