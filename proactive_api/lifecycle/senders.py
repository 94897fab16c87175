"""Names of trackers: Rasa's ``sender_id`` is ``<channel>.<recipient id>`` for conversations of ours."""

from __future__ import annotations

from typing import Optional, Tuple

from proactive_api.lifecycle.values import ChannelType

_CHANNELS = frozenset(channel.value for channel in ChannelType)


def sender_of(channel: ChannelType, recipient_id: str) -> str:
    """The tracker's name of a recipient's conversations on a channel."""
    return f"{channel.value}.{recipient_id}"


def split_sender(sender_id: str) -> Optional[Tuple[str, str]]:
    """``(channel_type, recipient_id)`` of one of our trackers, ``None`` for any other."""
    channel, _, recipient_id = sender_id.partition(".")
    return (channel, recipient_id) if channel in _CHANNELS and recipient_id else None


def recipient_of(sender_id: str) -> str:
    """The recipient's id in a tracker's name, empty for a tracker that is none of ours."""
    found = split_sender(sender_id)
    return found[1] if found else ""
