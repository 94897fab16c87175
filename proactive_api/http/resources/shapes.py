"""What the API answers with. Times are RFC 3339 in UTC, durations seconds."""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Dict, Generic, List, Literal, Optional, TypeVar

import msgspec

T = TypeVar("T")

ChannelName = Literal["sms", "messenger"]
DeliveryName = Literal["queued", "sending", "sent", "delivered", "failed", "skipped"]
StatusName = Literal["open", "closed"]
ResponseName = Literal["responded", "not_responded"]
StarterName = Literal["business", "recipient"]
TypeName = Literal["proactive", "general"]
ClosedName = Literal["auto", "user_resolved", "user_unresolved", "by_human_agent", "force_closed", "opted_out"]
IfActiveName = Literal["skip", "queue", "append"]
HandoffStatusName = Literal["open", "resolved", "returned", "closed"]
ScopeName = Literal["send", "read", "agent", "admin"]
RoleName = Literal["marketer", "agent", "admin"]
#: Always in UTC.
Time = Annotated[datetime.datetime, msgspec.Meta(tz=True)]


def moment(seconds: Optional[float]) -> Optional[datetime.datetime]:
    """Seconds UTC as they are answered."""
    return None if seconds is None else datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)


def certain(seconds: float) -> datetime.datetime:
    """Seconds UTC that are always there, as they are answered."""
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)


class Page(msgspec.Struct, Generic[T]):
    """A part of a list, newest first; ``next_cursor`` leads to the next part, null at the end."""

    data: List[T]
    next_cursor: Optional[str] = None


class Person(msgspec.Struct):
    """A recipient, as far as it takes to know who it is and what their clock shows."""

    id: str
    user_id: Optional[str]
    nickname: Optional[str]
    phone_number: Optional[str]
    timezone: Optional[str]


class RecipientResource(msgspec.Struct):
    """A person whom the business writes to."""

    id: str
    user_id: Optional[str]
    nickname: Optional[str]
    phone_number: Optional[str]
    locale: Optional[str]
    timezone: Optional[str]
    attributes: Dict[str, Any]
    consent: Optional[bool]
    consent_at: Optional[Time]
    opted_out_at: Optional[Time]
    created_at: Time
    updated_at: Time


class ConsentChange(msgspec.Struct):
    """One change of a person's consent.

    ``kind``: the consent message went out (``asked``); the business wrote down ``given``, ``refused`` or ``unknown``;
    the person said STOP (``opted_out``) or START (``opted_in``). ``by`` says whose word it is; the carrier's is that
    they said STOP there, and of what was before this history began it is ``unknown``. ``name`` is who of the business.
    """

    kind: Literal["asked", "given", "refused", "unknown", "opted_out", "opted_in"]
    by: Literal["recipient", "carrier", "business", "unknown"]
    name: Optional[str]
    at: Time


class ConsentHistory(msgspec.Struct):
    """What became of a person's consent, the latest first."""

    data: List[ConsentChange]


class Reply(msgspec.Struct):
    """A suggested reply."""

    title: str
    url: Optional[str]
    payload: Optional[str]


class DeliveryError(msgspec.Struct):
    """Why a message failed: the carrier's code, if it gave one, and a sentence."""

    code: Optional[int]
    message: str


class SentBy(msgspec.Struct):
    """Who sent a message: somebody who signed in, or an API key, by the name that they had then."""

    kind: Literal["user", "api_key"]
    id: str
    name: str


class TranscriptEntry(msgspec.Struct, omit_defaults=True):
    """One message. ``name`` is the human agent's.

    ``text`` is plain, as a phone shows it, unless ``format`` is ``markdown``; then the parts of it in ``literal`` are
    words as they stand, as pairs of indexes in UTF-16 code units, the end not included.

    ``suggested_reply``: the title of the reply that a recipient chose in other words, such as its number.
    ``kind`` is ``proactive`` for words that the business wrote, whoever says them: ``chat_id`` is the proactive
    chat that they belong to, ``sent_by`` who sent it. ``delivery_status`` is that of a proactive message or a human
    agent's, where it is known; with ``failed`` comes ``error``. ``id`` is a human agent's message's: what was not sent
    stays in the transcript, and ``can_retry`` says whether ``/v1/handoffs/{id}/messages/{message_id}/retry`` may help.
    """

    sender: Literal["ai_agent", "recipient", "human_agent"]
    text: str
    at: Time
    name: Optional[str] = None
    suggested_replies: List[Dict[str, Any]] = []
    attachments: List[Dict[str, Any]] = []
    format: Optional[Literal["markdown"]] = None
    literal: List[List[int]] = []
    suggested_reply: Optional[str] = None
    kind: Optional[Literal["proactive"]] = None
    chat_id: Optional[str] = None
    campaign: Optional[str] = None
    sent_by: Optional[SentBy] = None
    id: Optional[str] = None
    delivery_status: Optional[DeliveryName] = None
    error: Optional[DeliveryError] = None
    can_retry: bool = False


