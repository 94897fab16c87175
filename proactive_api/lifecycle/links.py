"""Addresses of tracked links: the same chat and reply always give the same one."""

from __future__ import annotations

import base64
import hashlib
import hmac

from proactive_api.lifecycle.values import ChannelType

#: Characters of a token: 50 bits, short enough for an SMS, too many to try.
TOKEN_LENGTH = 10


def link_token(secret: str, chat_id: str, index: int) -> str:
    """The token of a chat's ``index``-th suggested reply.

    It does not depend on when it is made: a send that is settled after a crash has the same words.
    """
    digest = hmac.new(secret.encode(), f"{chat_id}/{index}".encode(), hashlib.sha256).digest()
    return base64.b32encode(digest).decode().lower()[:TOKEN_LENGTH]


def link_url(public_url: str, token: str, channel: ChannelType = ChannelType.SMS) -> str:
    """The address that the recipient opens; the carrier's webhooks share its host (``PUBLIC_URL``)."""
    return f"{public_url.rstrip('/')}/webhooks/{channel.value}/l/{token}"
