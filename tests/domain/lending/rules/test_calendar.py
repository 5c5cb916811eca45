"""Due dates and day counts."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from domain.lending.rules.calendar import days_30_360, due_date, step, year_share
from domain.lending.rules.terms import DayCount, PeriodUnit
from tests.domain.lending.rules.factory import terms


def test_month_ends_come_back_after_a_short_month() -> None:
    loan = terms(100, "7", 4)
    dues = [due_date(loan, date(2024, 1, 31), number) for number in range(1, 5)]
    assert dues == [date(2024, 2, 29), date(2024, 3, 31), date(2024, 4, 30), date(2024, 5, 31)]
    assert due_date(loan, date(2023, 1, 31), 1) == date(2023, 2, 28)


def test_a_first_due_date_of_its_own_is_the_anchor() -> None:
    loan = terms(100, "7", 3, first_due_on=date(2024, 3, 5))
    assert [due_date(loan, date(2024, 1, 31), number) for number in (1, 2)] == [date(2024, 3, 5), date(2024, 4, 5)]


@pytest.mark.parametrize(
    ("count", "unit", "due"),
    [
        (10, PeriodUnit.DAYS, date(2024, 3, 9)),
        (2, PeriodUnit.WEEKS, date(2024, 3, 13)),
        (12, PeriodUnit.MONTHS, date(2025, 2, 28)),
        (48, PeriodUnit.MONTHS, date(2028, 2, 28)),
        (-2, PeriodUnit.MONTHS, date(2023, 12, 28)),
    ],
)
def test_steps(count: int, unit: PeriodUnit, due: date) -> None:
    assert step(date(2024, 2, 28), count, unit) == due


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (date(2007, 1, 15), date(2007, 1, 30), 15),
        (date(2007, 1, 15), date(2007, 1, 31), 16),
        (date(2007, 1, 15), date(2007, 7, 15), 180),
        (date(2007, 9, 30), date(2008, 3, 31), 180),
        (date(2007, 9, 30), date(2007, 10, 31), 30),
        (date(2006, 8, 31), date(2007, 2, 28), 178),
        (date(2007, 2, 28), date(2007, 8, 31), 180),
        (date(2008, 2, 29), date(2009, 2, 28), 360),
    ],
)
def test_bond_basis(start: date, end: date, days: int) -> None:
    """Examples of the American 30/360 as bond desks publish them."""
    assert days_30_360(start, end) == days


def test_actual_days_of_actual_years() -> None:
    """ISDA's memorandum of 1998: 1 November 2003 to 1 May 2004 is 61/365 + 121/366."""
    share = Fraction(*year_share(DayCount.ACTUAL_ACTUAL, date(2003, 11, 1), date(2004, 5, 1)))
    assert share == Fraction(61, 365) + Fraction(121, 366)


@pytest.mark.parametrize(
    ("day_count", "share"),
    [
        (DayCount.ACTUAL_365, Fraction(60, 365)),
        (DayCount.ACTUAL_360, Fraction(60, 360)),
        (DayCount.ACTUAL_ACTUAL, Fraction(60, 366)),
        (DayCount.THIRTY_360, Fraction(60, 360)),
        (DayCount.FIXED_364, Fraction(60, 364)),
    ],
)
def test_two_months_of_a_leap_year(day_count: DayCount, share: Fraction) -> None:
    assert Fraction(*year_share(day_count, date(2024, 1, 1), date(2024, 3, 1))) == share
