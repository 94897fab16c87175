"""Suggested replies in SMS, and the guard between people's words and payload syntax (spec section 2)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from proactive_api.lifecycle.values import SuggestedReply

#: Blanks as Rasa's ``str.strip`` sees them, and marks without width that could hide a slash.
_BLANK = r"[\s\x1c-\x1f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
_SLASHES = re.compile(rf"{_BLANK}*/(?:/|{_BLANK})*")
#: Stands for a message that was nothing but slashes.
_HARMLESS_SLASH = "\u2215"


def sms_body(message: str, replies: Sequence[SuggestedReply], link_for: Callable[[int, SuggestedReply], str]) -> str:
    """Write suggested replies as numbered lines under the message.

    Args:
        message: plain text.
        replies: in the order to show, numbered from 1.
        link_for: the tracked link of a reply with a ``url``; gets its index, from 0, and the reply.
    """
    lines = [message, *(_line(index, reply, link_for) for index, reply in enumerate(replies))]
    return "\n".join(line for line in lines if line)


def _line(index: int, reply: SuggestedReply, link_for: Callable[[int, SuggestedReply], str]) -> str:
    title = f"{index + 1}. {' '.join(reply.title.split())}"
    return f"{title}: {link_for(index, reply)}" if reply.url else title


def utterance_for(reply: SuggestedReply) -> str:
    """What the assistant reads when this reply is chosen: its payload, else its title as words."""
    return reply.payload or escape_payload_syntax(reply.title)


def escape_payload_syntax(text: str) -> str:
    """Make sure that Rasa reads ``text`` as words and never as ``/intent{"entity": …}``.

    Rasa takes a message for a payload when its first character that is not blank is a slash; those are dropped.
    (``EXTERNAL: x`` is harmless: Rasa knows external events by their metadata.)

    Args:
        text: what a person typed.
    """
    found = _SLASHES.match(text)
    return text if found is None else text[found.end() :] or _HARMLESS_SLASH
