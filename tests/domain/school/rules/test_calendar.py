"""Years, terms and holidays, and what kind of day a day is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.school.rules.calendar import (
    AcademicYear,
    BadCalendar,
    Holiday,
    Span,
    Term,
    days_lost,
    require_apart,
    year_of,
)
from domain.school.states import DayKind
from tests.domain.school.rules.factory import FEW, FIRST, SECOND, THIRD, YEAR, ident, span

days = st.dates(date(2025, 6, 1), date(2027, 3, 1))


@pytest.mark.parametrize(
    ("day", "kind", "term"),
    [
        (date(2025, 9, 8), DayKind.OUTSIDE_YEAR, None),
        (date(2025, 9, 9), DayKind.SCHOOL_DAY, FIRST),
        (date(2025, 9, 13), DayKind.WEEKEND, FIRST),
        (date(2025, 12, 18), DayKind.SCHOOL_DAY, FIRST),
        (date(2025, 12, 19), DayKind.BETWEEN_TERMS, None),
        (date(2025, 12, 25), DayKind.HOLIDAY, None),
        (date(2026, 3, 6), DayKind.HOLIDAY, SECOND),
        (date(2026, 5, 11), DayKind.SCHOOL_DAY, THIRD),
        (date(2026, 7, 31), DayKind.SCHOOL_DAY, THIRD),
        (date(2026, 8, 1), DayKind.OUTSIDE_YEAR, None),
    ],
)
def test_every_day_is_of_one_kind(day: date, kind: DayKind, term: Term | None) -> None:
    assert YEAR.kind_of(day) is kind
    assert YEAR.term_of(day) == term
    assert YEAR.is_school_day(day) is (kind is DayKind.SCHOOL_DAY)


def test_a_holiday_on_a_weekend_is_a_holiday_and_has_its_name() -> None:
    independence = Holiday("Independence Day", span("2026-03-07", "2026-03-07"))
    year = replace(YEAR, holidays=(independence,))
    assert year.kind_of(date(2026, 3, 7)) is DayKind.HOLIDAY
    assert year.holiday_on(date(2026, 3, 7)) == independence
    assert year.holiday_on(date(2026, 3, 8)) is None


def test_a_year_without_terms_is_taught_throughout() -> None:
    year = replace(YEAR, terms=(), holidays=())
    assert year.kind_of(date(2025, 12, 22)) is DayKind.SCHOOL_DAY
    assert year.school_days(span("2025-12-22", "2025-12-28")) == 5
    assert year.period(None) == YEAR.span


def test_school_days_of_a_week_with_a_holiday_in_it() -> None:
    assert YEAR.school_days(span("2026-03-02", "2026-03-08")) == 4
    assert YEAR.school_days(span("2026-07-27", "2026-08-14")) == 5
    assert YEAR.school_days(span("2027-01-01", "2027-02-01")) == 0
    saturdays = replace(YEAR, weekdays=frozenset({1, 2, 3, 4, 5, 6}))
    assert saturdays.school_days(span("2026-03-02", "2026-03-08")) == 5


@pytest.mark.parametrize(
    "terms",
    [
        (FIRST, replace(SECOND, span=span("2025-12-18", "2026-03-31"))),
        (SECOND, FIRST),
        (FIRST, replace(THIRD, span=span("2026-05-05", "2026-08-01"))),
        (replace(FIRST, span=span("2025-09-08", "2025-12-18")),),
        (FIRST, replace(SECOND, id=FIRST.id)),
        (FIRST, replace(SECOND, title=FIRST.title)),
        tuple(Term(ident(100 + n), f"Week {n}", span("2025-09-09", "2025-09-09")) for n in range(13)),
    ],
)
def test_terms_lie_inside_the_year_one_after_the_other(terms: tuple[Term, ...]) -> None:
    with pytest.raises(BadCalendar):
        replace(YEAR, terms=terms)


def test_terms_may_touch() -> None:
    year = replace(YEAR, terms=(FIRST, replace(SECOND, span=span("2025-12-19", "2026-03-31"))))
    assert year.term_of(date(2025, 12, 18)) == FIRST
    assert year.term_of(date(2025, 12, 19)) == year.terms[1]


@pytest.mark.parametrize("weekdays", [frozenset[int](), frozenset({0}), frozenset({1, 8})])
def test_days_of_the_week_are_such(weekdays: frozenset[int]) -> None:
    with pytest.raises(BadCalendar):
        replace(YEAR, weekdays=weekdays)


def test_what_is_too_long_or_outside_is_refused() -> None:
    with pytest.raises(BadCalendar, match="before"):
        span("2026-01-02", "2026-01-01")
    with pytest.raises(BadCalendar, match="at most 550"):
        replace(YEAR, span=span("2025-09-09", "2027-04-01"))
    with pytest.raises(BadCalendar, match="Summer is not inside"):
        replace(YEAR, holidays=(Holiday("Summer", span("2026-07-30", "2026-08-02")),))
    with pytest.raises(BadCalendar, match="at most 200"):
        replace(YEAR, holidays=tuple(Holiday("Rain", span("2026-01-12", "2026-01-12")) for _ in range(201)))
    with pytest.raises(BadCalendar, match="no such term"):
        YEAR.period(ident(999))


def test_years_do_not_overlap() -> None:
    following = AcademicYear(id=ident(50), title="2026/27", span=span("2026-08-01", "2027-07-31"))
    require_apart(following, [YEAR, following])
    assert year_of(date(2026, 8, 1), [YEAR, following]) == following
    assert year_of(date(2025, 1, 1), [YEAR, following]) is None
    with pytest.raises(BadCalendar, match="2026/27 overlaps 2025/26"):
        require_apart(replace(following, span=span("2026-07-31", "2027-07-31")), [YEAR])


def test_a_new_holiday_takes_a_school_day_away() -> None:
    closed = replace(YEAR, holidays=(*YEAR.holidays, Holiday("Flood", span("2026-05-14", "2026-05-17"))))
    assert days_lost(YEAR, closed) == {date(2026, 5, 14), date(2026, 5, 15)}
    assert days_lost(closed, YEAR) == frozenset()


@FEW
@given(days, st.integers(0, 300), days, st.integers(0, 300))
def test_spans_agree_with_the_days_in_them(one: date, length: int, other: date, more: int) -> None:
    first, second = Span(one, one + timedelta(length)), Span(other, other + timedelta(more))
    both = set(first.days()) & set(second.days())
    assert first.overlaps(second) is bool(both) is second.overlaps(first)
    assert set(common.days() if (common := first.common(second)) else ()) == both
    assert first.holds(second) is (both == set(second.days()))
    assert first.length == len(set(first.days()))


@FEW
@given(days, st.integers(0, 400))
def test_school_days_are_counted_day_by_day_and_each_is_in_one_term(start: date, length: int) -> None:
    asked = Span(start, start + timedelta(length))
    taught = [day for day in asked.days() if YEAR.is_school_day(day)]
    assert YEAR.school_days(asked) == len(taught)
    for day in taught:
        assert [term for term in YEAR.terms if day in term.span] == [YEAR.term_of(day)]
