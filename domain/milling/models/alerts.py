"""What somebody should look at."""

from __future__ import annotations

from decimal import Decimal

from tortoise import fields
from tortoise.models import Model

from domain.milling.models.kept import quantity_field
from domain.milling.states import AlertKind, AlertPriority, AlertState


class StockAlert(Model):
    """An item that runs out somewhere, or a warehouse that fills up: raised once for each crossing.

    ``on_hand`` and ``threshold`` are as they were when it was raised: a quantity and the level it fell to, or
    of a warehouse the kg in it and its capacity.
    """

    id = fields.UUIDField(primary_key=True)
    kind = fields.CharEnumField(AlertKind, max_length=18)
    priority = fields.CharEnumField(AlertPriority, max_length=8)
    state = fields.CharEnumField(AlertState, max_length=12)
    item_id = fields.UUIDField(null=True)
    warehouse_id = fields.UUIDField()
    branch_id = fields.UUIDField(null=True)
    on_hand = quantity_field()
    threshold = quantity_field()
    used_percent: fields.Field[Decimal | None] = fields.DecimalField(max_digits=9, decimal_places=2, null=True)
    raised_at = fields.DatetimeField()
    acknowledged_by_id = fields.UUIDField(null=True)
    acknowledged_at = fields.DatetimeField(null=True)
    comment = fields.CharField(max_length=500, default="")
    resolved_at = fields.DatetimeField(null=True)

    class Meta:
        table = "stock_alert"
