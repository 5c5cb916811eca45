"""What the rows of the mill have in common: a version that grows with each change, quantities, and statuses with arrows."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from tortoise import fields

from domain.kit import clock


class PlainDecimalField(fields.DecimalField[Decimal]):
    """A number read without the zeros that its column has room for: 90, and 0.5."""

    skip_to_python_if_native = False

    def to_python_value(self, value: Any) -> Decimal | None:
        return None if value is None else plain(Decimal(value))


def plain(number: Decimal) -> Decimal:
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()


def quantity_field(**options: Any) -> Any:
    """A quantity, to a thousandth of its unit."""
    return PlainDecimalField(max_digits=18, decimal_places=3, **options)


def factor_field(**options: Any) -> Any:
    """A number that something is multiplied with, to a millionth."""
    return PlainDecimalField(max_digits=18, decimal_places=6, **options)


TOUCHED: Final = ("version", "updated_at")
"""The columns that :meth:`Kept.touch` changes."""


class Kept:
    """A row that remembers how often and when it was changed."""

    version: int
    updated_at: datetime

    def touch(self) -> None:
        """To be called once for each change, before saving."""
        self.version += 1
        self.updated_at = clock.now()
