"""Pure reckoning for statements: stretches of days, shares, running balances."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal

from domain.accounting.states import DashboardPeriod
from domain.kit.money import Money

_ONE_DAY = timedelta(days=1)
_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Days:
    """A stretch of days, both ends included."""

    since: date
    until: date

    @property
    def before(self) -> Days | None:
        """The stretch just before: as many calendar months when it is of whole months, else as many days.

        None when that would lie before the calendar begins.
        """
        try:
            end = self.since - _ONE_DAY
            if self.since.day == 1 and self.until.day == monthrange(self.until.year, self.until.month)[1]:
                months = (self.until.year - self.since.year) * 12 + self.until.month - self.since.month + 1
                return Days(_months_before(self.since, months), end)
            return Days(end - (self.until - self.since), end)
        except (OverflowError, ValueError):
            return None


def days_of(period: DashboardPeriod, today: date) -> Days:
    """The stretch of a period that ends today; a week begins on Monday."""
    match period:
        case DashboardPeriod.TODAY:
            since = today
        case DashboardPeriod.WEEK:
            since = today - timedelta(days=today.weekday())
        case DashboardPeriod.MONTH:
            since = today.replace(day=1)
        case DashboardPeriod.QUARTER:
            since = today.replace(month=today.month - (today.month - 1) % 3, day=1)
        case DashboardPeriod.YEAR:
            since = today.replace(month=1, day=1)
    return Days(since, today)


def share_of(part: Money, whole: Money) -> Decimal | None:
    """Percent, two decimals, half-even; None of nothing."""
    part.require_same_currency(whole)
    if not whole:
        return None
    return (Decimal(100) * part.amount_minor / whole.amount_minor).quantize(_HUNDREDTH, rounding=ROUND_HALF_EVEN)


def running(opening: int, movements: Iterable[int]) -> Iterator[int]:
    """The balance after each movement."""
    balance = opening
    for movement in movements:
        balance += movement
        yield balance


def _months_before(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 - months, 12)
    return date(day.year + years, month + 1, 1)
