"""Whom the mill buys from and sells to."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from domain.kit.money import Money
from domain.milling.models.kept import Kept


class Supplier(Kept, Model):
    """Whom the mill buys from."""

    id = fields.UUIDField(primary_key=True)
    name = fields.CharField(max_length=120)
    phone = fields.CharField(max_length=20, null=True)
    email = fields.CharField(max_length=254, null=True)
    address = fields.CharField(max_length=300, default="")
    tax_number = fields.CharField(max_length=40, default="")
    payment_days = fields.IntField(default=0)
    active = fields.BooleanField(default=True)
    created_by_id = fields.UUIDField()
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()
    version = fields.IntField(default=1)

    class Meta:
        table = "mill_supplier"


class Customer(Kept, Model):
    """Whom the mill sells to by name; ``user_id`` for one who is registered here."""

    id = fields.UUIDField(primary_key=True)
    name = fields.CharField(max_length=120)
    phone = fields.CharField(max_length=20, null=True)
    email = fields.CharField(max_length=254, null=True)
    address = fields.CharField(max_length=300, default="")
    tax_number = fields.CharField(max_length=40, default="")
    user_id = fields.UUIDField(null=True)
    payment_days = fields.IntField(default=0)
    currency = fields.CharField(max_length=3)
    credit_limit_minor = fields.BigIntField(null=True)
    active = fields.BooleanField(default=True)
    created_by_id = fields.UUIDField()
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()
    version = fields.IntField(default=1)

    class Meta:
        table = "mill_customer"

    @property
    def credit_limit(self) -> Money | None:
        """How much may be owed at most; None for no limit."""
        return None if self.credit_limit_minor is None else Money(self.credit_limit_minor, self.currency)
