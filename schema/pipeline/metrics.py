"""What is counted about operations and feeds. A counter is looked up by its labels once, which is slower than counting."""

from __future__ import annotations

from functools import cache
from typing import Final

from prometheus_client import Counter, Histogram

_OPERATIONS: Final = Counter("daftari_operations_total", "Operations by kind and by how they ended.", ["kind", "outcome"])
_SECONDS: Final = Histogram(
    "daftari_operation_seconds",
    "How long operations took.",
    ["kind"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15),
)
_POINTS: Final = Counter("daftari_operation_points_total", "Points that operations cost.", ["kind"])
_FEED_EXECUTIONS: Final = Counter(
    "daftari_feed_executions_total", "Items of feeds that were executed: one for each event and shape.", ["feed"]
)


@cache
def operations(kind: str, outcome: str) -> Counter:
    return _OPERATIONS.labels(kind, outcome)


@cache
def seconds(kind: str) -> Histogram:
    return _SECONDS.labels(kind)


@cache
def points(kind: str) -> Counter:
    return _POINTS.labels(kind)


@cache
def feed_executions(feed: str) -> Counter:
    return _FEED_EXECUTIONS.labels(feed)
