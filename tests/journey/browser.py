"""A visitor's browser without the pictures: Socket.IO as widgets speak it."""

from __future__ import annotations

import itertools
import threading
from typing import Any, Callable, Dict, List, Optional

import socketio

from tests.journey.stack import Stack, wait_for

_ids = itertools.count(1)
EVENTS = ("session_confirm", "bot_uttered", "history", "message", "conversation", "typing", "unread", "reaction")
MORE_EVENTS = ("token_expiring", "problem")


class Browser:
    """One connection.

    Args:
        token: a visitor's token.
        session_id: what the widget sends as its session.
        rich: whether it knows the additions of the protocol.
        origin: the page that it is in.
    """

    def __init__(
        self,
        stack: Stack,
        *,
        token: Optional[str] = None,
        session_id: Optional[str] = None,
        rich: bool = True,
        origin: Optional[str] = None,
        url: Optional[str] = None,
    ) -> None:
        self.events: List[Any] = []
        self._socket = socketio.Client(reconnection=False)
        for name in (*EVENTS, *MORE_EVENTS):
            self._socket.on(name, self._keep(name))
        self._socket.connect(
            url or stack.config.rasa_url,
            auth={"token": token} if token else None,
            headers={"Origin": origin} if origin else {},
            transports=["polling"],
            wait_timeout=10,
        )
        request: Dict[str, Any] = {"session_id": session_id}
        self._socket.emit("session_request", {**request, "proactive": 1} if rich else request)
        self.session_id = str(self.got("session_confirm")[0])
        self.welcome: Dict[str, Any] = self.got("history")[0] if rich else {}

    def _keep(self, name: str) -> Callable[[Any], None]:
        return lambda data=None: self.events.append((name, data))

    def all(self, name: str) -> List[Any]:
        """Everything that came under this name so far."""
        return [data for known, data in list(self.events) if known == name]

    def got(self, name: str, count: int = 1, seconds: float = 20.0) -> List[Any]:
        """The same, once there are ``count`` of it."""
        return wait_for(lambda: self.all(name) if len(self.all(name)) >= count else [], seconds)

    def read(self, words: str, seconds: float = 20.0) -> Dict[str, Any]:
        """The message of the business with these words, once it is there."""

        def found() -> Dict[str, Any]:
            return next((one for one in self.messages() if words in one["text"] and one["sender"] != "recipient"), {})

        try:
            return wait_for(found, seconds)
        except AssertionError:
            raise AssertionError(f"{words!r} did not come; there is {self.events}") from None

    def messages(self) -> List[Dict[str, Any]]:
        """What a widget would show, oldest first."""
        shown = {one["id"]: one for page in self.all("history") for one in page["messages"]}
        shown.update({one["id"]: one for one in self.all("message")})
        return sorted(shown.values(), key=lambda one: int(one["id"]))

    def answers(self, count: int, seconds: float = 60.0) -> None:
        """Wait until the AI agent has said so many things."""

        def enough() -> bool:
            return len([one for one in self.messages() if one["sender"] == "ai_agent"]) >= count

        try:
            wait_for(enough, seconds)
        except AssertionError:
            said = [(one["sender"], one["text"]) for one in self.messages()]
            raise AssertionError(f"fewer than {count} answers came: {said}") from None

    def texts(self) -> List[str]:
        """The texts of plain ``bot_uttered`` events."""
        return [data.get("text", "") for data in self.all("bot_uttered")]

    def call(self, name: str, data: Any) -> Any:
        """Emit, and wait for the acknowledgement."""
        return self._socket.call(name, data, timeout=20)

    def emit(self, name: str, data: Any = None) -> None:
        self._socket.emit(name, data)

    def say(self, message: str, **more: Any) -> Any:
        """Type and send."""
        return self.call("user_uttered", {"message": message, "client_id": f"c{next(_ids)}", **more})

    @property
    def connected(self) -> bool:
        return bool(self._socket.connected)

    def leave(self) -> None:
        """Close the page. The client would wait for its last poll, which the server lets hang for half a minute."""
        threading.Thread(target=self._socket.disconnect, daemon=True).start()
