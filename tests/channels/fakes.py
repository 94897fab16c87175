"""A channel without its server: the real runtime, tracker store and database; no model, and a carrier by hand.

Rasa's own message processor runs the turns. Only what a trained model would do (read an intent, predict the next
action) comes from a script, so that pauses, failing actions, sessions and saving are Rasa's own.
"""

from __future__ import annotations

import time
import uuid
from collections import deque
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any, Callable, Deque, Dict, List, Mapping, Optional, Sequence, Tuple, Union

import pytest
import sqlalchemy as sa
from rasa.core.actions.action import Action, action_for_name_or_text
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.data import TrainingType
from rasa.utils.endpoints import EndpointConfig
from sqlalchemy.engine import Connection, Row

from channels.conversation import events
from channels.conversation.failures import Busy, CarrierFailure, NoAnswer, Refused
from channels.conversation.outlet import Outlet
from channels.lock_store import InProcessLockStore
from channels.rasa_server.runtime import Runtime
from channels.sms.carrier import Accepted, Carrier, Known, nothing_known
from proactive_api.config import Config
from proactive_api.lifecycle.carrier_errors import explain
from proactive_api.lifecycle.figures import State
from proactive_api.lifecycle.senders import sender_of
from proactive_api.lifecycle.values import ChannelType, ClosedReason, SuggestedReply
from proactive_api.operations import sending_rules
from proactive_api.operations.send import Draft, send
from proactive_api.storage import settings
from proactive_api.storage.conversations.effects import Effect
from proactive_api.storage.people import recipients
from proactive_api.storage.queues import commands, inbound, sends
from proactive_api.storage.queues.commands import Command
from proactive_api.storage.queues.inbound import Inbound
from proactive_api.storage.queues.sends import Claim
from proactive_api.storage.sql import tables as t
from proactive_api.tracker_store import ProactiveTrackerStore
from tests.databases import KINDS

PHONE = "+14155550177"
#: Nothing listens there: an action that is asked of this server fails at once.
NOBODY = "http://127.0.0.1:9/webhook"
#: For tests of what the two databases may do differently.
on_both = pytest.mark.parametrize("house_url", KINDS, indirect=True)

_WORDS = {
    "utter_greet": "Hello!",
    "utter_reminder": "See you at ten.",
    "utter_handoff": "A person takes over.",
    "utter_opted_in": "You will hear from us again.",
    "utter_opted_out": "You will not hear from us.",
    "utter_media_received": "We got your picture.",
    "utter_empty_message": "There was nothing in it.",
    "utter_help": "Ask us anything.",
    "utter_closing": "Closing for now.",
    "utter_ask_csat": "How was it, 1 to 5?",
    "utter_csat_thanks": "Thank you!",
    "utter_returned_to_agent": "The assistant is back.",
}
_CUSTOM = {"influence_conversation": False, "mappings": [{"type": "custom"}]}
DOMAIN: Dict[str, Any] = {
    "version": "3.1",
    "session_config": {"session_expiration_time": 0, "carry_over_slots_to_new_session": False},
    "intents": ["say", "greet", "break", "act", "plan_yearly", "EXTERNAL_close", "EXTERNAL_reminder", "EXTERNAL_mute"],
    "entities": ["place"],
    "actions": ["action_proactive_message", "action_of_server"],
    "slots": {name: {"type": "any", **_CUSTOM} for name in ("requested_slot", "csat_score", "campaign")},
    "responses": {name: [{"text": text}] for name, text in _WORDS.items()},
}


class AssistantBroke(RuntimeError):
    """What a model, a policy or somebody's own code may raise in the middle of a turn."""


class Does(Action):
    """An action that gives these events."""

    def __init__(self, name: str, *events: Event) -> None:
        self._name, self._events = name, events

    def name(self) -> str:
        """As it stands in the tracker."""
        return self._name

    async def run(self, *_args: Any, **_kwargs: Any) -> List[Event]:
        """Its events."""
        return list(self._events)


#: An action by name or as it is; an exception is raised where the next action would be predicted.
Step = Union[str, Action, Exception]


