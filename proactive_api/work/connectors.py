"""How the worker reaches the connectors: only names of rows travel (``/webhooks/<channel>/trigger``)."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any, Mapping

import httpx

from proactive_api.config import Config

logger = logging.getLogger(__name__)

#: Seconds that a trigger may take; it only has to be accepted.
TRIGGER_TIMEOUT = 10.0
#: Seconds until something is offered again to an assistant that was not there.
RETRY_AFTER = 1.0


@dataclass(frozen=True)
class Connectors:
    """The channels of the Rasa server.

    Args:
        config: says where they are, and holds the secret that they share with the worker.
        http: reaches them.
    """

    config: Config
    http: httpx.Client

    def offer(self, channel: str, body: Mapping[str, Any]) -> bool:
        """Whether the connector may have taken the work. Only a clear no is a no."""
        url = f"{self.config.rasa_url}/webhooks/{channel}/trigger"
        headers = {"Authorization": f"Bearer {self.config.trigger_token}"}
        try:
            answer = self.http.post(url, json=body, headers=headers, timeout=TRIGGER_TIMEOUT)
        except httpx.ConnectError:
            return False
        except httpx.HTTPError as error:
            logger.warning("The %s connector did not answer (%r); its leases settle it.", channel, error)
            return True
        if answer.status_code != 202:
            logger.warning("The %s connector did not take the work: %s %s", channel, answer.status_code, answer.text)
        return answer.status_code == 202
