"""The fold: from a tracker's events to the figures of its conversations (spec section 3).

One pure step per event. It is total: any order, duplication or loss of events gives figures that
are consistent with each other, and folding in one go equals folding in pieces.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import Callable, Dict, Iterable, Optional, Type

from proactive_api.lifecycle import facts
from proactive_api.lifecycle.facts import Fact
from proactive_api.lifecycle.figures import Conversation, Handoff, Pending, State
from proactive_api.lifecycle.reading import Event, read_fact
from proactive_api.lifecycle.sight import auto_close_at
from proactive_api.lifecycle.values import (
    ClosedReason,
    ConversationStatus,
    ConversationType,
    ResponseStatus,
    StartedBy,
)

#: Derived identifiers: the same events give the same ids, live or rebuilt.
NAMESPACE = uuid.UUID("6f2b0c1e-6a55-4c0e-9a52-0d7a3c6f0a11")

#: How many ids of messages and of chats a sender's state remembers, so that a repetition counts once.
REMEMBERED = 20


@dataclass(frozen=True)
class Folded:
    """What folding some events came to: the new state, and every figure that it touched."""

    state: State
    conversations: Dict[str, Conversation]
    handoffs: Dict[str, Handoff]


class _Step:
    """One fact applied to one state. Collects what it touches."""

    def __init__(self, sender_id: str, state: State) -> None:
        self.sender_id = sender_id
        self.state = state
        self.conversations: Dict[str, Conversation] = {}
        self.handoffs: Dict[str, Handoff] = {}

    def apply(self, event: Event) -> None:
        fact = read_fact(event)
        if fact is not None:
            _HANDLERS[type(fact)](self, fact)
        self.state = self.state.with_(events=self.state.events + 1)

    # -- openings ---------------------------------------------------------------------------

    def opened(self, fact: facts.Opened) -> None:
        self.settle_pending()
        if fact.conversation_id in self.state.chats:
            return
        self.close(fact.at, ClosedReason.FORCE_CLOSED)
        self.keep_unrated()
        chats = (*self.state.chats, fact.conversation_id)[-REMEMBERED:]
        policy = fact.policy or self.state.policy
        self.state = self.state.with_(survey=False, offered=(), shown_at=None, chats=chats, policy=policy)
        self.waits(fact.at)
        self.put(
            Conversation(
                id=fact.conversation_id,
                first_event=self.state.events,
                started_by=StartedBy.BUSINESS,
                campaign=fact.campaign,
                started_at=fact.at,
                last_activity_at=fact.at,
            )
        )

    def keep_unrated(self) -> None:
        """A survey that waits when a newer chat is sent can still be answered."""
        asked = self.state.conversation
        if self.state.survey and asked is not None and not asked.is_open and asked.csat is None:
            self.state = self.state.with_(unrated=asked)

    def session_started(self, _fact: facts.SessionStarted) -> None:
        self.settle_pending()
        self.state = self.state.with_(survey=False)

    def begin_general(self, event: int, at: float, message_id: str, agent_messages: int = 0) -> None:
        previous = self.state.conversation
        if previous is not None:
            self.put(replace(previous, late_response=True))
        self.state = self.state.with_(shown_at=None, waits_since=None)
        self.put(
            Conversation(
                id=str(uuid.uuid5(NAMESPACE, f"{self.sender_id}/{message_id}")),
                first_event=event,
                started_by=StartedBy.RECIPIENT,
                conversation_type=ConversationType.GENERAL,
                response_status=ResponseStatus.RESPONDED,
                started_at=at,
                responded_at=at,
                last_activity_at=at,
                user_message_count=1,
                agent_message_count=agent_messages,
                previous_conversation_id=previous.id if previous else None,
            )
        )

    # -- words ------------------------------------------------------------------------------

    def recipient_said(self, fact: facts.RecipientSaid) -> None:
        if fact.message_id in self.state.seen:
            return
        self.settle_pending()
        self.credit(fact.reply_to, fact.at)
        seen = (*self.state.seen, fact.message_id)[-REMEMBERED:]
        conversation = self.state.conversation
        self.state = self.state.with_(seen=seen, policy=self.policy_for(conversation, fact.policy))
        if conversation is not None and conversation.is_open:
            self.state = self.state.with_(waits_since=None)
            self.talked(fact.at, unread=True)
            self.put(
                replace(self.responded(conversation, fact), user_message_count=conversation.user_message_count + 1)
            )
        elif fact.keyword:
            return
        elif conversation is not None and self.state.survey:
            self.state = self.state.with_(pending=Pending(self.state.events, fact.at, fact.message_id))
        else:
            self.begin_general(self.state.events, fact.at, fact.message_id)

    def policy_for(self, conversation: Optional[Conversation], fresh: Optional[facts.Policy]) -> facts.Policy:
        known = self.state.policy
        if fresh is not None and known.pinned and conversation is not None and conversation.is_open:
            return replace(fresh, auto_close_timeout=known.auto_close_timeout, pinned=True)
        return fresh or known

    def responded(self, conversation: Conversation, fact: facts.RecipientSaid) -> Conversation:
        active = self.active(conversation, fact.at)
        return active if fact.keyword else _first_response(active, fact.at)

    def credit(self, chat_id: Optional[str], at: float) -> None:
        """A reply that a chat suggested counts for it, though it has closed."""
        conversation = self.state.conversation
        if conversation is not None and conversation.id == chat_id and not conversation.is_open:
            self.put(_first_response(conversation, at))

    def reacted(self, fact: facts.Reacted) -> None:
        self.credit(fact.reply_to, fact.at)
        conversation = self.state.conversation
        if conversation is None:
            return
        if conversation.is_open:
            self.state = self.state.with_(waits_since=None)
            self.put(_first_response(self.active(conversation, fact.at), fact.at))
        else:
            self.put(replace(conversation, late_response=True))

    def agent_said(self, fact: facts.AgentSaid) -> None:
        if fact.offered or fact.appended:
            self.state = self.state.with_(offered=fact.offered)
        pending, conversation = self.state.pending, self.state.conversation
        if pending is not None:
            self.state = self.state.with_(pending=replace(pending, agent_messages=pending.agent_messages + 1))
        elif conversation is not None and conversation.is_open:
            if fact.appended:
                self.waits(fact.at)
            active = self.active(conversation, fact.at)
            self.put(replace(active, agent_message_count=active.agent_message_count + 1))

    def waits(self, at: float) -> None:
        """Words that the person did not just ask for wait to be seen, where it is known what is."""
        if self.state.policy.unseen_timeout is not None:
            self.state = self.state.with_(waits_since=at)

    def shown(self, fact: facts.Shown) -> None:
        conversation = self.state.conversation
        if conversation is not None and conversation.is_open and conversation.id == fact.conversation_id:
            self.state = self.state.with_(shown_at=max(fact.at, self.state.shown_at or fact.at), waits_since=None)
            self.put(conversation)

    def human_said(self, fact: facts.HumanSaid) -> None:
        conversation = self.state.conversation
        if conversation is not None and conversation.is_open:
            self.talked(fact.at, unread=False)
            self.waits(fact.at)
            active = self.active(conversation, fact.at)
            self.put(replace(active, human_message_count=active.human_message_count + 1))

    # -- handoff ----------------------------------------------------------------------------

    def handoff_reason_given(self, fact: facts.HandoffReasonGiven) -> None:
        self.state = self.state.with_(handoff_reason=fact.reason)

    def handed_over(self, fact: facts.HandedOver) -> None:
        self.settle_pending()
        conversation = self.state.conversation
        if conversation is None or not conversation.is_open or self.state.handoff is not None:
            return
        key = f"{self.sender_id}/{conversation.id}/{self.state.events}"
        reason = self.state.handoff_reason or "requested"
        handoff_id = str(uuid.uuid5(NAMESPACE, key))
        self.put_handoff(Handoff(handoff_id, conversation.id, reason, fact.at, last_message_at=fact.at, unread=True))
        self.put(replace(self.active(conversation, fact.at), handed_over_at=conversation.handed_over_at or fact.at))

    def returned(self, fact: facts.Returned) -> None:
        self.end_handoff("returned", fact.at)
        conversation = self.state.conversation
        if conversation is not None and conversation.is_open:
            self.put(self.active(conversation, fact.at))

    def talked(self, at: float, unread: bool) -> None:
        """The recipient or a human spoke while a human has the conversation."""
        handoff = self.state.handoff
        if handoff is not None:
            self.put_handoff(replace(handoff, last_message_at=max(at, handoff.last_message_at), unread=unread))

    def end_handoff(self, status: str, at: float) -> None:
        if self.state.handoff is not None:
            self.put_handoff(replace(self.state.handoff, status=status, ended_at=at, unread=False))
            self.state = self.state.with_(handoff=None, handoff_reason=None)

    # -- closing and survey -----------------------------------------------------------------

    def closed(self, fact: facts.Closed) -> None:
        self.close(fact.at, fact.reason)

    def close(self, at: float, reason: ClosedReason) -> None:
        conversation = self.state.conversation
        if conversation is None or not conversation.is_open:
            return
        self.end_handoff("resolved" if reason is ClosedReason.BY_HUMAN_AGENT else "closed", at)
        responded_at = conversation.responded_at
        self.put(
            replace(
                conversation,
                status=ConversationStatus.CLOSED,
                closed_at=at,
                closed_reason=reason,
                resolution_time=None if responded_at is None else max(0.0, at - responded_at),
            )
        )

    def survey_started(self, _fact: facts.SurveyStarted) -> None:
        self.state = self.state.with_(survey=True, unrated=None)

    def survey_ended(self, _fact: facts.SurveyEnded) -> None:
        self.state = self.state.with_(survey=False)

    def rated(self, fact: facts.Rated) -> None:
        conversation = self.answered()
        if conversation is not None and conversation.csat is None and self.in_window(conversation, fact.at):
            self.put(replace(conversation, csat=fact.score))

    def rated_earlier(self, fact: facts.RatedEarlier) -> None:
        earlier = self.state.unrated
        if fact.message_id in self.state.seen:
            return
        if earlier is None or earlier.id != fact.conversation_id or not self.in_window(earlier, fact.at):
            self.recipient_said(facts.RecipientSaid(fact.at, fact.message_id))
            return
        seen = (*self.state.seen, fact.message_id)[-REMEMBERED:]
        self.conversations[earlier.id] = replace(earlier, csat=fact.score, csat_comment=fact.comment)
        self.state = self.state.with_(seen=seen, unrated=None)

    def commented(self, fact: facts.Commented) -> None:
        conversation = self.answered()
        if conversation is None or not fact.text or conversation.csat_comment is not None:
            return
        if conversation.csat is not None and self.in_window(conversation, fact.at):
            self.put(replace(conversation, csat_comment=fact.text))

    def resolution_answered(self, fact: facts.ResolutionAnswered) -> None:
        conversation = self.answered()
        if conversation is None:
            return
        reason = ClosedReason.USER_RESOLVED if fact.resolved else ClosedReason.USER_UNRESOLVED
        if conversation.is_open:
            self.close(fact.at, reason)
        elif conversation.closed_reason is ClosedReason.AUTO and self.in_window(conversation, fact.at):
            self.put(replace(conversation, closed_reason=reason))

    def answered(self) -> Optional[Conversation]:
        """The conversation that an answer to the survey is about. The pending message was that answer."""
        self.state = self.state.with_(pending=None)
        return self.state.conversation

    def in_window(self, conversation: Conversation, at: float) -> bool:
        expiry = self.state.policy.csat_expiry
        return conversation.closed_at is None or expiry is None or at <= conversation.closed_at + expiry

    def listened(self, _fact: facts.Listened) -> None:
        if self.state.survey:
            # The form asked again: the message belonged to the survey, though it answered nothing.
            self.state = self.state.with_(pending=None)
        else:
            self.settle_pending()

    def settle_pending(self) -> None:
        """A message that no survey took is the start of a conversation of its own."""
        pending = self.state.pending
        if pending is not None:
            self.state = self.state.with_(pending=None)
            self.begin_general(pending.event, pending.at, pending.message_id, pending.agent_messages)

    # -- book-keeping -----------------------------------------------------------------------

    def active(self, conversation: Conversation, at: float) -> Conversation:
        return replace(conversation, last_activity_at=max(conversation.last_activity_at, at))

    def put(self, conversation: Conversation) -> None:
        """Keep a figure; the deadline always follows from the rest."""
        conversation = replace(conversation, auto_close_at=auto_close_at(conversation, self.state))
        self.conversations[conversation.id] = conversation
        self.state = self.state.with_(conversation=conversation)

    def put_handoff(self, handoff: Handoff) -> None:
        self.handoffs[handoff.id] = handoff
        self.state = self.state.with_(handoff=handoff)


def _first_response(conversation: Conversation, at: float) -> Conversation:
    if conversation.response_status is ResponseStatus.RESPONDED:
        return conversation
    return replace(
        conversation,
        response_status=ResponseStatus.RESPONDED,
        responded_at=max(at, conversation.started_at),
        conversation_type=ConversationType.GENERAL,
    )


_HANDLERS: Dict[Type[Fact], Callable[..., None]] = {
    facts.Opened: _Step.opened,
    facts.SessionStarted: _Step.session_started,
    facts.RecipientSaid: _Step.recipient_said,
    facts.Reacted: _Step.reacted,
    facts.AgentSaid: _Step.agent_said,
    facts.Shown: _Step.shown,
    facts.HumanSaid: _Step.human_said,
    facts.HandoffReasonGiven: _Step.handoff_reason_given,
    facts.HandedOver: _Step.handed_over,
    facts.Returned: _Step.returned,
    facts.Closed: _Step.closed,
    facts.SurveyStarted: _Step.survey_started,
    facts.SurveyEnded: _Step.survey_ended,
    facts.Rated: _Step.rated,
    facts.RatedEarlier: _Step.rated_earlier,
    facts.Commented: _Step.commented,
    facts.ResolutionAnswered: _Step.resolution_answered,
    facts.Listened: _Step.listened,
}


def fold(sender_id: str, state: State, events: Iterable[Event]) -> Folded:
    """Fold ``events`` onto ``state``.

    Args:
        sender_id: Rasa's name of the tracker; part of the ids that are derived.
        state: what earlier events came to; ``State()`` for none.
        events: stored events, oldest first.

    Returns:
        The new state, and the conversations and handoffs that changed, by id.
    """
    step = _Step(sender_id, state)
    for event in events:
        step.apply(event)
    return Folded(step.state, step.conversations, step.handoffs)
