"""The figures of reconciliation through the schema: who reads them, what they say, and how their thresholds change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.identity.actor import ANONYMOUS, Actor
from domain.identity.permissions import Role
from domain.kit import clock
from domain.payments.service.watching import say_at_work
from domain.payments.states import ReconStatus
from schema.pipeline import RequestRefused
from tests.support.graphql import ask, ask_refused, do, do_refused, encode_id, run
from tests.support.happenings import nothing_happens
from tests.support.operations import operation
from tests.support.people import an_actor, somebody
from tests.support.races import at_once
from tests.support.reconciled import AN_ISSUE, a_payment, reconciled, tallied

pytestmark = pytest.mark.usefixtures("database")

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
STATS, ACTIVE, METRICS, TRENDS, THRESHOLDS, UPDATE, PURGE = (
    operation(f"payments/{name}")
    for name in (
        "ReconciliationStats",
        "ActiveReconciliations",
        "ReconciliationMetrics",
        "ReconciliationTrends",
        "AlertThresholds",
        "UpdateAlertThresholds",
        "PurgeReconciliationResults",
    )
)
ONLY_STATS = STATS.replace("  asOf\n", "")
OF_MARCH = {"from": "2026-03-01T00:00:00Z", "to": "2026-04-01T00:00:00Z"}

EVERYTHING: list[tuple[str, dict[str, Any]]] = [
    (STATS, {}),
    (ACTIVE, {}),
    (METRICS, {}),
    (TRENDS, OF_MARCH),
    (THRESHOLDS, {}),
    (UPDATE, {"input": {"queueLength": 1}}),
    (PURGE, {"input": {"olderThan": "2026-01-01T00:00:00Z"}}),
]


@pytest.fixture
async def admin() -> Actor:
    return await an_actor(Role.ADMIN, name="Zawadi Admin")


@pytest.mark.parametrize(("document", "variables"), EVERYTHING)
async def test_strangers_and_everybody_but_administrators_are_refused(document: str, variables: dict[str, Any]) -> None:
    assert await ask_refused(ANONYMOUS, document, **variables) == "UNAUTHENTICATED"
    for role in Role:
        if role is not Role.ADMIN:
            assert await ask_refused(somebody(role), document, **variables) == "FORBIDDEN"


async def test_before_anything_happened(admin: Actor) -> None:
    stats = await ask(admin, ONLY_STATS)
    assert stats.pop("takenAt")
    assert stats == {
        "totalProcessed": 0,
        "successfulReconciliations": 0,
        "failedReconciliations": 0,
        "discrepanciesDetected": 0,
        "successRate": None,
        "averageProcessingTime": None,
        "activeReconciliations": 0,
        "queueLength": 0,
        "connectedClients": 0,
        "lastProcessedAt": None,
    }
    metrics = await ask(admin, METRICS)
    assert (metrics["window"], metrics["processed"], metrics["throughputPerMinute"]) == ("HOUR", 0, "0.00")
    assert (metrics["upSince"], metrics["uptimeSeconds"], metrics["errorRate"]) == (None, 0, None)
    assert {point["totalProcessed"] for point in await ask(admin, TRENDS, **OF_MARCH)} == {0}


async def test_the_published_figures(admin: Actor) -> None:
    await tallied(NOON, matched=145, failed=2, discrepancies=3, processing_ms=150 * 1_250)
    stats = await ask(admin, ONLY_STATS)
    assert (stats["totalProcessed"], stats["successfulReconciliations"], stats["failedReconciliations"]) == (150, 145, 2)
    assert (stats["discrepanciesDetected"], stats["successRate"], stats["averageProcessingTime"]) == (3, "96.67", 1250)


async def test_metrics_and_what_is_active(admin: Actor) -> None:
    payment = await a_payment()
    await reconciled(payment, processing_ms=100)
    await reconciled(payment, ReconStatus.DISCREPANCY, processing_ms=300, issues=[AN_ISSUE])
    await reconciled(payment, ReconStatus.ACTIVE)
    await reconciled(payment, ReconStatus.UNVERIFIED)
    await say_at_work()
    metrics = await ask(admin, METRICS, window="MINUTE")
    assert (metrics["processed"], metrics["throughputPerMinute"]) == (2, "2.00")
    assert (metrics["averageProcessingTime"], metrics["p95ProcessingTime"], metrics["longestProcessingTime"]) == (
        200,
        300,
        300,
    )
    assert (metrics["discrepancyRate"], metrics["queueDepth"], metrics["activeReconciliations"]) == ("50.00", 1, 1)
    assert metrics["upSince"] is not None
    assert await ask(admin, ACTIVE) == {"activeReconciliations": 1, "queueLength": 1, "connectedClients": 0}


async def test_trends(admin: Actor) -> None:
    await tallied(NOON, matched=3, failed=1, processing_ms=400)
    march = await ask(admin, TRENDS, **OF_MARCH)
    assert len(march) == 31
    assert march[0]["startsAt"].startswith("2026-03-01T00:00:00") and march[1]["totalProcessed"] == 4
    assert (march[1]["successRate"], march[1]["errorRate"], march[1]["averageProcessingTime"]) == ("75.00", "25.00", 100)
    weeks = await ask(admin, TRENDS, **OF_MARCH, bucket="WEEK")
    assert [point["totalProcessed"] for point in weeks] == [0, 4, 0, 0, 0, 0]
    backwards = {"from": OF_MARCH["to"], "to": OF_MARCH["from"]}
    assert await ask_refused(admin, TRENDS, **backwards) == "INVALID_INPUT"
    century = {"from": "1926-03-01T00:00:00Z", "to": OF_MARCH["to"], "bucket": "HOUR"}
    assert await ask_refused(admin, TRENDS, **century) == "INVALID_INPUT"


async def test_thresholds_are_changed(admin: Actor) -> None:
    defaults = await ask(admin, THRESHOLDS)
    assert defaults == {
        "discrepancyRate": "5.00",
        "errorRate": "5.00",
        "processingTime": 5000,
        "queueLength": 1000,
        "leastProcessed": 20,
        "windowMinutes": 60,
        "updatedById": None,
        "updatedAt": None,
    }
    payload = await do(admin, UPDATE, input={"discrepancyRate": "2.5", "windowMinutes": 30})
    assert payload["thresholds"]["updatedById"] == encode_id("User", admin.id)
    assert payload["thresholds"] == await ask(admin, THRESHOLDS)
    assert (payload["thresholds"]["discrepancyRate"], payload["thresholds"]["windowMinutes"]) == ("2.50", 30)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({}, ["input"]),
        ({"discrepancyRate": "100.01"}, ["input", "discrepancyRate"]),
        ({"discrepancyRate": "-1"}, ["input", "discrepancyRate"]),
        ({"errorRate": "0.001"}, ["input", "errorRate"]),
        ({"errorRate": "1000000000000000000"}, ["input", "errorRate"]),
        ({"processingTime": -1}, ["input", "processingTime"]),
        ({"queueLength": -1}, ["input", "queueLength"]),
        ({"leastProcessed": 0}, ["input", "leastProcessed"]),
        ({"windowMinutes": 1441}, ["input", "windowMinutes"]),
    ],
)
async def test_senseless_thresholds_are_refused(admin: Actor, said: dict[str, Any], field: list[str]) -> None:
    assert await do_refused(admin, UPDATE, input=said) == ("INVALID_INPUT", field)


@pytest.mark.parametrize(
    "said", [{"discrepancyRate": "NaN"}, {"errorRate": "Infinity"}, {"queueLength": 10**18}, {"more": 1}]
)
async def test_what_is_no_number_does_not_get_in(admin: Actor, said: dict[str, Any]) -> None:
    async with nothing_happens():
        with pytest.raises(RequestRefused):
            await run(admin, UPDATE, input=said)


async def test_two_at_once_both_have_their_say(admin: Actor) -> None:
    await at_once([do(admin, UPDATE, input={"queueLength": 5}), do(admin, UPDATE, input={"leastProcessed": 7})])
    now = await ask(admin, THRESHOLDS)
    assert (now["queueLength"], now["leastProcessed"]) == (5, 7)


async def test_purging(admin: Actor) -> None:
    payment = await a_payment()
    for days in (100, 50, 2):
        await reconciled(payment, at=clock.now() - timedelta(days=days))
    before = await ask(admin, ONLY_STATS)
    said = {"olderThan": (clock.now() - timedelta(days=10)).isoformat()}
    assert await do(admin, PURGE, input=said) == {"purged": 2, "more": False, "errors": []}
    assert await do(admin, PURGE, input=said) == {"purged": 0, "more": False, "errors": []}
    after = await ask(admin, ONLY_STATS)
    assert (after["totalProcessed"], after["lastProcessedAt"]) == (3, before["lastProcessedAt"])
    for moment in (clock.now(), clock.now() - timedelta(hours=23), clock.now() + timedelta(days=1)):
        refused = await do_refused(admin, PURGE, input={"olderThan": moment.isoformat()})
        assert refused == ("INVALID_INPUT", ["input", "olderThan"])
