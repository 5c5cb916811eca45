"""Where stock lies."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from domain.milling.models.kept import Kept, quantity_field


class Warehouse(Kept, Model):
    """A place with stock; without a branch it is for those who see every branch."""

    id = fields.UUIDField(primary_key=True)
    code = fields.CharField(max_length=30)
    name = fields.CharField(max_length=120)
    address = fields.CharField(max_length=300, default="")
    branch_id = fields.UUIDField(null=True)
    capacity_kg = quantity_field(null=True)
    alert_percent = fields.IntField()
    active = fields.BooleanField(default=True)
    created_by_id = fields.UUIDField()
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()
    version = fields.IntField(default=1)

    class Meta:
        table = "mill_warehouse"
