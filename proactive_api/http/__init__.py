"""The HTTP API and the pages that it serves."""
