"""Purchases: orders, goods that came, their bills, what else they cost, and what goes back."""

from __future__ import annotations

from decimal import Decimal

from tortoise import fields
from tortoise.models import Model

from domain.kit.money import Money, MoneyOf
from domain.kit.stages import Staged
from domain.milling.models.kept import Document, quantity_field
from domain.milling.states import PURCHASE_TRANSITIONS, AllocateBy, PostedStatus, PurchaseStatus


class Purchase(Staged[PurchaseStatus], Document):
    """An order to a supplier, the goods that came, and the bill for them."""

    supplier_id = fields.UUIDField()
    supplier_name = fields.CharField(max_length=120)
    warehouse_id = fields.UUIDField()
    status = fields.CharEnumField(PurchaseStatus, max_length=13)
    amount_minor = fields.BigIntField()
    billed_minor = fields.BigIntField(null=True)
    landed_minor = fields.BigIntField(default=0)
    returned_minor = fields.BigIntField(default=0)
    credited_minor = fields.BigIntField(default=0)
    paid_minor = fields.BigIntField(default=0)
    refunded_minor = fields.BigIntField(default=0)
    due_minor = fields.BigIntField(generated=True)
    reference = fields.CharField(max_length=60, default="")
    note = fields.CharField(max_length=500, default="")
    expected_on = fields.DateField(null=True)
    received_at = fields.DatetimeField(null=True)
    received_by_id = fields.UUIDField(null=True)
    bill_number = fields.CharField(max_length=60, null=True)
    billed_on = fields.DateField(null=True)
    billed_at = fields.DatetimeField(null=True)
    billed_by_id = fields.UUIDField(null=True)
    due_on = fields.DateField(null=True)

    transitions = PURCHASE_TRANSITIONS

    class Meta:
        table = "mill_purchase"

    amount = MoneyOf("amount_minor")
    landed_cost = MoneyOf("landed_minor")
    returned_amount = MoneyOf("returned_minor")
    credited_amount = MoneyOf("credited_minor")
    paid_amount = MoneyOf("paid_minor")
    refunded_amount = MoneyOf("refunded_minor")

    @property
    def billed_amount(self) -> Money | None:
        return None if self.billed_minor is None else Money(self.billed_minor, self.currency)

    @property
    def due_amount(self) -> Money:
        """What is owed to the supplier; under zero when the supplier owes. The column says the same after saving."""
        due = (self.billed_minor or 0) - self.credited_minor - self.paid_minor + self.refunded_minor
        return Money(due, self.currency)


class PurchaseLine(Model):
    """Goods of a purchase. ``quantity`` was ordered, in ``unit``; received and returned quantities are in base units."""

    id = fields.UUIDField(primary_key=True)
    purchase_id = fields.UUIDField()
    line_no = fields.IntField()
    item_id = fields.UUIDField()
    item_name = fields.CharField(max_length=120)
    unit = fields.CharField(max_length=20)
    quantity = quantity_field()
    base_quantity = quantity_field()
    unit_price_minor = fields.BigIntField(null=True)
    amount_minor = fields.BigIntField()
    billed_minor = fields.BigIntField(null=True)
    landed_minor = fields.BigIntField(default=0)
    received_quantity = quantity_field(default=Decimal(0))
    returned_quantity = quantity_field(default=Decimal(0))
    returned_minor = fields.BigIntField(default=0)
    movement_id = fields.UUIDField(null=True)

    class Meta:
        table = "mill_purchase_line"


class LandedCost(Document):
    """Freight, duty and the like that a purchase cost besides its goods."""

    purchase_id = fields.UUIDField()
    status = fields.CharEnumField(PostedStatus, max_length=9)
    description = fields.CharField(max_length=300)
    amount_minor = fields.BigIntField()
    allocate_by = fields.CharEnumField(AllocateBy, max_length=8)
    entry_id = fields.UUIDField(null=True)

    class Meta:
        table = "mill_landed_cost"

    amount = MoneyOf("amount_minor")


class LandedCostShare(Model):
    """What of a landed cost belongs to one line; without a movement where it came to nothing."""

    id = fields.UUIDField(primary_key=True)
    landed_cost_id = fields.UUIDField()
    purchase_line_id = fields.UUIDField()
    amount_minor = fields.BigIntField()
    movement_id = fields.UUIDField(null=True)

    class Meta:
        table = "mill_landed_cost_share"


class PurchaseReturn(Document):
    """Goods that go back to the supplier; ``amount`` is what the supplier owes or no longer asks for them."""

    purchase_id = fields.UUIDField()
    warehouse_id = fields.UUIDField()
    status = fields.CharEnumField(PostedStatus, max_length=9)
    amount_minor = fields.BigIntField()
    credited_minor = fields.BigIntField(default=0)
    reason = fields.CharField(max_length=500)
    returned_at = fields.DatetimeField()
    entry_id = fields.UUIDField(null=True)

    class Meta:
        table = "mill_purchase_return"

    amount = MoneyOf("amount_minor")
    credited_amount = MoneyOf("credited_minor")


class PurchaseReturnLine(Model):
    """Goods of one line of the purchase that go back."""

    id = fields.UUIDField(primary_key=True)
    purchase_return_id = fields.UUIDField()
    line_no = fields.IntField()
    purchase_line_id = fields.UUIDField()
    item_id = fields.UUIDField()
    unit = fields.CharField(max_length=20)
    quantity = quantity_field()
    base_quantity = quantity_field()
    amount_minor = fields.BigIntField()
    movement_id = fields.UUIDField(null=True)

    class Meta:
        table = "mill_purchase_return_line"
