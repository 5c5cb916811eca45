"""Instalment plans: a fee in parts that sum to it exactly, each due on a day of the school's calendar.

Equal parts differ by at most one minor unit, the larger ones first: 1,000.00 in three is 333.34, 333.33 and 333.33.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Final

from domain.kit.money import Money
from domain.school.rules.calendar import Span
from domain.school.rules.discounts import Charge
from domain.school.rules.figures import MAX_PERCENT_DECIMALS, not_negative, percentage, total
from domain.school.rules.refusals import BadPlan
from domain.school.states import PlanKind

MAX_INSTALMENTS: Final = 60
MAX_DAYS_OF_GRACE: Final = 366

_MONTHS_OF: Final = {PlanKind.MONTHLY: 1, PlanKind.QUARTERLY: 3, PlanKind.SEMI_ANNUAL: 6, PlanKind.ANNUAL: 12}
_YEAR_OF_MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class Periods:
    """The year that a fee is for, and its terms in order; a fee of one term has a year that is the term."""

    year: Span
    terms: tuple[Span, ...] = ()

    def __post_init__(self) -> None:
        if not all(self.year.holds(term) for term in self.terms):
            raise BadPlan("a term is inside its year")
        if any(after.starts_on <= before.ends_on for before, after in pairwise(self.terms)):
            raise BadPlan("terms follow one another")


@dataclass(frozen=True, slots=True)
class CustomPart:
    """A part that the school sets itself: on which day, and which percentage of the fee."""

    due_on: date
    percent: Decimal

    def __post_init__(self) -> None:
        percentage(self.percent, above_zero=True)


@dataclass(frozen=True, slots=True)
class Plan:
    """``due_after_days`` is how long after its month or term begins a part is due; custom parts have days of their own."""

    kind: PlanKind
    due_after_days: int = 0
    parts: tuple[CustomPart, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.due_after_days <= MAX_DAYS_OF_GRACE:
            raise BadPlan(f"an instalment is due from 0 to {MAX_DAYS_OF_GRACE} days after its period begins")
        if (self.kind is PlanKind.CUSTOM) is not bool(self.parts):
            raise BadPlan("a custom plan says its parts, and no other does")
        if len(self.parts) > MAX_INSTALMENTS:
            raise BadPlan(f"a plan has at most {MAX_INSTALMENTS} instalments")
        if any(after.due_on <= before.due_on for before, after in pairwise(self.parts)):
            raise BadPlan("each part is due after the one before")
        if self.parts and sum(each.percent for each in self.parts) != 100:
            raise BadPlan("the parts of a plan are 100 percent together")


@dataclass(frozen=True, slots=True)
class Instalment:
    """One part of a fee, numbered from 1."""

    number: int
    due_on: date
    amount: Money


@dataclass(frozen=True, slots=True)
class Line:
    """What one category asks for with one instalment: the smallest thing that a payment pays."""

    number: int
    due_on: date
    category: str
    amount: Money


def instalments(due: Money, plan: Plan, periods: Periods) -> tuple[Instalment, ...]:
    """The parts of a fee. None is of nothing, so a fee of a few cents has fewer parts than its plan."""
    days = due_days(plan, periods)
    weights = [int(each.percent.scaleb(MAX_PERCENT_DECIMALS)) for each in plan.parts] or [1] * len(days)
    amounts = not_negative(due, "what is due").split(weights)
    asked = [(day, amount) for day, amount in zip(days, amounts, strict=True) if amount]
    return tuple(Instalment(number, day, amount) for number, (day, amount) in enumerate(asked, 1))


def due_days(plan: Plan, periods: Periods) -> list[date]:
    """The day of each part: months of the year's first day that begin in it (31 Jan, 28 Feb, 31 Mar), or its terms."""
    if plan.kind is PlanKind.CUSTOM:
        return [each.due_on for each in plan.parts]
    if plan.kind is PlanKind.TERM:
        if not periods.terms:
            raise BadPlan("a plan by terms needs a year with terms")
        starts = [term.starts_on for term in periods.terms]
    elif plan.kind is PlanKind.ANNUAL:
        starts = [periods.year.starts_on]
    else:
        starts = _begun(periods.year, _MONTHS_OF[plan.kind])
    if len(starts) > MAX_INSTALMENTS:
        raise BadPlan(f"a plan has at most {MAX_INSTALMENTS} instalments")
    return [day + timedelta(days=plan.due_after_days) for day in starts]


def _begun(year: Span, months: int) -> list[date]:
    """The days on which each so many months begin, the first being the year's own."""
    days: list[date] = []
    day = year.starts_on
    while day <= year.ends_on and len(days) <= MAX_INSTALMENTS:
        days.append(day)
        day = months_after(year.starts_on, len(days) * months)
    return days


def months_after(anchor: date, months: int) -> date:
    """Months keep the anchor's day as far as they have it."""
    years, month = divmod(anchor.month - 1 + months, _YEAR_OF_MONTHS)
    year = anchor.year + years
    return date(year, month + 1, min(anchor.day, monthrange(year, month + 1)[1]))


def lines(parts: Sequence[Instalment], charges: Sequence[Charge]) -> tuple[Line, ...]:
    """Each instalment over the categories, in proportion to what is left of them.

    The lines of an instalment sum to it and those of a category to its charge, both exactly.
    """
    left = [row.net for row in charges]
    currency = charges[0].listed.currency
    if total((part.amount for part in parts), currency) != total(left, currency):
        raise BadPlan("the instalments are not the total of the fee")
    found: list[Line] = []
    for part in parts:
        shares = part.amount.split([amount.amount_minor for amount in left])
        left = [amount - share for amount, share in zip(left, shares, strict=True)]
        found += [
            Line(part.number, part.due_on, row.category, share) for row, share in zip(charges, shares, strict=True) if share
        ]
    return tuple(found)
