"""Stock Rasa's Twilio channel, untouched, with its client pointed at the sandbox carrier."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from rasa.core.channels.channel import OutputChannel
from rasa.core.channels.twilio import TwilioInput
from twilio.http.http_client import TwilioHttpClient

#: Where the carrier is; set by whoever starts the server.
CARRIER_URL = "BENCHMARK_CARRIER_URL"


class CarrierHttpClient(TwilioHttpClient):
    """The client's own synchronous HTTP class, at another base URL."""

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        carrier = urlsplit(os.environ[CARRIER_URL])
        moved = urlsplit(url)._replace(scheme=carrier.scheme, netloc=carrier.netloc)
        return super().request(method, urlunsplit(moved), *args, **kwargs)


class StockTwilio(TwilioInput):
    """``TwilioInput``; each of its outputs gets an HTTP client of its own, as each does in stock Rasa."""

    def get_output_channel(self) -> OutputChannel:
        output = super().get_output_channel()
        output.http_client = CarrierHttpClient()
        return output
