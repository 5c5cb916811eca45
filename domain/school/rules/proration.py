"""Charging a part of a term: of who joins after it began, and of who leaves before it ends.

A term is counted in days, weeks or lessons. Who joins is not charged for what was missed, unless that is within the cut-off:
a percentage of the term up to which it is charged in full. Who leaves is charged for what was attended, and in full beyond
their cut-off. Weeks that have begun are whole: who joins or leaves in one is charged for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

from domain.kit.money import Money
from domain.school.rules.calendar import Span
from domain.school.rules.discounts import Charge
from domain.school.rules.figures import half_up, part, percentage, share_of
from domain.school.rules.refusals import BadProration
from domain.school.states import ProrationUnit

DAYS_OF_A_WEEK: Final = 7
MAX_UNITS: Final = 1000
MAX_STEPS: Final = 60
WHOLE: Final = Fraction(1)


@dataclass(frozen=True, slots=True)
class ChargeStep:
    """Who joins until this unit of the term, itself included, is charged this percentage."""

    until: int
    percent: Decimal

    def __post_init__(self) -> None:
        percentage(self.percent)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProrationRule:
    """How a part of a term is charged.

    ``joining_full_until``: who missed no more than this percentage of the term pays it whole. ``leaving_full_after``: so
    does who attended more than this percentage. ``full_at``: so many units are a full charge, whatever the length of the
    term, such as 50 days at 2 % each. ``percent_decimals`` rounds the percentage itself, half up, before it is taken of the
    money. ``steps`` say the percentage outright for who joins, and after the last one ``percent_after_steps`` holds.
    """

    unit: ProrationUnit = ProrationUnit.DAYS
    joining_full_until: Decimal = Decimal(0)
    leaving_full_after: Decimal = Decimal(100)
    full_at: int | None = None
    percent_decimals: int | None = None
    steps: tuple[ChargeStep, ...] = ()
    percent_after_steps: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        for percent in (self.joining_full_until, self.leaving_full_after, self.percent_after_steps):
            percentage(percent)
        if self.full_at is not None and not 1 <= self.full_at <= MAX_UNITS:
            raise BadProration(f"a full charge is reached by from 1 to {MAX_UNITS} units")
        if self.percent_decimals is not None and not 0 <= self.percent_decimals <= 4:
            raise BadProration("a percentage is rounded to from 0 to 4 decimals")
        ends = [step.until for step in self.steps]
        if len(ends) > MAX_STEPS or ends != sorted(set(ends)) or any(until < 1 for until in ends):
            raise BadProration(f"steps are at most {MAX_STEPS} and go up from 1")
        charged = [step.percent for step in self.steps] + [self.percent_after_steps]
        if self.steps and charged != sorted(charged, reverse=True):
            raise BadProration("who joins later is not charged more")


@dataclass(frozen=True, slots=True)
class Presence:
    """So many units of the term, from the first one on or to the last one, out of all."""

    units: int
    of: int

    def __post_init__(self) -> None:
        if not 0 < self.of <= MAX_UNITS or not 0 <= self.units <= self.of:
            raise BadProration(f"a term has from 1 to {MAX_UNITS} units, and nobody is there for more of them")


def missed(unit: ProrationUnit, term: Span, joined_on: date) -> Presence:
    """What went by before somebody joined. The day of joining is attended, and so is the week that it is in."""
    days = min(max(0, (joined_on - term.starts_on).days), term.length)
    if unit is ProrationUnit.DAYS:
        return Presence(days, term.length)
    _require_weeks(unit)
    return Presence(min(days // DAYS_OF_A_WEEK, _weeks(term.length)), _weeks(term.length))


def attended(unit: ProrationUnit, term: Span, left_on: date) -> Presence:
    """What somebody was there for who left; the last day counts, and a week that had begun."""
    days = min(max(0, (left_on - term.starts_on).days + 1), term.length)
    if unit is ProrationUnit.DAYS:
        return Presence(days, term.length)
    _require_weeks(unit)
    return Presence(_weeks(days), _weeks(term.length))


def _weeks(days: int) -> int:
    return -(-days // DAYS_OF_A_WEEK)


def _require_weeks(unit: ProrationUnit) -> None:
    if unit is not ProrationUnit.WEEKS:
        raise BadProration("lessons are counted by whoever gives them, not by the calendar")


def share_of_joiner(rule: ProrationRule, gone: Presence) -> Fraction:
    """Which share of the fee is charged to somebody who missed so much of the term."""
    if gone.units == 0:
        return WHOLE
    if rule.steps:
        unit = gone.units + 1
        return share_of(next((each.percent for each in rule.steps if unit <= each.until), rule.percent_after_steps))
    if Fraction(gone.units, gone.of) <= share_of(rule.joining_full_until):
        return WHOLE
    return _rounded(rule, Fraction(gone.of - gone.units, rule.full_at or gone.of))


def share_of_leaver(rule: ProrationRule, there: Presence) -> Fraction:
    """Which share of the fee is charged to somebody who attended so much of the term."""
    if Fraction(there.units, there.of) > share_of(rule.leaving_full_after):
        return WHOLE
    return _rounded(rule, Fraction(there.units, rule.full_at or there.of))


def _rounded(rule: ProrationRule, share: Fraction) -> Fraction:
    share = min(share, WHOLE)
    if rule.percent_decimals is None:
        return share
    scale = 100 * 10**rule.percent_decimals
    return Fraction(half_up(share * scale), scale)


def prorate(charges: Sequence[Charge], share: Fraction) -> tuple[Charge, ...]:
    """The fee of a student who is charged a share: of what follows the time, listed price and discount alike."""
    if not 0 <= share <= 1:
        raise BadProration("a share is from nothing to the whole")
    return tuple(_prorated(row, share) if row.prorated else row for row in charges)


def _prorated(row: Charge, share: Fraction) -> Charge:
    """What is to pay is rounded, and the discount takes the rest of the listed price."""
    listed = part(row.listed, share)
    return replace(row, listed=listed, discount=listed - part(row.net, share))


@dataclass(frozen=True, slots=True)
class LessonSettlement:
    """Lessons that were missed against months that were not charged: what is still to be set right with who joined."""

    worth: Money
    uncharged: Money

    @property
    def further_off(self) -> Money:
        """What still comes off the fee."""
        return Money(max(0, (self.worth - self.uncharged).amount_minor), self.worth.currency)

    @property
    def still_due(self) -> Money:
        """What the months left out beyond the lessons, which is to be paid after all."""
        return Money(max(0, (self.uncharged - self.worth).amount_minor), self.worth.currency)


def settle_lessons(*, missed: int, lesson: Money, months_uncharged: int, month: Money) -> LessonSettlement:
    """7 lessons of 35 are 245; two months of 111 that were not charged are 222 of it, so a further 23 comes off."""
    if missed < 0 or months_uncharged < 0 or lesson.amount_minor < 0 or month.amount_minor < 0:
        raise BadProration("lessons, months and their prices are not negative")
    lesson.require_same_currency(month)
    return LessonSettlement(
        Money(missed * lesson.amount_minor, lesson.currency), Money(months_uncharged * month.amount_minor, month.currency)
    )
