"""Following stock live: one item, one warehouse, one item in one warehouse, or all that the viewer may see."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.milling import events as facts
from domain.milling.access import warehouse_of
from domain.milling.events import MILL, bin_topic, item_topic, mill_topic, warehouse_topic
from schema.kit import ID, argument, event_feed, read_id, read_optional_id
from schema.milling.stock_events import StockMoved, StockReserved, StockRevalued


@strawberry.type
class Subscription:
    @event_feed(
        "Stock as documents move it, change what it has been worth, or hold it back; in warehouses that the viewer sees.",
        requires=Permission.MILL_READ,
        shows={
            facts.StockMoved: StockMoved,
            facts.StockRevalued: StockRevalued,
            facts.StockReserved: StockReserved,
        },
    )
    async def stock_updated(
        actor: Actor,
        item_id: Annotated[ID | None, argument("Only documents that concern this item.")] = None,
        warehouse_id: Annotated[ID | None, argument("Only in this warehouse, which the viewer may see.")] = None,
    ) -> list[str]:
        found = read_optional_id("Item", item_id, "itemId")
        if warehouse_id is None:
            everywhere = MILL if actor.branch_scope is None else mill_topic(actor.branch_scope)
            return [everywhere if found is None else item_topic(found)]
        named = read_id("Warehouse", warehouse_id, "warehouseId")
        place = await warehouse_of(actor, named, field=("warehouseId",), closed=True)
        return [warehouse_topic(place.id) if found is None else bin_topic(found, place.id)]
