"""Percentages of money, rounded in one way: half up to the minor unit, so that a share of 0.005 is a cent."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Final

from domain.kit.money import Money
from domain.school.rules.refusals import BadFigure

HUNDRED: Final = Decimal(100)
MAX_PERCENT_DECIMALS: Final = 4
"""The finest percentage that is kept: a millionth of an amount."""


def percentage(value: Decimal, *, above_zero: bool = False) -> Decimal:
    """The value, if it is a percentage from 0 to 100 with at most four decimals."""
    if not value.is_finite() or not 0 <= value <= HUNDRED:
        raise BadFigure("a percentage is from 0 to 100")
    if above_zero and value == 0:
        raise BadFigure("this percentage is more than 0")
    if value != round(value, MAX_PERCENT_DECIMALS):
        raise BadFigure(f"a percentage has at most {MAX_PERCENT_DECIMALS} decimals")
    return value


def half_up(value: Fraction) -> int:
    """The nearest whole number, halves upwards."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def part(amount: Money, share: Fraction) -> Money:
    """A share of an amount, rounded half up to the minor unit."""
    return Money(half_up(amount.amount_minor * share), amount.currency)


def percent_of(amount: Money, percent: Decimal) -> Money:
    return part(amount, share_of(percent))


def share_of(percent: Decimal) -> Fraction:
    """A percentage as an exact share of one."""
    return Fraction(percent) / 100


def total(amounts: Iterable[Money], currency: str) -> Money:
    return sum(amounts, Money.zero(currency))


def not_negative(amount: Money, what: str) -> Money:
    if amount.amount_minor < 0:
        raise BadFigure(f"{what} is not negative")
    return amount
