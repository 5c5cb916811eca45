"""What sellers hold of the mill's money because investors financed invoices of its sales."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from domain.kit.money import MoneyOf
from domain.milling.states import ProceedsKind


class Proceeds(Model):
    """Money of the mill that came into a seller's wallet, or left it: under zero then. It stays as it is."""

    id = fields.UUIDField(primary_key=True)
    serial = fields.BigIntField(generated=True)
    seller_id = fields.UUIDField()
    kind = fields.CharEnumField(ProceedsKind, max_length=9)
    sale_id = fields.UUIDField(null=True)
    invoice_id = fields.UUIDField(null=True)
    payment_id = fields.UUIDField(null=True)
    branch_id = fields.UUIDField(null=True)
    currency = fields.CharField(max_length=3)
    amount_minor = fields.BigIntField()
    entry_id = fields.UUIDField()
    created_by_id = fields.UUIDField()
    created_at = fields.DatetimeField()
    correlation_id = fields.UUIDField()

    class Meta:
        table = "mill_proceeds"

    amount = MoneyOf("amount_minor")
