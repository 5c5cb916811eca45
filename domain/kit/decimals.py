"""Decimals as people read them: without the zeros that their columns have room for, and shares in percent."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from tortoise import fields


class PlainDecimalField(fields.DecimalField[Decimal]):
    """A number as people write it: 9.5 and 90, in a column of any width."""

    skip_to_python_if_native = False

    def to_python_value(self, value: Any) -> Decimal | None:
        return None if value is None else plain(Decimal(value))


def plain(number: Decimal) -> Decimal:
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()


def percent(part: int, whole: int) -> Decimal | None:
    """``part`` of ``whole`` in percent, two decimals, halves to even; None where there is nothing to compare with."""
    return Decimal(round(Fraction(part * 10_000, whole))).scaleb(-2) if whole else None
