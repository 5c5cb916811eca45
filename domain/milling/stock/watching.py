"""Looking at levels again: after something else than goods has changed them, and every minute in case an alert was missed.

A bin or a warehouse that is given up warns of nothing, and neither does a bin in which nothing has ever moved.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from domain.kit.unit_of_work import Work
from domain.milling.rules import BinKey
from domain.milling.rules.levels import ALERT_OF, PRIORITY_OF, capacity_priority, level_of
from domain.milling.states import AlertKind, AlertPriority
from domain.milling.stock.alerts import About, Alarm, change, full
from domain.milling.stock.documents import quantity_of
from domain.milling.stock.locking import Bin, lock_bins

# Bins whose alert is not the one that their level asks for, at most $1 of them.
MISTAKEN_BINS: Final = """
select b.item_id, b.warehouse_id
from stock_bin b join mill_item i on i.id = b.item_id join mill_warehouse w on w.id = b.warehouse_id
left join stock_alert a on a.item_id = b.item_id and a.warehouse_id = b.warehouse_id and a.state <> 'RESOLVED'
where a.kind is distinct from case
    when b.last_at is null or not i.active or not w.active then null
    when b.on_hand <= 0 then 'OUT_OF_STOCK'
    when b.on_hand <= coalesce(b.reorder_level, i.reorder_level) then 'LOW_STOCK' end
order by b.item_id, b.warehouse_id limit $1
"""

# Warehouses whose alert is not the one that their goods ask for, at most $1 of them.
MISTAKEN_WAREHOUSES: Final = """
select w.id from mill_warehouse w
left join stock_alert a on a.warehouse_id = w.id and a.item_id is null and a.state <> 'RESOLVED'
where a.priority is distinct from case
    when w.capacity_kg is null or not w.active then null
    when stock_kg_in(w.id) >= w.capacity_kg then 'CRITICAL'
    when stock_kg_in(w.id) * 100 >= w.capacity_kg * w.alert_percent then 'HIGH' end
order by w.id limit $1
"""

BINS_OF_ITEM: Final = "select item_id, warehouse_id from stock_bin where item_id = $1"
BINS_OF_WAREHOUSE: Final = "select item_id, warehouse_id from stock_bin where warehouse_id = $1"
WAREHOUSES_OF_ITEM: Final = """
select w.id from mill_warehouse w
where w.capacity_kg is not null and w.id in (select warehouse_id from stock_bin where item_id = $1)
"""
STANDING_OF_BINS: Final = """
select a.item_id, a.warehouse_id, a.kind
from stock_alert a join unnest($1::uuid[], $2::uuid[]) as b (item_id, warehouse_id) using (item_id, warehouse_id)
where a.state <> 'RESOLVED'
"""
WAREHOUSES_LOCKED: Final = """
select id, name, branch_id, capacity_kg, alert_percent, active from mill_warehouse
where id = any($1::uuid[]) order by id for no key update
"""
FULL_NOW: Final = """
select w.id, stock_kg_in(w.id) as used_kg,
       (select a.priority from stock_alert a where a.warehouse_id = w.id and a.item_id is null and a.state <> 'RESOLVED')
from mill_warehouse w where w.id = any($1::uuid[])
"""


async def stand_still(work: Work) -> None:
    """Nothing moves until the unit of work ends: for what must not change while something lies or moves somewhere."""
    await lock_bins(work, {}, alone=True)


async def step_in(work: Work) -> None:
    """Nothing of the past changes until the unit of work ends: for whoever locks a row first that follows from the past."""
    await lock_bins(work, {})


async def look_at_item(work: Work, item_id: UUID) -> None:
    """An item was given up or taken up again, or weighs something else."""
    keys = [(row["item_id"], row["warehouse_id"]) for row in await work.fetch(BINS_OF_ITEM, item_id)]
    warehouses = [row["id"] for row in await work.fetch(WAREHOUSES_OF_ITEM, item_id)]
    await look_again(work, keys, warehouses)


async def look_at_warehouse(work: Work, warehouse_id: UUID) -> None:
    """A warehouse was closed or opened again, or holds more or less than it did."""
    keys = [(row["item_id"], row["warehouse_id"]) for row in await work.fetch(BINS_OF_WAREHOUSE, warehouse_id)]
    await look_again(work, keys, [warehouse_id])


async def look_again(work: Work, bins: Collection[BinKey], warehouses: Collection[UUID]) -> int:
    """Raise what ought to stand about these and does not, resolve what ought not; returns about how many that was."""
    changes: dict[About, Alarm | None] = {}
    if bins:
        locked = await lock_bins(work, dict.fromkeys(bins, False))
        changes |= _of_bins(locked, await _standing(work, locked))
    if warehouses:
        changes |= await _of_warehouses(work, warehouses)
    await change(work, changes)
    return len(changes)


async def _standing(work: Work, bins: Collection[BinKey]) -> dict[BinKey, AlertKind]:
    rows = await work.fetch(STANDING_OF_BINS, [key[0] for key in bins], [key[1] for key in bins])
    return {(row["item_id"], row["warehouse_id"]): AlertKind(row["kind"]) for row in rows}


def _of_bins(bins: Mapping[BinKey, Bin], standing: Mapping[BinKey, AlertKind]) -> dict[About, Alarm | None]:
    changes: dict[About, Alarm | None] = {}
    for key, here in bins.items():
        watched = here.last is not None and here.item_active and here.warehouse_active
        wanted = ALERT_OF[level_of(here.on_hand, here.level)] if watched else None
        if wanted is not standing.get(key):
            on_hand, level = quantity_of(here.on_hand), quantity_of(here.level)
            changes[About.bin(here)] = None if wanted is None else Alarm(wanted, PRIORITY_OF[wanted], on_hand, level)
    return changes


async def _of_warehouses(work: Work, warehouse_ids: Collection[UUID]) -> dict[About, Alarm | None]:
    places = {row["id"]: row for row in await work.fetch(WAREHOUSES_LOCKED, list(warehouse_ids))}
    changes: dict[About, Alarm | None] = {}
    for row in await work.fetch(FULL_NOW, list(places)):
        place = places[row["id"]]
        capacity_kg = place["capacity_kg"] if place["active"] else None
        priority = capacity_priority(row["used_kg"], capacity_kg, place["alert_percent"])
        if priority is not (row["priority"] and AlertPriority(row["priority"])):
            about = About(None, None, None, place["id"], place["name"], place["branch_id"])
            changes[about] = None if priority is None else full(capacity_kg, priority, row["used_kg"])
    return changes
