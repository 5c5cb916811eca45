"""Following items, levels and alerts live. Staff of a branch hear of its warehouses alone."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.events.event import Event, LoggedEvent
from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.milling import access
from domain.milling import events as facts
from domain.milling.events import MILL, item_topic, mill_topic, warehouse_topic
from domain.milling.states import AlertKind
from schema.kit import ID, argument, event_feed, read_id
from schema.milling.catalogue import events as faces
from schema.milling.stock_events import StockMoved, StockReserved, StockRevalued

READ = Permission.MILL_READ

OneItem = Annotated[ID | None, argument("Only this item.")]
OneWarehouse = Annotated[ID | None, argument("Only this warehouse, which the viewer may see.")]

_ALERTS: dict[type[Event], type] = {
    facts.AlertRaised: faces.StockAlertRaised,
    facts.AlertAcknowledged: faces.StockAlertAcknowledged,
    facts.AlertResolved: faces.StockAlertResolved,
}


def _of_items(logged: LoggedEvent) -> bool:
    kind: AlertKind = logged.fact.alert.kind
    return kind is not AlertKind.WAREHOUSE_CAPACITY


async def of_the_mill(actor: Actor, warehouse_id: str | None) -> list[str]:
    """The topics of what happens in one warehouse, or at the branch of the viewer, or everywhere for who sees that."""
    if warehouse_id is not None:
        place = await access.warehouse_of(
            actor, read_id("Warehouse", warehouse_id, "warehouseId"), field=("warehouseId",), closed=True
        )
        return [warehouse_topic(place.id)]
    return [MILL if actor.branch_scope is None else mill_topic(actor.branch_scope)]


@strawberry.type
class Subscription:
    @event_feed(
        "The inventory as it changes: items made and changed, warehouses, and every level that a document moved, revalued "
        "or held back.",
        requires=READ,
        shows={
            facts.ItemChanged: faces.ItemChanged,
            facts.WarehouseChanged: faces.WarehouseChanged,
            facts.StockMoved: StockMoved,
            facts.StockRevalued: StockRevalued,
            facts.StockReserved: StockReserved,
        },
    )
    async def inventory_updated(actor: Actor, item_id: OneItem = None) -> list[str]:
        # Items are the whole mill's; of the rest everybody hears what their branch says, whatever they follow.
        return [MILL] if item_id is None else [item_topic(read_id("Item", item_id, "itemId"))]

    @event_feed(
        "Everything that stock warns of: items that run low or out and warehouses that fill up, when somebody takes note of "
        "it, and when its cause is gone.",
        requires=READ,
        shows=_ALERTS,
    )
    async def stock_alert(actor: Actor, warehouse_id: OneWarehouse = None) -> list[str]:
        return await of_the_mill(actor, warehouse_id)

    @event_feed(
        "Items that run low or out, when somebody takes note of it, and when there is enough again.",
        requires=READ,
        shows=_ALERTS,
        when=_of_items,
    )
    async def low_stock(actor: Actor, warehouse_id: OneWarehouse = None) -> list[str]:
        return await of_the_mill(actor, warehouse_id)
