"""Rasa Proactive: proactive chat for Rasa (lifecycle, storage, HTTP API, worker, sandbox)."""

__version__ = "0.1.0"
