"""The control side: simulated phones, counts and health. No authentication; served on the loopback interface only."""

from __future__ import annotations

import asyncio
import time
from functools import partial
from json import loads
from typing import Any, List, Optional, Tuple
from urllib.parse import unquote

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from proactive_api.sandbox import queries
from proactive_api.sandbox.errors import RefusalError
from proactive_api.sandbox.magic import behaviour
from proactive_api.sandbox.messages import INBOUND, Message, new_sid, on_screen
from proactive_api.sandbox.rest import LONGEST, MOST_MEDIA
from proactive_api.sandbox.words import is_phone, keyword

#: How many phones ``GET /phones`` lists.
PHONES_LISTED = 100

blueprint = Blueprint("control")


@blueprint.get("/healthz")
async def health(_request: Request) -> HTTPResponse:
    """Whether the carrier runs."""
    return json({"status": "ok"})


@blueprint.get("/stats")
async def stats(request: Request) -> HTTPResponse:
    """Counts: created, by status, duplicates by (to, body)."""
    return json(await request.app.ctx.store.read(queries.stats))


@blueprint.get("/phones")
async def phones(request: Request) -> HTTPResponse:
    """Phones with their last message, newest first."""
    found = await request.app.ctx.store.read(partial(queries.last_of_each_phone, limit=PHONES_LISTED))
    return json([{"phone": phone, "last_message": on_screen(message)} for phone, message in found])


@blueprint.get("/phones/<e164>/messages")
async def screen(request: Request, e164: str) -> HTTPResponse:
    """Everything on this phone's screen, oldest first."""
    phone = _phone(e164)
    found: List[Message] = await request.app.ctx.store.read(partial(queries.of_phone, phone=phone))
    arrives = behaviour(phone).arrives
    return json([on_screen(message) for message in found if arrives or message.direction == INBOUND])


@blueprint.post("/phones/<e164>/messages")
async def type_message(request: Request, e164: str) -> HTTPResponse:
    """The person types; the answer comes when the webhook has been tried once."""
    phone = _phone(e164)
    body, media, to = _typed(_object(request.body))
    to = to or await _business(request, phone)
    now = time.time()
    message = Message(
        sid=new_sid(),
        direction=INBOUND,
        to_number=to,
        from_number=phone,
        body=body,
        created_at=now,
        status="received",
        media=media,
        sent_at=now,
    )
    # Hanging up must not undo what was typed, nor keep it from the webhook.
    status = await asyncio.shield(asyncio.ensure_future(_receive(request.app.ctx, message)))
    return json({**on_screen(message), "to": to, "webhook_status": status}, status=201)


async def _receive(ctx: Any, message: Message) -> Optional[int]:
    phone, kind = message.from_number, keyword(message.body)
    opted_out = {"STOP": True, "START": False}.get(kind or "")
    await ctx.store.write(partial(queries.receive, message=message, opted_out=opted_out))
    if opted_out is True:
        ctx.opted_out.add(phone)
    elif opted_out is False:
        ctx.opted_out.discard(phone)
    status: Optional[int] = await ctx.postman.receive(message)
    return status


async def _business(request: Request, phone: str) -> str:
    last: Optional[str] = await request.app.ctx.store.read(partial(queries.last_writer, phone=phone))
    return last or str(request.app.ctx.options.from_number)


def _phone(text: str) -> str:
    phone = unquote(text)
    if not is_phone(phone):
        raise _wrong(f"{phone!r} is not a phone number like +14155550123")
    return phone


def _object(body: bytes) -> dict[str, Any]:
    try:
        data = loads(body)
    except (ValueError, RecursionError):
        raise _wrong("Invalid JSON") from None
    if not isinstance(data, dict):
        raise _wrong("The body is not a JSON object")
    return data


def _typed(data: dict[str, Any]) -> Tuple[str, Tuple[str, ...], Optional[str]]:
    body, media, to = data.get("body") or "", data.get("media_url") or [], data.get("to")
    if not isinstance(body, str) or len(body) > LONGEST or not _encodable(body):
        raise _wrong(f"body is not a text of up to {LONGEST} characters")
    if not isinstance(media, list) or len(media) > MOST_MEDIA or not all(_is_url(url) for url in media):
        raise _wrong(f"media_url is not a list of up to {MOST_MEDIA} web addresses")
    if not body and not media:
        raise _wrong("Neither body nor media_url is there")
    if to is not None and not (isinstance(to, str) and is_phone(to)):
        raise _wrong("to is not a phone number like +15005550006")
    return body, tuple(media), to


def _encodable(text: str) -> bool:
    # A lone surrogate is valid JSON, but no phone can send it.
    return not any(0xD800 <= ord(character) <= 0xDFFF for character in text)


def _is_url(url: Any) -> bool:
    return isinstance(url, str) and url.startswith(("http://", "https://")) and _encodable(url)


def _wrong(detail: str) -> RefusalError:
    return RefusalError(20001, detail=detail)
