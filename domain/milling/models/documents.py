"""Documents about stock alone: openings, receipts, issues, transfers, counts, adjustments and repacks."""

from __future__ import annotations

from decimal import Decimal

from tortoise import fields
from tortoise.models import Model

from domain.kit.money import MoneyOf
from domain.milling.models.kept import Document, quantity_field
from domain.milling.states import LineRole, PostedStatus, StockCause, StockDocumentKind


class StockDocument(Document):
    """A document without a partner and a price. ``value`` is what stock gained by it, or of a transfer what moved."""

    kind = fields.CharEnumField(StockDocumentKind, max_length=10)
    status = fields.CharEnumField(PostedStatus, max_length=9)
    warehouse_id = fields.UUIDField()
    to_warehouse_id = fields.UUIDField(null=True)
    cause = fields.CharEnumField(StockCause, max_length=10, null=True)
    reason = fields.CharField(max_length=500, default="")
    reference = fields.CharField(max_length=60, default="")
    overhead_minor = fields.BigIntField(default=0)
    value_minor = fields.BigIntField(default=0)
    occurred_at = fields.DatetimeField()
    entry_id = fields.UUIDField(null=True)

    class Meta:
        table = "stock_document"

    overhead = MoneyOf("overhead_minor")
    value = MoneyOf("value_minor")


class StockDocumentLine(Model):
    """What moved (in ``unit``), was found (COUNT), or differs (ADJUSTMENT, of either sign).

    ``moved_quantity`` and ``value_minor`` are as posted then, signed; of a transfer what came in.
    """

    id = fields.UUIDField(primary_key=True)
    stock_document_id = fields.UUIDField()
    line_no = fields.IntField()
    role = fields.CharEnumField(LineRole, max_length=6, null=True)
    item_id = fields.UUIDField()
    item_name = fields.CharField(max_length=120)
    unit = fields.CharField(max_length=20)
    quantity = quantity_field()
    base_quantity = quantity_field()
    amount_minor = fields.BigIntField(null=True)
    moved_quantity = quantity_field(default=Decimal(0))
    value_minor = fields.BigIntField(default=0)
    movement_id = fields.UUIDField(null=True)
    to_movement_id = fields.UUIDField(null=True)

    class Meta:
        table = "stock_document_line"
