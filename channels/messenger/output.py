"""Saying things in the messenger: the tracker first; what is stored there is what gets shown."""

from __future__ import annotations

from typing import Any, Dict, Optional, Sequence

from channels.conversation.outlet import Outlet
from proactive_api.lifecycle.values import ChannelType, SuggestedReply
from proactive_api.storage.conversations.effects import Effect


class MessengerOutput(Outlet):
    """Rasa's way to say something to one person in the messenger.

    It sends nothing by itself: ``channels.messenger.display`` shows the words once their events are stored, so that
    nobody sees what a later failure takes back, and what nobody was there to see is still there later.
    """

    def __init__(self) -> None:
        self.spoke = False

    @classmethod
    def name(cls) -> str:
        """The channel's name in Rasa, in URLs and in trackers."""
        return ChannelType.MESSENGER.value

    async def send_response(self, recipient_id: str, message: Dict[str, Any]) -> None:
        """Rasa has put this response into the tracker, or is about to."""
        self.spoke = True

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        """Rasa says these words: they are in the tracker, or about to be."""
        self.spoke = True

    async def say(self, sender_id: str, text: str, replies: Sequence[SuggestedReply] = ()) -> bool:
        """The caller is about to put these words into the tracker: everybody who looks gets them."""
        self.spoke = True
        return True

    def note(self, sender_id: str, chat_id: Optional[str] = None) -> Effect:
        """There is nothing to remember beside the events."""
        return lambda conn: None
