"""Facts about purchases, productions and sales, each with the whole document as it stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Self
from uuid import UUID

from domain.events.event import event
from domain.kit.money import Money
from domain.milling.events.topics import (
    Figures,
    OfABranch,
    item_topic,
    production_topic,
    purchase_topic,
    sale_topic,
    warehouse_topic,
)
from domain.milling.states import (
    CostRule,
    FinanceStatus,
    LineRole,
    PostedStatus,
    ProceedsKind,
    ProductionChange,
    ProductionStatus,
    PurchaseChange,
    PurchaseStatus,
    SaleChange,
    SaleStatus,
)

if TYPE_CHECKING:
    from domain.milling.models import (
        Production,
        ProductionLine,
        Purchase,
        PurchaseLine,
        PurchaseReturn,
        Sale,
        SaleLine,
        SaleReturn,
    )


@dataclass(frozen=True, kw_only=True)
class _DocumentOfGoods(Figures):
    """What all documents have."""

    id: UUID
    number: str
    warehouse_id: UUID
    branch_id: UUID | None
    currency: str
    note: str
    created_by_id: UUID
    created_at: datetime
    updated_at: datetime
    cancelled_at: datetime | None
    cancelled_by_id: UUID | None
    cancel_reason: str
    version: int


@dataclass(frozen=True, kw_only=True)
class _GoodsFigures(Figures):
    """A line of a purchase or a sale: ``quantity`` in ``unit``; other quantities in the item's base unit."""

    id: UUID
    line_no: int
    item_id: UUID
    item_name: str
    unit: str
    quantity: Decimal
    base_quantity: Decimal
    amount_minor: int
    returned_quantity: Decimal


@dataclass(frozen=True, kw_only=True)
class PurchaseFigures(_DocumentOfGoods):
    """A purchase as it stood."""

    supplier_id: UUID
    supplier_name: str
    status: PurchaseStatus
    amount: Money
    billed_amount: Money | None
    landed_cost: Money
    returned_amount: Money
    credited_amount: Money
    paid_amount: Money
    refunded_amount: Money
    due_amount: Money
    reference: str
    expected_on: date | None
    received_at: datetime | None
    received_by_id: UUID | None
    bill_number: str | None
    billed_on: date | None
    billed_at: datetime | None
    billed_by_id: UUID | None
    due_on: date | None


@dataclass(frozen=True, kw_only=True)
class PurchaseLineFigures(_GoodsFigures):
    """Goods of a purchase as they stood."""

    unit_price_minor: int | None
    billed_minor: int | None
    landed_minor: int
    returned_minor: int
    received_quantity: Decimal


@dataclass(frozen=True, kw_only=True)
class ProductionFigures(_DocumentOfGoods):
    """A production as it stood."""

    bom_id: UUID | None
    item_id: UUID
    item_name: str
    output_warehouse_id: UUID
    status: ProductionStatus
    planned_quantity: Decimal
    output_quantity: Decimal
    input_kg: Decimal
    output_kg: Decimal
    by_product_kg: Decimal
    loss_kg: Decimal
    yield_percent: Decimal | None
    input_cost: Money
    overhead_cost: Money
    by_product_cost: Money
    output_cost: Money
    total_cost: Money
    output_cost_per_unit: Decimal | None
    planned_on: date | None
    started_at: datetime | None
    started_by_id: UUID | None
    completed_at: datetime | None
    completed_by_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class ProductionLineFigures(Figures):
    """An input, the output or a by-product as it stood; quantities in the item's base unit."""

    id: UUID
    line_no: int
    role: LineRole
    item_id: UUID
    item_name: str
    planned_quantity: Decimal
    actual_quantity: Decimal
    cost_rule: CostRule | None
    cost_value: Decimal | None
    cost_minor: int


@dataclass(frozen=True, kw_only=True)
class SaleFigures(_DocumentOfGoods):
    """A sale as it stood."""

    customer_id: UUID | None
    customer_name: str
    status: SaleStatus
    amount: Money
    discount: Money
    returned_amount: Money
    paid_amount: Money
    refunded_amount: Money
    due_amount: Money
    confirmed_at: datetime | None
    delivered_at: datetime | None
    invoice_number: str | None
    invoiced_at: datetime | None
    due_on: date | None
    offered_at: datetime | None
    finance_invoice_id: UUID | None
    finance_status: FinanceStatus | None
    finance_note: str


@dataclass(frozen=True, kw_only=True)
class SaleLineFigures(_GoodsFigures):
    """Goods of a sale as they stood."""

    unit_price_minor: int | None
    discount_minor: int
    returned_minor: int


@dataclass(frozen=True, kw_only=True)
class ReturnFigures(Figures):
    """What came back of a sale, or went back of a purchase, as it stood: ``amount`` is what it takes off."""

    id: UUID
    number: str
    warehouse_id: UUID
    status: PostedStatus
    amount: Money
    returned_at: datetime


