"""Every endpoint of the API."""

from __future__ import annotations

import functools
from typing import Any, Dict, Tuple

from sqlalchemy.engine import Connection

from proactive_api.http.core import openapi
from proactive_api.http.core.endpoint import Answer, Call, Endpoint
from proactive_api.http.resources import (
    chats,
    conversations,
    handoffs,
    keys,
    messenger,
    metrics,
    phones,
    previews,
    recipients,
    scheduled,
    session,
    settings,
    users,
)


@functools.lru_cache(maxsize=1)
def document() -> Dict[str, Any]:
    """The OpenAPI document of all of them."""
    return openapi.document(ENDPOINTS)


def describe(_conn: Connection, _call: Call) -> Answer:
    """Describe the API in OpenAPI 3.1."""
    return Answer(document())


ENDPOINTS: Tuple[Endpoint, ...] = (
    *chats.ENDPOINTS,
    *scheduled.ENDPOINTS,
    *previews.ENDPOINTS,
    *conversations.ENDPOINTS,
    *recipients.ENDPOINTS,
    *handoffs.ENDPOINTS,
    *messenger.ENDPOINTS,
    *phones.ENDPOINTS,
    *settings.ENDPOINTS,
    *metrics.ENDPOINTS,
    *keys.ENDPOINTS,
    *session.ENDPOINTS,
    *users.ENDPOINTS,
    Endpoint("GET", "/openapi.json", "read", describe, response=Dict[str, Any]),
)
