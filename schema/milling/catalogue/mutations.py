"""Items made and changed, warehouses opened and closed, partners written down, levels set, alerts taken note of."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.permissions import Permission
from domain.milling.service import alerts, items, levels, partners, warehouses
from schema.kit import Answer, Info, Payload, argument, attribute, mutation, payload_type, read_id, read_optional_id
from schema.milling.catalogue.inputs import (
    AcknowledgeAlertInput,
    CreateItemInput,
    OpenWarehouseInput,
    SetItemUnitInput,
    SetReorderLevelInput,
    UpdateItemInput,
    UpdateWarehouseInput,
    UpsertCustomerInput,
    UpsertSupplierInput,
)
from schema.milling.catalogue.types import Customer, Item, StockAlert, StockLevel, Supplier, Warehouse

MANAGE = Permission.MILL_MANAGE


@payload_type("What came of an act on an item.")
class ItemPayload(Payload):
    item: Item | None = attribute("The item as it is now.")


@payload_type("What came of saying at how much an item is low.")
class SetReorderLevelPayload(Payload):
    item: Item | None = attribute("The item as it is now.")
    stock_level: StockLevel | None = attribute("The item in the warehouse that was named; null when none was.")


@payload_type("What came of an act on a warehouse.")
class WarehousePayload(Payload):
    warehouse: Warehouse | None = attribute("The warehouse as it is now.")


@payload_type("What came of writing a supplier down.")
class UpsertSupplierPayload(Payload):
    supplier: Supplier | None = attribute("The supplier as it is now.")
    created: bool | None = attribute("Whether it is a new one.")


@payload_type("What came of writing a customer down.")
class UpsertCustomerPayload(Payload):
    customer: Customer | None = attribute("The customer as it is now.")
    created: bool | None = attribute("Whether it is a new one.")


@payload_type("What came of taking note of alerts.")
class AcknowledgeAlertPayload(Payload):
    alerts: list[StockAlert] | None = attribute("The alerts as they are now, in the order in which they were named.")


@strawberry.type
class Mutation:
    @mutation(
        ItemPayload,
        "Make an item. Purchases, productions and receipts make those that they bring, too.",
        requires=MANAGE,
    )
    async def create_item(self, info: Info, input: Annotated[CreateItemInput, argument("The item.")]) -> Answer:
        return Answer(item=await items.create_item(info.context.actor, item=input.parse("input")))

    @mutation(
        ItemPayload,
        "Change an item, lay it aside or take it up again. What stock has moved by stays, and so does its code.",
        requires=MANAGE,
    )
    async def update_item(self, info: Info, input: Annotated[UpdateItemInput, argument("What changes.")]) -> Answer:
        item = await items.update_item(
            info.context.actor,
            item_id=read_id("Item", input.item_id, "input", "itemId"),
            changes=input.changes(),
            expected_version=input.expected_version,
        )
        return Answer(item=item)

    @mutation(ItemPayload, "Measure an item in one more unit, or in one no more.", requires=MANAGE)
    async def set_item_unit(self, info: Info, input: Annotated[SetItemUnitInput, argument("Which unit.")]) -> Answer:
        item = await items.set_item_unit(
            info.context.actor,
            item_id=read_id("Item", input.item_id, "input", "itemId"),
            unit_name=input.unit,
            factor=input.factor,
        )
        return Answer(item=item)

    @mutation(
        SetReorderLevelPayload,
        "Say at how much an item is low, everywhere or in one warehouse. Alerts follow at once.",
        requires=MANAGE,
    )
    async def set_reorder_level(
        self, info: Info, input: Annotated[SetReorderLevelInput, argument("Which level.")]
    ) -> Answer:
        actor, item_id = info.context.actor, read_id("Item", input.item_id, "input", "itemId")
        warehouse_id = read_optional_id("Warehouse", input.warehouse_id, "input", "warehouseId")
        item, stock_level = await levels.set_reorder_level(
            actor, item_id=item_id, warehouse_id=warehouse_id, level=input.level
        )
        return Answer(item=item, stock_level=stock_level)

    @mutation(WarehousePayload, "Open a warehouse.", requires=MANAGE)
    async def open_warehouse(self, info: Info, input: Annotated[OpenWarehouseInput, argument("The warehouse.")]) -> Answer:
        return Answer(warehouse=await warehouses.open_warehouse(info.context.actor, warehouse=input.parse()))

    @mutation(
        WarehousePayload,
        "Change a warehouse, close an empty one or open it again. Its code and its branch stay.",
        requires=MANAGE,
    )
    async def update_warehouse(
        self, info: Info, input: Annotated[UpdateWarehouseInput, argument("What changes.")]
    ) -> Answer:
        warehouse = await warehouses.update_warehouse(
            info.context.actor,
            warehouse_id=read_id("Warehouse", input.warehouse_id, "input", "warehouseId"),
            changes=input.changes(),
            expected_version=input.expected_version,
        )
        return Answer(warehouse=warehouse)

    @mutation(UpsertSupplierPayload, "Write a supplier down, or change one.", requires=MANAGE)
    async def upsert_supplier(self, info: Info, input: Annotated[UpsertSupplierInput, argument("The supplier.")]) -> Answer:
        kept = await partners.upsert_supplier(
            info.context.actor,
            supplier_id=read_optional_id("Supplier", input.supplier_id, "input", "supplierId"),
            said=input.said(),
            expected_version=input.expected_version,
        )
        return Answer(supplier=kept.partner, created=kept.created)

    @mutation(UpsertCustomerPayload, "Write a customer down, or change one.", requires=MANAGE)
    async def upsert_customer(self, info: Info, input: Annotated[UpsertCustomerInput, argument("The customer.")]) -> Answer:
        kept = await partners.upsert_customer(
            info.context.actor,
            customer_id=read_optional_id("Customer", input.customer_id, "input", "customerId"),
            said=input.said(),
            expected_version=input.expected_version,
        )
        return Answer(customer=kept.partner, created=kept.created)

    @mutation(
        AcknowledgeAlertPayload,
        "Take note of alerts, all of them or none. They stay until their cause is gone.",
        requires=Permission.STOCK_KEEP,
    )
    async def acknowledge_alert(
        self, info: Info, input: Annotated[AcknowledgeAlertInput, argument("Which alerts.")]
    ) -> Answer:
        found = [read_id("StockAlert", each, "input", "alertIds", str(i)) for i, each in enumerate(input.alert_ids)]
        noted = await alerts.acknowledge_alerts(info.context.actor, alert_ids=found, comment=input.comment)
        return Answer(alerts=noted)
