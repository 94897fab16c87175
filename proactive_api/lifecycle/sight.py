"""What a person saw of a conversation, and what follows: when it closes, and whether in silence (spec section 3).

Only the messenger knows what was shown. Elsewhere, and in events of before it was written down, there is no
``unseen_timeout``; then everything counts as seen.
"""

from __future__ import annotations

from typing import Optional

from proactive_api.lifecycle.figures import Conversation, State
from proactive_api.lifecycle.values import ClosedReason, ResponseStatus, StartedBy

#: Words shown later than this after they were said (seconds) let the clock start anew; others were shown at once.
AT_ONCE = 1.0


def saw_nothing(conversation: Conversation, state: State) -> bool:
    """Whether none of the business's words in this conversation, the latest, was shown to the person.

    Who answers or reacts has read what the business wrote; somebody's own first words are no answer yet.
    """
    if state.policy.unseen_timeout is None or state.shown_at is not None:
        return False
    if conversation.started_by is StartedBy.BUSINESS:
        return conversation.responded_at is None
    return conversation.user_message_count < 2


def auto_close_at(conversation: Conversation, state: State) -> Optional[float]:
    """When the conversation closes by itself, seconds UTC; ``None`` for never.

    What a chat or a human agent said and nobody has seen waits for ``unseen_timeout``; once it is shown the usual time
    runs. An answer of the AI agent does not: who asks and goes away has left.
    """
    policy, owned = state.policy, state.handoff is not None
    timeout = policy.handoff_timeout if owned else policy.auto_close_timeout
    if state.waits_since is not None and policy.unseen_timeout is not None:
        timeout = max(timeout, policy.unseen_timeout) if owned and timeout is not None else policy.unseen_timeout
    if timeout is None or not conversation.is_open:
        return None
    return max(conversation.last_activity_at, state.shown_at or 0.0) + timeout


def closes_silently(conversation: Conversation, state: State, reason: ClosedReason) -> bool:
    """Whether it closes without words and survey: the person saw nothing of it, or was away until its time was up."""
    gone = reason is ClosedReason.AUTO and state.waits_since is not None
    return gone or saw_nothing(conversation, state)


def is_news(state: State, said_at: float, now: float, first: bool = True) -> bool:
    """Whether it changes anything that words of the business were shown now.

    Args:
        said_at: when they were said, seconds UTC.
        first: whether nobody told of it before; what is told twice may have been lost between two writes.
    """
    conversation = state.conversation
    if conversation is None or not conversation.is_open or said_at < conversation.started_at:
        return False
    if not conversation.agent_message_count and not conversation.human_message_count:
        return False
    if state.waits_since is not None:
        return said_at >= state.waits_since
    if saw_nothing(conversation, state):
        return True
    since = state.shown_at or conversation.started_at
    return first and state.policy.unseen_timeout is not None and said_at >= since and now - said_at > AT_ONCE


def late_reply_to(state: State, title: str) -> Optional[str]:
    """The chat that a suggested reply still counts for though it closed: the latest, if nobody answered it.

    Only what it offered last counts. A newer chat, or a conversation that the person began, would be the latest.

    Args:
        title: the reply's.
    """
    conversation = state.conversation
    if conversation is None or conversation.is_open or conversation.started_by is not StartedBy.BUSINESS:
        return None
    if title not in (offered.get("title") for offered in state.offered):
        return None
    return conversation.id if conversation.response_status is ResponseStatus.NOT_RESPONDED else None
