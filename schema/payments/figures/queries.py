"""Reading the figures of reconciliation."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.payments import figures
from domain.payments.figures import MAX_BUCKETS, MetricsWindow, TrendBucket
from domain.payments.service import thresholds
from schema.kit import Info, argument, query
from schema.payments.figures.types import (
    ActiveReconciliations,
    AlertThresholds,
    ReconciliationMetrics,
    ReconciliationStats,
    ReconciliationTrendPoint,
)

SUMS_COST = 10


@strawberry.type
class Query:
    @query(
        ReconciliationStats,
        "Reconciliation since the beginning, and what is going on now.",
        requires=Permission.PAYMENTS_RECONCILE,
        cost=SUMS_COST,
    )
    async def reconciliation_stats(self, info: Info) -> object:
        return await figures.reconciliation_stats(info.context.actor)

    @query(
        ActiveReconciliations,
        "What is being reconciled now, what waits, and who looks on.",
        requires=Permission.PAYMENTS_RECONCILE,
    )
    async def active_reconciliations(self, info: Info) -> object:
        return await figures.active_reconciliations(info.context.actor)

    @query(
        ReconciliationMetrics,
        "How well reconciliation worked lately: time, throughput, queue, errors, uptime. Of results that are kept.",
        requires=Permission.PAYMENTS_RECONCILE,
        cost=SUMS_COST,
    )
    async def reconciliation_metrics(
        self, info: Info, window: Annotated[MetricsWindow, argument("How far to look back.")] = MetricsWindow.HOUR
    ) -> object:
        return await figures.reconciliation_metrics(info.context.actor, window)

    @query(
        list[ReconciliationTrendPoint],
        f"How reconciliation went over time, also of results that were purged: every bucket, {MAX_BUCKETS} at most, the "
        "oldest first.",
        requires=Permission.PAYMENTS_RECONCILE,
        cost=SUMS_COST,
        size=100,
    )
    async def reconciliation_trends(
        self,
        info: Info,
        since: Annotated[datetime, argument("A moment of the first bucket.", name="from")],
        until: Annotated[datetime, argument("The last bucket begins before this moment.", name="to")],
        bucket: Annotated[TrendBucket, argument("Into what time is cut.")] = TrendBucket.DAY,
    ) -> object:
        return await figures.reconciliation_trends(info.context.actor, since=since, until=until, bucket=bucket)

    @query(
        AlertThresholds,
        "Above which figures administrators are told.",
        requires=Permission.PAYMENTS_RECONCILE,
    )
    async def alert_thresholds(self, info: Info) -> object:
        return await thresholds.alert_thresholds(info.context.actor)
