"""Every endpoint of the API."""

from __future__ import annotations

from typing import Tuple

from proactive_api.http import chats, conversations, handoffs, keys, metrics, recipients, settings
from proactive_api.http.endpoint import Endpoint

ENDPOINTS: Tuple[Endpoint, ...] = (
    *chats.ENDPOINTS,
    *conversations.ENDPOINTS,
    *recipients.ENDPOINTS,
    *handoffs.ENDPOINTS,
    *settings.ENDPOINTS,
    *metrics.ENDPOINTS,
    *keys.ENDPOINTS,
)
