"""From which level on an item is low: everywhere, or in one warehouse."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit.errors import InvalidInput
from domain.kit.unit_of_work import retried, unit_of_work
from domain.milling import access, stock
from domain.milling.events import ShelfLevel
from domain.milling.models import Item, StockBin
from domain.milling.service.desk import measure
from domain.milling.service.items import locked_item, save_item
from domain.milling.states import RecordChange


@retried
async def set_reorder_level(
    actor: Actor, *, item_id: UUID, level: Decimal | None, warehouse_id: UUID | None = None
) -> tuple[Item, StockBin | None]:
    """Set the level of an item, or its level in one warehouse, where None is the item's level again. Alerts follow at once.

    Returns the item, and what of it is in the warehouse that was named. At level 0 nobody is told before nothing is left.
    """
    actor.require(Permission.MILL_MANAGE)
    if level is None and warehouse_id is None:
        raise InvalidInput("an item has a level; 0 tells nobody", field=("input", "level"))
    kept = None if level is None else measure(level, "level")
    async with unit_of_work() as work:
        item = await locked_item(item_id)
        place = None if warehouse_id is None else await access.warehouse_of(actor, warehouse_id)
        before = item.reorder_level if place is None else await _own_level(item.id, place.id)
        if kept != before:
            only = None if place is None else place.id
            await stock.change_reorder_level(work, item_id=item.id, level=kept, warehouse_id=only)
            if place is None:
                assert kept is not None, "an item has a level"
                item.reorder_level = kept
            shelf_level = None if only is None else ShelfLevel(warehouse_id=only, reorder_level=kept)
            await save_item(work, item, RecordChange.EDITED, shelf=shelf_level)
        shelf = None if place is None else await StockBin.get_or_none(item_id=item.id, warehouse_id=place.id)
    return item, shelf


async def _own_level(item_id: UUID, warehouse_id: UUID) -> Decimal | None:
    shelf = await StockBin.get_or_none(item_id=item_id, warehouse_id=warehouse_id)
    return None if shelf is None else shelf.reorder_level
