"""Purging: what is old goes, and neither the totals, nor what a discrepancy was found by, nor what is not at its end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain.identity.actor import SYSTEM
from domain.identity.permissions import Role
from domain.kit.clock import clock_set_to
from domain.kit.errors import Forbidden, InvalidInput
from domain.kit.ids import new_id
from domain.payments import settings
from domain.payments.events import ReconciliationsPurged
from domain.payments.figures import TrendBucket, reconciliation_stats, reconciliation_trends
from domain.payments.jobs import result_purge, tally_folding
from domain.payments.models import Discrepancy, Reconciliation, ReconciliationTally
from domain.payments.service import purging
from domain.payments.service.purging import Purged, purge_reconciliation_results
from domain.payments.states import DiscrepancyStatus, DiscrepancyType, ReconStatus, Severity
from tests.support.happenings import events_so_far, nothing_happens
from tests.support.people import somebody
from tests.support.races import at_once
from tests.support.reconciled import a_payment, reconciled, tallied

pytestmark = pytest.mark.usefixtures("database")

ADMIN = somebody(Role.ADMIN)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LONG_AGO = NOON - timedelta(days=100)


async def a_discrepancy_found_by(row: Reconciliation) -> None:
    await Discrepancy(
        id=new_id(),
        payment_id=row.payment_id,
        type=DiscrepancyType.AMOUNT_MISMATCH,
        severity=Severity.HIGH,
        message="M-Pesa amount differs from session price",
        status=DiscrepancyStatus.OPEN,
        found_at=LONG_AGO,
        last_found_at=LONG_AGO,
        reconciliation_id=row.id,
    ).save(force_create=True)


async def test_old_results_go_and_their_totals_stay() -> None:
    payment = await a_payment()
    for status in (ReconStatus.MATCHED, ReconStatus.FAILED, ReconStatus.DISCREPANCY):
        await reconciled(payment, status, at=LONG_AGO)
    kept = await reconciled(payment, at=NOON - timedelta(days=2))
    with clock_set_to(NOON):
        before = await reconciliation_stats(ADMIN)
        assert await purge_reconciliation_results(ADMIN, older_than=NOON - timedelta(days=3)) == Purged(3, more=False)
        after = await reconciliation_stats(ADMIN)
    assert await Reconciliation.all().values_list("id", flat=True) == [kept.id]
    assert (before.totals, before.last_processed_at) == (after.totals, after.last_processed_at)
    [point] = await reconciliation_trends(
        ADMIN, since=LONG_AGO, until=LONG_AGO + timedelta(hours=1), bucket=TrendBucket.HOUR
    )
    assert point.total_processed == 3
    [purged] = [logged for logged in await events_so_far() if logged.name == ReconciliationsPurged.name]
    assert (purged.fact.purged, purged.fact.purged_by) == (3, ADMIN.id)


async def test_what_is_not_at_its_end_and_what_a_discrepancy_was_found_by_stays() -> None:
    payment = await a_payment()
    for status in (ReconStatus.QUEUED, ReconStatus.ACTIVE, ReconStatus.UNVERIFIED):
        await reconciled(payment, status, at=LONG_AGO)
    await a_discrepancy_found_by(await reconciled(payment, ReconStatus.DISCREPANCY, at=LONG_AGO))
    async with nothing_happens():
        assert await purge_reconciliation_results(ADMIN, older_than=NOON) == Purged(0, more=False)


async def test_what_ended_at_that_moment_stays() -> None:
    payment = await a_payment()
    await reconciled(payment, at=LONG_AGO)
    assert (await purge_reconciliation_results(ADMIN, older_than=LONG_AGO)).purged == 0
    assert (await purge_reconciliation_results(ADMIN, older_than=LONG_AGO + timedelta(microseconds=1))).purged == 1


async def test_the_last_day_is_kept_and_others_may_not() -> None:
    payment = await a_payment()
    await reconciled(payment, at=NOON - timedelta(hours=20))
    async with nothing_happens():
        with clock_set_to(NOON):
            for moment in (NOON, NOON - timedelta(hours=23, minutes=59), NOON + timedelta(days=9)):
                with pytest.raises(InvalidInput) as refused:
                    await purge_reconciliation_results(ADMIN, older_than=moment)
                assert refused.value.field == ("input", "olderThan")
        for role in (Role.ACCOUNTANT, Role.BRANCH_MANAGER, Role.BORROWER):
            with pytest.raises(Forbidden):
                await purge_reconciliation_results(somebody(role), older_than=LONG_AGO)


async def test_very_many_go_in_batches_and_twice_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purging, "BATCH", 2)
    monkeypatch.setattr(purging, "MAX_BATCHES", 2)
    payment = await a_payment()
    for number in range(9):
        await reconciled(payment, at=LONG_AGO + timedelta(seconds=number))
    assert await purge_reconciliation_results(ADMIN, older_than=NOON) == Purged(4, more=True)
    both = await at_once([purge_reconciliation_results(ADMIN, older_than=NOON) for _ in range(2)])
    left = await Reconciliation.all().count()
    assert sum(each.purged for each in both) == 5 - left
    assert (await purge_reconciliation_results(ADMIN, older_than=NOON)).purged == left


async def test_every_night_what_the_house_does_not_keep(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "_settings", settings.PaymentSettings(keep_results=timedelta(days=30)))
    payment = await a_payment()
    await reconciled(payment, at=NOON - timedelta(days=31))
    kept = await reconciled(payment, at=NOON - timedelta(days=29))
    with clock_set_to(NOON):
        assert await result_purge.run() == 1
        assert await result_purge.run() == 0
    assert await Reconciliation.all().values_list("id", flat=True) == [kept.id]
    [told] = [logged.fact for logged in await events_so_far() if logged.name == ReconciliationsPurged.name]
    assert told.purged_by == SYSTEM.id


async def test_hours_that_are_over_are_folded_and_say_the_same() -> None:
    for slot in range(4):
        for hours in (0, 2, 4, 50):
            await tallied(NOON - timedelta(hours=hours), slot=slot, matched=1, failed=2, discrepancies=3, unverified=4)
    await tallied(NOON - timedelta(hours=60), slot=7, matched=1, processing_ms=9)
    with clock_set_to(NOON):
        before = await reconciliation_stats(ADMIN)
        assert await tally_folding.run() == 7
        assert await tally_folding.run() == 0
        after = await reconciliation_stats(ADMIN)
    assert (before.totals, before.last_processed_at) == (after.totals, after.last_processed_at)
    assert await ReconciliationTally.all().count() == 2 * 4 + 3
    [point] = await reconciliation_trends(
        ADMIN, since=NOON - timedelta(hours=50), until=NOON - timedelta(hours=49), bucket=TrendBucket.HOUR
    )
    assert (point.totals.processed, point.unverified) == (24, 16)
