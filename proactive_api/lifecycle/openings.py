"""What the assistant says for an opening by intent, as far as its domain and rules tell (docs/assistant.md).

The Rasa server writes down what it knows whenever a model is loaded (``channels/rasa_server/openings.py``); the API
reads it, to refuse what cannot go out and to show the words.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from proactive_api.lifecycle.facts import CAMPAIGN_SLOT
from proactive_api.lifecycle.markdown import Words
from proactive_api.lifecycle.templates import marked, settled
from proactive_api.lifecycle.values import SuggestedReply

#: One variation of a response, as the domain has it.
Wording = Mapping[str, Any]
#: What external intents are called; the others are what people mean.
EXTERNAL = "EXTERNAL_"
_PLACEHOLDER = re.compile(r"(?<!{){([^\n{}]+?)}(?!})")


class UnknownOpening(ValueError):
    """The assistant has no such intent. The message says so."""


class MissingEntities(ValueError):
    """The words need entities that are not given. The message says which."""


@dataclass(frozen=True)
class Known:
    """What an assistant knows of openings.

    Args:
        model: the model's id.
        intents: every intent, with the responses that follow it by campaign ("" for all others); ``None`` where
            something else follows than responses, so that only the assistant can tell.
        responses: the variations of those responses, as in the domain.
        slots: each slot that entities fill, with their names.
        values: what the other slots hold at first.
        deciding: entities that may lead to another rule.
    """

    model: str
    intents: Mapping[str, Mapping[str, Sequence[str] | None]]
    responses: Mapping[str, Sequence[Wording]]
    slots: Mapping[str, Sequence[str]]
    values: Mapping[str, Any]
    deciding: Sequence[str]


@dataclass(frozen=True)
class Said:
    """One message of an opening."""

    words: Words
    replies: tuple[SuggestedReply, ...] = ()


def to_json(known: Known) -> str:
    """As it is stored."""
    return json.dumps(asdict(known), sort_keys=True, default=str)


def from_json(stored: str) -> Known:
    """What ``to_json`` wrote."""
    return Known(**json.loads(stored))


def opening(
    known: Known, intent: str, entities: Mapping[str, Any], campaign: str | None, channel: str
) -> tuple[Said, ...] | None:
    """What the assistant will say; where it has several wordings, the first.

    Returns:
        ``None`` where only the assistant can tell.

    Raises:
        UnknownOpening: if it has no such intent.
        MissingEntities: if a wording needs an entity that is not given.
    """
    if intent not in known.intents:
        raise UnknownOpening(_unknown(known, intent))
    by_campaign = known.intents[intent]
    names = by_campaign.get(campaign or "", by_campaign.get(""))
    if names is None or any(_given(entities.get(one)) for one in known.deciding):
        return None
    values = _values(known, entities, campaign)
    wordings = [_wordings(known.responses[name], values, channel) for name in names]
    missing = [name for some in wordings for one in some for name in _missing(known, one, values)]
    if missing:
        raise MissingEntities(_needs(intent, list(dict.fromkeys(missing))))
    said = (_said(some[0], values) for some in wordings if some)
    return tuple(one for one in said if one.words) or None


def _unknown(known: Known, intent: str) -> str:
    external = [one[len(EXTERNAL) :] for one in known.intents if one.startswith(EXTERNAL)]
    near = difflib.get_close_matches(intent.replace(EXTERNAL, "", 1), external, n=1)
    hint = f" Did you mean {EXTERNAL}{near[0]}?" if near else ""
    return f"The assistant does not know the intent {intent}.{hint}"


def _needs(intent: str, names: Sequence[str]) -> str:
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f"The words of {intent} need a value for {listed}."


def _values(known: Known, entities: Mapping[str, Any], campaign: str | None) -> dict[str, Any]:
    values = {**known.values, CAMPAIGN_SLOT: campaign}
    for slot, names in known.slots.items():
        values.setdefault(slot, None)
        for name in names:
            if _given(entities.get(name)):
                values[slot] = entities[name]
    return values


def _given(value: Any) -> bool:
    return value is not None and str(value).strip() != ""


def _wordings(variations: Sequence[Wording], values: Mapping[str, Any], channel: str) -> list[Wording]:
    """Those that Rasa chooses from (``ResponseVariationFilter.responses_for_utter_action``)."""
    fitting = [one for one in variations if one.get("condition") and _holds(one["condition"], values)]
    general = [one for one in variations if one.get("condition") is None]
    for wanted in (channel, None):
        for some in (fitting, general):
            found = [one for one in some if one.get("channel") == wanted]
            if found:
                return found
    return []


def _holds(conditions: Sequence[Mapping[str, Any]], values: Mapping[str, Any]) -> bool:
    return all(_same(values.get(one["name"]), one["value"]) for one in conditions)


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return one.casefold() == other.casefold()
    return bool(one == other)


def _texts(wording: Mapping[str, Any]) -> list[str]:
    buttons = wording.get("buttons") or []
    return [str(wording.get("text") or ""), *(str(button.get("title", "")) for button in buttons)]


def _missing(known: Known, wording: Mapping[str, Any], values: Mapping[str, Any]) -> list[str]:
    """Entities, one for each slot that is empty; a slot that no entity fills says nothing, and may."""
    named = [name for text in _texts(wording) for name in _PLACEHOLDER.findall(text)]
    return [known.slots[name][0] for name in named if known.slots.get(name) and not _given(values.get(name))]


def _said(wording: Mapping[str, Any], values: Mapping[str, Any]) -> Said:
    def filled(text: str) -> Words:
        return settled(_PLACEHOLDER.sub(lambda found: _value(found, values), text))

    buttons = wording.get("buttons") or []
    titles = [str(filled(str(one.get("title", "")))) for one in buttons]
    replies = (
        SuggestedReply(title, one.get("url"), one.get("payload")) for title, one in zip(titles, buttons, strict=True)
    )
    return Said(filled(str(wording.get("text") or "")), tuple(replies))


def _value(found: re.Match[str], values: Mapping[str, Any]) -> str:
    if found[1] not in values:
        return found[0]
    value = values[found[1]]
    return marked("" if value is None else str(value))
