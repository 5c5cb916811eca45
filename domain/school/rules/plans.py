"""Instalment plans: a fee in parts that sum to it exactly, each due on a day of the school's calendar.

Equal parts differ by at most one minor unit, the larger ones first: 1,000.00 in three is 333.34, 333.33 and 333.33.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
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

_MONTHS_OF: Final = {PlanKind.MONTHLY: 1, PlanKind.QUARTERLY: 3, PlanKind.SEMI_ANNUAL: 6}
_YEAR_OF_MONTHS: Final = 12
_DAY: Final = timedelta(days=1)


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


def instalments(due: Money, plan: Plan, periods: Periods, *, joined_on: date | None = None) -> tuple[Instalment, ...]:
    """The parts of a fee. None is of nothing, so a fee of a few cents has fewer parts than its plan.

    Who joins later pays no part of a period that was over: the fee is that of the rest, over the periods that are left, and
    the running one begins on the day of joining. Custom parts that were due before are due on that day, as one.
    """
    weights = _weights(plan, periods, joined_on or date.min)
    amounts = not_negative(due, "what is due").split(list(weights.values()))
    asked = [(day, amount) for day, amount in zip(weights, amounts, strict=True) if amount]
    return tuple(Instalment(number, day, amount) for number, (day, amount) in enumerate(asked, 1))


def _weights(plan: Plan, periods: Periods, joined_on: date) -> dict[date, int]:
    """The day of each part, in order, and how large it is beside the others."""
    weights: dict[date, int] = {}
    if plan.kind is PlanKind.CUSTOM:
        for each in plan.parts:
            day = max(each.due_on, joined_on)
            weights[day] = weights.get(day, 0) + int(each.percent.scaleb(MAX_PERCENT_DECIMALS))
        return weights
    spans = [span for span in _periods(plan.kind, periods) if span.ends_on >= joined_on]
    if not spans:
        raise BadPlan("nothing is left of the year to be paid for")
    return {max(span.starts_on, joined_on) + timedelta(days=plan.due_after_days): 1 for span in spans}


def _periods(kind: PlanKind, periods: Periods) -> list[Span]:
    """What each part of a plan is for: a term, or months of the year's first day that begin in it."""
    if kind is not PlanKind.TERM:
        return list(_months(periods.year, _MONTHS_OF.get(kind)))
    if not periods.terms:
        raise BadPlan("a plan by terms needs a year with terms")
    return list(periods.terms)


def _months(year: Span, months: int | None) -> Iterator[Span]:
    """So many months at a time, the last ones as far as the year has them; all of the year without a number."""
    starts_on, count = year.starts_on, 0
    while starts_on <= year.ends_on:
        count += 1
        if count > MAX_INSTALMENTS:
            raise BadPlan(f"a plan has at most {MAX_INSTALMENTS} instalments")
        next_on = months_after(year.starts_on, count * months) if months else year.ends_on + _DAY
        yield Span(starts_on, min(next_on - _DAY, year.ends_on))
        starts_on = next_on


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


def refit(asked: Iterable[Line], charges: Iterable[Charge], *, on: date) -> tuple[Line, ...]:
    """The lines of a fee whose charges have changed since they were made.

    What is due less comes off the latest lines, so that who leaves has nothing to come; what is due more, a late fee for
    one, is a new instalment that is due ``on`` the day. A category that is charged no more has no lines.
    """
    before = sorted(asked, key=lambda each: (each.due_on, each.number))
    number = max((each.number for each in before), default=0) + 1
    found: list[Line] = []
    for row in charges:
        left = row.net
        for each in before:
            if each.category == row.category:
                amount = min(left, each.amount)
                found.append(replace(each, amount=amount))
                left -= amount
        found.append(Line(number, on, row.category, left))
    return tuple(sorted((each for each in found if each.amount), key=lambda each: (each.due_on, each.number)))
