"""Trackers and everything that is derived from their events."""
