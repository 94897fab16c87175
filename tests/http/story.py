"""Conversations in the database, told as Rasa events through the real listener."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from sqlalchemy.engine import Engine

from proactive_api.storage.conversations import trackers
from proactive_api.storage.conversations.trackers import Append

Event = Dict[str, Any]
POLICY = {"auto_close_timeout": 86400.0, "handoff_timeout": 86400.0, "csat_expiry": 86400.0}


def opening(chat_id: str, at: float, text: str = "Sale!", campaign: Optional[str] = None) -> List[Event]:
    metadata = {"proactive": {"chat_id": chat_id, "campaign": campaign, "channel": "sms", "policy": POLICY}}
    return [
        {"event": "action", "name": "action_session_start", "timestamp": at},
        {"event": "session_started", "timestamp": at, "metadata": metadata},
        {"event": "bot", "text": text, "timestamp": at, "metadata": {"proactive": {"chat_id": chat_id, "sid": "SM1"}}},
        {"event": "action", "name": "action_listen", "timestamp": at},
    ]


def said(text: str, at: float) -> List[Event]:
    parse = {"intent": {"name": "affirm"}}
    return [
        {"event": "user", "text": text, "timestamp": at, "message_id": f"m{at}", "parse_data": parse},
        {"event": "bot", "text": f"You said {text}", "timestamp": at + 1},
        {"event": "action", "name": "action_listen", "timestamp": at + 1},
    ]


def handed_over(at: float, reason: str = "requested") -> List[Event]:
    return [
        {"event": "slot", "name": "handoff_reason", "value": reason, "timestamp": at},
        {"event": "pause", "timestamp": at},
    ]


def closed(at: float, reason: str = "auto") -> List[Event]:
    return [{"event": "slot", "name": "closed_reason", "value": reason, "timestamp": at}]


def rated(score: int, at: float) -> List[Event]:
    return [{"event": "slot", "name": "csat_score", "value": float(score), "timestamp": at}]


def tell(engine: Engine, sender_id: str, events: List[Event]) -> None:
    for one in trackers.append_many(engine, [Append(sender_id, events)]):
        if isinstance(one, Exception):
            raise one
