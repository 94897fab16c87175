"""The carrier: Twilio's official client, asynchronously, through one shared connection pool."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, Collection, Dict, Optional
from urllib.parse import urlencode, urlsplit, urlunsplit

import aiohttp
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt, wait_exponential, wait_random
from twilio.base.exceptions import TwilioRestException
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client
from twilio.rest.api.v2010.account.message import MessageInstance

from channels.conversation.failures import Busy, CarrierFailure, NoAnswer, Refused
from proactive_api.config import Config
from proactive_api.lifecycle.carrier_errors import explain

#: Seconds for one request. Longer than a slow carrier (10 s), shorter than a worker's lease with its renewals.
REQUEST_TIMEOUT = 20.0
#: Tries of one delivery, and the waits between them: 0.5, 1 and 2 seconds, each with up to half a second more, so
#: that many that failed together do not come back together.
_RETRIES: Dict[str, Any] = {
    "stop": stop_after_attempt(4),
    "wait": wait_exponential(multiplier=0.5) + wait_random(0, 0.5),
    "retry": retry_if_exception_type((Busy, NoAnswer)),
    "reraise": True,
}
#: Sends that the carrier is being asked to take at once.
CONNECTIONS = 160
#: Places beyond those for what answers people: it must not wait behind sends that hang.
ANSWERS = 100
#: The carrier's clock may differ from ours, and its dates carry no fraction.
CLOCK_SKEW = timedelta(seconds=5)


@dataclass(frozen=True)
class Accepted:
    """The carrier has the message."""

    sid: str
    status: str
    segments: int = 1


class _HttpClient(AsyncTwilioHttpClient):
    """Twilio's asynchronous HTTP class with a timeout, and with another base URL if one is set."""

    def __init__(self, base_url: Optional[str]) -> None:
        super().__init__(pool_connections=False, timeout=REQUEST_TIMEOUT)
        self._base = urlsplit(base_url) if base_url else None
        self.session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=CONNECTIONS + ANSWERS))

    async def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        if self._base is not None:
            url = urlunsplit(urlsplit(url)._replace(scheme=self._base.scheme, netloc=self._base.netloc))
        kwargs["timeout"] = kwargs.get("timeout") or self.timeout
        if kwargs.get("data"):
            # Encoded here, as the client's own header says: aiohttp prepares a multipart writer for each dictionary.
            kwargs["data"] = urlencode(kwargs["data"], doseq=True).encode()
        return await super().request(method, url, *args, **kwargs)

    def log_request(self, kwargs: Dict[str, Any]) -> None:
        """Nothing: bodies and numbers do not belong in logs."""

    def log_response(self, status_code: int, response: Any) -> None:
        """Nothing: the answer repeats the body and the number."""


class Carrier:
    """Sends SMS for one account. Must be used from one event loop.

    Args:
        config: the account, its sender and the base URL (contract, "Environment").
    """

    def __init__(self, config: Config) -> None:
        self._config = config
        self._client: Optional[Client] = None

    @property
    def client(self) -> Client:
        """The official client, made on first use because it belongs to the running loop."""
        if self._client is None:
            http = _HttpClient(self._config.twilio_api_base_url)
            self._client = Client(self._config.twilio_account_sid, self._config.twilio_auth_token, http_client=http)
        return self._client

    async def close(self) -> None:
        """Give the connections back."""
        if self._client is not None:
            await self._client.http_client.close()

    async def deliver(
        self,
        to: str,
        body: str,
        *,
        since: float,
        in_doubt: bool = False,
        callback: Optional[str] = None,
        not_these: Collection[str] = (),
    ) -> Accepted:
        """Hand over one message, exactly once as far as the carrier can tell.

        Args:
            to: E.164 number.
            body: the words, sent as they are.
            since: when the message may first have been handed over, seconds UTC.
            in_doubt: whether an earlier try may have been accepted.
            callback: where receipts go.
            not_these: sids of other messages with perhaps the same words.

        Raises:
            Refused, Busy, NoAnswer: after retries with backoff and jitter where those can help.
        """
        try:
            async for attempt in AsyncRetrying(**_RETRIES):
                with attempt:
                    try:
                        found = await self.find(to, body, since, not_these) if in_doubt else None
                        return found or await self._create(to, body, callback)
                    except NoAnswer:
                        in_doubt = True
                        raise
        except Busy as failure:
            if in_doubt:
                raise NoAnswer(failure.error) from failure
            raise
        raise AssertionError("The last attempt either returns or raises.")

    async def _create(self, to: str, body: str, callback: Optional[str]) -> Accepted:
        sender = self._sender()
        if callback:
            sender["status_callback"] = callback
        return _accepted(await _translated(self.client.messages.create_async(to=to, body=body, **sender)))

    def _sender(self) -> Dict[str, Any]:
        service = self._config.twilio_messaging_service_sid
        return {"messaging_service_sid": service} if service else {"from_": self._config.twilio_from_number}

    async def find(self, to: str, body: str, since: float, not_these: Collection[str] = ()) -> Optional[Accepted]:
        """The message with these words that the carrier took after ``since``, if there is one.

        Twilio has no idempotency key on Messages; its list is how a lost answer is found again.
        """
        after = datetime.fromtimestamp(since, timezone.utc) - CLOCK_SKEW
        messages = await _translated(self.client.messages.list_async(to=to, date_sent_after=after, limit=200))
        for message in messages:
            outbound = str(message.direction or "outbound").startswith("outbound")
            if outbound and message.body == body and message.sid not in not_these:
                return _accepted(message)
        return None


def _accepted(message: MessageInstance) -> Accepted:
    return Accepted(message.sid, str(message.status), int(message.num_segments or 1))


async def _translated(call: Any) -> Any:
    """Await a call of the client; its errors become ours."""
    try:
        return await call
    except TwilioRestException as error:
        raise _failure(error) from error
    except aiohttp.ClientConnectorError as error:
        raise Busy(explain(None, None)) from error
    except (aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError) as error:
        raise NoAnswer(explain(None, None)) from error


def _failure(error: TwilioRestException) -> CarrierFailure:
    explained = explain(error.code if error.code != error.status else None, error.status)
    if error.status >= 500:
        return NoAnswer(explained)
    return Busy(explained) if explained.transient else Refused(explained)
