"""Custom Rasa actions of the starter assistant."""
