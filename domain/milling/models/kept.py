"""What the rows of the mill have in common: quantities, a version that grows with each change, and being a document."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from tortoise import fields
from tortoise.models import Model

from domain.kit import clock
from domain.kit.decimals import PlainDecimalField


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


class Document(Kept, Model):
    """A row with a number that somebody made at a branch, and that can be called off."""

    id = fields.UUIDField(primary_key=True)
    serial = fields.BigIntField(generated=True)
    number = fields.CharField(max_length=20, generated=True)
    branch_id = fields.UUIDField(null=True)
    currency = fields.CharField(max_length=3)
    cancelled_at = fields.DatetimeField(null=True)
    cancelled_by_id = fields.UUIDField(null=True)
    cancel_reason = fields.CharField(max_length=500, default="")
    created_by_id = fields.UUIDField()
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()
    correlation_id = fields.UUIDField()
    version = fields.IntField(default=1)

    class Meta:
        abstract = True
