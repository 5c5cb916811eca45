"""Figures of reconciliation and of days.

pipeline  totals since the beginning, the last minutes, and how they went over time
days      what came on a day in East Africa, beside what the provider's statement tells
clients   who looks on
"""

from domain.payments.figures.pipeline import (
    MAX_BUCKETS,
    ActiveReconciliations,
    MetricsWindow,
    ReconciliationMetrics,
    ReconciliationStats,
    TrendBucket,
    TrendPoint,
    active_reconciliations,
    reconciliation_metrics,
    reconciliation_stats,
    reconciliation_trends,
)

__all__ = [
    "MAX_BUCKETS",
    "ActiveReconciliations",
    "MetricsWindow",
    "ReconciliationMetrics",
    "ReconciliationStats",
    "TrendBucket",
    "TrendPoint",
    "active_reconciliations",
    "reconciliation_metrics",
    "reconciliation_stats",
    "reconciliation_trends",
]
