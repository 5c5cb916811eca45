"""A simple forecast of demand from the quantities of past days, and how much to have in stock for it.

Two methods, both of Hyndman & Athanasopoulos, *Forecasting: Principles and Practice* (3rd ed.), for demand without trend
and season. Both forecast the same quantity for every day to come:

- moving average (5.2, the mean method over a trailing window): the mean of the last ``window`` days;
- simple exponential smoothing (8.1): level(t) = alpha * y(t) + (1 - alpha) * level(t - 1), level(0) = y(1); the forecast is
  the last level.

The error of a method is the standard deviation of its one-step forecasts: sqrt(sum of squared errors / number of errors),
over all days that had a forecast (all but the first). The forecast for a day h steps ahead and the growth of its error with
h are left to the safety stock, which uses the usual approximation of independent days:

    reorder point = daily demand * lead time + z * sigma * sqrt(lead time)

Quantities are thousandths of the base unit. Arithmetic is decimal with 34 digits; results are rounded once, at the end:
demand and sigma half up, the reorder point and the suggested quantity up, days of cover down.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal, localcontext
from enum import StrEnum
from typing import Final

SERVICE_LEVELS: Final[Mapping[int, Decimal]] = {
    50: Decimal(0),
    80: Decimal("0.8416"),
    90: Decimal("1.2816"),
    95: Decimal("1.6449"),
    98: Decimal("2.0537"),
    99: Decimal("2.3263"),
}
"""z of the standard normal distribution: in so many of 100 lead times the stock lasts."""

_EXACT: Final = Context(prec=34)


class ForecastMethod(StrEnum):
    """How past days become a forecast."""

    MOVING_AVERAGE = "MOVING_AVERAGE"
    EXPONENTIAL_SMOOTHING = "EXPONENTIAL_SMOOTHING"


@dataclass(frozen=True, slots=True)
class Forecast:
    """Demand per day and the standard deviation of its errors, in thousandths, made from so many ``days``."""

    method: ForecastMethod
    daily: Decimal
    sigma: Decimal
    days: int

    @property
    def daily_quantity(self) -> int:
        return _rounded(self.daily, ROUND_HALF_UP)

    @property
    def sigma_quantity(self) -> int:
        return _rounded(self.sigma, ROUND_HALF_UP)


def moving_average(history: Sequence[int], window: int) -> Forecast:
    """Demand of one day is the mean of the last ``window`` days; of all, where there are fewer. No history is no demand."""
    if window < 1:
        raise ValueError("a window is at least one day")
    return _forecast(ForecastMethod.MOVING_AVERAGE, history, _means(history, window))


def exponential_smoothing(history: Sequence[int], alpha: Decimal) -> Forecast:
    """The nearer ``alpha`` is to 1, the more the last days count. No history is no demand."""
    if not 0 < alpha <= 1:
        raise ValueError("alpha is above 0 and at most 1")
    return _forecast(ForecastMethod.EXPONENTIAL_SMOOTHING, history, _levels(history, alpha))


def days_of_cover(available: int, forecast: Forecast) -> int | None:
    """For how many whole days the stock lasts at the forecast demand. None: without demand it lasts for ever."""
    if available <= 0:
        return 0
    with localcontext(_EXACT):
        return _rounded(available / forecast.daily, ROUND_FLOOR) if forecast.daily else None


def reorder_point(forecast: Forecast, lead_days: int, service_level: int = 95) -> int:
    """Demand over the lead time and the safety stock: with less than this it is time to order."""
    if lead_days < 0:
        raise ValueError("a lead time is not negative")
    if service_level not in SERVICE_LEVELS:
        raise ValueError(f"the service level is one of {', '.join(map(str, SERVICE_LEVELS))} per cent")
    with localcontext(_EXACT):
        safety = SERVICE_LEVELS[service_level] * forecast.sigma * Decimal(lead_days).sqrt()
        return _rounded(forecast.daily * lead_days + safety, ROUND_CEILING)


def _forecast(method: ForecastMethod, history: Sequence[int], forecasts: Iterator[Decimal]) -> Forecast:
    """``forecasts`` are those made at the end of each day of the history; the last is the one for the days to come."""
    if any(quantity < 0 for quantity in history):
        raise ValueError("demand is not negative")
    with localcontext(_EXACT):
        made = list(forecasts)
        errors = [(quantity - forecast) ** 2 for quantity, forecast in zip(history[1:], made[:-1], strict=True)]
        sigma = (sum(errors, Decimal(0)) / len(errors)).sqrt() if errors else Decimal(0)
    return Forecast(method, made[-1] if made else Decimal(0), sigma, len(history))


def _means(history: Sequence[int], window: int) -> Iterator[Decimal]:
    total = 0
    for day, quantity in enumerate(history, 1):
        total += quantity - (history[day - 1 - window] if day > window else 0)
        yield Decimal(total) / min(day, window)


def _levels(history: Sequence[int], alpha: Decimal) -> Iterator[Decimal]:
    level = Decimal(history[0]) if history else Decimal(0)
    for quantity in history:
        level = alpha * quantity + (1 - alpha) * level
        yield level


def _rounded(quantity: Decimal, rounding: str) -> int:
    return int(quantity.to_integral_value(rounding))
