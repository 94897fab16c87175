"""Saying things by SMS."""

from __future__ import annotations

import logging
import time
from typing import Any, Awaitable, Callable, Dict, List, Optional, Sequence
from urllib.parse import quote

from sqlalchemy.engine import Connection

from channels.conversation.failures import CarrierFailure, Refused
from channels.conversation.outlet import Outlet
from channels.rasa_server.runtime import Runtime
from channels.sms.carrier import Accepted, Carrier
from proactive_api.lifecycle.facts import METADATA_KEY
from proactive_api.lifecycle.markdown import Words, literal_of, markdown_to_plain, read_spans
from proactive_api.lifecycle.replies import sms_body
from proactive_api.lifecycle.senders import split_sender
from proactive_api.lifecycle.values import ChannelType, SuggestedReply
from proactive_api.operations import consent
from proactive_api.storage.conversations.effects import Effect
from proactive_api.storage.people import contacts
from proactive_api.storage.queues import receipts

logger = logging.getLogger(__name__)


class SmsOutput(Outlet):
    """Rasa's way to say something to one recipient by SMS.

    Args:
        runtime: the running assistant.
        carrier: the shared client.
        phone: E.164 number; looked up when it is not given.
        since: when these words may first have been said, seconds UTC.
        in_doubt: whether an earlier try of the same turn may have said them.
        strict: raise when the carrier does not take a message, instead of going on without it.
        arrives_until: until when a request of that earlier try may still reach the carrier, seconds UTC.
        before: awaited before each message that the carrier is asked to take; may raise to keep it from being asked. A
            message that gets no answer is then left to the caller.
    """

    def __init__(
        self,
        runtime: Runtime,
        carrier: Carrier,
        phone: Optional[str] = None,
        *,
        since: Optional[float] = None,
        in_doubt: bool = False,
        strict: bool = False,
        arrives_until: float = 0.0,
        before: Optional[Callable[[], Awaitable[None]]] = None,
    ) -> None:
        self._runtime = runtime
        self._carrier = carrier
        self._phone = phone
        self._since = time.time() if since is None else since
        self._in_doubt = in_doubt
        self._strict = strict
        self._arrives_until = arrives_until
        self._before = before
        self.accepted: List[Accepted] = []

    @classmethod
    def name(cls) -> str:
        """The channel's name in Rasa, in URLs and in trackers."""
        return ChannelType.SMS.value

    def address(self, phone: Optional[str]) -> SmsOutput:
        """Send to this number from now on; ``None`` looks the recipient's number up again."""
        self._phone = phone
        return self

    def carrier_id(self) -> Optional[str]:
        """The ``MessageSid`` of what was said last."""
        return self.accepted[-1].sid if self.accepted else None

    def note(self, sender_id: str, chat_id: Optional[str] = None) -> Effect:
        """An effect that remembers what the carrier took, for the transaction of the turn's events."""

        def effect(conn: Connection) -> None:
            for number, accepted in enumerate(self.accepted):
                owner = chat_id if number == 0 else None
                receipts.note_accepted(
                    conn, accepted.sid, accepted.status, time.time(), sender_id=sender_id, chat_id=owner
                )

        return effect

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        """One message, whole: blank lines are part of it."""
        await self.say(recipient_id, _words(text, kwargs))

    async def send_quick_replies(
        self, recipient_id: str, text: str, quick_replies: List[Dict[str, Any]], **kwargs: Any
    ) -> None:
        """The same as buttons."""
        await self.send_text_with_buttons(recipient_id, text, quick_replies, **kwargs)

    async def send_text_with_buttons(
        self, recipient_id: str, text: str, buttons: List[Dict[str, Any]], **kwargs: Any
    ) -> None:
        """Buttons are numbered lines of the same message (spec section 2)."""
        replies = [SuggestedReply(str(b.get("title", "")), b.get("url"), b.get("payload")) for b in buttons]
        await self.say(recipient_id, _words(text, kwargs), replies)

    async def send_image_url(self, recipient_id: str, image: str, **kwargs: Any) -> None:
        """The address: what every phone can show."""
        await self.say(recipient_id, image)

    async def send_attachment(self, recipient_id: str, attachment: Any, **kwargs: Any) -> None:
        """Nothing where Rasa repeats an image as attachment; else the address."""
        if isinstance(attachment, str) and not kwargs.get("image"):
            await self.say(recipient_id, attachment)

    async def send_custom_json(self, recipient_id: str, json_message: Any, **kwargs: Any) -> None:
        """Only its text: an SMS shows nothing else."""
        text = json_message.get("text") if isinstance(json_message, dict) else None
        if text:
            await self.say(recipient_id, str(text))

    async def say(self, sender_id: str, text: str, replies: Sequence[SuggestedReply] = ()) -> bool:
        """Hand one message to the carrier; ``False`` if the recipient did not and will not get it.

        Args:
            sender_id: the tracker's name.
            text: Markdown, of which ``Words`` know what is literal.

        Raises:
            CarrierFailure: if ``strict`` and the carrier did not take it.
        """
        body = sms_body(markdown_to_plain(text, literal_of(text)), list(replies), lambda _index, reply: reply.url or "")
        try:
            accepted = await self.deliver_text(sender_id, body)
        except CarrierFailure as failure:
            await self._not_taken(sender_id, failure)
            return False
        if accepted is not None:
            self.accepted.append(accepted)
        return accepted is not None

    async def deliver_text(self, sender_id: str, body: str, chat_id: Optional[str] = None) -> Optional[Accepted]:
        """Hand a finished body to the carrier, exactly once; ``None`` if the recipient must not get anything.

        Raises:
            CarrierFailure: if the carrier did not take it.
        """
        phone = self._phone or await self._look_up(sender_id)
        if phone is None or not body.strip():
            return None
        about: Dict[str, Any] = {"since": self._since, "known": lambda: self._known(sender_id)}
        if self._in_doubt:
            found = await self._carrier.look(phone, body, arrives_until=self._arrives_until, **about)
            if found is not None:
                return found
        if self._before is not None:
            await self._before()
        callback = callback_url(self._runtime.config.public_url, chat_id)
        return await self._carrier.deliver(phone, body, patient=self._before is None, callback=callback, **about)

    async def _look_up(self, sender_id: str) -> Optional[str]:
        _, recipient_id = split_sender(sender_id) or ("", "")
        contact = await self._runtime.store.read(contacts.contact, recipient_id)
        if contact is None or contact.opted_out:
            return None
        self._phone = contact.phone_number
        return self._phone

    async def _known(self, sender_id: str) -> Sequence[str]:
        rows = await self._runtime.store.read(receipts.known_for_sender, sender_id, self._since - 60)
        return [row.sid for row in rows] + [accepted.sid for accepted in self.accepted]

    async def _not_taken(self, sender_id: str, failure: CarrierFailure) -> None:
        if isinstance(failure, Refused) and failure.error.opted_out:
            _, recipient_id = split_sender(sender_id) or ("", "")
            await self._runtime.store.write(consent.opt_out, recipient_id, time.time(), "carrier")
        if self._strict:
            raise failure
        logger.warning("A message of %s was not sent: %s", sender_id, failure)


def _words(text: str, message: Dict[str, Any]) -> Words:
    """The text of one of Rasa's messages, with what the rest of the message says of its literal parts."""
    ours = message.get(METADATA_KEY)
    return Words(text, read_spans(ours.get("literal")) if isinstance(ours, dict) else ())


def callback_url(public_url: str, chat_id: Optional[str] = None) -> str:
    """Where receipts go. The chat in it settles a message whose sender died before it heard the answer."""
    base = f"{public_url.rstrip('/')}/webhooks/sms/status"
    return f"{base}?chat={quote(chat_id)}" if chat_id else base
