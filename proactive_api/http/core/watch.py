"""Counting and timing requests, for Prometheus."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass
from typing import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest


@dataclass
class Seen:
    """What came of a request."""

    status: int = 500


class Watch:
    """The API's own figures. Each application has its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        labels = ("method", "path")
        self._requests = Counter(
            "proactive_api_requests", "Requests answered.", (*labels, "status"), registry=self.registry
        )
        self._seconds = Histogram(
            "proactive_api_request_seconds", "Time to answer a request.", labels, registry=self.registry
        )

    @contextlib.contextmanager
    def time(self, method: str, path: str) -> Iterator[Seen]:
        """Measure one request; set the status on what this gives."""
        seen, begun = Seen(), time.perf_counter()
        try:
            yield seen
        finally:
            self._seconds.labels(method, path).observe(time.perf_counter() - begun)
            self._requests.labels(method, path, str(seen.status)).inc()

    def text(self) -> bytes:
        """All figures in Prometheus' text format."""
        return generate_latest(self.registry)
