"""Rasa channels: SMS over Twilio, and what its trigger route shares with every channel."""
