"""What is counted about operations and feeds."""

from __future__ import annotations

from typing import Final

from prometheus_client import Counter, Histogram

OPERATIONS: Final = Counter("daftari_operations_total", "Operations by kind and by how they ended.", ["kind", "outcome"])
SECONDS: Final = Histogram(
    "daftari_operation_seconds",
    "How long operations took.",
    ["kind"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15),
)
POINTS: Final = Counter("daftari_operation_points_total", "Points that operations cost.", ["kind"])
FEED_EXECUTIONS: Final = Counter(
    "daftari_feed_executions_total", "Items of feeds that were executed: one for each event and shape.", ["feed"]
)
