"""What a connector needs of the running Rasa server, checked and made ready at start-up."""

from __future__ import annotations

import gc
import logging
import sys
import time
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Callable, List, Optional, Tuple

from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from channels.lock_store import InProcessLockStore
from channels.rasa_server.responses import SettingsAwareGenerator
from proactive_api.config import Config
from proactive_api.lifecycle.facts import Policy
from proactive_api.lifecycle.openings import Known
from proactive_api.lifecycle.senders import split_sender
from proactive_api.lifecycle.values import ChannelType, Settings
from proactive_api.storage import settings as stored_settings
from proactive_api.tracker_store import ProactiveTrackerStore

if TYPE_CHECKING:
    from rasa.core.agent import Agent

logger = logging.getLogger(__name__)

#: Seconds that settings are remembered: a PATCH is felt within this.
SETTINGS_TTL = 0.5
#: Python hands the interpreter over this often (seconds): database threads must not wait 5 ms each time.
SWITCH_INTERVAL = 0.0005
#: New objects between two collections: a thousand connections are many objects, and none of them is garbage.
YOUNG_OBJECTS = 20_000

_failed_actions: ContextVar[Optional[List[str]]] = ContextVar("failed_actions", default=None)


class NotOurTrackerStore(RuntimeError):
    """Rasa runs with another tracker store than ``ProactiveTrackerStore``.

    Rasa replaces a tracker store that it cannot import by one in memory and goes on; every
    conversation would be lost at the next restart. Name
    ``proactive_api.tracker_store.ProactiveTrackerStore`` as ``tracker_store: type:`` in
    ``endpoints.yml`` and start ``rasa run`` where it can be imported.
    """


class Runtime:
    """The running assistant as the connectors use it.

    Args:
        agent: Rasa's agent, with a model loaded.
        config: the environment.

    Raises:
        NotOurTrackerStore: if Rasa loaded another tracker store.
    """

    def __init__(self, agent: Agent, config: Config) -> None:
        self.agent = agent
        self.config = config
        self.store = _our_store(agent)
        self._settings: Tuple[float, Settings] = (0.0, Settings())
        self.words = _prepare(agent, self)
        #: What the model knows of openings by intent, once it was found out.
        self.openings: Optional[Known] = None

    @property
    def processor(self) -> Any:
        """Rasa's message processor, with the model that is loaded now."""
        processor = self.agent.processor
        if processor is not None and not isinstance(processor._has_session_expired, _SessionExpiry):
            processor._has_session_expired = _SessionExpiry(processor._has_session_expired)
        return processor

    @property
    def is_only_server(self) -> bool:
        """Whether this is the only Rasa server: locks in process make sense for one only."""
        return isinstance(self.agent.lock_store, InProcessLockStore)

    def knows_intent(self, name: str) -> bool:
        """Whether the domain has this intent."""
        return bool(self.agent.domain) and name in self.agent.domain.intents

    def knows_action(self, name: str) -> bool:
        """Whether the domain has this action."""
        return bool(self.agent.domain) and name in self.agent.domain.action_names_or_texts

    async def settings(self) -> Settings:
        """The settings as they are now, at most ``SETTINGS_TTL`` old."""
        read_at, settings = self._settings
        if time.monotonic() - read_at > SETTINGS_TTL:
            settings = await self.store.read(stored_settings.load)
            self._settings = (time.monotonic(), settings)
        return settings

    async def policy(self, channel: ChannelType, auto_close_timeout: Optional[float] = None) -> Policy:
        """The durations in force now; ``auto_close_timeout`` is a campaign's own."""
        chosen = (await self.settings()).for_channel(channel)
        timeout = chosen.auto_close_timeout if auto_close_timeout is None else auto_close_timeout
        # Only the messenger is told what was shown.
        unseen = chosen.unseen_timeout if channel is ChannelType.MESSENGER else None
        return Policy(timeout, chosen.handoff_timeout, chosen.csat_expiry, auto_close_timeout is not None, unseen)

    async def tracker(self, sender_id: str) -> DialogueStateTracker:
        """The tracker of the latest session, or an empty one."""
        return await self.processor.get_tracker(sender_id)


def _our_store(agent: Agent) -> ProactiveTrackerStore:
    # Rasa wraps the store in one that keeps what could not be saved in memory, and says nothing.
    store = getattr(agent.tracker_store, "_tracker_store", agent.tracker_store)
    if not isinstance(store, ProactiveTrackerStore):
        raise NotOurTrackerStore(f"Rasa runs with {type(store).__name__}. {NotOurTrackerStore.__doc__}")
    return store


def _prepare(agent: Agent, runtime: Runtime) -> SettingsAwareGenerator:
    words = agent.nlg  # another channel of ours may have been here before
    if not isinstance(words, SettingsAwareGenerator):
        words = SettingsAwareGenerator(agent.domain.responses if agent.domain else {}, runtime.settings, agent.nlg)
    agent.tracker_store, agent.nlg = runtime.store, words
    agent.action_endpoint = watched = WatchedEndpoint.around(agent.action_endpoint)
    if agent.processor is not None:
        agent.processor.tracker_store, agent.processor.nlg = runtime.store, words
        agent.processor.action_endpoint = watched
    sys.setswitchinterval(SWITCH_INTERVAL)
    _spare_the_model()
    return words


def _spare_the_model() -> None:
    """Keep the garbage collector away from the libraries and the model, which stay for as long as the server runs.

    They are about a million objects; looking through all of them stops every conversation for half a second, again
    and again, and finds nothing. Reference counting still frees what a newly loaded model replaces.
    """
    if not gc.get_freeze_count():
        gc.collect()
        gc.freeze()
        gc.set_threshold(YOUNG_OBJECTS)


class _SessionExpiry:
    """Rasa's own rule for when a session has expired, on every channel but ours.

    The product opens and closes its conversations; an expiry would hand a paused one back to the
    bot. The project's other channels keep the ``session_config`` of its domain.
    """

    def __init__(self, own: Callable[[DialogueStateTracker], bool]) -> None:
        self._own = own

    def __call__(self, tracker: DialogueStateTracker) -> bool:
        return split_sender(tracker.sender_id) is None and self._own(tracker)


class WatchedEndpoint(EndpointConfig):
    """The action server, with a memory of the calls that failed during a turn.

    Rasa logs a failed action and goes on in silence (``MessageProcessor._run_action``).
    """

    @classmethod
    def around(cls, endpoint: Optional[EndpointConfig]) -> Optional[WatchedEndpoint]:
        """Put the watch around the action server's endpoint; one that is watched already stays as it is."""
        if endpoint is None or isinstance(endpoint, cls):
            return endpoint
        watched = cls.__new__(cls)
        watched.__dict__.update(endpoint.__dict__)
        return watched

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        """Call the action server; what it raises is remembered and raised again."""
        try:
            return await super().request(*args, **kwargs)
        except ClientResponseError as error:
            if error.status != 400:  # 400 is an action's own "not now" (ActionExecutionRejection)
                _note_failure(error)
            raise
        except Exception as error:
            _note_failure(error)
            raise


def _note_failure(error: BaseException) -> None:
    failures = _failed_actions.get()
    if failures is not None:
        failures.append(repr(error))


def watch_actions() -> List[str]:
    """From here on, failures of the action server in this task are collected in the list returned."""
    failures: List[str] = []
    _failed_actions.set(failures)
    return failures
