"""Counts behind the metrics, and the filters that lists and metrics share."""
