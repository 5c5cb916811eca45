"""Academic years: their terms and holidays, and what kind of day a day is.

A day on which nobody is taught is one for a reason, and the first that holds is given: it is outside the year, a holiday,
no day of the week for school, or between two terms. A year without terms is taught from its first day to its last.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Final
from uuid import UUID

from domain.school.states import DayKind

MAX_YEAR_DAYS: Final = 550
"""A year and a half: the longest that a school year is stretched when a country moves its calendar."""

MAX_TERMS: Final = 12
MAX_HOLIDAYS: Final = 200

MONDAY_TO_FRIDAY: Final = frozenset({1, 2, 3, 4, 5})
"""Days of the week as ISO 8601 numbers them: Monday is 1."""

_WEEKDAYS: Final = frozenset(range(1, 8))
_DAY: Final = timedelta(days=1)


class BadCalendar(ValueError):
    """A year, a term or a holiday that lies where it cannot."""


@dataclass(frozen=True, slots=True)
class Span:
    """Days from the first to the last, both included."""

    starts_on: date
    ends_on: date

    def __post_init__(self) -> None:
        if self.ends_on < self.starts_on:
            raise BadCalendar(f"{self.ends_on} is before {self.starts_on}")

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on

    @property
    def length(self) -> int:
        """How many days."""
        return (self.ends_on - self.starts_on).days + 1

    def holds(self, other: Span) -> bool:
        return self.starts_on <= other.starts_on and other.ends_on <= self.ends_on

    def overlaps(self, other: Span) -> bool:
        return self.starts_on <= other.ends_on and other.starts_on <= self.ends_on

    def common(self, other: Span) -> Span | None:
        """The days that are in both."""
        if not self.overlaps(other):
            return None
        return Span(max(self.starts_on, other.starts_on), min(self.ends_on, other.ends_on))

    def days(self) -> Iterator[date]:
        return (self.starts_on + count * _DAY for count in range(self.length))


@dataclass(frozen=True, slots=True)
class Term:
    """A part of a year that is taught, and billed, on its own."""

    id: UUID
    title: str
    span: Span


@dataclass(frozen=True, slots=True)
class Holiday:
    """Days without school inside a year: one, or a row of them."""

    title: str
    span: Span


@dataclass(frozen=True, kw_only=True)
class AcademicYear:
    """A year with its terms in their order, its holidays, and the days of the week on which there is school."""

    id: UUID
    title: str
    span: Span
    terms: tuple[Term, ...] = ()
    holidays: tuple[Holiday, ...] = ()
    weekdays: frozenset[int] = MONDAY_TO_FRIDAY
    _free: frozenset[date] = field(init=False, repr=False, compare=False)
    _starts: tuple[date, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.span.length > MAX_YEAR_DAYS:
            raise BadCalendar(f"a school year has at most {MAX_YEAR_DAYS} days")
        if not self.weekdays or not self.weekdays <= _WEEKDAYS:
            raise BadCalendar("there is school on at least one day of the week, from Monday (1) to Sunday (7)")
        _require_terms(self.span, self.terms)
        _require_holidays(self.span, self.holidays)
        free = frozenset(day for holiday in self.holidays for day in holiday.span.days())
        object.__setattr__(self, "_free", free)
        object.__setattr__(self, "_starts", tuple(term.span.starts_on for term in self.terms))

    def kind_of(self, day: date) -> DayKind:
        if day not in self.span:
            return DayKind.OUTSIDE_YEAR
        if day in self._free:
            return DayKind.HOLIDAY
        if day.isoweekday() not in self.weekdays:
            return DayKind.WEEKEND
        if self.terms and self.term_of(day) is None:
            return DayKind.BETWEEN_TERMS
        return DayKind.SCHOOL_DAY

    def is_school_day(self, day: date) -> bool:
        return self.kind_of(day) is DayKind.SCHOOL_DAY

    def term_of(self, day: date) -> Term | None:
        """The term that a day is in, holidays and weekends included; None between terms and outside the year."""
        at = bisect_right(self._starts, day) - 1
        return self.terms[at] if at >= 0 and day in self.terms[at].span else None

    def term(self, term_id: UUID) -> Term | None:
        return next((term for term in self.terms if term.id == term_id), None)

    def holiday_on(self, day: date) -> Holiday | None:
        """The first holiday, in the order in which they were given, that a day is in."""
        return next((holiday for holiday in self.holidays if day in holiday.span), None)

    def school_days(self, span: Span) -> int:
        """On how many days of a span there is school; those outside the year are none."""
        inside = self.span.common(span)
        return sum(map(self.is_school_day, inside.days())) if inside else 0

    def period(self, term_id: UUID | None) -> Span:
        """The days of one of its terms, or of all of it."""
        if term_id is None:
            return self.span
        found = self.term(term_id)
        if found is None:
            raise BadCalendar(f"{self.title} has no such term")
        return found.span


def _require_terms(year: Span, terms: Sequence[Term]) -> None:
    if len(terms) > MAX_TERMS:
        raise BadCalendar(f"a year has at most {MAX_TERMS} terms")
    if len({term.id for term in terms}) < len(terms) or len({term.title for term in terms}) < len(terms):
        raise BadCalendar("the terms of a year are different ones")
    for term in terms:
        if not year.holds(term.span):
            raise BadCalendar(f"{term.title} is not inside the year")
    for earlier, later in pairwise(terms):
        if later.span.starts_on <= earlier.span.ends_on:
            raise BadCalendar(f"{later.title} begins before {earlier.title} is over")


def _require_holidays(year: Span, holidays: Sequence[Holiday]) -> None:
    if len(holidays) > MAX_HOLIDAYS:
        raise BadCalendar(f"a year has at most {MAX_HOLIDAYS} holidays")
    for holiday in holidays:
        if not year.holds(holiday.span):
            raise BadCalendar(f"{holiday.title} is not inside the year")


def require_apart(wanted: AcademicYear, others: Iterable[AcademicYear]) -> None:
    """Years do not overlap, so that a day is in one of them at most. The year itself, as it was, is no other."""
    for other in others:
        if other.id != wanted.id and other.span.overlaps(wanted.span):
            raise BadCalendar(f"{wanted.title} overlaps {other.title}")


def year_of(day: date, years: Iterable[AcademicYear]) -> AcademicYear | None:
    """The year that a day is in."""
    return next((year for year in years if day in year.span), None)


def days_lost(before: AcademicYear, after: AcademicYear) -> frozenset[date]:
    """Days that were for school and no longer are. Whoever was marked on one of them is in the way of the change."""
    return frozenset(day for day in before.span.days() if before.is_school_day(day) and not after.is_school_day(day))
