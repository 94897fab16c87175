"""Stock Rasa's Twilio channel, untouched, with its client pointed at the sandbox carrier."""

from __future__ import annotations

import os
import uuid
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from rasa.core.channels.channel import OutputChannel
from rasa.core.channels.socketio import SocketIOInput
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


class RepairedSocketIO(SocketIOInput):
    """``SocketIOInput`` with ``session_persistence``, and the one line that keeps it from delivering put right.

    It does not await ``enter_room``, a coroutine since python-socketio 5.10.
    """

    def blueprint(self, on_new_message: Any) -> Any:
        blueprint = super().blueprint(on_new_message)
        server = self.sio

        async def session_request(sid: str, data: Any) -> None:
            session_id = (data or {}).get("session_id") or uuid.uuid4().hex
            await server.enter_room(sid, session_id)
            await server.emit("session_confirm", session_id, room=sid)

        server.on("session_request", session_request)
        return blueprint


class StockTwilio(TwilioInput):
    """``TwilioInput``; each of its outputs gets an HTTP client of its own, as each does in stock Rasa."""

    def get_output_channel(self) -> OutputChannel:
        output = super().get_output_channel()
        output.http_client = CarrierHttpClient()
        return output
