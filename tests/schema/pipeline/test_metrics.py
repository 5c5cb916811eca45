"""What is counted about operations, as prometheus reads it."""

from __future__ import annotations

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from schema.pipeline import Pipeline, RequestRefused
from schema.pipeline.metrics import Operations, operations
from tests.schema.pipeline.conftest import run


def test_figures_are_told_as_counters_and_a_histogram() -> None:
    counted, registry = Operations(), CollectorRegistry()
    figures = counted.of("query")
    for seconds, outcome in ((0.001, "ok"), (0.0011, "ok"), (0.2, "errors"), (60.0, "timeout")):
        figures.ended(outcome)
        figures.took(seconds)
    figures.points += 12
    registry.register(counted)
    lines = set(generate_latest(registry).decode().splitlines())
    assert {
        "# TYPE daftari_operations_total counter",
        'daftari_operations_total{kind="query",outcome="ok"} 2.0',
        'daftari_operations_total{kind="query",outcome="timeout"} 1.0',
        'daftari_operation_points_total{kind="query"} 12.0',
        "# TYPE daftari_operation_seconds histogram",
        'daftari_operation_seconds_bucket{kind="query",le="0.001"} 1.0',
        'daftari_operation_seconds_bucket{kind="query",le="0.0025"} 2.0',
        'daftari_operation_seconds_bucket{kind="query",le="0.25"} 3.0',
        'daftari_operation_seconds_bucket{kind="query",le="15.0"} 3.0',
        'daftari_operation_seconds_bucket{kind="query",le="+Inf"} 4.0',
        'daftari_operation_seconds_count{kind="query"} 4.0',
    } <= lines


async def test_every_operation_is_counted_once_by_how_it_ended(pipeline: Pipeline) -> None:
    figures = operations.of("query")
    before, took, points = dict(figures.outcomes), sum(figures.by_bucket), figures.points
    await run(pipeline, "{ greeting }")
    with pytest.raises(RequestRefused):
        await run(pipeline, "{ vault }")
    now = {outcome: count - before.get(outcome, 0) for outcome, count in figures.outcomes.items()}
    assert {outcome: count for outcome, count in now.items() if count} == {"ok": 1, "unauthenticated": 1}
    assert sum(figures.by_bucket) == took + 2
    assert figures.points == points + 1, "who may not pays nothing"
