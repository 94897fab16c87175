"""``make run``: everything on one machine, started and stopped together."""
