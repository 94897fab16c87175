"""A way out: how a channel says what the product itself has to say."""

from __future__ import annotations

from abc import abstractmethod
from typing import Optional, Protocol, Sequence

from rasa.core.channels.channel import OutputChannel

from proactive_api.lifecycle.values import SuggestedReply
from proactive_api.storage.conversations.effects import Effect


class Outlet(OutputChannel):
    """Rasa's output channel, and what the product needs beyond it."""

    @abstractmethod
    async def say(self, sender_id: str, text: str, replies: Sequence[SuggestedReply] = ()) -> bool:
        """Say something to the recipient behind a tracker; ``False`` if they must not or cannot get it.

        Args:
            text: Markdown, of which ``Words`` know what is literal.
        """

    def carrier_id(self) -> Optional[str]:
        """Under which the carrier knows what was said last, where there is a carrier."""
        return None

    @abstractmethod
    def note(self, sender_id: str, chat_id: Optional[str] = None) -> Effect:
        """An effect that remembers what went out, for the transaction of the events that tell of it."""


class MakeOutlet(Protocol):
    """Makes the way out of one turn or command.

    Args:
        since: when its words may first have been said, seconds UTC.
        in_doubt: whether an earlier try may have said them.
        strict: raise when they cannot be said now, instead of going on without them.
    """

    def __call__(self, *, since: Optional[float] = None, in_doubt: bool = False, strict: bool = False) -> Outlet:
        """A new way out."""
