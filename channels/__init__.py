"""Rasa channels that can speak first: SMS over Twilio, and the messenger of a web app."""
