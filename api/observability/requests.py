"""What is counted about HTTP requests: plain numbers, as operations are counted (see :mod:`schema.pipeline.metrics`)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate
from typing import Final

from prometheus_client import REGISTRY
from prometheus_client.metrics_core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0)
METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "POST"})
ROUTES: Final = {path: path for path in ("/graphql", "/files", "/health/live", "/health/ready", "/metrics")}
FILES: Final = "/files/"
OTHER: Final = "other"
"""Pages, their parts, messages of M-Pesa, and what does not exist: paths of which strangers make as many as they like."""


def route_of(path: str) -> str:
    return ROUTES.get(path) or (FILES if path.startswith(FILES) else OTHER)


class Requests(Collector):
    """By method, route and status; how long they took by route. An answer has been given when it begins: a stream may go on
    for hours."""

    def __init__(self) -> None:
        self._ended: dict[tuple[str, str, int], int] = {}
        self._took: dict[str, list[int]] = {}
        self._seconds: dict[str, float] = {}

    def ended(self, method: str, path: str, status: int, seconds: float) -> None:
        route = route_of(path)
        key = (method if method in METHODS else OTHER, route, status)
        self._ended[key] = self._ended.get(key, 0) + 1
        buckets = self._took.get(route)
        if buckets is None:
            buckets = self._took[route] = [0] * (len(BUCKETS) + 1)
            self._seconds[route] = 0.0
        buckets[bisect_left(BUCKETS, seconds)] += 1
        self._seconds[route] += seconds

    def collect(self) -> Iterator[Metric]:
        ended = CounterMetricFamily(
            "daftari_http_requests_total",
            "Requests by method, route and status; 0 is that of those that were cut before an answer began.",
            labels=["method", "route", "status"],
        )
        for (method, route, status), count in self._ended.items():
            ended.add_metric([method, route, str(status)], count)
        took = HistogramMetricFamily(
            "daftari_http_request_seconds", "How long it took until an answer began.", labels=["route"]
        )
        bounds = [*map(str, BUCKETS), "+Inf"]
        for route, buckets in self._took.items():
            cumulated = map(float, accumulate(buckets))
            took.add_metric([route], list(zip(bounds, cumulated, strict=True)), sum_value=self._seconds[route])
        yield from (ended, took)


requests: Final = Requests()
REGISTRY.register(requests)