class ScriptedProcessor(MessageProcessor):
    """Rasa's message processor, with a script in place of a trained model.

    Args:
        script: for each intent, the actions that follow it, then the assistant listens. A text that is no intent's
            name is read as ``say``; ``break`` makes the assistant raise.
    """

    def __init__(self, agent: Agent, script: Mapping[str, Sequence[Step]]) -> None:
        self.nlg, self.tracker_store, self.lock_store = agent.nlg, agent.tracker_store, agent.lock_store
        self.action_endpoint, self.domain = agent.action_endpoint, agent.domain
        self.http_interpreter, self.on_circuit_break, self.max_number_of_predictions = None, None, 10
        self.model_metadata = SimpleNamespace(
            training_type=TrainingType.BOTH, model_id="scripted", assistant_id="scripted"
        )
        self.script: Dict[str, Sequence[Step]] = dict(script)
        #: What the assistant was given to read.
        self.read: List[str] = []

    async def parse_message(
        self, message: UserMessage, tracker: Optional[DialogueStateTracker] = None, only_output_properties: bool = True
    ) -> Dict[str, Any]:
        """Which intent the words have."""
        self.read.append(str(message.text))
        text = str(message.text)
        name = text.lstrip("/").partition("{")[0]
        if name == "break":
            raise AssistantBroke("the model has a hole")
        known = name in self.script and (text.startswith("/") or not name.startswith("EXTERNAL"))
        intent = name if known else "say"
        return {"text": message.text, "intent": {"name": intent, "confidence": 1.0}, "entities": []}

    def predict_next_with_tracker_if_should(self, tracker: DialogueStateTracker) -> Tuple[Action, PolicyPrediction]:
        """The next action of the script."""
        assert tracker.latest_message is not None
        steps = self.script.get(str(tracker.latest_message.intent.get("name")), ())
        done = _actions_since_words(tracker)
        step: Step = steps[done] if done < len(steps) else "action_listen"
        if isinstance(step, Exception):
            raise step
        action = step if isinstance(step, Action) else action_for_name_or_text(step, self.domain, self.action_endpoint)
        return action, PolicyPrediction.for_action_name(self.domain, "action_listen")


def _actions_since_words(tracker: DialogueStateTracker) -> int:
    count = 0
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            break
        count += isinstance(event, ActionExecuted)
    return count


@dataclass(frozen=True)
class Taken:
    """A message that the carrier has."""

    sid: str
    to: str
    body: str
    at: float
    callback: Optional[str]


@dataclass(frozen=True)
class Lost:
    """The carrier takes the message, and its answer is lost on the way."""


class FakeCarrier(Carrier):
    """The carrier's client as the channel uses it; what it answers is told beforehand.

    Each try to hand over takes the next of ``answers``: ``None`` is a yes. With none left, everything is taken.
    """

    def __init__(self) -> None:
        self.taken: List[Taken] = []
        self.answers: Deque[Union[None, Lost, CarrierFailure]] = deque()
        self.cannot_look: Optional[CarrierFailure] = None
        #: Called while a message is being handed over, before it is answered.
        self.meanwhile: Callable[[str], None] = lambda _body: None

    @property
    def bodies(self) -> List[str]:
        """The words that people have on their phones."""
        return [one.body for one in self.taken]

    async def close(self) -> None:
        """Nothing to give back."""

    async def deliver(
        self,
        to: str,
        body: str,
        *,
        since: float,
        patient: bool = True,
        callback: Optional[str] = None,
        known: Known = nothing_known,
    ) -> Accepted:
        """Hand over one message, as the real one does when its own retries are used up."""
        self.meanwhile(body)
        answer = self.answers.popleft() if self.answers else None
        if isinstance(answer, CarrierFailure):
            raise answer
        taken = self.take(to, body, callback)
        if isinstance(answer, Lost):
            raise no_answer()
        return Accepted(taken.sid, "queued")

    async def look(
        self, to: str, body: str, *, since: float, arrives_until: float, known: Known = nothing_known
    ) -> Optional[Accepted]:
        """Look into the carrier's list, as the real one does."""
        if self.cannot_look is not None:
            raise self.cannot_look
        not_these = await known()
        for one in self.taken:
            if (one.to, one.body) == (to, body) and one.at >= since - 5 and one.sid not in not_these:
                return Accepted(one.sid, "sent")
        if time.time() < arrives_until:
            raise no_answer(on_its_way=True)
        return None

    def take(self, to: str, body: str, callback: Optional[str] = None) -> Taken:
        """The carrier has it from here on."""
        self.taken.append(Taken(f"SM{len(self.taken) + 1}", to, body, time.time(), callback))
        return self.taken[-1]


def refused(code: int = 21211) -> Refused:
    """No, and no again."""
    return Refused(explain(code, 400))


def busy() -> Busy:
    """Not now (HTTP 429)."""
    return Busy(explain(20429, 429))


def unreachable() -> Busy:
    """The connection was refused: there is no code."""
    return Busy(explain(None, None))


def no_answer(on_its_way: bool = False) -> NoAnswer:
    """Nobody knows."""
    return NoAnswer(explain(None, None), on_its_way)


