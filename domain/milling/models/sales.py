"""Sales, what comes back of them, and the money of sales and purchases."""

from __future__ import annotations

from decimal import Decimal

from tortoise import fields
from tortoise.models import Model

from domain.kit.money import Money, MoneyOf
from domain.kit.stages import Staged
from domain.milling.models.kept import Document, quantity_field
from domain.milling.states import (
    AT_THE_CUSTOMER,
    SALE_TRANSITIONS,
    WITH_INVESTORS,
    FinanceStatus,
    PaymentKind,
    PaymentMethod,
    PostedStatus,
    SaleStatus,
)


class Sale(Staged[SaleStatus], Document):
    """Goods sold, to a customer or over the counter."""

    customer_id = fields.UUIDField(null=True)
    customer_name = fields.CharField(max_length=120)
    warehouse_id = fields.UUIDField()
    status = fields.CharEnumField(SaleStatus, max_length=13)
    amount_minor = fields.BigIntField()
    discount_minor = fields.BigIntField(default=0)
    returned_minor = fields.BigIntField(default=0)
    paid_minor = fields.BigIntField(default=0)
    refunded_minor = fields.BigIntField(default=0)
    due_minor = fields.BigIntField(generated=True)
    note = fields.CharField(max_length=500, default="")
    confirmed_at = fields.DatetimeField(null=True)
    confirmed_by_id = fields.UUIDField(null=True)
    delivered_at = fields.DatetimeField(null=True)
    delivered_by_id = fields.UUIDField(null=True)
    invoice_number = fields.CharField(max_length=30, null=True)
    invoiced_at = fields.DatetimeField(null=True)
    due_on = fields.DateField(null=True)
    offered_at = fields.DatetimeField(null=True)
    finance_invoice_id = fields.UUIDField(null=True)
    finance_status = fields.CharEnumField(FinanceStatus, max_length=9, null=True)
    finance_note = fields.CharField(max_length=500, default="")

    transitions = SALE_TRANSITIONS

    class Meta:
        table = "mill_sale"

    amount = MoneyOf("amount_minor")
    discount = MoneyOf("discount_minor")
    returned_amount = MoneyOf("returned_minor")
    paid_amount = MoneyOf("paid_minor")
    refunded_amount = MoneyOf("refunded_minor")

    @property
    def due_amount(self) -> Money:
        """What the customer owes, once the goods are there; under zero what is owed to the customer."""
        return Money(self.balance_minor if self.at_the_customer else 0, self.currency)

    @property
    def balance_minor(self) -> int:
        """What the sale comes to less what is settled of it; the column ``due_minor`` says the same after saving."""
        settled: int = self.returned_minor + self.paid_minor - self.refunded_minor
        return int(self.amount_minor) - settled

    @property
    def at_the_customer(self) -> bool:
        """Whether the goods went out, and the sale is in the books."""
        return self.status in AT_THE_CUSTOMER

    @property
    def ordered(self) -> bool:
        """Whether it was ever more than an offer, which its customer need not know of."""
        return self.confirmed_at is not None or self.delivered_at is not None

    @property
    def with_investors(self) -> bool:
        """Whether the customer owes investors for it, or may soon."""
        return self.finance_status in WITH_INVESTORS


class SaleLine(Model):
    """Goods of a sale; ``returned_quantity`` is in base units."""

    id = fields.UUIDField(primary_key=True)
    sale_id = fields.UUIDField()
    line_no = fields.IntField()
    item_id = fields.UUIDField()
    item_name = fields.CharField(max_length=120)
    unit = fields.CharField(max_length=20)
    quantity = quantity_field()
    base_quantity = quantity_field()
    unit_price_minor = fields.BigIntField(null=True)
    amount_minor = fields.BigIntField()
    discount_minor = fields.BigIntField(default=0)
    returned_quantity = quantity_field(default=Decimal(0))
    returned_minor = fields.BigIntField(default=0)
    movement_id = fields.UUIDField(null=True)

    class Meta:
        table = "mill_sale_line"


class SaleReturn(Document):
    """Goods that come back from a customer. Without a refund method their price is set off against what is owed."""

    sale_id = fields.UUIDField()
    warehouse_id = fields.UUIDField()
    status = fields.CharEnumField(PostedStatus, max_length=9)
    amount_minor = fields.BigIntField()
    refund_method = fields.CharEnumField(PaymentMethod, max_length=6, null=True)
    refunded_minor = fields.BigIntField(default=0)
    reason = fields.CharField(max_length=500)
    returned_at = fields.DatetimeField()
    entry_id = fields.UUIDField(null=True)

    class Meta:
        table = "mill_sale_return"

    amount = MoneyOf("amount_minor")
    refunded_amount = MoneyOf("refunded_minor")


class SaleReturnLine(Model):
    """Goods of one line of the sale that come back."""

    id = fields.UUIDField(primary_key=True)
    sale_return_id = fields.UUIDField()
    line_no = fields.IntField()
    sale_line_id = fields.UUIDField()
    item_id = fields.UUIDField()
    unit = fields.CharField(max_length=20)
    quantity = quantity_field()
    base_quantity = quantity_field()
    amount_minor = fields.BigIntField()
    movement_id = fields.UUIDField(null=True)

    class Meta:
        table = "mill_sale_return_line"


class Payment(Model):
    """Money from and to customers and suppliers. It stays as it is and can be reversed, once."""

    id = fields.UUIDField(primary_key=True)
    serial = fields.BigIntField(generated=True)
    number = fields.CharField(max_length=20, generated=True)
    kind = fields.CharEnumField(PaymentKind, max_length=16)
    method = fields.CharEnumField(PaymentMethod, max_length=6, null=True)
    sale_id = fields.UUIDField(null=True)
    sale_return_id = fields.UUIDField(null=True)
    purchase_id = fields.UUIDField(null=True)
    branch_id = fields.UUIDField(null=True)
    currency = fields.CharField(max_length=3)
    amount_minor = fields.BigIntField()
    reference = fields.CharField(max_length=60, default="")
    wallet_owner_id = fields.UUIDField(null=True)
    collected_payment_id = fields.UUIDField(null=True)
    note = fields.CharField(max_length=300, default="")
    paid_at = fields.DatetimeField()
    entry_id = fields.UUIDField()
    reversed_at = fields.DatetimeField(null=True)
    reversed_by_id = fields.UUIDField(null=True)
    reversal_reason = fields.CharField(max_length=500, default="")
    reversal_entry_id = fields.UUIDField(null=True)
    created_by_id = fields.UUIDField()
    created_at = fields.DatetimeField()
    correlation_id = fields.UUIDField()

    class Meta:
        table = "mill_payment"

    amount = MoneyOf("amount_minor")

    @property
    def reversed(self) -> bool:
        return self.reversed_at is not None
