"""The worker: what is due, handed to the connectors."""
