"""Values of slots in the assistant's responses: never "None", never Markdown, never a placeholder of their own."""

from __future__ import annotations

import re
from typing import Any, Callable, Dict, List, Mapping

from rasa.core.nlg import interpolator

from proactive_api.lifecycle.facts import METADATA_KEY
from proactive_api.lifecycle.markdown import literal_of
from proactive_api.lifecycle.templates import marked, settled

#: The parts of a response that Rasa fills (``TemplatedNaturalLanguageGenerator._fill_response``).
FILLED = ("text", "image", "custom", "buttons", "attachment", "quick_replies")

_PLACEHOLDER = re.compile(r"(?<!{){([^\n{}]+?)}(?!})")
#: Stands in for a value while Rasa looks at the text, for Rasa takes some values for placeholders.
_TOKEN = re.compile("\x00([0-9]+);")


def fill(response: Dict[str, Any], values: Mapping[str, Any]) -> Dict[str, Any]:
    """Put values into a response, which is changed and returned.

    Where a slot is empty, nothing stands there, nor the blank before it. The parts of the text that are values are
    noted as ``literal`` in what becomes the event's metadata.

    Args:
        values: by name; all slots, and what the action gave along.
    """
    names = list(values)
    tokens = {name: f"\x00{index};" for index, name in enumerate(names)}

    def worded(found: re.Match[str]) -> str:
        return marked(_words(values[names[int(found[1])]]))

    def filled(text: str) -> str:
        told = _interpolated(text, tokens)
        return settled(_TOKEN.sub(worded, told)) if _TOKEN.search(told) else told

    for key in FILLED:
        if response.get(key):
            response[key] = _walk(response[key], filled)
    literal = literal_of(response.get("text") or "")
    if literal:
        response["text"] = str(response["text"])
        ours = response.get(METADATA_KEY)
        response[METADATA_KEY] = {**(ours if isinstance(ours, dict) else {}), "literal": [list(one) for one in literal]}
    return response


def _interpolated(text: str, tokens: Mapping[str, str]) -> str:
    if "{{" not in text and not any(name in tokens for name in _PLACEHOLDER.findall(text)):
        return text  # a payload, perhaps: Rasa would complain about it in the log
    filled = interpolator.interpolate_text(text, dict(tokens))
    if filled != text:
        return filled
    # Rasa fills nothing where one name is unknown.
    return _PLACEHOLDER.sub(lambda found: tokens.get(found[1], found[0]), text)


def _walk(part: Any, done: Callable[[str], str]) -> Any:
    if isinstance(part, str):
        return done(part) if "{" in part else part
    if isinstance(part, dict):
        return {key: _walk(value, done) for key, value in part.items()}
    if isinstance(part, list):
        walked: List[Any] = [_walk(value, done) for value in part]
        return walked
    return part


def _words(value: Any) -> str:
    return "" if value is None else str(value).strip()
