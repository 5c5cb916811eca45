"""What is counted about HTTP requests: plain numbers, as operations are counted (see :mod:`schema.pipeline.metrics`)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import Final

from prometheus_client import REGISTRY
from prometheus_client.metrics_core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from schema.pipeline.metrics import BUCKETS, add_histogram

METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "POST"})
ROUTES: Final = {path: path for path in ("/graphql", "/files", "/health/live", "/health/ready", "/metrics")}
FILES: Final = "/files/"
OTHER: Final = "other"
"""Pages, their parts, messages of M-Pesa, and what does not exist: paths of which strangers make as many as they like."""


def route_of(path: str) -> str:
    return ROUTES.get(path) or (FILES if path.startswith(FILES) else OTHER)


class Took:
    """How long it took until the answers of one route began."""

    __slots__ = ("by_bucket", "seconds")

    def __init__(self) -> None:
        self.by_bucket = [0] * (len(BUCKETS) + 1)
        self.seconds = 0.0


class Ended:
    """How many requests of one route had one method and one status."""

    __slots__ = ("count", "took")

    def __init__(self, took: Took) -> None:
        self.count = 0
        self.took = took


class Requests(Collector):
    """By method, route and status; how long they took by route. An answer has been given when it begins: a stream may go on
    for hours."""

    def __init__(self) -> None:
        self._ended: dict[tuple[str, str, int], Ended] = {}
        self._took: dict[str, Took] = {}

    def ended(self, method: str, path: str, status: int, seconds: float) -> None:
        # Most paths are routes, and most requests are like others before them.
        ended = self._ended.get((method, path, status)) or self._of(method, route_of(path), status)
        ended.count += 1
        took = ended.took
        took.seconds += seconds
        took.by_bucket[bisect_left(BUCKETS, seconds)] += 1

    def _of(self, method: str, route: str, status: int) -> Ended:
        key = (method if method in METHODS else OTHER, route, status)
        found = self._ended.get(key)
        if found is None:
            found = self._ended[key] = Ended(self._took.setdefault(route, Took()))
        return found

    def collect(self) -> Iterator[Metric]:
        ended = CounterMetricFamily(
            "daftari_http_requests_total",
            "Requests by method, route and status; 0 is that of those that were cut before an answer began.",
            labels=["method", "route", "status"],
        )
        for (method, route, status), found in self._ended.items():
            ended.add_metric([method, route, str(status)], found.count)
        took = HistogramMetricFamily(
            "daftari_http_request_seconds", "How long it took until an answer began.", labels=["route"]
        )
        for route, figures in self._took.items():
            add_histogram(took, route, figures.by_bucket, figures.seconds)
        yield from (ended, took)


requests: Final = Requests()
REGISTRY.register(requests)
