"""Openings by intent: refused where the assistant could not say them, shown where it can tell its words."""

from __future__ import annotations

from typing import Any, Mapping, Optional, Tuple

from sqlalchemy.engine import Connection

from proactive_api.lifecycle import openings
from proactive_api.lifecycle.openings import MissingEntities, Said, UnknownOpening
from proactive_api.lifecycle.values import ChannelType
from proactive_api.operations.errors import InvalidInput
from proactive_api.storage import settings


def opening(
    conn: Connection, intent: str, entities: Mapping[str, Any], campaign: Optional[str], channel: ChannelType
) -> Optional[Tuple[Said, ...]]:
    """What the assistant will say.

    Returns:
        ``None`` where only the assistant can tell, or where it was never up yet.

    Raises:
        InvalidInput: if it does not know the intent, or needs entities that are not given.
    """
    stored = settings.read(conn, settings.OPENINGS)
    if stored is None:
        return None
    try:
        return openings.opening(openings.from_json(stored), intent, entities, campaign, channel.value)
    except UnknownOpening as error:
        raise InvalidInput("intent", str(error)) from None
    except MissingEntities as error:
        raise InvalidInput("entities", str(error)) from None
