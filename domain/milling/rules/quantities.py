"""Quantities: exact at three decimals of the base unit of an item, whatever unit they were given in.

Inside the rules a quantity is a whole number of thousandths of the base unit. A conversion that does not come out at three
decimals is refused, because rounding it would make stock out of nothing.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Final

from domain.milling.rules.rounding import half_up

THOUSANDTHS: Final = 1000

MAX_QUANTITY: Final = 10**12
"""The largest quantity of one movement in base units; a thousand of them still fit NUMERIC(18,3)."""

MAX_DECIMALS: Final = 18
"""More decimals than this no factor and no price has."""


class BadQuantity(ValueError):
    """A quantity that is no finite number, too large, or not exact at three decimals of the base unit."""


def exact(number: Decimal) -> Fraction:
    """The number without loss. Refuses what is not finite, and numbers whose size alone would cost memory and time."""
    if not number.is_finite():
        raise BadQuantity("a quantity must be a finite number")
    if number and (number.adjusted() > MAX_DECIMALS or int(number.as_tuple().exponent) < -2 * MAX_DECIMALS):
        raise BadQuantity("a quantity has too many digits")
    return Fraction(number)


def to_thousandths(quantity: Decimal) -> int:
    """Thousandths of a quantity that has at most three decimals; trailing zeros do not count."""
    return _whole(exact(quantity) * THOUSANDTHS)


def to_decimal(thousandths: int) -> Decimal:
    """A quantity with three decimals."""
    return Decimal(thousandths).scaleb(-3)


def to_base(quantity: Decimal, factor: Decimal) -> int:
    """Thousandths of the base unit in ``quantity`` of a unit that holds ``factor`` base units (a tonne holds 1000 kg)."""
    if factor <= 0:
        raise BadQuantity("a unit holds more than nothing of the base unit")
    return _whole(exact(quantity) * exact(factor) * THOUSANDTHS)


def in_unit(thousandths: int, factor: Decimal) -> Decimal:
    """How many of a unit that is, for people to read: three decimals, halves to even. Not for calculating on."""
    return to_decimal(round(Fraction(thousandths) / exact(factor)))


def price(quantity: Decimal, unit_price_minor: Decimal) -> int:
    """What a quantity costs at a price per unit, in minor units, halves up. The price may be finer than a minor unit."""
    total = exact(quantity) * exact(unit_price_minor)
    return half_up(total.numerator, total.denominator)


def _whole(thousandths: Fraction) -> int:
    if thousandths.denominator != 1:
        raise BadQuantity("a quantity must be exact at three decimals of the base unit")
    if abs(thousandths) > MAX_QUANTITY * THOUSANDTHS:
        raise BadQuantity("a quantity is too large")
    return thousandths.numerator
