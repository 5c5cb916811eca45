"""The figures of reconciliation, and alarms that are told once."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kit.decimals import percent
from domain.payments.rules.statistics import Alarm, Thresholds, Totals, alarms, change

SAMPLE = Totals(successful=145, failed=2, discrepancies=3, processing_ms=150 * 1250)

counts = st.integers(0, 10**6)
totals = st.builds(Totals, successful=counts, failed=counts, discrepancies=counts, processing_ms=counts)


def test_the_published_sample() -> None:
    assert SAMPLE.processed == 150
    assert SAMPLE.success_rate == Decimal("96.67")
    assert SAMPLE.average_processing_ms == 1250
    assert (SAMPLE.error_rate, SAMPLE.discrepancy_rate) == (Decimal("1.33"), Decimal("2.00"))
    assert SAMPLE.per_minute(timedelta(minutes=15)) == Decimal("10.00")


def test_of_nothing_there_is_no_rate() -> None:
    nothing = Totals()
    assert (nothing.success_rate, nothing.error_rate, nothing.average_processing_ms) == (None, None, None)
    assert nothing.per_minute(timedelta(hours=1)) == 0


def test_halves_go_to_the_even() -> None:
    assert percent(1, 800) == Decimal("0.12") and percent(3, 800) == Decimal("0.38")
    assert Totals(successful=2, processing_ms=5).average_processing_ms == 2


@given(totals)
def test_the_rates_are_the_whole(figures: Totals) -> None:
    rates = (figures.success_rate, figures.error_rate, figures.discrepancy_rate)
    if figures.processed:
        assert abs(sum(rate for rate in rates if rate is not None) - 100) <= Decimal("0.02")


def test_an_alarm_begins_above_its_threshold() -> None:
    strict = Thresholds(discrepancy_rate=Decimal("2.00"), error_rate=Decimal("1.00"), processing_ms=1249, queue_length=5)
    assert alarms(SAMPLE, 5, strict) == {Alarm.ERROR_RATE, Alarm.PROCESSING_TIME}
    assert alarms(SAMPLE, 6, Thresholds(queue_length=5)) == {Alarm.QUEUE_LENGTH}
    assert alarms(Totals(discrepancies=19), 0, Thresholds()) == frozenset()
    assert alarms(Totals(discrepancies=20), 0, Thresholds()) == {Alarm.DISCREPANCY_RATE}


@given(st.lists(st.frozensets(st.sampled_from(Alarm))))
def test_an_alarm_is_told_when_it_begins_and_when_it_ends(looks: list[frozenset[Alarm]]) -> None:
    standing: frozenset[Alarm] = frozenset()
    for now in looks:
        told = change(standing, now)
        assert not told.raised & standing and told.cleared <= standing
        assert change(told.standing, now).raised == change(told.standing, now).cleared == frozenset()
        standing = told.standing
        assert standing == now


@pytest.mark.parametrize(
    "wrong",
    [
        {"discrepancy_rate": Decimal("100.01")},
        {"error_rate": Decimal("-1")},
        {"error_rate": Decimal("NaN")},
        {"error_rate": Decimal("1.001")},
        {"processing_ms": -1},
        {"queue_length": -1},
        {"least_processed": 0},
    ],
)
def test_thresholds_that_mean_nothing_are_refused(wrong: dict[str, Decimal | int]) -> None:
    with pytest.raises(ValueError, match=r"rate|threshold"):
        Thresholds(**wrong)  # type: ignore[arg-type]