class Notebook(Outlet):
    """A way out that anything can be said by; what was said stands in ``words``."""

    def __init__(self) -> None:
        self.words: List[str] = []
        #: Whether the recipient must not get anything.
        self.mute = False
        #: Raised once, in the transaction of the events that tell of the words.
        self.cannot_note: Optional[Exception] = None

    @classmethod
    def name(cls) -> str:
        """As the channel's."""
        return ChannelType.SMS.value

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        """What the assistant says."""
        await self.say(recipient_id, text)

    async def say(self, sender_id: str, text: str, replies: Sequence[SuggestedReply] = ()) -> bool:
        """Write it down."""
        if not self.mute:
            self.words.append(text)
        return not self.mute

    def note(self, sender_id: str, chat_id: Optional[str] = None) -> Effect:
        """Nothing to remember, unless that is what fails."""

        def effect(_conn: Connection) -> None:
            failure, self.cannot_note = self.cannot_note, None
            if failure is not None:
                raise failure

        return effect


def database_down() -> Exception:
    """What SQLAlchemy raises then."""
    return sa.exc.OperationalError("INSERT", {}, Exception("the server closed the connection"))


class House:
    """One channel's world: people, sends, commands and messages in a real database, and what became of them."""

    def __init__(self, url: str, channel: ChannelType = ChannelType.SMS) -> None:
        self.channel = channel
        domain = Domain.from_dict(DOMAIN)
        self.store = ProactiveTrackerStore(domain, database=url)
        self.engine = self.store.engine
        endpoint = EndpointConfig(NOBODY)
        agent = Agent(domain, None, self.store, InProcessLockStore(), endpoint)
        agent.processor = self.assistant = ScriptedProcessor(
            agent,
            {
                "greet": ["utter_greet"],
                "act": ["action_of_server"],
                "EXTERNAL_close": ["utter_closing"],
                "EXTERNAL_reminder": ["utter_reminder"],
                "EXTERNAL_mute": [],
            },
        )
        self.runtime = Runtime(agent, Config.from_env({"PUBLIC_URL": "https://shop.example"}))
        self.carrier = FakeCarrier()

    # -- people -------------------------------------------------------------------------------

    def person(self, **values: Any) -> str:
        """Somebody to write to; consent is given unless told otherwise."""
        known = {"user_id": f"u{uuid.uuid4().hex[:8]}", "phone_number": PHONE, "consent": True, **values}
        with self.engine.begin() as conn:
            return recipients.create(conn, known, time.time()).id

    def set_person(self, recipient_id: str, **columns: Any) -> None:
        """Change some columns of a person's row."""
        with self.engine.begin() as conn:
            conn.execute(sa.update(t.recipients).where(t.recipients.c.id == recipient_id).values(**columns))

    def person_row(self, recipient_id: str) -> Row:
        """A person as they are now."""
        return self._one(sa.select(t.recipients).where(t.recipients.c.id == recipient_id))

    def set(self, **changes: Any) -> None:
        """Change the settings; the runtime reads them anew."""
        with self.engine.begin() as conn:
            settings.patch(conn, changes)
        self.runtime._settings = (0.0, self.runtime._settings[1])

    # -- sends --------------------------------------------------------------------------------

    def accept(self, recipient_id: str, message: Optional[str] = "Sale!", **fields: Any) -> str:
        """Accept a send, as the API does; the chat's id."""
        user_id = self.person_row(recipient_id).user_id
        draft = Draft(self.channel, user_id=user_id, message=None if "intent" in fields else message, **fields)
        with self.engine.begin() as conn:
            return str(send(conn, draft, self.runtime.config.links, time.time()).chat["id"])

    def claim(self, chat_id: str, after: float = 0.0) -> Claim:
        """Claim what is due in ``after`` seconds, as the worker does; this chat's claim."""
        with self.engine.begin() as conn:
            claims = sending_rules.claim_due(conn, time.time() + after, 100)
        return next(claim for claim in claims[self.channel.value] if claim.chat_id == chat_id)

    def claim_again(self, chat_id: str) -> Claim:
        """The one who held it died: its lease ran out, and the worker claims it anew."""
        with self.engine.begin() as conn:
            sends.expire_all(conn, time.time(), self.channel)
        return self.claim(chat_id)

    def asked(self, chat_id: str, ago: float = 0.0) -> None:
        """Whoever held it wrote down, so many seconds ago, that the carrier was about to be asked; then it died."""
        with self.engine.begin() as conn:
            one = sa.update(t.proactive_chats).where(t.proactive_chats.c.id == chat_id)
            conn.execute(one.values(asked_at=time.time() - ago, claimed_at=time.time() - ago))

    def due(self, recipient_id: str, message: Optional[str] = "Sale!", **fields: Any) -> Claim:
        """A send that is accepted and claimed."""
        return self.claim(self.accept(recipient_id, message, **fields))

    def chat(self, chat_id: str) -> Row:
        """A send's row as it is now."""
        return self._one(sa.select(t.proactive_chats).where(t.proactive_chats.c.id == chat_id))

    # -- commands and messages ----------------------------------------------------------------

    def ask(self, kind: str, conversation_id: str, sender_id: str, **payload: Any) -> str:
        """Ask for a command; its id."""
        with self.engine.begin() as conn:
            asked = commands.enqueue(
                conn,
                kind=kind,
                conversation_id=conversation_id,
                sender_id=sender_id,
                payload=payload,
                dedup_key=None,
                now=time.time(),
            )
        assert asked is not None
        return asked

    def take_commands(self, after: float = 0.0) -> List[Command]:
        """Claim all commands that are due in ``after`` seconds, as the worker does, oldest first."""
        with self.engine.begin() as conn:
            ids = [row.id for row in commands.claim(conn, time.time() + after, 100)]
            return commands.load(conn, ids)

    def command(self, command_id: str) -> Row:
        """A command's row as it is now."""
        return self._one(sa.select(t.commands).where(t.commands.c.id == command_id))

    def wrote(self, sid: str, sender: str = PHONE, attempt: int = 1, **payload: Any) -> Inbound:
        """A message that the webhook has stored."""
        message = Inbound(sid, sender, payload, time.time(), 1, self.channel.value)
        with self.engine.begin() as conn:
            inbound.store(conn, message)
        return replace(message, attempt=attempt)

    def message(self, sid: str) -> Row:
        """A stored message as it is now."""
        return self._one(sa.select(t.inbound_messages).where(t.inbound_messages.c.sid == sid))

    # -- conversations ------------------------------------------------------------------------

    async def open(self, recipient_id: str, replies: Sequence[SuggestedReply] = (), **about: Any) -> str:
        """A proactive chat that went out; its conversation's id."""
        at, chat_id = time.time() - 100, str(uuid.uuid4())
        policy = await self.runtime.policy(self.channel)
        begun = events.opening(at, chat_id, about.get("campaign"), self.channel.value, policy)
        said = events.words(at, about.get("words", "Sale!"), {"chat_id": chat_id}, replies, events.OPENING_ACTION)
        await self.tell(recipient_id, *begun, *said, events.listen(at))
        return chat_id

    async def tell(self, recipient_id: str, *happened: Event) -> None:
        """This happened in the conversation."""
        await self.store.append(self.sender(recipient_id), events.stored(happened))

    async def answered(self, recipient_id: str, text: str = "hm") -> None:
        """The person wrote."""
        await self.tell(recipient_id, events.heard(time.time() - 50, text, uuid.uuid4().hex, self.channel.value, {}))

    async def hand_over(self, recipient_id: str) -> None:
        """A human owns the conversation."""
        await self.tell(recipient_id, *events.handed_over(time.time() - 10, "requested"))

    async def shut(self, recipient_id: str, *asking: Event, ago: float = 5.0) -> None:
        """The conversation closed by itself; ``asking`` is how the survey goes on."""
        await self.tell(recipient_id, *events.closed(time.time() - ago, ClosedReason.AUTO, (), False), *asking)

    # -- what became of it --------------------------------------------------------------------

    def sender(self, recipient_id: str) -> str:
        """The tracker's name."""
        return sender_of(self.channel, recipient_id)

    async def state(self, recipient_id: str) -> State:
        """What the fold knows."""
        return (await self.store.head(self.sender(recipient_id))).state

    async def events(self, recipient_id: str) -> List[Event]:
        """All that is stored of a person's conversations."""
        tracker = await self.store.retrieve_full_tracker(self.sender(recipient_id))
        return list(tracker.events) if tracker is not None else []

    async def said(self, recipient_id: str) -> List[str]:
        """The words of the transcript, from both sides."""
        return [
            event.text
            for event in await self.events(recipient_id)
            if event.type_name in ("user", "bot") and event.text is not None
        ]

    def rows(self, table: sa.Table) -> List[Row]:
        """All rows of a table."""
        with self.engine.connect() as conn:
            return list(conn.execute(sa.select(table)))

    def _one(self, query: Any) -> Row:
        with self.engine.connect() as conn:
            return conn.execute(query).one()

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()
