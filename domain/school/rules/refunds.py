"""What goes back to who leaves: a ladder of percentages by the day of the term, and what that makes of fee and payments.

The ladder is of what is charged, not of what was paid: what is given back lowers what is due, and only money beyond that is
paid out. Who has paid little may still owe something.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Final

from domain.kit.money import Money
from domain.school.rules.calendar import Span
from domain.school.rules.discounts import Charge
from domain.school.rules.figures import HUNDRED, not_negative, part, percentage, share_of, total
from domain.school.rules.plans import Line
from domain.school.rules.proration import DAYS_OF_A_WEEK, MAX_UNITS, Presence, ProrationRule, attended, share_of_leaver
from domain.school.rules.refusals import BadLadder
from domain.school.states import ProrationUnit, RefundUnit

MAX_STEPS: Final = 60


@dataclass(frozen=True, slots=True)
class RefundStep:
    """Until this day, or week, of the term, itself included, this percentage goes back."""

    until: int
    percent: Decimal

    def __post_init__(self) -> None:
        percentage(self.percent)
        if not 1 <= self.until <= MAX_UNITS:
            raise BadLadder(f"a step ends on a day or week from 1 to {MAX_UNITS}")


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundLadder:
    """The steps in order, from the first day or week of the term, which is 1; ``before_start`` holds for all days before it.

    After the last step ``after`` goes back, or with ``then`` what is not charged to a leaver by that rule.
    ``handling_fee`` stays with the school as far as anything goes back.
    """

    steps: tuple[RefundStep, ...]
    unit: RefundUnit = RefundUnit.CALENDAR_DAYS
    before_start: Decimal = HUNDRED
    after: Decimal = Decimal(0)
    then: ProrationRule | None = None
    handling_fee: Money | None = None

    def __post_init__(self) -> None:
        percentage(self.before_start)
        percentage(self.after)
        if len(self.steps) > MAX_STEPS:
            raise BadLadder(f"a ladder has at most {MAX_STEPS} steps")
        if any(later.until <= earlier.until for earlier, later in pairwise(self.steps)):
            raise BadLadder("each step ends after the one before")
        percents = [self.before_start, *(step.percent for step in self.steps), self.after]
        if any(later > earlier for earlier, later in pairwise(percents)):
            raise BadLadder("who leaves later does not get back more")
        if self.then is not None and (self.after or self.then.unit is ProrationUnit.LESSONS):
            raise BadLadder("after its steps a ladder either has a percentage or goes by days or weeks")
        if self.handling_fee is not None:
            not_negative(self.handling_fee, "a handling fee")


def day_of(term: Span, on: date) -> int:
    """The day of the term, by the calendar: 1 on its first day, less before."""
    return (on - term.starts_on).days + 1


def week_of(term: Span, on: date) -> int:
    """The week of the term, by weeks from its first day: 1 in the first, less before."""
    return (day_of(term, on) - 1) // DAYS_OF_A_WEEK + 1


def taught_day_of(taught: Sequence[date], on: date) -> int:
    """How many days were taught until then, in their order: a Sunday belongs to the Friday before. 0 is before the start."""
    return bisect_right(taught, on)


def share_back(ladder: RefundLadder, day: int, there: Presence | None = None) -> Fraction:
    """Which share goes back on a day of the term, in whatever the ladder counts; ``there`` is for a ladder that goes on by
    proration."""
    if day < 1:
        return share_of(ladder.before_start)
    step = next((step for step in ladder.steps if day <= step.until), None)
    if step is not None:
        return share_of(step.percent)
    if ladder.then is None:
        return share_of(ladder.after)
    if there is None:
        raise BadLadder("the ladder needs to know how much of the term was attended")
    return 1 - share_of_leaver(ladder.then, there)


def share_back_on(ladder: RefundLadder, term: Span, on: date, taught: Sequence[date] = ()) -> Fraction:
    """Which share goes back to who leaves on a day. ``taught`` are the days on which there is school in the term, in order;
    only a ladder by taught days needs them."""
    there = None if ladder.then is None else attended(ladder.then.unit, term, on)
    if ladder.unit is RefundUnit.WEEKS:
        return share_back(ladder, week_of(term, on), there)
    if ladder.unit is RefundUnit.TAUGHT_DAYS:
        if not taught:
            raise BadLadder("a ladder by taught days needs to know them")
        return share_back(ladder, taught_day_of(taught, on), there)
    return share_back(ladder, day_of(term, on), there)


def charges_of(lines: Iterable[Line], refundable: Collection[str]) -> tuple[Charge, ...]:
    """What a fee charges for each category by its lines, in their order; which of them go back is said apart."""
    sums: dict[str, Money] = {}
    for line in lines:
        sums[line.category] = sums.get(line.category, Money.zero(line.amount.currency)) + line.amount
    return tuple(
        Charge(category, amount, Money.zero(amount.currency), refundable=category in refundable)
        for category, amount in sums.items()
    )


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What is left of a fee when the student leaves. ``charges`` are the new ones, with what the handling costs apart."""

    charges: tuple[Charge, ...]
    handling_fee: Money
    given_back: Money
    """By how much less is due, the handling fee apart."""
    refund: Money
    """What is paid out: what was paid beyond what is due now."""

    @property
    def due(self) -> Money:
        return total((row.net for row in self.charges), self.handling_fee.currency) + self.handling_fee


def withdraw(charges: Sequence[Charge], paid: Money, back: Fraction, handling_fee: Money | None = None) -> Withdrawal:
    """The fee of a student who leaves and gets back a share of each refundable category, rounded half up."""
    not_negative(paid, "what is paid")
    if not 0 <= back <= 1:
        raise BadLadder("a share is from nothing to the whole")
    kept = tuple(_kept(row, back) if row.refundable else row for row in charges)
    given_back = total((row.net for row in charges), paid.currency) - total((row.net for row in kept), paid.currency)
    fee = min(handling_fee or Money.zero(paid.currency), given_back)
    due = total((row.net for row in kept), paid.currency) + fee
    refund = Money(max(0, (paid - due).amount_minor), paid.currency)
    return Withdrawal(kept, fee, given_back, refund)


def _kept(row: Charge, back: Fraction) -> Charge:
    """What goes back comes off the listed price and the discount alike, which stay the shares that they were."""
    listed = row.listed - part(row.listed, back)
    return replace(row, listed=listed, discount=listed - (row.net - part(row.net, back)))
