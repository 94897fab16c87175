"""Rasa Proactive: proactive chat for Rasa (lifecycle, storage, HTTP API, worker, sandbox)."""
