"""The HTTP API (Sanic), one module per resource."""