class Figures(msgspec.Struct, kw_only=True):
    """What became of a conversation."""

    status: Optional[StatusName] = None
    response_status: ResponseName = "not_responded"
    started_at: Optional[Time] = None
    responded_at: Optional[Time] = None
    last_activity_at: Optional[Time] = None
    handed_over_at: Optional[Time] = None
    closed_at: Optional[Time] = None
    closed_reason: Optional[ClosedName] = None
    resolution_time: Optional[float] = None
    auto_close_at: Optional[Time] = None
    csat: Optional[int] = None
    csat_comment: Optional[str] = None
    user_message_count: int = 0
    agent_message_count: int = 0
    human_message_count: int = 0
    late_response: bool = False
    previous_conversation_id: Optional[str] = None


class ProactiveChat(Figures, kw_only=True):
    """A conversation started by the business: how its message travelled, and what came of it.

    ``status`` is null until the message is sent. With ``if_active: append`` the message belongs to a conversation that
    was open already: ``conversation_id`` is that one's, in all other cases the chat's own ``id``.
    """

    id: str
    conversation_id: str
    recipient: Person
    channel_type: ChannelName
    conversation_type: TypeName
    message: Optional[str]
    intent: Optional[str]
    entities: Dict[str, Any]
    suggested_replies: List[Reply]
    campaign: Optional[str]
    if_active: IfActiveName
    auto_close_timeout: Optional[float]
    delivery_status: DeliveryName
    wait_reason: Optional[str]
    skip_reason: Optional[str]
    error: Optional[DeliveryError]
    encoding: Optional[str]
    segments: Optional[int]
    created_at: Time
    scheduled_at: Optional[Time]
    sent_at: Optional[Time]
    delivered_at: Optional[Time]
    sent_by: Optional[SentBy]
    transcript: List[TranscriptEntry] | msgspec.UnsetType = msgspec.UNSET


class ConversationResource(Figures, kw_only=True):
    """One opening and all that followed until it closed, whoever started it."""

    id: str
    recipient: Person
    channel_type: ChannelName
    started_by: StarterName
    conversation_type: TypeName
    campaign: Optional[str]
    transcript: List[TranscriptEntry] | msgspec.UnsetType = msgspec.UNSET


class TypingResource(msgspec.Struct):
    """Somebody else is writing an answer; unless told again, not beyond ``until``."""

    name: str
    until: Time


class Ticket(msgspec.Struct):
    """A conversation that waits for a human agent.

    ``assignee`` is the name of who takes care of it, ``assignee_id`` the id of their user or of the key that named
    them. ``unanswered`` until a human answered what the recipient said last; ``unread`` if, besides, whoever asks has
    not looked at it.
    """

    id: str
    conversation_id: str
    channel_type: ChannelName
    recipient: Person
    attributes: Dict[str, Any]
    campaign: Optional[str]
    reason: str
    status: HandoffStatusName
    assignee: Optional[str]
    assignee_id: Optional[str]
    unread: bool
    unanswered: bool
    typing: Optional[TypingResource]
    opened_at: Time
    last_message_at: Time
    ended_at: Optional[Time]
    transcript: List[TranscriptEntry]


class KeyResource(msgspec.Struct):
    """An API key, without its secret."""

    id: str
    name: str
    scopes: List[ScopeName]
    created_at: Time
    last_used_at: Optional[Time]
    revoked_at: Optional[Time]


class NewKey(KeyResource):
    """An API key as it is answered once: ``key`` is never shown again."""

    key: str = ""


class UserResource(msgspec.Struct):
    """Somebody who may sign in; ``invited`` until they have chosen a password."""

    id: str
    email: str
    name: str
    role: RoleName
    invited: bool
    disabled: bool
    created_at: Time


class InvitedUser(UserResource):
    """A user, with the link by which they choose a password: it works once, and is never shown again."""

    invite_url: str = ""


class Oneself(msgspec.Struct):
    """Who is signed in."""

    id: str
    email: str
    name: str
    role: RoleName


class SessionResource(msgspec.Struct):
    """A session. ``csrf_token`` goes into the header ``X-CSRF-Token`` of requests that change something."""

    user: Oneself
    csrf_token: str
    scopes: List[ScopeName]
    sandbox: bool


class SessionState(msgspec.Struct):
    """``setup_needed`` while there is no user."""

    setup_needed: bool
