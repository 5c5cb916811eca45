"""Items, warehouses, partners, levels and alerts as clients see them.

Quantities are in an item's base unit, with up to three decimals. What lies where is seen by those who see the warehouse.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from domain.identity.queries import branches_by_id, people
from domain.kit.money import Money as Amount
from domain.milling import models, settings
from domain.milling.queries import catalogue as queries
from domain.milling.queries.purchases import last_purchases
from domain.milling.rules.levels import level_of, used_percent
from domain.milling.states import AlertKind, AlertState, ItemCategory, ValuationMethod
from domain.milling.states import StockLevel as Level
from domain.notifications.models import Priority
from schema.identity.types import Branch, User
from schema.kit import ID, Info, Money, Node, Parent, attribute, field, global_id, node_type, object_type
from schema.kit.loaders import Load
from schema.kit.relations import relation, relations
from schema.milling import enums  # noqa: F401  describes the enums that are used here


@node_type(models.ItemUnit, queries.units_by_id, "A unit that an item is also measured in.")
class ItemUnit(Node):
    unit: str = attribute("What it is called, such as `tonne` or `bag 50 kg`.")
    factor: Decimal = attribute("How many base units one of it is.")


@object_type("What an item was bought for last, as far as the viewer may see.")
class LastPurchase:
    purchase_id: ID = global_id("Purchase", "The purchase.")
    supplier_id: ID = global_id("Supplier", "Whom it was bought from.")
    received_at: datetime = attribute("When it came.")
    unit_cost: Decimal = attribute(
        "What one base unit has cost in the mill's currency: by the bill if there is one, landed cost included; as precise "
        "as a ten-thousandth of its smallest unit."
    )

    supplier: Supplier = relation(queries.suppliers_by_id, "supplier_id", "Whom it was bought from.")


@node_type(models.Item, queries.items_by_id, "Something that the mill buys, mills, sells or packs into.")
class Item(Node):
    code: str = attribute("Its code, unique in the mill.")
    name: str = attribute("What it is called.")
    description: str = attribute("What there is to say about it; empty when nothing.")
    category: ItemCategory = attribute("What it is to the mill.")
    base_unit: str = attribute("The unit that its quantities are in, such as `kg`.")
    valuation_method: ValuationMethod = attribute("At which cost it goes out.")
    allow_negative: bool = attribute("Whether more may go out than there is; the next receipt settles the difference.")
    reorder_level: Decimal = attribute("At so much or less it is low in a warehouse; at 0 nobody is told.")
    reorder_quantity: Decimal = attribute("How much is usually ordered.")
    lead_time_days: int = attribute("How many days an order takes.")
    weight_kg: Decimal = attribute("What one base unit weighs, in kilograms; 0 for what takes no room.")
    sale_price: Money | None = attribute("What one base unit is sold for when nothing else is said.")
    active: bool = attribute("Whether it can be bought, milled and sold.")
    version: int = attribute("How often it has changed, from 1.")
    created_at: datetime = attribute("When it was made.")
    updated_at: datetime = attribute("When it last changed.")

    units: list[ItemUnit] = relations(
        queries.units_of, "id", "The units that it is also measured in, the smallest first.", size=5
    )
    stock: list[StockLevel] = relations(queries.bins_of_items, "id", "Where it lies, as far as the viewer may see.", size=5)
    last_purchase: LastPurchase | None = relation(
        last_purchases, "id", "What it was bought for last, and from whom; null when it never was."
    )


@node_type(models.Warehouse, queries.warehouses_by_id, "A place where stock lies.")
class Warehouse(Node):
    code: str = attribute("Its code, unique in the mill.")
    name: str = attribute("What it is called.")
    address: str = attribute("Where it is; empty when nobody said.")
    branch_id: ID | None = global_id("Branch", "The branch that it is of; null for the whole mill, whose staff sees all.")
    capacity_kg: Decimal | None = attribute("How much it holds, in kilograms; null when it is never full.", name="capacity")
    alert_percent: int = attribute("From so many percent of its capacity on it warns.")
    active: bool = attribute("Whether goods come in and go out.")
    version: int = attribute("How often it has changed, from 1.")
    created_at: datetime = attribute("When it was opened.")
    updated_at: datetime = attribute("When it last changed.")

    branch: Branch | None = relation(branches_by_id, "branch_id", "The branch that it is of; null for the whole mill.")

    @field(Decimal, "What lies in it now, in kilograms.", shared=True)
    async def used(self, warehouse: Parent[models.Warehouse], info: Info) -> Decimal:
        return await _used(info, warehouse.id)

    @field(
        Decimal | None,
        "How full it is now, in percent with 2 decimals, half-even; null without a capacity.",
        shared=True,
    )
    async def used_percent(self, warehouse: Parent[models.Warehouse], info: Info) -> Decimal | None:
        return used_percent(await _used(info, warehouse.id), warehouse.capacity_kg)

    open_alerts: list[StockAlert] = relations(
        queries.open_alerts_of, "id", "What it warns of now, the newest first.", size=5
    )


@node_type(models.StockBin, queries.bins_by_id, "How much of an item is in a warehouse, and what it is worth.")
class StockLevel(Node):
    item_id: ID = global_id("Item", "The item.")
    warehouse_id: ID = global_id("Warehouse", "The warehouse.")
    on_hand: Decimal = attribute("How much is there.")
    reserved: Decimal = attribute("How much of it is held back for confirmed sales.")
    available: Decimal = attribute("How much of it can go out: what is there, less what is held back.")
    last_at: datetime | None = attribute("When its latest movement took effect.", name="lastMovedAt")

    @field(Money, "What it is worth in the books.", shared=True)
    def value(self, level: Parent[models.StockBin]) -> Amount:
        return Amount(level.value_minor, settings.current().currency)

    item: Item = relation(queries.items_by_id, "item_id", "The item.")
    warehouse: Warehouse = relation(queries.warehouses_by_id, "warehouse_id", "The warehouse.")

    @field(Decimal, "At so much or less it is low here: the warehouse's own level, or the item's.", shared=True)
    async def reorder_level(self, level: Parent[models.StockBin], info: Info) -> Decimal:
        return await _reorder_level(info, level)

    @field(Level, "Whether that is enough.", shared=True)
    async def status(self, level: Parent[models.StockBin], info: Info) -> Level:
        return level_of(level.on_hand, await _reorder_level(info, level))


@node_type(models.Supplier, queries.suppliers_by_id, "Somebody whom the mill buys from.")
class Supplier(Node):
    name: str = attribute("The name, unique among those who are active.")
    phone: str | None = attribute("The telephone number, such as `+254712345678`.")
    email: str | None = attribute("The e-mail address.")
    address: str = attribute("The address; empty when nobody said.")
    tax_number: str = attribute("The number at the tax office; empty when nobody said.")
    payment_days: int = attribute("How many days after a bill it is due.")
    active: bool = attribute("Whether the mill buys there.")
    version: int = attribute("How often it has changed, from 1.")
    created_at: datetime = attribute("When it was written down.")
    updated_at: datetime = attribute("When it last changed.")


@node_type(models.Customer, queries.customers_by_id, "Somebody whom the mill sells to by name.")
class Customer(Node):
    name: str = attribute("The name.")
    phone: str | None = attribute("The telephone number, such as `+254712345678`.")
    email: str | None = attribute("The e-mail address.")
    address: str = attribute("The address; empty when nobody said.")
    tax_number: str = attribute("The number at the tax office; empty when nobody said.")
    user_id: ID | None = global_id("User", "The user whom the customer is registered as.")
    payment_days: int = attribute("How many days after an invoice it is due.")
    credit_limit: Money | None = attribute("How much may be owed at most; null for no limit.")
    active: bool = attribute("Whether the mill sells there.")
    version: int = attribute("How often it has changed, from 1.")
    created_at: datetime = attribute("When it was written down.")
    updated_at: datetime = attribute("When it last changed.")

    user: User | None = relation(people, "user_id", "The user whom the customer is registered as.")


@node_type(models.StockAlert, queries.alerts_by_id, "What somebody should look at. One for each crossing of a level.")
class StockAlert(Node):
    kind: AlertKind = attribute("What it warns of.")
    state: AlertState = attribute("Where it stands.")
    item_id: ID | None = global_id("Item", "The item; null when it is about a warehouse.")
    warehouse_id: ID = global_id("Warehouse", "The warehouse.")
    on_hand: Decimal = attribute("How much was there when it was raised; of a full warehouse, kilograms.")
    threshold: Decimal = attribute("The level that was crossed; of a full warehouse its capacity, in kilograms.")
    used_percent: Decimal | None = attribute("How full the warehouse was, in percent; null when it is about an item.")
    raised_at: datetime = attribute("When the level was crossed.")
    acknowledged_by_id: ID | None = global_id("User", "Who took note of it.")
    acknowledged_at: datetime | None = attribute("When that was.")
    comment: str = attribute("What they said; empty when nothing.")
    resolved_at: datetime | None = attribute("When its cause was gone.")

    @field(Priority, "How much it matters.", shared=True)
    def priority(self, alert: Parent[models.StockAlert]) -> Priority:
        return Priority(alert.priority.value)

    item: Item | None = relation(queries.items_by_id, "item_id", "The item; null when it is about a warehouse.")
    warehouse: Warehouse = relation(queries.warehouses_by_id, "warehouse_id", "The warehouse.")

    @field(str | None, "What the item is called; null when it is about a warehouse.", shared=True)
    async def item_name(self, alert: Parent[models.StockAlert], info: Info) -> str | None:
        return await _name_told(info, alert, "item_name", queries.items_by_id, alert.item_id)

    @field(str, "What the warehouse is called.", shared=True)
    async def warehouse_name(self, alert: Parent[models.StockAlert], info: Info) -> str | None:
        return await _name_told(info, alert, "warehouse_name", queries.warehouses_by_id, alert.warehouse_id)

    acknowledged_by: User | None = relation(people, "acknowledged_by_id", "Who took note of it.")


async def _name_told(info: Info, alert: object, told: str, load: Load[UUID, Any], row_id: UUID | None) -> str | None:
    """A name as the event says it, so that a feed need not look it up; else as it is now."""
    if hasattr(alert, told):
        name: str | None = getattr(alert, told)
        return name
    row = await info.context.load(load, row_id)
    return None if row is None else str(row.name)


async def _used(info: Info, warehouse_id: UUID) -> Decimal:
    found: Decimal | None = await info.context.load(queries.used_kg, warehouse_id)
    return found or Decimal(0)


async def _reorder_level(info: Info, level: models.StockBin) -> Decimal:
    own: Decimal | None = level.reorder_level
    if own is not None:
        return own
    of_item: Decimal = (await info.context.load(queries.items_by_id, level.item_id)).reorder_level
    return of_item
