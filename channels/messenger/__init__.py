"""The messenger of a web app; ``credentials.yml`` names ``channels.messenger.MessengerInput``."""

from channels.messenger.channel import MessengerInput

__all__ = ["MessengerInput"]
