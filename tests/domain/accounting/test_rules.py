"""Stretches of days, shares and running balances, reckoned without a database."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.accounting.rules import Days, days_of, running, share_of
from domain.accounting.states import DashboardPeriod
from domain.kit.money import Money

WEDNESDAY = date(2030, 5, 15)


@pytest.mark.parametrize(
    ("since", "until", "before"),
    [
        (date(2030, 3, 1), date(2030, 3, 31), (date(2030, 2, 1), date(2030, 2, 28))),
        (date(2028, 2, 1), date(2028, 2, 29), (date(2028, 1, 1), date(2028, 1, 31))),
        (date(2030, 1, 1), date(2030, 12, 31), (date(2029, 1, 1), date(2029, 12, 31))),
        (date(2030, 1, 1), date(2030, 3, 31), (date(2029, 10, 1), date(2029, 12, 31))),
        (date(2030, 3, 1), date(2030, 3, 10), (date(2030, 2, 19), date(2030, 2, 28))),
        (date(2030, 3, 5), date(2030, 3, 5), (date(2030, 3, 4), date(2030, 3, 4))),
    ],
)
def test_the_stretch_before(since: date, until: date, before: tuple[date, date]) -> None:
    found = Days(since, until).before
    assert found == Days(*before)


def test_there_is_nothing_before_the_calendar() -> None:
    assert Days(date.min, date(1, 1, 31)).before is None
    assert Days(date(1, 1, 5), date(1, 1, 20)).before is None


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 800))
def test_stretches_meet_and_do_not_overlap(since: date, length: int) -> None:
    days = Days(since, since + timedelta(days=length))
    before = days.before
    assert before is not None
    assert before.until == since - timedelta(days=1)
    assert before.since <= before.until


@pytest.mark.parametrize(
    ("period", "since"),
    [
        (DashboardPeriod.TODAY, WEDNESDAY),
        (DashboardPeriod.WEEK, date(2030, 5, 13)),
        (DashboardPeriod.MONTH, date(2030, 5, 1)),
        (DashboardPeriod.QUARTER, date(2030, 4, 1)),
        (DashboardPeriod.YEAR, date(2030, 1, 1)),
    ],
)
def test_periods_end_today(period: DashboardPeriod, since: date) -> None:
    assert days_of(period, WEDNESDAY) == Days(since, WEDNESDAY)


def test_shares_are_percent() -> None:
    assert share_of(Money(1, "INR"), Money(3, "INR")) == Decimal("33.33")
    assert share_of(Money(5, "INR"), Money(0, "INR")) is None


@given(st.integers(-(10**12), 10**12), st.lists(st.integers(-(10**9), 10**9)))
def test_balances_run(opening: int, movements: list[int]) -> None:
    assert list(running(opening, movements)) == list(accumulate(movements, initial=opening))[1:]
