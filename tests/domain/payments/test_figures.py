"""The figures of reconciliation: totals that add up, percentiles, trends, and who has the feed open."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from domain.identity.actor import SYSTEM, Actor
from domain.identity.permissions import Permission, Role
from domain.kit import clock
from domain.kit.clock import clock_set_to
from domain.kit.database import execute, fetchval
from domain.kit.errors import Forbidden, InvalidInput
from domain.kit.ids import new_id
from domain.payments.figures import (
    MetricsWindow,
    TrendBucket,
    active_reconciliations,
    clients,
    reconciliation_metrics,
    reconciliation_stats,
    reconciliation_trends,
)
from domain.payments.figures.clients import connected_clients, write_clients
from domain.payments.service.thresholds import alert_thresholds, update_alert_thresholds
from domain.payments.service.watching import say_at_work
from domain.payments.states import ReconStatus
from tests.support.happenings import nothing_happens
from tests.support.people import somebody
from tests.support.races import at_once
from tests.support.reconciled import a_payment, reconciled, tallied

pytestmark = pytest.mark.usefixtures("database")

ADMIN = somebody(Role.ADMIN)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
"""A Monday."""


@dataclass(frozen=True)
class Client:
    id: UUID
    actor_id: UUID
    since: datetime


def a_client() -> Client:
    return Client(new_id(), new_id(), clock.now())


async def test_nothing_has_happened_yet() -> None:
    stats = await reconciliation_stats(ADMIN)
    assert (stats.total_processed, stats.queue_length, stats.active_reconciliations, stats.connected_clients) == (0, 0, 0, 0)
    assert (stats.success_rate, stats.average_processing_time, stats.last_processed_at) == (None, None, None)
    metrics = await reconciliation_metrics(ADMIN, MetricsWindow.HOUR)
    assert (metrics.processed, metrics.throughput_per_minute, metrics.error_rate) == (0, Decimal("0.00"), None)
    assert (metrics.median_processing_time, metrics.up_since, metrics.uptime_seconds) == (None, None, 0)


async def test_the_published_figures() -> None:
    """P1: 150 = 145 + 2 + 3, of which 96.67 % are successes, 1250 ms on average; two look on."""
    for slot, matched in enumerate((100, 40, 5)):
        await tallied(NOON, matched=matched, slot=slot, processing_ms=matched * 1_250)
    await tallied(NOON - timedelta(days=90), failed=2, discrepancies=3, unverified=7, processing_ms=5 * 1_250)
    await write_clients(new_id(), [a_client()])
    await write_clients(new_id(), [a_client()])
    stats = await reconciliation_stats(ADMIN)
    assert (stats.successful_reconciliations, stats.failed_reconciliations, stats.discrepancies_detected) == (145, 2, 3)
    assert stats.total_processed == 150 and stats.success_rate == Decimal("96.67")
    assert stats.average_processing_time == 1250
    assert (stats.active_reconciliations, stats.queue_length, stats.connected_clients) == (0, 0, 2)
    assert stats.last_processed_at == NOON, "its result was purged, its hour is known"


async def test_what_is_going_on() -> None:
    payment = await a_payment()
    for status in (ReconStatus.QUEUED, ReconStatus.QUEUED, ReconStatus.UNVERIFIED, ReconStatus.ACTIVE):
        await reconciled(payment, status)
    last = await reconciled(payment)
    active = await active_reconciliations(ADMIN)
    assert (active.active_reconciliations, active.queue_length, active.connected_clients) == (1, 3, 0)
    stats = await reconciliation_stats(ADMIN)
    assert (stats.active_reconciliations, stats.queue_length) == (1, 3)
    assert stats.total_processed == 1, "what is to be tried again is in no total"
    assert stats.last_processed_at == last.finished_at


async def test_metrics_are_of_the_window_alone() -> None:
    payment = await a_payment()
    for number in range(1, 21):
        status = {20: ReconStatus.FAILED, 19: ReconStatus.DISCREPANCY}.get(number, ReconStatus.MATCHED)
        await reconciled(payment, status, at=NOON - timedelta(minutes=number - 1), processing_ms=100 * number)
    await reconciled(payment, ReconStatus.QUEUED)
    with clock_set_to(NOON):
        hour = await reconciliation_metrics(ADMIN, MetricsWindow.HOUR)
        five = await reconciliation_metrics(ADMIN, MetricsWindow.FIVE_MINUTES)
    assert (hour.processed, hour.average_processing_time) == (20, 1050)
    assert (hour.median_processing_time, hour.p95_processing_time, hour.longest_processing_time) == (1000, 1900, 2000)
    assert (hour.error_rate, hour.discrepancy_rate, hour.success_rate) == (
        Decimal("5.00"),
        Decimal("5.00"),
        Decimal("90.00"),
    )
    assert (hour.throughput_per_minute, hour.queue_depth) == (Decimal("0.33"), 1)
    assert (five.processed, five.throughput_per_minute, five.longest_processing_time) == (5, Decimal("1.00"), 500)
    assert (hour.since, hour.until) == (NOON - timedelta(hours=1), NOON)


async def test_the_pipeline_is_up_since_its_last_silence() -> None:
    for minute in (0, 1, 2, 10, 11, 12):
        with clock_set_to(NOON + timedelta(minutes=minute)):
            await say_at_work()
    with clock_set_to(NOON + timedelta(minutes=13)):
        metrics = await reconciliation_metrics(ADMIN, MetricsWindow.HOUR)
        assert (metrics.up_since, metrics.uptime_seconds) == (NOON + timedelta(minutes=10), 180)
    with clock_set_to(NOON + timedelta(minutes=16)):
        metrics = await reconciliation_metrics(ADMIN, MetricsWindow.HOUR)
        assert (metrics.up_since, metrics.uptime_seconds) == (None, 0), "it has been silent for too long"


async def test_trends_have_every_bucket() -> None:
    await tallied(NOON, matched=2, failed=1, unverified=4, processing_ms=300)
    await tallied(NOON, discrepancies=1, slot=3, processing_ms=100)
    await tallied(NOON + timedelta(hours=2), matched=1, processing_ms=50)
    await tallied(NOON - timedelta(days=1), matched=9, processing_ms=900)
    hours = await reconciliation_trends(
        ADMIN, since=NOON + timedelta(minutes=59), until=NOON + timedelta(hours=3), bucket=TrendBucket.HOUR
    )
    assert [(point.starts_at, point.total_processed) for point in hours] == [
        (NOON, 4),
        (NOON + timedelta(hours=1), 0),
        (NOON + timedelta(hours=2), 1),
    ]
    first = hours[0]
    assert (first.successful_reconciliations, first.failed_reconciliations, first.discrepancies_detected) == (2, 1, 1)
    assert (first.unverified, first.average_processing_time, first.success_rate) == (4, 100, Decimal("50.00"))
    assert (first.error_rate, first.discrepancy_rate, first.ends_at) == (
        Decimal("25.00"),
        Decimal("25.00"),
        NOON + timedelta(hours=1),
    )
    assert hours[1].success_rate is None
    days = await reconciliation_trends(
        ADMIN, since=NOON - timedelta(days=1), until=NOON + timedelta(days=1), bucket=TrendBucket.DAY
    )
    assert [point.total_processed for point in days] == [9, 5, 0]
    [before, this] = await reconciliation_trends(
        ADMIN, since=NOON - timedelta(days=1), until=NOON + timedelta(days=1), bucket=TrendBucket.WEEK
    )
    assert (before.total_processed, this.total_processed) == (9, 5), "weeks begin on Monday"
    assert this.starts_at == datetime(2026, 3, 2, tzinfo=UTC)


async def test_trends_have_bounds() -> None:
    for since, until in ((NOON, NOON), (NOON, NOON - timedelta(days=1)), (NOON - timedelta(hours=1_001), NOON)):
        with pytest.raises(InvalidInput):
            await reconciliation_trends(ADMIN, since=since, until=until, bucket=TrendBucket.HOUR)
    points = await reconciliation_trends(ADMIN, since=NOON - timedelta(hours=1_000), until=NOON, bucket=TrendBucket.HOUR)
    assert len(points) == 1_000


READINGS: list[Callable[[Actor], Awaitable[Any]]] = [
    reconciliation_stats,
    active_reconciliations,
    alert_thresholds,
    lambda actor: reconciliation_metrics(actor, MetricsWindow.DAY),
    lambda actor: reconciliation_trends(actor, since=NOON, until=NOON + timedelta(days=1), bucket=TrendBucket.DAY),
    lambda actor: update_alert_thresholds(actor, queue_length=1),
]


async def test_figures_are_for_administrators() -> None:
    others = [somebody(role) for role in Role if role is not Role.ADMIN]
    async with nothing_happens():
        for read in READINGS:
            for actor in others:
                assert not actor.may(Permission.PAYMENTS_RECONCILE)
                with pytest.raises(Forbidden):
                    await read(actor)
    for read in READINGS:
        await read(SYSTEM)


async def test_clients_of_all_servers_are_counted_while_they_live(monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = new_id(), new_id()
    asha, brian, cyrus = a_client(), a_client(), a_client()
    await write_clients(one, [asha, brian])
    await write_clients(other, [cyrus])
    assert await connected_clients() == 3
    await write_clients(one, [brian])
    assert await connected_clients() == 2
    # The other server is killed: it says nothing any more.
    await execute("update feed_client set seen_at = seen_at - $2::interval where server_id = $1", other, clients.WORTH)
    assert await connected_clients() == 1
    await execute("update feed_client set seen_at = seen_at - $2::interval where server_id = $1", other, 10 * clients.WORTH)
    await write_clients(one, [])
    assert await connected_clients() == 0
    assert await fetchval("select count(*) from feed_client") == 0, "what a dead server left behind is forgotten"


async def test_servers_write_at_once() -> None:
    servers = [(new_id(), [a_client() for _ in range(3)]) for _ in range(6)]
    for _ in range(3):
        await at_once([write_clients(server_id, here) for server_id, here in servers])
    assert await connected_clients() == 18
