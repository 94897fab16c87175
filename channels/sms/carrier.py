"""The carrier: Twilio's official client, asynchronously, through one shared connection pool."""

from __future__ import annotations

import asyncio
import time
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, Awaitable, Callable, Collection, Dict, Optional
from urllib.parse import urlencode, urlsplit, urlunsplit

import aiohttp
from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, wait_exponential, wait_random
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
    "retry": retry_if_exception(lambda error: isinstance(error, Busy) or _was_answered(error)),
    "reraise": True,
}
#: Sends that the carrier is being asked to take at once.
CONNECTIONS = 160
#: Places beyond those for what answers people: it must not wait behind sends that hang.
ANSWERS = 100
#: A request that got no answer may still be on its way for so long after it began, seconds. Nobody says for how long it
#: can be: this is three times as long as we wait for an answer.
STILL_ARRIVES = 60.0
#: Waits between looks into the carrier's list, until ``STILL_ARRIVES`` is over; seconds.
_LOOKS = (1.0, 2.0, 4.0, 8.0, 12.0, 14.0)
#: Messages of one number that are looked through for one in doubt, newest first; one page of the list.
LOOKED_THROUGH = 200
#: The carrier's clock may differ from ours, and its dates carry no fraction.
CLOCK_SKEW = timedelta(seconds=5)


#: Tells the sids of messages that are known, and so are not the one in doubt.
Known = Callable[[], Awaitable[Collection[str]]]


async def nothing_known() -> Collection[str]:
    """No other message is known."""
    return ()


def _was_answered(error: BaseException) -> bool:
    return isinstance(error, NoAnswer) and not error.on_its_way


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
        patient: bool = True,
        callback: Optional[str] = None,
        known: Known = nothing_known,
    ) -> Accepted:
        """Hand over one message, exactly once as far as the carrier can tell.

        Args:
            to: E.164 number.
            body: the words, sent as they are.
            since: when the message may first have been handed over, seconds UTC.
            patient: wait here until a request without any answer can no longer arrive (``STILL_ARRIVES``), instead of
                leaving that to the caller.
            callback: where receipts go.
            known: tells the sids of other messages with perhaps the same words.

        Raises:
            Refused, Busy, NoAnswer: after retries with backoff and jitter where those can help.
        """
        try:
            return await self._deliver(to, body, since, callback, known)
        except NoAnswer as failure:
            if not failure.on_its_way or not patient:
                raise
        settled = await self._settled(to, body, since, known)
        return settled or await self._deliver(to, body, since, callback, known)

    async def look(
        self, to: str, body: str, *, since: float, arrives_until: float, known: Known = nothing_known
    ) -> Optional[Accepted]:
        """Find out what became of a message that an earlier try may have handed over.

        Args:
            since: when it may first have been handed over, seconds UTC.
            arrives_until: until when that try may still arrive, seconds UTC.

        Returns:
            What the carrier has of it; ``None`` if it has nothing and will have nothing.

        Raises:
            NoAnswer: if that cannot be told yet.
        """
        try:
            async for attempt in AsyncRetrying(**_RETRIES):
                with attempt:
                    found = await self.find(to, body, since, known)
        except CarrierFailure as failure:
            raise NoAnswer(failure.error, on_its_way=True) from failure
        if found is None and time.time() < arrives_until:
            raise NoAnswer(explain(None, None), on_its_way=True)
        return found

    async def _deliver(self, to: str, body: str, since: float, callback: Optional[str], known: Known) -> Accepted:
        in_doubt = False
        try:
            async for attempt in AsyncRetrying(**_RETRIES):
                with attempt:
                    try:
                        found = await self.find(to, body, since, known) if in_doubt else None
                        return found or await self._create(to, body, callback)
                    except NoAnswer:
                        in_doubt = True
                        raise
        except Busy as failure:
            if in_doubt:
                raise NoAnswer(failure.error) from failure
            raise
        raise AssertionError("The last attempt either returns or raises.")

    async def _settled(self, to: str, body: str, since: float, known: Known) -> Optional[Accepted]:
        """Look for a message whose request was never answered, until that request can no longer arrive.

        Raises:
            NoAnswer: if the carrier's list could not be read at the end.
        """
        unseen: Optional[CarrierFailure] = None
        for pause in _LOOKS:
            await asyncio.sleep(pause)
            try:
                found = await self.find(to, body, since, known)
            except CarrierFailure as failure:
                unseen = failure
                continue
            if found is not None:
                return found
            unseen = None
        if unseen is not None:
            raise NoAnswer(unseen.error, on_its_way=True) from unseen
        return None

    async def _create(self, to: str, body: str, callback: Optional[str]) -> Accepted:
        sender = self._sender()
        if callback:
            sender["status_callback"] = callback
        try:
            return _accepted(await _translated(self.client.messages.create_async(to=to, body=body, **sender)))
        except NoAnswer as failure:
            # Without an HTTP status, nobody has read the request to its end, or nobody could say so.
            silent = not isinstance(failure.__cause__, TwilioRestException)
            raise NoAnswer(failure.error, on_its_way=silent) from failure

    def _sender(self) -> Dict[str, Any]:
        service = self._config.twilio_messaging_service_sid
        return {"messaging_service_sid": service} if service else {"from_": self._config.twilio_from_number}

    async def find(self, to: str, body: str, since: float, known: Known = nothing_known) -> Optional[Accepted]:
        """The message with these words that the carrier took after ``since``, if there is one.

        Twilio has no idempotency key on Messages; its list is how a lost answer is found again. It is asked by number
        only: ``DateSent`` is the time at which a message left Twilio, and one that is still queued there has none.

        Args:
            known: tells the sids of other messages with perhaps the same words; asked only where it matters.

        Raises:
            CarrierFailure: if the list cannot be read.
        """
        after = datetime.fromtimestamp(since, timezone.utc) - CLOCK_SKEW
        listed = await _translated(self.client.messages.list_async(to=to, limit=LOOKED_THROUGH))
        alike = [message for message in listed if _is_outbound(message) and _created(message) >= after]
        alike = [message for message in alike if same_words(str(message.body or ""), body)]
        others = await known() if alike else ()
        # The very same words first: what the carrier changed may be another message of the same person.
        alike.sort(key=lambda message: message.body != body)
        return next((_accepted(message) for message in alike if message.sid not in others), None)


def same_words(one: str, other: str) -> bool:
    """Whether two texts can be the same message, as it was given to the carrier and as it lists it.

    Carriers change characters (Twilio's Smart Encoding makes “ ” … and — plain, and drops those without width), and
    trim blanks. So letters and digits decide, and where there are none, all that is not blank.
    """
    return one == other or _essence(one) == _essence(other)


def _essence(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(filter(str.isalnum, decomposed)) or "".join(text.split())


def _is_outbound(message: MessageInstance) -> bool:
    return str(message.direction or "outbound").startswith("outbound")


def _created(message: MessageInstance) -> datetime:
    created: Optional[datetime] = message.date_created
    return created or datetime.max.replace(tzinfo=timezone.utc)


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
