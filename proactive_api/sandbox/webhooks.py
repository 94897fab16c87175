"""What the carrier posts to the business: status callbacks and inbound messages, signed as Twilio signs them."""

from __future__ import annotations

import asyncio
import logging
import mimetypes
import time
from functools import partial
from typing import Any, Coroutine, Dict, Optional, Sequence, Set
from urllib.parse import urlsplit

import aiohttp
from twilio.request_validator import RequestValidator
from yarl import URL

from proactive_api.sandbox import queries
from proactive_api.sandbox.magic import Step, behaviour
from proactive_api.sandbox.messages import API_VERSION, INBOUND, Message
from proactive_api.sandbox.options import Options
from proactive_api.sandbox.store import Store
from proactive_api.sandbox.words import keyword

#: Seconds that a webhook may take to answer; Twilio's own limit.
TIMEOUT = 15.0
#: Waits before each further try, seconds. After the last one the carrier gives up.
RETRIES = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
#: Posts under way at once.
CONNECTIONS = 100
_FINAL = frozenset({"delivered", "undelivered", "failed"})
logger = logging.getLogger(__name__)


class Postman:
    """Takes each message through its statuses and tells the business. Lives in one event loop."""

    def __init__(self, options: Options, store: Store) -> None:
        self._options = options
        self._store = store
        self._validator = RequestValidator(options.auth_token)
        self._tasks: Set[asyncio.Task[Any]] = set()
        self._session: Optional[aiohttp.ClientSession] = None

    async def start(self) -> None:
        """Open the connections, and go on with what was left undone."""
        connector = aiohttp.TCPConnector(limit=CONNECTIONS)
        # The limit is on the webhook's answer: waiting for a free connection must not count.
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=TIMEOUT, sock_read=TIMEOUT)
        self._session = aiohttp.ClientSession(connector=connector, timeout=timeout)
        for message in await self._store.read(queries.pending):
            if message.direction == INBOUND:
                self._spawn(self._deliver(message))
            else:
                self.follow(message)

    async def close(self) -> None:
        """Stop at once; a later start goes on from here."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session:
            await self._session.close()

    def follow(self, message: Message, wait: float = 0.0) -> None:
        """Begin or go on with a message's statuses, ``wait`` seconds from now."""
        self._spawn(self._follow(message, wait))

    async def receive(self, message: Message) -> Optional[int]:
        """Post a stored inbound message. A failed post is tried again later, with the same SID.

        Returns:
            The webhook's HTTP status; None if it could not be reached or did not answer in time.
        """
        status = await self._post(self._options.webhook_url, self._inbound_fields(message))
        if _taken(status):
            await self._done(message)
        else:
            self._spawn(self._deliver(message, RETRIES))
        return status

    async def _follow(self, message: Message, wait: float) -> None:
        rule = behaviour(message.to_number)
        await asyncio.sleep(wait)
        for stage in range(message.stage, len(rule.steps)):
            step, reached = rule.steps[stage], _furthest(rule.steps[: stage + 1])
            await asyncio.sleep(step.delay)
            await self._store.write(
                partial(
                    queries.move,
                    sid=message.sid,
                    status=reached.status,
                    error_code=reached.error_code,
                    stage=stage,
                    left_at=time.time(),
                )
            )
            if message.callback_url and rule.calls_back:
                await self._call_back(message, step)
        await self._done(message)

    async def _call_back(self, message: Message, step: Step) -> None:
        fields = _status_fields(message, step, self._options.account_sid)
        for wait in (0.0, *RETRIES):
            await asyncio.sleep(wait)
            # Twilio takes any answer to a status callback as an answer.
            if await self._post(message.callback_url or "", fields) is not None:
                return

    async def _deliver(self, message: Message, waits: Sequence[float] = (0.0, *RETRIES)) -> None:
        fields = self._inbound_fields(message)
        for wait in waits:
            await asyncio.sleep(wait)
            if _taken(await self._post(self._options.webhook_url, fields)):
                break
        await self._done(message)

    async def _done(self, message: Message) -> None:
        steps = [] if message.direction == INBOUND else list(behaviour(message.to_number).steps)
        reached = _furthest(steps) if steps else Step(0, message.status)
        await self._store.write(
            partial(
                queries.move,
                sid=message.sid,
                status=reached.status,
                error_code=reached.error_code,
                stage=len(steps),
                pending=False,
            )
        )

    async def _post(self, url: str, fields: Dict[str, str]) -> Optional[int]:
        assert self._session is not None, "start() opens the session"
        signature = self._validator.compute_signature(url, fields)
        headers = {"X-Twilio-Signature": signature, "User-Agent": "TwilioProxy/1.1"}
        try:
            # Encoded as it came: what is signed and what is asked for must be the same text.
            target = URL(url, encoded=True)
            async with self._session.post(target, data=fields, headers=headers, allow_redirects=False) as response:
                await response.read()
                return response.status
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError) as error:
            logger.info("no answer from %s: %r", urlsplit(url).path, error)
            return None

    def _inbound_fields(self, message: Message) -> Dict[str, str]:
        options = self._options
        fields = _names(message, options.account_sid)
        fields.update(SmsMessageSid=message.sid, SmsStatus="received", NumSegments=str(message.segments))
        fields.update(Body=message.body, NumMedia=str(len(message.media)))
        for number, url in enumerate(message.media):
            fields[f"MediaUrl{number}"] = url
            fields[f"MediaContentType{number}"] = _content_type(url)
        if options.messaging_service_sid:
            fields["MessagingServiceSid"] = options.messaging_service_sid
        kind = keyword(message.body)
        if options.advanced_opt_out and kind:
            fields["OptOutType"] = kind
        return fields

    def _spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception():
            logger.error("a message was left behind until the next start", exc_info=task.exception())


def _names(message: Message, account_sid: str) -> Dict[str, str]:
    return {
        "MessageSid": message.sid,
        "SmsSid": message.sid,
        "AccountSid": account_sid,
        "From": message.from_number,
        "To": message.to_number,
        "ApiVersion": API_VERSION,
    }


def _status_fields(message: Message, step: Step, account_sid: str) -> Dict[str, str]:
    fields = {**_names(message, account_sid), "MessageStatus": step.status, "SmsStatus": step.status}
    if step.error_code:
        fields["ErrorCode"] = str(step.error_code)
    if message.service:
        fields["MessagingServiceSid"] = message.service
    return fields


def _furthest(steps: Sequence[Step]) -> Step:
    """Where a message stands after these steps; what is final stays."""
    final = [step for step in steps if step.status in _FINAL]
    return final[0] if final else steps[-1]


def _taken(status: Optional[int]) -> bool:
    return status is not None and 200 <= status < 300


def _content_type(url: str) -> str:
    return mimetypes.guess_type(urlsplit(url).path)[0] or "application/octet-stream"
