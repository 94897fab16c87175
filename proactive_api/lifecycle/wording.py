"""A message as it goes out by SMS: plain text, numbered replies, tracked links."""

from __future__ import annotations

from collections.abc import Sequence

from proactive_api.lifecycle.links import Links
from proactive_api.lifecycle.markdown import literal_of, markdown_to_plain
from proactive_api.lifecycle.openings import Said
from proactive_api.lifecycle.replies import sms_body
from proactive_api.lifecycle.values import ChannelType, SuggestedReply


def sms_text(message: str, replies: Sequence[SuggestedReply], chat_id: str, links: Links) -> str:
    """The whole SMS of a proactive chat; the preview, the count of segments and the send share it.

    Args:
        message: the words, variables filled in, as Markdown; ``Words`` know what of them is literal.
        chat_id: the chat whose replies the links belong to.
    """
    plain = markdown_to_plain(message, literal_of(message))
    return sms_body(plain, replies, lambda index, _reply: links.url(chat_id, index, ChannelType.SMS))


def opening_text(said: Said) -> str:
    """The whole SMS of one message of an opening by intent; its links are as the assistant has them."""
    plain = markdown_to_plain(said.words, said.words.literal)
    return sms_body(plain, said.replies, lambda _index, reply: reply.url or "")
