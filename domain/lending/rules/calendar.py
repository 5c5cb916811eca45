"""Dates of a loan: due dates that never drift from their anchor, and days as fractions of a year by the day count."""

from __future__ import annotations

from calendar import isleap, monthrange
from datetime import date, timedelta
from typing import Final

from domain.kit.errors import InvalidInput
from domain.lending.rules.terms import DayCount, LoanTerms, PeriodUnit

DAYS_OF_A_YEAR: Final = {
    DayCount.ACTUAL_365: 365,
    DayCount.ACTUAL_360: 360,
    DayCount.ACTUAL_ACTUAL: 365,
    DayCount.THIRTY_360: 360,
    DayCount.FIXED_364: 364,
}
"""The nominal year of a day count, for periods that are not counted day by day."""

DAYS_OF_A_MONTH: Final = 30
DAYS_OF_A_WEEK: Final = 7
WEEKS_OF_A_YEAR: Final = 52
MONTHS_OF_A_YEAR: Final = 12
LAST_YEAR: Final = 9_000

Share = tuple[int, int]
"""A fraction that is not reduced: numerator and denominator."""


def step(anchor: date, count: int, unit: PeriodUnit) -> date:
    """``count`` units after the anchor. Months keep the anchor's day: 31 Jan, 28 Feb, 31 Mar."""
    try:
        if unit is PeriodUnit.MONTHS:
            month = anchor.month - 1 + count
            year, month = anchor.year + month // MONTHS_OF_A_YEAR, month % MONTHS_OF_A_YEAR + 1
            if year > LAST_YEAR:
                raise OverflowError
            return date(year, month, min(anchor.day, monthrange(year, month)[1]))
        return anchor + timedelta(days=count * (DAYS_OF_A_WEEK if unit is PeriodUnit.WEEKS else 1))
    except OverflowError:
        raise InvalidInput("the loan would run further than the calendar does", field=("input", "instalments")) from None


def due_date(terms: LoanTerms, disbursed_on: date, number: int) -> date:
    """The due date of the row ``number``, counted from 1. A first due date of its own is the anchor of those after it."""
    if terms.first_due_on is None:
        return step(disbursed_on, number * terms.every, terms.unit)
    return step(terms.first_due_on, (number - 1) * terms.every, terms.unit)


def days_30_360(start: date, end: date) -> int:
    """Days of the American 30/360 (bond basis), where a month has 30 days and the 31st is the 30th."""
    from_day, to_day = start.day, end.day
    if _is_end_of_february(start):
        if _is_end_of_february(end):
            to_day = 30
        from_day = 30
    if to_day == 31 and from_day >= 30:
        to_day = 30
    from_day = min(from_day, 30)
    return 360 * (end.year - start.year) + 30 * (end.month - start.month) + to_day - from_day


def _is_end_of_february(day: date) -> bool:
    return day.month == 2 and day.day == monthrange(day.year, 2)[1]


def year_share(day_count: DayCount, start: date, end: date) -> Share:
    """What part of a year lies between two dates. Days of leap years count 1/366 with ACTUAL_ACTUAL (ISDA)."""
    if day_count is DayCount.THIRTY_360:
        return days_30_360(start, end), 360
    if day_count is not DayCount.ACTUAL_ACTUAL:
        return (end - start).days, DAYS_OF_A_YEAR[day_count]
    leap = ordinary = 0
    for year in range(start.year, end.year + 1):
        days = (min(end, date(year + 1, 1, 1)) - max(start, date(year, 1, 1))).days
        if isleap(year):
            leap += days
        else:
            ordinary += days
    return leap * 365 + ordinary * 366, 365 * 366


def period_share(terms: LoanTerms) -> Share:
    """What part of a year one repayment period is, however long it happens to be: 1/12, 1/52, 15/365."""
    if terms.unit is PeriodUnit.MONTHS:
        return terms.every, MONTHS_OF_A_YEAR
    if terms.unit is PeriodUnit.WEEKS:
        return terms.every, WEEKS_OF_A_YEAR
    return terms.every, DAYS_OF_A_YEAR[terms.day_count]


def nominal_days_share(terms: LoanTerms) -> Share:
    """A repayment period in nominal days of the day count's year: a month is 30/365 or 30/360, a week 7/364."""
    return terms.every * nominal_days(terms.unit), DAYS_OF_A_YEAR[terms.day_count]


def nominal_days(unit: PeriodUnit) -> int:
    return {PeriodUnit.MONTHS: DAYS_OF_A_MONTH, PeriodUnit.WEEKS: DAYS_OF_A_WEEK, PeriodUnit.DAYS: 1}[unit]


def periods_per_year(terms: LoanTerms) -> int:
    """How many unit periods a year has: 12 for months, 52 for weeks, 365 for days. ``every`` is not looked at."""
    return {PeriodUnit.MONTHS: MONTHS_OF_A_YEAR, PeriodUnit.WEEKS: WEEKS_OF_A_YEAR, PeriodUnit.DAYS: 365}[terms.unit]
