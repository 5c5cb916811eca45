"""What is counted about operations and feeds.

Operations are counted in plain numbers of our own, which prometheus' collector reads when it is asked: its own counters
take a lock for each addition, and every operation adds to several. The event loop alone counts, so no two do at once.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate
from typing import Final

from prometheus_client import REGISTRY, Counter
from prometheus_client.metrics_core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0)
"""The upper bounds of histograms, in seconds; a last bucket has whatever took longer."""

NEVER_READ: Final = "unread"
"""The kind of what was refused before it was known to be an operation."""

SEVERAL: Final = "several"
"""In place of the root field, of an operation that has more than one."""

_FEED_EXECUTIONS: Final = Counter(
    "daftari_feed_executions_total", "Items of feeds that were executed: one for each event and shape.", ["feed"]
)
_ERRORS: Final = Counter("daftari_errors_total", "Errors of execution by code. INTERNAL ones are our mistakes.", ["code"])


class Figures:
    """Of all operations of one kind. The opening of a feed is counted among the outcomes alone, for it takes as long as its
    client stays."""

    __slots__ = ("by_bucket", "outcomes", "points", "seconds")

    def __init__(self) -> None:
        self.outcomes: dict[str, int] = {}
        self.points = 0
        self.seconds = 0.0
        self.by_bucket = [0] * (len(BUCKETS) + 1)

    def ended(self, outcome: str) -> None:
        self.outcomes[outcome] = self.outcomes.get(outcome, 0) + 1

    def took(self, seconds: float) -> None:
        self.seconds += seconds
        self.by_bucket[bisect_left(BUCKETS, seconds)] += 1


class FieldFigures:
    """Of all operations with one root field. There are no more of these than the schema has root fields: the names that
    clients give their operations are theirs, and as many as they like."""

    __slots__ = ("outcomes", "seconds")

    def __init__(self) -> None:
        self.outcomes = dict.fromkeys(("ok", "errors", "refused", "failed"), 0)
        self.seconds = 0.0

    def ended(self, outcome: str, seconds: float) -> None:
        self.outcomes[outcome if outcome in self.outcomes else "refused"] += 1
        self.seconds += seconds


class Operations(Collector):
    """The figures by kind and by root field, as prometheus wants to be told."""

    def __init__(self) -> None:
        self._by_kind: dict[str, Figures] = {}
        self._by_field: dict[tuple[str, str], FieldFigures] = {}

    def of(self, kind: str) -> Figures:
        found = self._by_kind.get(kind)
        if found is None:
            found = self._by_kind[kind] = Figures()
        return found

    def of_field(self, kind: str, field: str) -> FieldFigures:
        found = self._by_field.get((kind, field))
        if found is None:
            found = self._by_field[kind, field] = FieldFigures()
        return found

    def collect(self) -> Iterator[Metric]:
        yield from self._of_kinds()
        yield from self._of_fields()

    def _of_fields(self) -> Iterator[Metric]:
        ended = CounterMetricFamily(
            "daftari_field_operations_total",
            "Operations by kind and root field, and by how they ended.",
            labels=["kind", "field", "outcome"],
        )
        took = CounterMetricFamily(
            "daftari_field_seconds_total",
            "Seconds that operations took, by kind and root field.",
            labels=["kind", "field"],
        )
        for (kind, field), figures in self._by_field.items():
            for outcome, count in figures.outcomes.items():
                if count:
                    ended.add_metric([kind, field, outcome], count)
            took.add_metric([kind, field], figures.seconds)
        yield from (ended, took)

    def _of_kinds(self) -> Iterator[Metric]:
        ended = CounterMetricFamily(
            "daftari_operations_total", "Operations by kind and by how they ended.", labels=["kind", "outcome"]
        )
        took = HistogramMetricFamily("daftari_operation_seconds", "How long operations took.", labels=["kind"])
        cost = CounterMetricFamily("daftari_operation_points_total", "Points that operations cost.", labels=["kind"])
        for kind, figures in self._by_kind.items():
            for outcome, count in figures.outcomes.items():
                ended.add_metric([kind, outcome], count)
            add_histogram(took, kind, figures.by_bucket, figures.seconds)
            cost.add_metric([kind], figures.points)
        yield from (ended, took, cost)


def add_histogram(family: HistogramMetricFamily, label: str, by_bucket: Sequence[int], seconds: float) -> None:
    """Tell of as many as are in each of the BUCKETS, which took so long together."""
    bounds = [*map(str, BUCKETS), "+Inf"]
    cumulated = map(float, accumulate(by_bucket))
    family.add_metric([label], list(zip(bounds, cumulated, strict=True)), sum_value=seconds)


operations: Final = Operations()
REGISTRY.register(operations)


@cache
def feed_executions(feed: str) -> Counter:
    return _FEED_EXECUTIONS.labels(feed)


@cache
def errors_with(code: str) -> Counter:
    """Codes are those of the catalogue."""
    return _ERRORS.labels(code)
