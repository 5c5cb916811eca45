"""The figures of reconciliation: totals since the beginning, the last minutes, and how they went over time.

Totals and trends come from tallies that outlive the results they count; percentiles from the results that are kept. A
reconciliation that is to be tried again is in no total, so that all processed = successful + failed + with discrepancies,
whenever one looks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from domain.identity.actor import Actor
from domain.kit import clock
from domain.kit.database import Record, fetch, fetchrow
from domain.kit.errors import InvalidInput
from domain.payments.access import RECONCILE
from domain.payments.figures import clients
from domain.payments.rules.statistics import Totals

MAX_BUCKETS: Final = 1_000
SILENCE: Final = timedelta(minutes=3)
"""The pipeline says every minute that it is at work; after so long a silence it is not."""

# What waits for its turn or for another attempt, and what is being worked on.
OPEN: Final = """
select (select count(*)::int from reconciliation where status in ('QUEUED', 'UNVERIFIED')) as queued,
       (select count(*)::int from reconciliation where status = 'ACTIVE') as active
"""

# All of it in one statement, so that it is of one moment. A result may have been purged since; then its hour is known.
_STATS: Final = f"""
select tally.*, open.*, client.count as clients,
       coalesce((select finished_at from reconciliation where finished_at is not null order by finished_at desc limit 1),
                tally.last_hour) as last_processed_at
from (select coalesce(sum(matched), 0)::bigint as successful, coalesce(sum(failed), 0)::bigint as failed,
             coalesce(sum(discrepancies), 0)::bigint as discrepancies,
             coalesce(sum(processing_ms), 0)::bigint as processing_ms,
             max(hour) filter (where matched + failed + discrepancies > 0) as last_hour
      from reconciliation_tally) as tally,
     ({OPEN}) as open, ({clients.COUNT}) as client
"""

# Those that came to an end since $1.
IN_WINDOW: Final = """
select count(*) filter (where status = 'MATCHED') as successful, count(*) filter (where status = 'FAILED') as failed,
       count(*) filter (where status = 'DISCREPANCY') as discrepancies,
       coalesce(sum(processing_ms), 0)::bigint as processing_ms,
       percentile_disc(0.5) within group (order by processing_ms) as median_ms,
       percentile_disc(0.95) within group (order by processing_ms) as p95_ms,
       max(processing_ms) as longest_ms
from reconciliation where finished_at > $1
"""

_METRICS: Final = f"""
select finished.*, open.*, pulse.up_since, pulse.seen_at
from ({IN_WINDOW}) as finished, ({OPEN}) as open left join pipeline_pulse pulse on true
"""

# Every bucket from the one that holds $1 to the one before $2, also those in which nothing happened.
_TRENDS: Final = """
select bucket.starts_at, coalesce(sum(tally.matched), 0)::bigint as successful,
       coalesce(sum(tally.failed), 0)::bigint as failed,
       coalesce(sum(tally.discrepancies), 0)::bigint as discrepancies,
       coalesce(sum(tally.unverified), 0)::bigint as unverified,
       coalesce(sum(tally.processing_ms), 0)::bigint as processing_ms
from generate_series(date_trunc($3, $1::timestamptz, 'UTC'), $2::timestamptz - interval '1 microsecond', $4::interval)
         as bucket (starts_at)
