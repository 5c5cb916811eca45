"""Stock: the movements, which are facts and append-only, and what follows from them.

Only :mod:`domain.milling.stock` writes these. Sums by day (``stock_day``) and the states that a replay goes on from
(``stock_snapshot``) have no class here: they are read and written by statements about many rows.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tortoise import fields
from tortoise.models import Model

from domain.milling.models.kept import quantity_field
from domain.milling.states import CostRule, DocumentKind, MovementKind


class StockMovement(Model):
    """A fact, in the order of (effective_at, seq); see the migration for what its columns mean by kind."""

    id = fields.UUIDField(primary_key=True)
    seq = fields.BigIntField(generated=True)
    item_id = fields.UUIDField()
    warehouse_id = fields.UUIDField()
    kind = fields.CharEnumField(MovementKind, max_length=21)
    quantity = quantity_field(null=True)
    counted = quantity_field(null=True)
    value_minor = fields.BigIntField(null=True)
    source_id = fields.UUIDField(null=True)
    pool_id = fields.UUIDField(null=True)
    cost_rule = fields.CharEnumField(CostRule, max_length=5, null=True)
    cost_value: fields.Field[Decimal | None] = fields.DecimalField(max_digits=18, decimal_places=0, null=True)
    document_kind = fields.CharEnumField(DocumentKind, max_length=15)
    document_id = fields.UUIDField()
    line_no = fields.IntField()
    effective_at = fields.DatetimeField()
    recorded_at = fields.DatetimeField()
    actor_id = fields.UUIDField()
    note = fields.CharField(max_length=300, default="")

    class Meta:
        table = "stock_movement"


class StockCancellation(Model):
    """A movement that history is told without."""

    movement_id = fields.UUIDField(primary_key=True)
    reason = fields.CharField(max_length=500)
    cancelled_at = fields.DatetimeField()
    actor_id = fields.UUIDField()

    class Meta:
        table = "stock_cancellation"


class StockPool(Model):
    """Cost that a production or repack shares among its outputs besides what it consumed; a pool has the sum of its rows."""

    id = fields.UUIDField(primary_key=True)
    pool_id = fields.UUIDField()
    amount_minor = fields.BigIntField()
    document_id = fields.UUIDField()
    recorded_at = fields.DatetimeField()
    actor_id = fields.UUIDField()

    class Meta:
        table = "stock_pool"


class StockPosting(Model):
    """What a movement is worth in the books now."""

    movement_id = fields.UUIDField(primary_key=True)
    quantity = quantity_field()
    value_minor = fields.BigIntField()
    variance_minor = fields.BigIntField(default=0)

    class Meta:
        table = "stock_posting"


class StockBin(Model):
    """An item in a warehouse now. In the database its key is item and warehouse; ``id`` is for those who want one word."""

    id = fields.UUIDField(primary_key=True)
    item_id = fields.UUIDField()
    warehouse_id = fields.UUIDField()
    on_hand = quantity_field(default=Decimal(0))
    reserved = quantity_field(default=Decimal(0))
    available = quantity_field(generated=True)
    value_minor = fields.BigIntField(default=0)
    last_at = fields.DatetimeField(null=True)
    last_seq = fields.BigIntField(null=True)
    state: fields.Field[dict[str, Any]] = fields.JSONField(default=dict)
    reorder_level = quantity_field(null=True)
    version = fields.IntField(default=1)

    class Meta:
        table = "stock_bin"


class StockReservation(Model):
    """What a document holds back of a bin until it takes the goods or lets them go."""

    id = fields.UUIDField(primary_key=True)
    document_kind = fields.CharEnumField(DocumentKind, max_length=15)
    document_id = fields.UUIDField()
    item_id = fields.UUIDField()
    warehouse_id = fields.UUIDField()
    quantity = quantity_field()

    class Meta:
        table = "stock_reservation"
