"""Facts about items, warehouses, partners and bills of materials."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Self
from uuid import UUID

from domain.events.event import event
from domain.kit.money import Money
from domain.milling.events.topics import Figures, OfABranch, OfTheMill, item_topic, warehouse_topic
from domain.milling.states import ItemCategory, PartnerKind, RecordChange, ValuationMethod


@dataclass(frozen=True, kw_only=True)
class ItemFigures(Figures):
    """An item as it stood."""

    id: UUID
    code: str
    name: str
    description: str
    category: ItemCategory
    base_unit: str
    valuation_method: ValuationMethod
    allow_negative: bool
    reorder_level: Decimal
    reorder_quantity: Decimal
    lead_time_days: int
    weight_kg: Decimal
    sale_price: Money | None
    active: bool
    created_at: datetime
    updated_at: datetime
    version: int


@dataclass(frozen=True, kw_only=True)
class WarehouseFigures(Figures):
    """A warehouse as it stood."""

    id: UUID
    code: str
    name: str
    address: str
    branch_id: UUID | None
    capacity_kg: Decimal | None
    alert_percent: int
    active: bool
    created_at: datetime
    updated_at: datetime
    version: int


@dataclass(frozen=True, kw_only=True)
class PartnerFigures(Figures):
    """A supplier or a customer as it stood; only customers are registered users and have a credit limit."""

    kind: PartnerKind
    id: UUID
    name: str
    phone: str | None
    email: str | None
    address: str
    tax_number: str
    user_id: UUID | None
    payment_days: int
    credit_limit: Money | None
    active: bool
    created_at: datetime
    updated_at: datetime
    version: int

    @classmethod
    def of(cls, row: object, **others: Any) -> Self:
        """The kind is told by the row: only a customer can be a registered user."""
        if hasattr(row, "user_id"):
            return super().of(row, kind=PartnerKind.CUSTOMER, **others)
        return super().of(row, kind=PartnerKind.SUPPLIER, user_id=None, credit_limit=None, **others)


@dataclass(frozen=True, kw_only=True)
class BomFigures(Figures):
    """A bill of materials as it stood, without its lines."""

    id: UUID
    code: str
    name: str
    item_id: UUID
    output_quantity: Decimal
    overhead: Money
    note: str
    active: bool
    created_at: datetime
    updated_at: datetime
    version: int


@dataclass(frozen=True, kw_only=True)
class ShelfLevel:
    """At which level an item is low in one warehouse; None where the item's own level holds."""

    warehouse_id: UUID
    reorder_level: Decimal | None


@event("milling.item_changed")
@dataclass(frozen=True, kw_only=True)
class ItemChanged(OfTheMill):
    """An item was created or changed. ``shelf`` is told when the level was set at which it is low in one warehouse."""

    item: ItemFigures
    change: RecordChange
    shelf: ShelfLevel | None = None

    def topics(self) -> Iterable[str]:
        return [*super().topics(), item_topic(self.item.id)]


@event("milling.warehouse_changed")
@dataclass(frozen=True, kw_only=True)
class WarehouseChanged(OfABranch):
    """A warehouse was created or changed."""

    warehouse: WarehouseFigures
    change: RecordChange

    @property
    def at_branch(self) -> UUID | None:
        return self.warehouse.branch_id

    def topics(self) -> Iterable[str]:
        return [*super().topics(), warehouse_topic(self.warehouse.id)]


@event("milling.partner_changed")
@dataclass(frozen=True, kw_only=True)
class PartnerChanged(OfTheMill):
    """A supplier or a customer was created or changed."""

    partner: PartnerFigures
    change: RecordChange

    def topics(self) -> Iterable[str]:
        return [*super().topics(), f"{self.partner.kind.value.lower()}:{self.partner.id}"]


@event("milling.bom_changed")
@dataclass(frozen=True, kw_only=True)
class BomChanged(OfTheMill):
    """A bill of materials was created or changed."""

    bom: BomFigures
    change: RecordChange

    def topics(self) -> Iterable[str]:
        return [*super().topics(), f"bom:{self.bom.id}", item_topic(self.bom.item_id)]
