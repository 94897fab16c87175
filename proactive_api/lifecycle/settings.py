"""Settings as people change them: a patch checked against the rules and merged into what is in force."""

from __future__ import annotations

import re
from dataclasses import asdict, fields, replace
from typing import Any, Callable, Dict, Mapping, Optional, Tuple

from proactive_api.lifecycle.facts import CAMPAIGN_SLOT, CSAT_COMMENT_SLOT, CSAT_SCORE_SLOT
from proactive_api.lifecycle.origins import origin
from proactive_api.lifecycle.placeholders import TemplateError
from proactive_api.lifecycle.templates import refuse_variables
from proactive_api.lifecycle.values import ChannelSettings, FrequencyCap, IfActive, QuietHours, Settings

#: Longest duration that a setting takes, seconds: ten years.
LONGEST = 315_360_000.0
#: The shortest: nothing that is measured in people's answers is shorter.
SHORTEST = 0.1
#: Longest text of the product's own words: what fits into one message.
LONGEST_TEXT = 1600
#: Most messages that a frequency cap can name.
MOST_MESSAGES = 1_000_000
#: Most origins of web pages that the messenger can name.
MOST_ORIGINS = 100

#: Settings that only SMS has.
SMS_ONLY = ("consent_message", "help_message")
#: Settings that only the messenger has.
MESSENGER_ONLY = ("allowed_origins", "unseen_timeout")

_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


class InvalidSetting(ValueError):
    """A setting that cannot be. ``field`` is its dotted path, the message says what it must be."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


def to_dict(settings: Settings) -> Dict[str, Any]:
    """The settings in the shape of ``GET /v1/settings``."""
    raw = asdict(settings)
    raw["if_active"] = settings.if_active.value
    for channel, absent in _ABSENT.items():
        for name in absent:
            del raw[channel][name]
    origins = settings.messenger.allowed_origins
    raw["messenger"]["allowed_origins"] = None if origins is None else list(origins)
    return raw


def merge(settings: Settings, patch: Any) -> Settings:
    """``settings`` with the patch's values in place of their own.

    Args:
        patch: nested like ``to_dict``; what it leaves out stays as it is.

    Raises:
        InvalidSetting: if a name is unknown or a value cannot be.
    """
    changes: Dict[str, Any] = {}
    for name, value in _object("", patch).items():
        if name in ("sms", "messenger"):
            changes[name] = _channel(name, getattr(settings, name), value)
        elif name in _OVERALL:
            changes[name] = _OVERALL[name](name, value)
        else:
            raise InvalidSetting(name, "There is no setting of this name.")
    return replace(settings, **changes)


def refuse_variables_in(patch: Mapping[str, Any]) -> None:
    """See that no text of a patch that fits has variables: it is said as it stands.

    Raises:
        InvalidSetting: with the place.
    """
    for channel in ("sms", "messenger"):
        for name, value in (patch.get(channel) or {}).items():
            if isinstance(value, str):
                try:
                    refuse_variables(value, (CAMPAIGN_SLOT, CSAT_SCORE_SLOT, CSAT_COMMENT_SLOT))  # as in responses
                except TemplateError as error:
                    raise InvalidSetting(f"{channel}.{name}", str(error)) from None


def _channel(channel: str, settings: ChannelSettings, patch: Any) -> ChannelSettings:
    changes = {}
    for name, value in _object(channel, patch).items():
        check = _CHANNEL.get(name)
        if check is None or name in _ABSENT[channel]:
            raise InvalidSetting(f"{channel}.{name}", f"There is no setting of this name for {channel}.")
        changes[name] = check(f"{channel}.{name}", value)
    return replace(settings, **changes)


def _object(field: str, value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise InvalidSetting(field, "This must be an object with settings in it.")
    return value


def _duration(field: str, value: Any) -> float:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not number or not SHORTEST <= value <= LONGEST:
        raise InvalidSetting(field, f"This must be a number of seconds, at least {SHORTEST} and at most {LONGEST:.0f}.")
    return float(value)


def _flag(field: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise InvalidSetting(field, "This must be true or false.")
    return value


def _text(field: str, value: Any) -> Optional[str]:
    if value is not None and (not isinstance(value, str) or len(value) > LONGEST_TEXT):
        raise InvalidSetting(field, f"This must be a text of at most {LONGEST_TEXT} characters, or null.")
    return value


def _origins(field: str, value: Any) -> Optional[Tuple[str, ...]]:
    if value is None:
        return None
    if not isinstance(value, (list, tuple)) or len(value) > MOST_ORIGINS:
        raise InvalidSetting(field, f"This must be a list of at most {MOST_ORIGINS} origins, or null for all.")
    # Each once, in the order in which they were given.
    return tuple(dict.fromkeys(_origin(f"{field}[{index}]", one) for index, one in enumerate(value)))


def _origin(field: str, value: Any) -> str:
    try:
        return origin(value)
    except ValueError as error:
        raise InvalidSetting(field, str(error)) from None


def _quiet_hours(field: str, value: Any) -> Optional[QuietHours]:
    if value is None:
        return None
    raw = _exactly(field, value, ("start", "end"))
    for name in ("start", "end"):
        if not isinstance(raw[name], str) or not _CLOCK.fullmatch(raw[name]):
            raise InvalidSetting(f"{field}.{name}", "This must be a time of day such as 21:00.")
    if raw["start"] == raw["end"]:
        raise InvalidSetting(
            f"{field}.end", "Quiet hours must end at another time than they start; null switches them off."
        )
    return QuietHours(raw["start"], raw["end"])


def _frequency_cap(field: str, value: Any) -> Optional[FrequencyCap]:
    if value is None:
        return None
    raw = _exactly(field, value, ("messages", "per_seconds"))
    messages = raw["messages"]
    if not isinstance(messages, int) or isinstance(messages, bool) or not 1 <= messages <= MOST_MESSAGES:
        raise InvalidSetting(f"{field}.messages", f"This must be a whole number from 1 to {MOST_MESSAGES}.")
    return FrequencyCap(messages, _duration(f"{field}.per_seconds", raw["per_seconds"]))


def _exactly(field: str, value: Any, names: tuple[str, ...]) -> Mapping[str, Any]:
    raw = _object(field, value)
    for name in [*names, *raw]:
        if name not in raw:
            raise InvalidSetting(f"{field}.{name}", f"This is missing; {field} needs {' and '.join(names)}.")
        if name not in names:
            raise InvalidSetting(f"{field}.{name}", f"This is not known; {field} takes {' and '.join(names)}.")
    return raw


def _if_active(field: str, value: Any) -> IfActive:
    choices = [choice.value for choice in IfActive]
    if value not in choices:
        raise InvalidSetting(field, f"This must be one of {', '.join(choices)}.")
    return IfActive(value)


_ABSENT: Mapping[str, Tuple[str, ...]] = {"sms": MESSENGER_ONLY, "messenger": SMS_ONLY}
_BY_TYPE: Mapping[str, Callable[[str, Any], Any]] = {
    "float": _duration,
    "bool": _flag,
    "Optional[str]": _text,
    "Optional[Tuple[str, ...]]": _origins,
}
_CHANNEL = {one.name: _BY_TYPE[str(one.type)] for one in fields(ChannelSettings)}
_OVERALL: Mapping[str, Callable[[str, Any], Any]] = {
    "quiet_hours": _quiet_hours,
    "frequency_cap": _frequency_cap,
    "if_active": _if_active,
}
