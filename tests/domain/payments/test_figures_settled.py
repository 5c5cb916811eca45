"""The figures of payments that were really settled: they add up at every commit, and the feeds say what came of each."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from domain.identity.actor import SYSTEM
from domain.kit.clock import clock_set_to
from domain.kit.database import fetchval
from domain.kit.unit_of_work import retried, unit_of_work
from domain.payments.figures import MetricsWindow, reconciliation_metrics, reconciliation_stats
from domain.payments.settling import settle_payments
from domain.payments.states import Outcome
from tests.domain.payments.rules.factory import SOON, callback, kes
from tests.domain.payments.settling.factory import Made, a_payment, payments, told, told_of_nobody, want, write_claims
from tests.support.graphql import heard
from tests.support.happenings import assert_integrity
from tests.support.operations import operation
from tests.support.races import at_once

pytestmark = pytest.mark.usefixtures("database")


@retried
async def a_callback(made: Made, number: int) -> None:
    """Every third pays too little, every fourth does not pay at all; the others agree."""
    claim = replace(callback(), receipt=f"TC51AB{number:04}")
    if number % 4 == 0:
        claim = callback(Outcome.FAILED)
    elif number % 3 == 0:
        claim = replace(claim, amount=kes(2_499))
    async with unit_of_work() as work:
        await write_claims(work, [(made, claim)])
        await settle_payments(work, [want(made)])


async def test_totals_add_up_at_every_commit() -> None:
    made = await payments(24)
    seen: list[int] = []

    async def look() -> None:
        while not seen or seen[-1] < len(made):
            stats = await reconciliation_stats(SYSTEM)
            parts = stats.successful_reconciliations + stats.failed_reconciliations + stats.discrepancies_detected
            assert stats.total_processed == parts
            seen.append(parts)
            await asyncio.sleep(0)

    with clock_set_to(SOON):
        async with asyncio.timeout(30):
            await at_once([look(), *(a_callback(each, number) for number, each in enumerate(made))])
        stats = await reconciliation_stats(SYSTEM)
        metrics = await reconciliation_metrics(SYSTEM, MetricsWindow.HOUR)
    assert seen == sorted(seen)
    assert (stats.successful_reconciliations, stats.failed_reconciliations, stats.discrepancies_detected) == (18, 0, 6)
    assert await fetchval("select count(*) from reconciliation where finished_at is not null") == stats.total_processed
    assert metrics.totals == stats.totals and stats.queue_length == 0
    await assert_integrity("payments")


async def test_the_feed_tells_what_settling_found() -> None:
    made = await a_payment()
    await told(made, replace(callback(), amount=kes(2_499)), at=SOON)
    await told_of_nobody(replace(callback(), receipt="TC61QWER3T", prompt=None), at=SOON)
    items = await heard(SYSTEM, operation("payments/ReconciliationFeed"))
    finished, alert, orphan = items
    assert (finished["__typename"], finished["status"]) == ("ReconciliationFinished", "DISCREPANCY")
    assert finished["sessionDetails"]["transactionId"] == "TC51ABCD2E"
    assert [issue["type"] for issue in alert["issues"]] == ["AMOUNT_MISMATCH"]
    assert (alert["sessionId"], alert["severity"]) == (finished["sessionId"], "HIGH")
    assert [issue["type"] for issue in orphan["issues"]] == ["ORPHAN_TRANSACTION"]
    assert orphan["sessionId"] is None
