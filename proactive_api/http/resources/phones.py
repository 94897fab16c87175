"""``/v1/sandbox/phones``: the sandbox carrier's simulated phones, for who has no other way to it than this API."""

from __future__ import annotations

from typing import Annotated, Any, List, Literal, Optional, Tuple
from urllib.parse import quote

import httpx
import msgspec
from msgspec import Meta, convert
from sqlalchemy.engine import Connection

from proactive_api.http.core.endpoint import Answer, Call, Endpoint
from proactive_api.http.core.fields import Phone
from proactive_api.http.core.patterns import WEB_ADDRESS
from proactive_api.http.core.problems import Problem, invalid
from proactive_api.http.resources.shapes import Page, Time

#: Seconds that the carrier may take: it answers when the webhook has been tried once.
PATIENCE = 20.0

MediaUrl = Annotated[str, Meta(max_length=2048, pattern=WEB_ADDRESS)]


class PhoneMessage(msgspec.Struct):
    """One message on a simulated phone's screen."""

    sid: str
    direction: Literal["to_phone", "from_phone"]
    body: str
    at: Time
    media_url: List[str]


class SandboxPhone(msgspec.Struct):
    """A simulated phone that was written to or wrote, with what it shows last."""

    number: str
    last_message: PhoneMessage


class Typed(PhoneMessage, kw_only=True):
    """What a person typed. ``webhook_status`` is what our own server said to it, null if it did not answer."""

    to: str
    webhook_status: Optional[int]


class TypedMessage(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What a person types on a simulated phone. ``to`` is by default the number that wrote to it last."""

    body: Annotated[str, Meta(max_length=1600)] = ""
    media_url: Annotated[List[MediaUrl], Meta(max_length=10)] = []
    to: Optional[Phone] = None


def list_phones(_conn: Connection, call: Call) -> Answer:
    """List the sandbox's phones, most recently used first."""
    found = _ask(call, "GET", "/phones")
    return Answer(Page([SandboxPhone(one["phone"], convert(one["last_message"], PhoneMessage)) for one in found]))


def screen(_conn: Connection, call: Call) -> Answer:
    """List everything on a simulated phone's screen, oldest first."""
    return Answer(Page(convert(_ask(call, "GET", _address(call)), List[PhoneMessage])))


def type_message(_conn: Connection, call: Call) -> Answer:
    """Send a message from a simulated phone; it arrives as a webhook signed by the carrier."""
    body: TypedMessage = call.body
    if not body.body.strip() and not body.media_url:
        raise invalid("body", "This can't be empty.")
    wish = {name: value for name, value in msgspec.structs.asdict(body).items() if value}
    return Answer(convert(_ask(call, "POST", _address(call), wish), Typed))


def _address(call: Call) -> str:
    return f"/phones/{quote(call.path['number'], safe='')}/messages"


def _ask(call: Call, method: str, path: str, body: Optional[Any] = None) -> Any:
    """What the sandbox carrier says.

    Raises:
        Problem: 404 without a sandbox, 422 or 503.
    """
    if not call.config.sandbox:
        raise Problem("not-found", "There are no simulated phones: messages go out by a real carrier.")
    try:
        answer = httpx.request(method, call.config.sandbox_url + path, json=body, timeout=PATIENCE, trust_env=False)
    except httpx.HTTPError:
        raise Problem("unavailable", "The sandbox carrier isn't responding. Try again shortly.") from None
    if answer.status_code == 400:
        raise invalid("body", f"The carrier refused this: {answer.json().get('message', 'no reason given')}")
    if answer.is_error:
        raise Problem("unavailable", f"The sandbox carrier answered {answer.status_code}. Try again shortly.")
    return answer.json()


_ALL, _ONE = "/v1/sandbox/phones", "/v1/sandbox/phones/{number}/messages"

ENDPOINTS: Tuple[Endpoint, ...] = (
    Endpoint("GET", _ALL, "send", list_phones, response=Page[SandboxPhone], problems=("not-found",)),
    Endpoint("GET", _ONE, "send", screen, response=Page[PhoneMessage]),
    Endpoint("POST", _ONE, "send", type_message, body=TypedMessage, response=Typed, status=201),
)
