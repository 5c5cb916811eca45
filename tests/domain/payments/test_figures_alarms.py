"""Thresholds and alarms: told once when a figure goes over, once when it is back, and never when it is just equal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.identity.permissions import Role
from domain.kit.clock import clock_set_to
from domain.kit.context import CallContext, call_context
from domain.kit.database import fetch, fetchval
from domain.kit.errors import InvalidInput
from domain.payments.events import AlarmChanged, ThresholdsChanged
from domain.payments.jobs import figure_watch
from domain.payments.models import AlarmState, AlertThresholds, PipelinePulse
from domain.payments.rules.statistics import Alarm
from domain.payments.service.thresholds import alert_thresholds, update_alert_thresholds
from domain.payments.service.watching import watch_figures
from domain.payments.states import ReconStatus
from tests.support.happenings import events_so_far, nothing_happens
from tests.support.people import somebody
from tests.support.races import at_once
from tests.support.reconciled import AN_ISSUE, a_payment, reconciled

pytestmark = pytest.mark.usefixtures("database")

ADMIN = somebody(Role.ADMIN)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


async def alarms_told() -> list[AlarmChanged]:
    return [logged.fact for logged in await events_so_far() if logged.name == AlarmChanged.name]


async def twenty(discrepancies: int, *, at: datetime = NOON) -> None:
    payment = await a_payment()
    for number in range(20):
        bad = number < discrepancies
        status = ReconStatus.DISCREPANCY if bad else ReconStatus.MATCHED
        await reconciled(payment, status, at=at, issues=[AN_ISSUE] if bad else [])


async def test_the_defaults_hold_until_somebody_says_otherwise() -> None:
    async with nothing_happens():
        row = await alert_thresholds(ADMIN)
    assert (row.discrepancy_rate, row.error_rate, row.processing_ms) == (Decimal("5.00"), Decimal("5.00"), 5_000)
    assert (row.queue_length, row.least_processed, row.window_minutes, row.updated_by) == (1_000, 20, 60, None)


async def test_what_is_said_changes_and_the_rest_stays() -> None:
    with call_context(CallContext(actor_id=ADMIN.id)):
        await update_alert_thresholds(ADMIN, discrepancy_rate=Decimal("2.5"), window_minutes=15)
        row = await update_alert_thresholds(ADMIN, processing_ms=0, queue_length=0, error_rate=Decimal(100))
    again = await alert_thresholds(ADMIN)
    for seen in (row, again):
        assert (seen.discrepancy_rate, seen.error_rate, seen.window_minutes) == (Decimal("2.50"), Decimal(100), 15)
        assert (seen.processing_ms, seen.queue_length, seen.least_processed, seen.version) == (0, 0, 20, 3)
        assert seen.updated_by == ADMIN.id
    told = [logged.fact for logged in await events_so_far() if logged.name == ThresholdsChanged.name]
    assert [fact.thresholds.window_minutes for fact in told] == [15, 15]
    assert told[-1].thresholds.error_rate == Decimal("100.00") and told[-1].changed_by == ADMIN.id
    audited = await fetch("select actor_id from row_change where object_kind = 'alert_thresholds' order by id")
    assert {row["actor_id"] for row in audited} == {ADMIN.id} and len(audited) == 3


async def test_saying_the_same_again_changes_nothing() -> None:
    await update_alert_thresholds(ADMIN, queue_length=7)
    async with nothing_happens():
        row = await update_alert_thresholds(ADMIN, queue_length=7)
    assert row.version == 2


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({}, ("input",)),
        ({"discrepancy_rate": Decimal("NaN")}, ("input", "discrepancyRate")),
        ({"discrepancy_rate": Decimal("100.01")}, ("input", "discrepancyRate")),
        ({"discrepancy_rate": Decimal("-0.01")}, ("input", "discrepancyRate")),
        ({"error_rate": Decimal("0.001")}, ("input", "errorRate")),
        ({"error_rate": Decimal("1e19")}, ("input", "errorRate")),
        ({"error_rate": Decimal("Infinity")}, ("input", "errorRate")),
        ({"processing_ms": -1}, ("input", "processingTime")),
        ({"queue_length": -1}, ("input", "queueLength")),
        ({"least_processed": 0}, ("input", "leastProcessed")),
        ({"window_minutes": 0}, ("input", "windowMinutes")),
        ({"window_minutes": 1_441}, ("input", "windowMinutes")),
    ],
)
async def test_senseless_thresholds_are_refused(said: dict[str, Any], field: tuple[str, ...]) -> None:
    async with nothing_happens():
        with pytest.raises(InvalidInput) as refused:
            await update_alert_thresholds(ADMIN, **said)
    assert refused.value.field == field


async def test_two_who_say_something_first_both_have_their_say() -> None:
    await at_once(
        [update_alert_thresholds(ADMIN, queue_length=5), update_alert_thresholds(ADMIN, error_rate=Decimal("1.00"))]
    )
    row = await AlertThresholds.get()
    assert (row.queue_length, row.error_rate, row.version) == (5, Decimal("1.00"), 3)


async def test_an_alarm_is_raised_once_and_cleared_once() -> None:
    await twenty(discrepancies=2)
    with clock_set_to(NOON + timedelta(minutes=1)):
        assert await watch_figures() == 1
    with clock_set_to(NOON + timedelta(minutes=2)):
        assert await watch_figures() == 0
    [raised] = await alarms_told()
    assert (raised.alarm, raised.raised) == (Alarm.DISCREPANCY_RATE, True)
    assert (raised.figure, raised.threshold, raised.window_minutes) == (Decimal("10.00"), Decimal("5.00"), 60)
    [state] = await AlarmState.all()
    assert (state.alarm, state.raised_at, state.figure) == (Alarm.DISCREPANCY_RATE, raised.changed_at, Decimal("10.00"))
    await twenty(discrepancies=0, at=NOON + timedelta(minutes=3))
    with clock_set_to(NOON + timedelta(minutes=4)):
        assert await watch_figures() == 1
    [_, cleared] = await alarms_told()
    assert (cleared.alarm, cleared.raised, cleared.figure) == (Alarm.DISCREPANCY_RATE, False, Decimal("5.00"))
    assert await AlarmState.all().count() == 0


async def test_a_figure_that_equals_its_threshold_is_not_over_it() -> None:
    await twenty(discrepancies=1)
    with clock_set_to(NOON):
        assert await watch_figures() == 0
    await update_alert_thresholds(ADMIN, discrepancy_rate=Decimal("4.99"))
    with clock_set_to(NOON):
        assert await watch_figures() == 1


async def test_a_standing_alarm_knows_its_figure_of_now() -> None:
    await twenty(discrepancies=2)
    with clock_set_to(NOON):
        await watch_figures()
    await twenty(discrepancies=20)
    with clock_set_to(NOON):
        assert await watch_figures() == 0
    assert (await AlarmState.get()).figure == Decimal("55.00")


async def test_each_figure_has_its_alarm_and_too_few_say_nothing() -> None:
    payment = await a_payment()
    await update_alert_thresholds(ADMIN, least_processed=2, processing_ms=1_199, queue_length=0)
    await reconciled(payment, ReconStatus.FAILED, at=NOON)
    with clock_set_to(NOON):
        assert await watch_figures() == 0, "of one reconciliation no rate is told"
        await reconciled(payment, ReconStatus.FAILED)
        await reconciled(payment, ReconStatus.QUEUED)
        assert await watch_figures() == 3
    assert {fact.alarm for fact in await alarms_told()} == {Alarm.ERROR_RATE, Alarm.PROCESSING_TIME, Alarm.QUEUE_LENGTH}
    with clock_set_to(NOON + timedelta(hours=2)):
        await watch_figures()
    assert [state.alarm for state in await AlarmState.all()] == [Alarm.QUEUE_LENGTH], "the hour is over"


async def test_two_who_look_at_once_raise_one_alarm() -> None:
    await twenty(discrepancies=2)
    with clock_set_to(NOON):
        assert sum(await at_once([watch_figures() for _ in range(4)])) == 1
    assert len(await alarms_told()) == 1


async def test_the_job_is_the_sign_of_life() -> None:
    with clock_set_to(NOON):
        assert await figure_watch.run() == 0
    assert (await PipelinePulse.get()).seen_at == NOON
    assert await fetchval("select count(*) from event_log") + await fetchval("select count(*) from outbox") == 0
