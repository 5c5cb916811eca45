"""Demand forecast from past days, and what to have in stock for it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.milling.rules.forecast import (
    SERVICE_LEVELS,
    Forecast,
    ForecastMethod,
    days_of_cover,
    exponential_smoothing,
    moving_average,
    reorder_point,
)
from tests.domain.milling.rules.factory import milli

SALES = [99, 88, 50, 58, 62, 60, 55, 62, 71, 65]
ALPHA = Decimal("0.3")


def steady(daily: int, sigma: int = 0) -> Forecast:
    return Forecast(ForecastMethod.MOVING_AVERAGE, Decimal(daily), Decimal(sigma), 30)


def test_exponential_smoothing_as_published() -> None:
    """wongsteve.com, Exponential Smoothing: alpha 0.3 gives 65.42 for period 11, mean squared error 365.80, its root 19.1.

    The page goes on from a forecast of period 10 that it rounds to 65.6; not rounded, period 11 is 65.43.
    """
    forecast = exponential_smoothing([milli(quantity) for quantity in SALES], ALPHA)
    assert round(forecast.daily / 1000, 2) == Decimal("65.43")
    assert abs(forecast.daily / 1000 - Decimal("65.42")) < (1 - ALPHA) * Decimal("0.05")
    assert round((forecast.sigma / 1000) ** 2, 1) == Decimal("365.8")
    assert round(forecast.sigma / 1000, 1) == Decimal("19.1")
    assert forecast.days == 10


def test_smoothing_with_alpha_one_is_the_last_day() -> None:
    assert exponential_smoothing(SALES, Decimal(1)).daily == SALES[-1]


def test_the_mean_of_the_last_days() -> None:
    forecast = moving_average(SALES, 3)
    assert forecast.daily == 66
    assert moving_average(SALES, 100).daily == 67


def test_the_errors_of_a_moving_average() -> None:
    """Of 2, 4, 9 in windows of 2: 2 was forecast for the 4 and 3 for the 9; sqrt((4 + 36) / 2)."""
    assert round(moving_average([2, 4, 9], 2).sigma, 20) == round(Decimal(20).sqrt(), 20)


@pytest.mark.parametrize("make", [lambda days: moving_average(days, 7), lambda days: exponential_smoothing(days, ALPHA)])
def test_little_to_forecast_from(make: Callable[[list[int]], Forecast]) -> None:
    for days, daily in (([], 0), ([0, 0, 0], 0), ([5], 5)):
        forecast = make(days)
        assert (forecast.daily_quantity, forecast.sigma_quantity, forecast.days) == (daily, 0, len(days))


def test_what_cannot_be_asked() -> None:
    with pytest.raises(ValueError, match="window"):
        moving_average([1], 0)
    for alpha in ("0", "1.01", "-1"):
        with pytest.raises(ValueError, match="alpha"):
            exponential_smoothing([1], Decimal(alpha))
    with pytest.raises(ValueError, match="demand"):
        moving_average([1, -1], 7)
    with pytest.raises(ValueError, match="lead"):
        reorder_point(steady(1), -1)
    with pytest.raises(ValueError, match="service level"):
        reorder_point(steady(1), 1, 96)


def test_days_of_cover() -> None:
    assert days_of_cover(milli(100), steady(milli(30))) == 3
    assert days_of_cover(milli(90), steady(milli(30))) == 3
    assert days_of_cover(0, steady(milli(30))) == 0
    assert days_of_cover(-1, steady(0)) == 0
    assert days_of_cover(1, steady(0)) is None


def test_reorder_point_as_in_textbooks() -> None:
    """Demand 100 a day, standard deviation 20, lead time 9 days, 95 %: 900 + 1.6449 * 20 * 3 = 998.694."""
    forecast = steady(milli(100), milli(20))
    assert reorder_point(forecast, 9) == milli("998.694")
    assert reorder_point(forecast, 9, 50) == milli(900)
    assert reorder_point(forecast, 0) == 0


@given(st.lists(st.integers(0, 10**9), max_size=60), st.integers(1, 40), st.sampled_from(sorted(SERVICE_LEVELS)))
def test_forecasts_stay_between_the_least_and_the_most(history: list[int], window: int, level: int) -> None:
    for forecast in (moving_average(history, window), exponential_smoothing(history, Decimal(1) / window)):
        assert min(history, default=0) <= forecast.daily_quantity <= max(history, default=0)
        assert reorder_point(forecast, 7, level) >= forecast.daily_quantity * 7 - 7
