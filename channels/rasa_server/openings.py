"""What the loaded model knows of openings by intent, found out by trying each of them on a tracker of nobody's."""

from __future__ import annotations

import logging
import time
from typing import Any, Dict, List, Mapping, Optional, Sequence, Set

from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.slots import CategoricalSlot
from rasa.shared.core.trackers import DialogueStateTracker

from channels.rasa_server.responses import OVERRIDES
from channels.rasa_server.runtime import Runtime
from proactive_api.lifecycle.facts import CAMPAIGN_SLOT, CHAT_SLOT
from proactive_api.lifecycle.openings import EXTERNAL, Known, to_json
from proactive_api.storage import settings

logger = logging.getLogger(__name__)

#: Most responses in a row that count as an opening.
LONGEST = 10


async def keep(runtime: Runtime) -> None:
    """Write down what the model knows, if it is another one than before. Never raises: sends do without it."""
    try:
        model = str(runtime.processor.model_metadata.model_id)
        if runtime.openings is None or runtime.openings.model != model:
            known = learn(runtime, model)
            await runtime.store.write(settings.write, settings.OPENINGS, to_json(known))
            runtime.openings = known
    except Exception:
        logger.exception("What the assistant says for openings by intent could not be found out.")


def learn(runtime: Runtime, model: str) -> Known:
    """Find out what the model says after each external intent.

    Args:
        model: the model's id.
    """
    domain: Domain = runtime.agent.domain
    intents: Dict[str, Dict[str, Optional[List[str]]]] = {
        name: _after(runtime, domain, name) if name.startswith(EXTERNAL) else {"": None} for name in domain.intents
    }
    said = {name for one in intents.values() for names in one.values() for name in names or ()}
    slots = _filled_by_entities(domain)
    deciding: Set[str] = set()
    for slot in domain.slots:
        others = any(one.get("type") != "from_entity" for one in slot.mappings or ())
        if slot.name in slots and (slot.influence_conversation or others):
            deciding |= set(slots.pop(slot.name))
    return Known(
        model=model,
        intents=intents,
        responses={name: [_variation(one) for one in domain.responses[name]] for name in sorted(said)},
        slots=slots,
        values={slot.name: slot.initial_value for slot in domain.slots if slot.name not in slots},
        deciding=sorted(deciding),
    )


def _after(runtime: Runtime, domain: Domain, intent: str) -> Dict[str, Optional[List[str]]]:
    """The responses after an intent, by campaign; campaigns like all others are left out."""
    general = _responses(runtime, domain, intent, None)
    campaigns: Sequence[Any] = next((slot.values for slot in domain.slots if _is_campaign(slot)), [])
    known = {str(one): _responses(runtime, domain, intent, str(one)) for one in campaigns}
    return {"": general, **{name: said for name, said in known.items() if said != general}}


def _is_campaign(slot: Any) -> bool:
    return isinstance(slot, CategoricalSlot) and slot.name == CAMPAIGN_SLOT and bool(slot.influence_conversation)


def _responses(runtime: Runtime, domain: Domain, intent: str, campaign: Optional[str]) -> Optional[List[str]]:
    tracker = DialogueStateTracker(f"opening.{intent}", domain.slots)
    begun = [ActionExecuted(ACTION_SESSION_START_NAME), SessionStarted(), SlotSet(CHAT_SLOT, "opening")]
    begun += [SlotSet(CAMPAIGN_SLOT, campaign)] if campaign else []
    for event in [*begun, ActionExecuted(ACTION_LISTEN_NAME), UserUttered.create_external(intent, [], None)]:
        tracker.update(event, domain)
    said: List[str] = []
    while len(said) < LONGEST:
        action, _prediction = runtime.processor.predict_next_with_tracker_if_should(tracker)
        name = action.name()
        if name == ACTION_LISTEN_NAME:
            return said or None
        if name not in domain.responses or name in OVERRIDES or runtime.words.elsewhere:
            return None
        said.append(name)
        tracker.update(ActionExecuted(name, timestamp=time.time()), domain)
    return None


def _filled_by_entities(domain: Domain) -> Dict[str, Sequence[str]]:
    found: Dict[str, Sequence[str]] = {}
    for slot in domain.slots:
        mappings: Sequence[Mapping[str, Any]] = slot.mappings or ()
        entities = [one["entity"] for one in mappings if one.get("type") == "from_entity" and one.get("entity")]
        if entities:
            found[slot.name] = [str(one) for one in entities]
    return found


def _variation(response: Mapping[str, Any]) -> Dict[str, Any]:
    return {name: response[name] for name in ("text", "channel", "condition", "buttons") if response.get(name)}
