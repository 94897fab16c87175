"""Twilio's Messages resource: create, fetch and list."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hmac
import time
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from functools import partial
from typing import Any, Dict, List, Optional, Tuple, cast
from urllib.parse import parse_qsl, urlencode

from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json

from proactive_api.sandbox import queries
from proactive_api.sandbox.errors import BY_STATUS, RefusalError
from proactive_api.sandbox.magic import FROM_NUMBERS, Behaviour, behaviour
from proactive_api.sandbox.messages import API_VERSION, OUTBOUND, Message, new_sid, resource
from proactive_api.sandbox.options import Options
from proactive_api.sandbox.words import is_phone, is_sender, smart_encoded

#: The longest body that Twilio takes, characters.
LONGEST = 1600
MOST_MEDIA = 10
PAGE_SIZE = 50
LARGEST_PAGE = 1000
Fields = Dict[str, List[str]]

blueprint = Blueprint("rest", url_prefix=f"/{API_VERSION}/Accounts")


@blueprint.post("/<account>/Messages.json")
async def create(request: Request, account: str) -> HTTPResponse:
    """Accept a message, as ``POST Messages.json`` of Twilio does."""
    options = _signed_in(request, account)
    message = _read(_fields(request.body.decode("utf-8", "replace")), options)
    rule = behaviour(message.to_number)
    _refuse(message, rule, request.app.ctx.opted_out)
    if rule.smart_encoding:
        message = replace(message, body=smart_encoded(message.body))
    failure = request.app.ctx.tries.failure(message.to_number, message.body)
    if not failure:
        # A task of its own: a caller who hangs up does not take the message back.
        await asyncio.shield(asyncio.ensure_future(_accept(request.app, message, rule)))
    await asyncio.sleep(options.latency + (0 if failure else rule.answer_delay))
    if failure:
        raise RefusalError(BY_STATUS[failure])
    if rule.answer_lost:
        cast(asyncio.Transport, request.transport).abort()
    return json(resource(message, account), status=201)


@blueprint.get("/<account>/Messages/<name>")
async def fetch(request: Request, account: str, name: str) -> HTTPResponse:
    """One message, as ``GET Messages/{sid}.json`` of Twilio."""
    options = _signed_in(request, account)
    sid = name[: -len(".json")] if name.endswith(".json") else name
    message = await request.app.ctx.store.read(partial(queries.fetch, sid=sid))
    await asyncio.sleep(options.latency)
    if message is None:
        raise RefusalError(20404, path=request.path)
    return json(resource(message, account))


@blueprint.get("/<account>/Messages.json")
async def list_messages(request: Request, account: str) -> HTTPResponse:
    """A page of messages, the last created first, as ``GET Messages.json`` of Twilio."""
    options = _signed_in(request, account)
    query = {name: values[-1] for name, values in _fields(request.query_string).items()}
    size = min(max(_number(query, "PageSize", PAGE_SIZE), 1), LARGEST_PAGE)
    page = max(_number(query, "Page", 0), 0)
    wanted = _filter(query, page * size)
    found = await request.app.ctx.store.read(partial(queries.newest_first, wanted=wanted, limit=size + 1))
    await asyncio.sleep(options.latency)
    return json(_page(request.path, query, found, page, size, account))


async def _accept(app: Sanic, message: Message, rule: Behaviour) -> None:
    """Commit the message, and send it on its way."""
    if rule.accept_delay:
        await asyncio.sleep(rule.accept_delay)
        message = replace(message, created_at=time.time())
    await app.ctx.store.write(partial(queries.add, message=message))
    app.ctx.postman.follow(message, wait=app.ctx.options.latency)


def _signed_in(request: Request, account: str) -> Options:
    options: Options = request.app.ctx.options
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    try:
        user, _, token = base64.b64decode(encoded, validate=True).decode("utf-8").partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise RefusalError(20003) from None
    known = user == options.account_sid == account
    if scheme.lower() != "basic" or not known or not hmac.compare_digest(token.encode(), options.auth_token.encode()):
        raise RefusalError(20003)
    return options


def _fields(text: str) -> Fields:
    fields: Fields = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        fields.setdefault(name, []).append(value)
    return fields


def _read(fields: Fields, options: Options) -> Message:
    def one(name: str) -> str:
        return fields.get(name, [""])[-1]

    to, body, service, media = one("To"), one("Body"), one("MessagingServiceSid"), tuple(fields.get("MediaUrl", []))
    sender = one("From") or (options.from_number if service else "")
    _check_parties(to, sender)
    _check_content(body, media)
    return Message(
        sid=new_sid(),
        direction=OUTBOUND,
        to_number=to,
        from_number=sender,
        body=body,
        created_at=time.time(),
        status="accepted" if service and not one("From") else "queued",
        service=service or None,
        media=media,
        callback_url=one("StatusCallback") or None,
    )


def _check_parties(to: str, sender: str) -> None:
    if not to:
        raise RefusalError(21604)
    if not sender:
        raise RefusalError(21603)
    if not is_phone(to):
        raise RefusalError(21211, to=to)
    if not is_sender(sender):
        raise RefusalError(21212, sender=sender)
    if sender in FROM_NUMBERS:
        raise RefusalError(FROM_NUMBERS[sender], sender=sender)


def _check_content(body: str, media: Tuple[str, ...]) -> None:
    if not body and not media:
        raise RefusalError(21602)
    if len(body) > LONGEST:
        raise RefusalError(21617)
    if len(media) > MOST_MEDIA:
        raise RefusalError(21623)
    if not all(url.startswith(("http://", "https://")) for url in media):
        raise RefusalError(21620)


def _refuse(message: Message, rule: Behaviour, opted_out: set[str]) -> None:
    if rule.refused:
        raise RefusalError(rule.refused, to=message.to_number, sender=message.from_number)
    if message.to_number in opted_out:
        raise RefusalError(21610)


def _number(query: Dict[str, str], name: str, default: int) -> int:
    try:
        return int(query.get(name) or default)
    except ValueError:
        raise RefusalError(20001, detail=f"{name} is not a number") from None


def _filter(query: Dict[str, str], skip: int) -> queries.Filter:
    token = query.get("PageToken") or None
    since, before = _day_bounds(query)
    return queries.Filter(
        to=query.get("To") or None,
        sender=query.get("From") or None,
        since=since,
        before=before,
        after_sid=token[2:] if token else None,
        skip=0 if token else skip,
    )


def _day_bounds(query: Dict[str, str]) -> Tuple[Optional[float], Optional[float]]:
    """From ``DateSent``, ``DateSent>`` and ``DateSent<``; all of them include what they name."""
    exactly, after, until = (_moment(query.get(name)) for name in ("DateSent", "DateSent>", "DateSent<"))
    starts = [bounds[0] for bounds in (exactly, after) if bounds]
    ends = [bounds[1] for bounds in (exactly, until) if bounds]
    return max(starts, default=None), min(ends, default=None)


def _moment(text: Optional[str]) -> Optional[Tuple[float, float]]:
    """Begin and end of the second, or of the day, that a filter names."""
    if not text:
        return None
    try:
        if "T" not in text and " " not in text:
            day = date.fromisoformat(text)
            start = datetime(day.year, day.month, day.day, tzinfo=timezone.utc)
            return start.timestamp(), (start + timedelta(days=1)).timestamp()
        start = datetime.fromisoformat(text.replace("Z", "+00:00")).replace(microsecond=0)
        start = start if start.tzinfo else start.replace(tzinfo=timezone.utc)
        return start.timestamp(), start.timestamp() + 1
    except (ValueError, OverflowError):
        raise RefusalError(20001, detail=f"DateSent is not a date: {text}") from None


def _page(path: str, query: Dict[str, str], found: List[Message], page: int, size: int, account: str) -> Dict[str, Any]:
    def uri(**changes: Any) -> str:
        kept = {name: value for name, value in query.items() if name not in ("Page", "PageSize", "PageToken")}
        return f"{path}?{urlencode({**kept, 'PageSize': size, **changes})}"

    shown = found[:size]
    more = len(found) > size
    return {
        "messages": [resource(message, account) for message in shown],
        "first_page_uri": uri(Page=0),
        "next_page_uri": uri(Page=page + 1, PageToken="PA" + shown[-1].sid) if more else None,
        "previous_page_uri": uri(Page=page - 1) if page else None,
        "page": page,
        "page_size": size,
        "start": page * size,
        "end": page * size + max(len(shown) - 1, 0),
        "uri": f"{path}?{urlencode(query)}" if query else path,
    }
