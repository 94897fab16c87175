"""The messenger channel: browsers in and out over Socket.IO, in the protocol of Rasa's own ``socketio`` channel."""

from __future__ import annotations

from typing import Any, Awaitable, Callable, Dict, List, Optional

from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.channels.socketio import SocketBlueprint
from sanic import Blueprint
from socketio import AsyncRedisManager, AsyncServer
from sqlalchemy.engine import Connection

from channels.conversation.commands import Commands
from channels.conversation.connector import Channel, Connector
from channels.messenger.display import Display
from channels.messenger.output import MessengerOutput
from channels.messenger.sending import MessengerSender
from channels.messenger.sockets import Sockets
from channels.messenger.turns import MessengerTurns
from channels.rasa_server.runtime import Runtime
from proactive_api.config import Config
from proactive_api.lifecycle.values import ChannelType
from proactive_api.operations.visitor_tokens import VisitorTokens
from proactive_api.storage.conversations import seen

#: Where Rasa's own channel is.
PATH = "/socket.io"
#: Largest packet that a client may send, bytes; a larger one ends the connection.
MAX_PACKET = 65_536
#: The manager's channel in Redis.
REDIS_CHANNEL = "proactive-messenger"


def _outlet(**_: Any) -> MessengerOutput:
    return MessengerOutput()


class MessengerConnector(Connector):
    """The channel's parts, once the server runs.

    Args:
        runtime: the running assistant.
        sio: the Socket.IO server.
        sockets: its connections.
    """

    def __init__(self, runtime: Runtime, sio: AsyncServer, sockets: Sockets) -> None:
        display = Display(sio, runtime)
        commands = Commands(runtime, ChannelType.MESSENGER, _outlet)
        turns = MessengerTurns(runtime, display)
        super().__init__(runtime, ChannelType.MESSENGER, MessengerSender(runtime), commands, turns)
        self._sockets = sockets
        self._display = display

    async def start(self) -> None:
        """Begin, and let clients in."""
        await super().start()
        self._sockets.open(self, self._display)

    def renew(self, conn: Connection, chats: List[str], sids: List[str], now: float) -> None:
        """Keep the leases of what is under way here, and the rows of the widgets that are still connected."""
        super().renew(conn, chats, sids, now)
        seen.plain_alive(conn, self._sockets.plain_ids(), now)

    def expire_leases(self, conn: Connection, now: float) -> None:
        """Let what a dead predecessor held run out, and forget the widgets that were connected to it."""
        super().expire_leases(conn, now)
        seen.plain_forget_all(conn)


class MessengerInput(Channel):
    """Rasa's input channel for the messenger; ``credentials.yml`` names this class.

    Args:
        config: the environment (contract, "Environment").
    """

    channel = ChannelType.MESSENGER

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        manager = AsyncRedisManager(config.redis_url, channel=REDIS_CHANNEL) if config.redis_url else None
        self._sio = AsyncServer(
            async_mode="sanic",
            client_manager=manager,
            # Pages of any origin may ask; who may stay is a setting, checked when a client connects.
            cors_allowed_origins=_any_origin,
            cors_credentials=False,
            max_http_buffer_size=MAX_PACKET,
        )
        self._sockets = Sockets(self._sio, VisitorTokens(config))

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[str, Any]]) -> MessengerInput:
        """Nothing is configured in ``credentials.yml``: keys are in the environment, the rest in the settings.

        Raises:
            proactive_api.config.ConfigError: if the environment is incomplete.
        """
        return cls(Config.from_env())

    def connect(self, runtime: Runtime) -> MessengerConnector:
        """The channel's parts for the server that has just started."""
        return MessengerConnector(runtime, self._sio, self._sockets)

    def get_output_channel(self) -> Optional[OutputChannel]:
        """The way out for whatever else speaks through Rasa (``trigger_intent``, reminders)."""
        return MessengerOutput()

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The channel's routes (contract, "Connector routes"), and Socket.IO at ``/socket.io``."""
        return self.add_routes(SocketBlueprint(self._sio, PATH, "messenger", __name__))


def _any_origin(_origin: Optional[str], _environ: Any) -> bool:
    return True
