"""The figures of a conversation and of a handoff, and the state of the fold between two events."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Dict, Mapping, Optional, Tuple

from proactive_api.lifecycle.facts import Policy
from proactive_api.lifecycle.values import (
    ClosedReason,
    ConversationStatus,
    ConversationType,
    ResponseStatus,
    StartedBy,
)


@dataclass(frozen=True)
class Conversation:
    """One opening and all that followed until it closed. Times are seconds UTC, durations seconds.

    ``first_event`` is the index, among all events of its sender, of its first one.
    """

    id: str
    first_event: int
    started_by: StartedBy
    started_at: float
    last_activity_at: float
    campaign: Optional[str] = None
    conversation_type: ConversationType = ConversationType.PROACTIVE
    status: ConversationStatus = ConversationStatus.OPEN
    response_status: ResponseStatus = ResponseStatus.NOT_RESPONDED
    responded_at: Optional[float] = None
    auto_close_at: Optional[float] = None
    handed_over_at: Optional[float] = None
    closed_at: Optional[float] = None
    closed_reason: Optional[ClosedReason] = None
    resolution_time: Optional[float] = None
    csat: Optional[int] = None
    csat_comment: Optional[str] = None
    user_message_count: int = 0
    agent_message_count: int = 0
    human_message_count: int = 0
    late_response: bool = False
    previous_conversation_id: Optional[str] = None

    @property
    def is_open(self) -> bool:
        """Whether it still waits for words."""
        return self.status is ConversationStatus.OPEN

    def to_dict(self) -> Dict[str, Any]:
        """Plain values, ready for a row or for JSON."""
        return {name: getattr(value, "value", value) for name, value in self.__dict__.items()}

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Conversation:
        """The inverse of ``to_dict``."""
        values = dict(raw)
        for name, kind in _ENUMS.items():
            if values.get(name) is not None:
                values[name] = kind(values[name])
        return cls(**values)


_ENUMS: Dict[str, Any] = {
    "started_by": StartedBy,
    "conversation_type": ConversationType,
    "status": ConversationStatus,
    "response_status": ResponseStatus,
    "closed_reason": ClosedReason,
}


@dataclass(frozen=True)
class Handoff:
    """A ticket for humans. ``status`` is ``open``, ``resolved``, ``returned`` or ``closed``.

    ``unread`` until a human answers what the recipient said last; ``last_message_at`` is when either of them spoke.
    """

    id: str
    conversation_id: str
    reason: str
    opened_at: float
    status: str = "open"
    ended_at: Optional[float] = None
    last_message_at: float = 0.0
    unread: bool = False


@dataclass(frozen=True)
class Pending:
    """A message during a survey, until the turn shows whether it was an answer to it."""

    event: int
    at: float
    message_id: str
    agent_messages: int = 0


@dataclass(frozen=True)
class State:
    """All that the fold remembers of one sender between two events.

    ``shown_at`` is when the person was last shown words of the business in the latest conversation; ``waits_since`` is
    when a chat or a human agent said there what they have not been shown yet. Both are seconds UTC.
    """

    events: int = 0
    policy: Policy = Policy()
    conversation: Optional[Conversation] = None
    handoff: Optional[Handoff] = None
    handoff_reason: Optional[str] = None
    survey: bool = False
    pending: Optional[Pending] = None
    seen: Tuple[str, ...] = ()
    chats: Tuple[str, ...] = ()
    offered: Tuple[Mapping[str, Any], ...] = ()
    shown_at: Optional[float] = None
    waits_since: Optional[float] = None
    #: Closed and asked about, but not rated before a newer chat was sent. Not compared: states that were stored before
    #: there was this field are as good as those that are folded anew.
    unrated: Optional[Conversation] = field(default=None, compare=False)

    def with_(self, **changes: Any) -> State:
        """The same state but for these fields."""
        return replace(self, **changes)

    def to_dict(self) -> Dict[str, Any]:
        """Plain values, ready for JSON."""
        return {
            "events": self.events,
            "policy": dict(self.policy.__dict__),
            "conversation": self.conversation.to_dict() if self.conversation else None,
            "handoff": dict(self.handoff.__dict__) if self.handoff else None,
            "handoff_reason": self.handoff_reason,
            "survey": self.survey,
            "pending": dict(self.pending.__dict__) if self.pending else None,
            "seen": list(self.seen),
            "chats": list(self.chats),
            "offered": list(self.offered),
            "shown_at": self.shown_at,
            "waits_since": self.waits_since,
            "unrated": self.unrated.to_dict() if self.unrated else None,
        }

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> State:
        """The inverse of ``to_dict``; fields that it lacks are as at the start."""
        conversation, handoff, pending = raw.get("conversation"), raw.get("handoff"), raw.get("pending")
        unrated = raw.get("unrated")
        return cls(
            events=raw.get("events", 0),
            policy=Policy(**raw.get("policy", {})),
            conversation=Conversation.from_dict(conversation) if conversation else None,
            handoff=Handoff(**handoff) if handoff else None,
            handoff_reason=raw.get("handoff_reason"),
            survey=raw.get("survey", False),
            pending=Pending(**pending) if pending else None,
            seen=tuple(raw.get("seen", ())),
            chats=tuple(raw.get("chats", ())),
            offered=tuple(raw.get("offered", ())),
            shown_at=raw.get("shown_at"),
            waits_since=raw.get("waits_since"),
            unrated=Conversation.from_dict(unrated) if unrated else None,
        )
