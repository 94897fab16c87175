"""SMS over Twilio; ``credentials.yml`` names ``channels.sms.SmsInput``."""

from channels.sms.channel import SmsInput

__all__ = ["SmsInput"]
