"""Production: what a milling takes and brings, and what it costs."""

from __future__ import annotations

from decimal import Decimal

from tortoise import fields
from tortoise.models import Model

from domain.kit.money import Money, MoneyOf, decimals_of
from domain.kit.stages import Staged
from domain.milling.models.kept import Document, factor_field, quantity_field
from domain.milling.rules.costing import cost_per_unit
from domain.milling.states import PRODUCTION_TRANSITIONS, CostRule, LineRole, ProductionStatus


class Production(Staged[ProductionStatus], Document):
    """A milling. Its costs and weights are those of its movements as they are posted now."""

    bom_id = fields.UUIDField(null=True)
    item_id = fields.UUIDField()
    item_name = fields.CharField(max_length=120)
    warehouse_id = fields.UUIDField()
    output_warehouse_id = fields.UUIDField()
    status = fields.CharEnumField(ProductionStatus, max_length=11)
    planned_quantity = quantity_field()
    output_quantity = quantity_field(default=Decimal(0))
    input_kg = quantity_field(default=Decimal(0))
    output_kg = quantity_field(default=Decimal(0))
    by_product_kg = quantity_field(default=Decimal(0))
    yield_percent: fields.Field[Decimal | None] = fields.DecimalField(max_digits=9, decimal_places=2, null=True)
    input_cost_minor = fields.BigIntField(default=0)
    overhead_minor = fields.BigIntField(default=0)
    by_product_cost_minor = fields.BigIntField(default=0)
    output_cost_minor = fields.BigIntField(default=0)
    note = fields.CharField(max_length=500, default="")
    planned_on = fields.DateField(null=True)
    started_at = fields.DatetimeField(null=True)
    started_by_id = fields.UUIDField(null=True)
    completed_at = fields.DatetimeField(null=True)
    completed_by_id = fields.UUIDField(null=True)

    transitions = PRODUCTION_TRANSITIONS

    class Meta:
        table = "mill_production"

    input_cost = MoneyOf("input_cost_minor")
    overhead_cost = MoneyOf("overhead_minor")
    by_product_cost = MoneyOf("by_product_cost_minor")
    output_cost = MoneyOf("output_cost_minor")

    @property
    def total_cost(self) -> Money:
        return self.input_cost + self.overhead_cost

    @property
    def output_cost_per_unit(self) -> Decimal | None:
        """What one base unit of the output has cost, in major units to a ten-thousandth of the minor unit."""
        minor = cost_per_unit(self.output_cost_minor, int(self.output_quantity * 1000))
        return None if minor is None else minor.scaleb(-decimals_of(self.currency))

    @property
    def loss_kg(self) -> Decimal:
        """What of the inputs' weight is in no output; nothing is lost before something has come out."""
        lost = Decimal(self.input_kg) - self.output_kg - self.by_product_kg
        return Decimal(0) if self.completed_at is None else lost


class ProductionLine(Model):
    """An input, the output or a by-product, in base units. Its movements are those of the production with its number."""

    id = fields.UUIDField(primary_key=True)
    production_id = fields.UUIDField()
    line_no = fields.IntField()
    role = fields.CharEnumField(LineRole, max_length=10)
    item_id = fields.UUIDField()
    item_name = fields.CharField(max_length=120)
    planned_quantity = quantity_field()
    actual_quantity = quantity_field(default=Decimal(0))
    cost_rule = fields.CharEnumField(CostRule, max_length=5, null=True)
    cost_value = factor_field(null=True)
    cost_minor = fields.BigIntField(default=0)

    class Meta:
        table = "mill_production_line"