@event("milling.purchase_changed")
@dataclass(frozen=True, kw_only=True)
class PurchaseChanged(OfABranch):
    """Something happened to a purchase; ``returned`` is the return that it was, if it was one."""

    purchase: PurchaseFigures
    lines: list[PurchaseLineFigures]
    change: PurchaseChange
    status_before: PurchaseStatus
    returned: ReturnFigures | None = None

    @property
    def at_branch(self) -> UUID | None:
        return self.purchase.branch_id

    def topics(self) -> Iterable[str]:
        about = self.purchase
        return [
            *super().topics(),
            purchase_topic(about.id),
            warehouse_topic(about.warehouse_id),
            f"supplier:{about.supplier_id}",
        ]

    @classmethod
    def of(
        cls,
        purchase: Purchase,
        lines: Sequence[PurchaseLine],
        *,
        change: PurchaseChange,
        status_before: PurchaseStatus,
        returned: PurchaseReturn | None = None,
    ) -> Self:
        return cls(
            purchase=PurchaseFigures.of(purchase),
            lines=[PurchaseLineFigures.of(each) for each in lines],
            change=change,
            status_before=status_before,
            returned=None if returned is None else ReturnFigures.of(returned),
        )


@event("milling.production_changed")
@dataclass(frozen=True, kw_only=True)
class ProductionChanged(OfABranch):
    """Something happened to a production."""

    production: ProductionFigures
    lines: list[ProductionLineFigures]
    change: ProductionChange
    status_before: ProductionStatus

    @property
    def at_branch(self) -> UUID | None:
        return self.production.branch_id

    def topics(self) -> Iterable[str]:
        about = self.production
        places = dict.fromkeys([warehouse_topic(about.warehouse_id), warehouse_topic(about.output_warehouse_id)])
        return [*super().topics(), production_topic(about.id), *places, item_topic(about.item_id)]

    @classmethod
    def of(
        cls,
        production: Production,
        lines: Sequence[ProductionLine],
        *,
        change: ProductionChange,
        status_before: ProductionStatus,
    ) -> Self:
        figures = [ProductionLineFigures.of(each) for each in lines]
        return cls(production=ProductionFigures.of(production), lines=figures, change=change, status_before=status_before)


@event("milling.sale_changed")
@dataclass(frozen=True, kw_only=True)
class SaleChanged(OfABranch):
    """Something happened to a sale; ``returned`` is the return that it was, if it was one."""

    sale: SaleFigures
    lines: list[SaleLineFigures]
    change: SaleChange
    status_before: SaleStatus
    returned: ReturnFigures | None = None

    @property
    def at_branch(self) -> UUID | None:
        return self.sale.branch_id

    def topics(self) -> Iterable[str]:
        about = self.sale
        customer = [] if about.customer_id is None else [f"customer:{about.customer_id}"]
        return [*super().topics(), sale_topic(about.id), warehouse_topic(about.warehouse_id), *customer]

    @classmethod
    def of(
        cls,
        sale: Sale,
        lines: Sequence[SaleLine],
        *,
        change: SaleChange,
        status_before: SaleStatus,
        returned: SaleReturn | None = None,
    ) -> Self:
        return cls(
            sale=SaleFigures.of(sale),
            lines=[SaleLineFigures.of(each) for each in lines],
            change=change,
            status_before=status_before,
            returned=None if returned is None else ReturnFigures.of(returned),
        )


@event("milling.sale_offered")
@dataclass(frozen=True, kw_only=True)
class SaleOffered(OfABranch):
    """The invoice of a sale is offered to investors; whoever runs their market makes an invoice there and lists it.

    ``invoice_id`` is the id that the invoice gets there, so that hearing of it twice makes one. The money goes to the wallet
    of ``seller_id``; ``debtor_id`` is the customer as a registered user. Rates are basis points.
    """

    sale_id: UUID
    sale_number: str
    branch_id: UUID | None
    invoice_id: UUID
    invoice_number: str
    amount: Money
    issued_on: date
    due_on: date
    seller_id: UUID
    debtor_id: UUID
    debtor_name: str
    description: str
    advance_rate_bps: int
    fee_rate_bps: int
    recourse: bool
    offered_at: datetime

    @property
    def at_branch(self) -> UUID | None:
        return self.branch_id

    def topics(self) -> Iterable[str]:
        return [*super().topics(), sale_topic(self.sale_id)]


@event("milling.proceeds_changed")
@dataclass(frozen=True, kw_only=True)
class ProceedsChanged(OfABranch):
    """Money of the mill came into a seller's wallet because investors financed a sale, or left it for the mill or a
    supplier.

    ``received`` is all that ever came, ``available`` what is left with the seller.
    """

    proceeds_id: UUID
    seller_id: UUID
    kind: ProceedsKind
    amount: Money
    received: Money
    available: Money
    sale_id: UUID | None
    mill_payment_id: UUID | None
    branch_id: UUID | None

    @property
    def at_branch(self) -> UUID | None:
        return self.branch_id

    def topics(self) -> Iterable[str]:
        return [*super().topics(), f"user:{self.seller_id}"]

    def audience(self) -> Iterable[str]:
        return [*super().audience(), f"user:{self.seller_id}"]
