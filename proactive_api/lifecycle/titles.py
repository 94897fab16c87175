"""Titles of suggested replies that no answer could choose, told when they are sent (spec sections 2 and 5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from proactive_api.lifecycle.choices import shows_nothing, titles_alike
from proactive_api.lifecycle.keywords import Keyword, classify_keyword
from proactive_api.lifecycle.values import ChannelType, SuggestedReply

_CONSEQUENCE: Mapping[Keyword, str] = {
    Keyword.STOP: "opts out of all messages",
    Keyword.START: "is told that they are subscribed again",
    Keyword.HELP: "gets the help text",
}
#: Words that say the same and are no keyword.
_BETTER: Mapping[str, str] = {
    "cancel": "Cancel my order",
    "stop": "Stop my order",
    "end": "End my plan",
    "quit": "Leave the plan",
    "revoke": "Take it back",
    "remove": "Remove an item",
    "help": "I need help",
    "info": "More information",
    "start": "Get started",
}


@dataclass(frozen=True)
class BadTitle:
    """A title that cannot be used.

    Args:
        index: of its reply, from 0.
        sentence: why, and what to write instead.
    """

    index: int
    sentence: str


def bad_title(replies: Sequence[SuggestedReply], channel: ChannelType) -> BadTitle | None:
    """The first title that an answer could not choose on this channel.

    In an SMS people type their answer, so titles must differ in more than decoration, and none may be a word that the
    carrier keeps for itself. In the messenger they tap; but a tapped title without payload is said as it is, and STOP
    and its like opt out there, too.
    """
    for index, reply in enumerate(replies):
        sentence = (
            ("This title shows nothing." if shows_nothing(reply.title) else None)
            or _taken(replies[:index], reply.title, channel)
            or _keyword(reply, channel)
        )
        if sentence:
            return BadTitle(index, sentence)
    return None


def _taken(earlier: Sequence[SuggestedReply], title: str, channel: ChannelType) -> str | None:
    for number, other in enumerate(earlier, 1):
        if other.title.casefold() == title.casefold():
            return f"This is the title of reply {number} already; nobody could tell them apart."
        if channel is ChannelType.SMS and titles_alike(other.title, title):
            return (
                f'Somebody who types it could not tell it from reply {number}, "{other.title}". '
                "Titles must differ in more than punctuation, case and emoji."
            )
    return None


def _keyword(reply: SuggestedReply, channel: ChannelType) -> str | None:
    keyword = classify_keyword(reply.title, opted_out=False)
    if keyword is None or (channel is ChannelType.MESSENGER and not _said_when_tapped(reply, keyword)):
        return None
    better = _BETTER.get("".join(char for char in reply.title.casefold() if char.isalnum()))
    advice = f'Use "{better}" instead.' if better else "Say it in more words."
    if keyword is Keyword.STOP and better is None:
        advice = "People can answer STOP at any time; it needs no reply of its own."
    return f'Somebody who answers "{reply.title}" {_CONSEQUENCE[keyword]}. {advice}'


def _said_when_tapped(reply: SuggestedReply, keyword: Keyword) -> bool:
    return keyword is Keyword.STOP and reply.url is None and reply.payload is None
