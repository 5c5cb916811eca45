"""Whether the promises of the house held when they were last recomputed."""

from __future__ import annotations

from domain.kit.gauges import Gauge, register

register(
    Gauge(
        "daftari_integrity_violations",
        "Violations of the house's promises that the last verification found, by domain; of each promise 100 are counted.",
        "select domain, sum(violations)::float8 from integrity_result group by 1",
        ("domain",),
    ),
    Gauge(
        "daftari_integrity_verified_timestamp_seconds",
        "When all promises were last recomputed.",
        "select extract(epoch from min(verified_at))::float8 from integrity_result",
    ),
)
