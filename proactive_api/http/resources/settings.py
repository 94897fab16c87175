"""``/v1/settings``: timeouts, texts, quiet hours, caps and the survey; a change is in force at once."""

from __future__ import annotations

from typing import Annotated, Any, Dict, List, Optional, Tuple, Union

import msgspec
from msgspec import UNSET, Meta, UnsetType
from sqlalchemy.engine import Connection

from proactive_api.http.core.endpoint import Answer, Call, Endpoint
from proactive_api.http.core.fields import Seconds
from proactive_api.http.core.problems import invalid
from proactive_api.http.resources.shapes import IfActiveName
from proactive_api.lifecycle.settings import LONGEST_TEXT, MOST_MESSAGES, MOST_ORIGINS, InvalidSetting, to_dict
from proactive_api.storage import settings as stored

Text = Optional[Annotated[str, Meta(max_length=LONGEST_TEXT)]]
Origin = Annotated[str, Meta(description="Such as https://shop.example; no path.")]
Origins = Optional[Annotated[List[Origin], Meta(max_length=MOST_ORIGINS)]]
Clock = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class QuietHoursBody(msgspec.Struct, forbid_unknown_fields=True):
    """No sends from ``start`` to ``end`` (``HH:MM``) on the recipient's clock."""

    start: Clock
    end: Clock


class FrequencyCapBody(msgspec.Struct, forbid_unknown_fields=True):
    """At most ``messages`` proactive messages to one recipient in ``per_seconds``."""

    messages: Annotated[int, Meta(ge=1, le=MOST_MESSAGES)]
    per_seconds: Seconds


class ChannelSettings(msgspec.Struct, kw_only=True):
    """Durations are seconds. A text of null means the assistant's own response, an empty one silence."""

    auto_close_timeout: Seconds
    handoff_timeout: Seconds
    closing_message: Text
    csat_enabled: bool
    csat_expiry: Seconds
    csat_when_unanswered: bool
    resolution_check_enabled: bool


class MessengerSettings(ChannelSettings, kw_only=True):
    """Settings of the messenger.

    ``allowed_origins``: the web pages that may connect, null for all. ``unseen_timeout``: how long a message waits
    for the person to see it; from then on ``auto_close_timeout`` runs.
    """

    allowed_origins: Origins
    unseen_timeout: Seconds


class SmsSettings(ChannelSettings, kw_only=True):
    """Settings of SMS, with its words for consent and help."""

    consent_message: Text
    help_message: Text


class SettingsResource(msgspec.Struct, kw_only=True):
    """All settings. ``quiet_hours`` and ``frequency_cap`` are null while they are off."""

    sms: SmsSettings
    messenger: MessengerSettings
    quiet_hours: Optional[QuietHoursBody]
    frequency_cap: Optional[FrequencyCapBody]
    if_active: IfActiveName


class ChannelChanges(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What to change for a channel."""

    auto_close_timeout: Union[Seconds, UnsetType] = UNSET
    handoff_timeout: Union[Seconds, UnsetType] = UNSET
    closing_message: Union[Text, UnsetType] = UNSET
    csat_enabled: Union[bool, UnsetType] = UNSET
    csat_expiry: Union[Seconds, UnsetType] = UNSET
    csat_when_unanswered: Union[bool, UnsetType] = UNSET
    resolution_check_enabled: Union[bool, UnsetType] = UNSET


class MessengerChanges(ChannelChanges, kw_only=True, forbid_unknown_fields=True):
    """What to change for the messenger."""

    allowed_origins: Union[Origins, UnsetType] = UNSET
    unseen_timeout: Union[Seconds, UnsetType] = UNSET


class SmsChanges(ChannelChanges, kw_only=True, forbid_unknown_fields=True):
    """What to change for SMS."""

    consent_message: Union[Text, UnsetType] = UNSET
    help_message: Union[Text, UnsetType] = UNSET


class SettingsChanges(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What to change; what is left out stays."""

    sms: Union[SmsChanges, UnsetType] = UNSET
    messenger: Union[MessengerChanges, UnsetType] = UNSET
    quiet_hours: Union[QuietHoursBody, None, UnsetType] = UNSET
    frequency_cap: Union[FrequencyCapBody, None, UnsetType] = UNSET
    if_active: Union[IfActiveName, UnsetType] = UNSET


def get(conn: Connection, _call: Call) -> Answer:
    """Get the settings."""
    return Answer(to_dict(stored.load(conn)))


def update(conn: Connection, call: Call) -> Answer:
    """Change settings. Changes apply everywhere at once."""
    changes: Dict[str, Any] = msgspec.to_builtins(call.body)
    try:
        return Answer(to_dict(stored.patch(conn, changes)))
    except InvalidSetting as error:
        raise invalid(error.field or "body", str(error)) from None


ENDPOINTS: Tuple[Endpoint, ...] = (
    Endpoint("GET", "/v1/settings", "read", get, response=SettingsResource),
    Endpoint("PATCH", "/v1/settings", "admin", update, body=SettingsChanges, response=SettingsResource, writes=True),
)