left join reconciliation_tally tally on tally.hour >= bucket.starts_at and tally.hour < bucket.starts_at + $4
group by bucket.starts_at order by bucket.starts_at
"""


class MetricsWindow(StrEnum):
    """How far metrics look back."""

    MINUTE = "MINUTE"
    FIVE_MINUTES = "FIVE_MINUTES"
    HOUR = "HOUR"
    DAY = "DAY"
    WEEK = "WEEK"

    @property
    def length(self) -> timedelta:
        return _LENGTHS[self]


_LENGTHS: Final = {
    MetricsWindow.MINUTE: timedelta(minutes=1),
    MetricsWindow.FIVE_MINUTES: timedelta(minutes=5),
    MetricsWindow.HOUR: timedelta(hours=1),
    MetricsWindow.DAY: timedelta(days=1),
    MetricsWindow.WEEK: timedelta(days=7),
}


class TrendBucket(StrEnum):
    """Into what time is cut: hours, days or weeks that begin on Monday, all in UTC."""

    HOUR = "HOUR"
    DAY = "DAY"
    WEEK = "WEEK"

    @property
    def length(self) -> timedelta:
        return {"HOUR": timedelta(hours=1), "DAY": timedelta(days=1), "WEEK": timedelta(days=7)}[self.value]


class _Counted:
    """What follows from totals, by the names that clients know; times in milliseconds, rates in percent."""

    __slots__ = ()
    totals: Totals

    @property
    def total_processed(self) -> int:
        return self.totals.processed

    @property
    def successful_reconciliations(self) -> int:
        return self.totals.successful

    @property
    def failed_reconciliations(self) -> int:
        return self.totals.failed

    @property
    def discrepancies_detected(self) -> int:
        return self.totals.discrepancies

    @property
    def average_processing_time(self) -> int | None:
        return self.totals.average_processing_ms

    @property
    def success_rate(self) -> Decimal | None:
        return self.totals.success_rate

    @property
    def error_rate(self) -> Decimal | None:
        return self.totals.error_rate

    @property
    def discrepancy_rate(self) -> Decimal | None:
        return self.totals.discrepancy_rate


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveReconciliations:
    """What is being done now, what waits, and who looks on."""

    active_reconciliations: int
    queue_length: int
    connected_clients: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconciliationStats(_Counted):
    """Totals since the beginning, and what is going on now."""

    totals: Totals
    active_reconciliations: int
    queue_length: int
    connected_clients: int
    last_processed_at: datetime | None
    taken_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconciliationMetrics(_Counted):
    """How well the pipeline worked in a window that ends now."""

    window: MetricsWindow
    since: datetime
    until: datetime
    totals: Totals
    median_processing_time: int | None
    p95_processing_time: int | None
    longest_processing_time: int | None
    queue_depth: int
    active_reconciliations: int
    up_since: datetime | None

    @property
    def processed(self) -> int:
        return self.totals.processed

    @property
    def throughput_per_minute(self) -> Decimal:
        return self.totals.per_minute(self.window.length)

    @property
    def uptime_seconds(self) -> int:
        return 0 if self.up_since is None else int((self.until - self.up_since).total_seconds())


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendPoint(_Counted):
    """What came to an end in one bucket. ``unverified`` counts attempts after which nobody could say yet."""

    starts_at: datetime
    ends_at: datetime
    totals: Totals
    unverified: int


async def reconciliation_stats(actor: Actor) -> ReconciliationStats:
    actor.require(RECONCILE)
    row = await fetchrow(_STATS)
    assert row is not None
    return ReconciliationStats(
        totals=totals_of(row),
        active_reconciliations=row["active"],
        queue_length=row["queued"],
        connected_clients=row["clients"],
        last_processed_at=row["last_processed_at"],
        taken_at=clock.now(),
    )


async def active_reconciliations(actor: Actor) -> ActiveReconciliations:
    actor.require(RECONCILE)
    row = await fetchrow(f"select open.*, client.count as clients from ({OPEN}) as open, ({clients.COUNT}) as client")
    assert row is not None
    return ActiveReconciliations(
        active_reconciliations=row["active"], queue_length=row["queued"], connected_clients=row["clients"]
    )


async def reconciliation_metrics(actor: Actor, window: MetricsWindow) -> ReconciliationMetrics:
    """Of the results that are kept; what came to an end exactly at the beginning of the window is outside of it."""
    actor.require(RECONCILE)
    until = clock.now()
    row = await fetchrow(_METRICS, until - window.length)
    assert row is not None
    works = row["seen_at"] is not None and row["seen_at"] > until - SILENCE
    return ReconciliationMetrics(
        window=window,
        since=until - window.length,
        until=until,
        totals=totals_of(row),
        median_processing_time=row["median_ms"],
        p95_processing_time=row["p95_ms"],
        longest_processing_time=row["longest_ms"],
        queue_depth=row["queued"],
        active_reconciliations=row["active"],
        up_since=row["up_since"] if works else None,
    )


async def reconciliation_trends(
    actor: Actor, *, since: datetime, until: datetime, bucket: TrendBucket
) -> Sequence[TrendPoint]:
    """Every bucket from the one that holds ``since`` to the last that begins before ``until``, the oldest first."""
    actor.require(RECONCILE)
    if since >= until:
        raise InvalidInput("`from` is before `to`", field=("from",))
    if (until - since) / bucket.length > MAX_BUCKETS:
        raise InvalidInput(f"that would be more than {MAX_BUCKETS} buckets; ask for a shorter time", field=("from",))
    rows = await fetch(_TRENDS, since, until, bucket.value.lower(), bucket.length)
    return [
        TrendPoint(
            starts_at=row["starts_at"],
            ends_at=row["starts_at"] + bucket.length,
            totals=totals_of(row),
            unverified=row["unverified"],
        )
        for row in rows
    ]


def totals_of(row: Record) -> Totals:
    return Totals(
        successful=row["successful"],
        failed=row["failed"],
        discrepancies=row["discrepancies"],
        processing_ms=row["processing_ms"],
    )
