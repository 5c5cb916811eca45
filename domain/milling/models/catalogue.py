"""What the mill keeps in stock, and how it is made."""

from __future__ import annotations

from decimal import Decimal

from tortoise import fields
from tortoise.models import Model

from domain.kit.money import Money, MoneyOf
from domain.milling.models.kept import Kept, factor_field, quantity_field
from domain.milling.states import CostRule, ItemCategory, LineRole, ValuationMethod


class Item(Kept, Model):
    """Something that is bought, milled, packed or sold. What is fixed once it has moved is guarded in the database."""

    id = fields.UUIDField(primary_key=True)
    code = fields.CharField(max_length=30)
    name = fields.CharField(max_length=120)
    description = fields.CharField(max_length=500, default="")
    category = fields.CharEnumField(ItemCategory, max_length=12)
    base_unit = fields.CharField(max_length=20)
    valuation_method = fields.CharEnumField(ValuationMethod, max_length=14)
    allow_negative = fields.BooleanField(default=False)
    reorder_level = quantity_field(default=Decimal(0))
    reorder_quantity = quantity_field(default=Decimal(0))
    lead_time_days = fields.IntField(default=0)
    weight_kg = factor_field(default=Decimal(1))
    currency = fields.CharField(max_length=3)
    sale_price_minor = fields.BigIntField(null=True)
    active = fields.BooleanField(default=True)
    created_by_id = fields.UUIDField()
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()
    version = fields.IntField(default=1)

    class Meta:
        table = "mill_item"

    @property
    def sale_price(self) -> Money | None:
        """What one base unit is sold for when nothing else is said."""
        return None if self.sale_price_minor is None else Money(self.sale_price_minor, self.currency)


class ItemUnit(Model):
    """Another unit of an item; one of it is ``factor`` base units."""

    id = fields.UUIDField(primary_key=True)
    item_id = fields.UUIDField()
    unit = fields.CharField(max_length=20)
    factor = factor_field()

    class Meta:
        table = "mill_item_unit"


class Bom(Kept, Model):
    """A bill of materials: what goes in, and what else comes out, for ``output_quantity`` of an item."""

    id = fields.UUIDField(primary_key=True)
    code = fields.CharField(max_length=30)
    name = fields.CharField(max_length=120)
    item_id = fields.UUIDField()
    output_quantity = quantity_field()
    currency = fields.CharField(max_length=3)
    overhead_minor = fields.BigIntField(default=0)
    note = fields.CharField(max_length=500, default="")
    active = fields.BooleanField(default=True)
    created_by_id = fields.UUIDField()
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()
    version = fields.IntField(default=1)

    class Meta:
        table = "mill_bom"

    overhead = MoneyOf("overhead_minor")


class BomLine(Model):
    """An input or a by-product.

    ``cost_value`` of a FIXED by-product is minor units for one base unit of it, of a SHARE basis points of the whole cost.
    """

    id = fields.UUIDField(primary_key=True)
    bom_id = fields.UUIDField()
    line_no = fields.IntField()
    role = fields.CharEnumField(LineRole, max_length=10)
    item_id = fields.UUIDField()
    unit = fields.CharField(max_length=20)
    quantity = quantity_field()
    base_quantity = quantity_field()
    cost_rule = fields.CharEnumField(CostRule, max_length=5, null=True)
    cost_value = factor_field(null=True)

    class Meta:
        table = "mill_bom_line"
