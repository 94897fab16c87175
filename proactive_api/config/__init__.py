"""What the environment decides, read and checked once."""

from proactive_api.config.config import Carrier, Config
from proactive_api.config.environment import ConfigError

__all__ = ["Carrier", "Config", "ConfigError"]
