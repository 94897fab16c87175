"""Addresses of tracked links: the same chat and reply always give the same one."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass, field

from proactive_api.lifecycle.values import ChannelType

#: Characters of a token: 50 bits, short enough for an SMS, too many to try.
TOKEN_LENGTH = 10


@dataclass(frozen=True)
class Links:
    """Makes the tracked links of one installation.

    Args:
        secret: what nobody else knows; tokens follow from it.
        public_url: how the Rasa server is reached from outside (``PUBLIC_URL``).
    """

    secret: str = field(repr=False)
    public_url: str

    def token(self, chat_id: str, index: int) -> str:
        """The token of a chat's ``index``-th suggested reply.

        It does not depend on when it is made: a send that is settled after a crash has the same words.
        """
        digest = hmac.new(self.secret.encode(), f"{chat_id}/{index}".encode(), hashlib.sha256).digest()
        return base64.b32encode(digest).decode().lower()[:TOKEN_LENGTH]

    def url(self, chat_id: str, index: int, channel: ChannelType) -> str:
        """The address that the recipient opens; the carrier's webhooks share its host."""
        return f"{self.public_url.rstrip('/')}/webhooks/{channel.value}/l/{self.token(chat_id, index)}"
