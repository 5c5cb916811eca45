"""Decimals read without the zeros that their columns have room for."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tortoise import fields


class PlainDecimalField(fields.DecimalField[Decimal]):
    """A number as people write it: 9.5 and 90, in a column of any width."""

    skip_to_python_if_native = False

    def to_python_value(self, value: Any) -> Decimal | None:
        return None if value is None else plain(Decimal(value))


def plain(number: Decimal) -> Decimal:
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()
