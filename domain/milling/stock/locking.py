"""Locking bins, always in the order of their ids, and what has to be known of a bin to move something there.

Whoever moves stock shares one lock; a back-dated movement takes it alone, because what follows from it may reach any bin.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import asyncpg

from domain.kit.database import Record
from domain.kit.unit_of_work import Work
from domain.milling.rules import BinKey, BinState, ItemRule
from domain.milling.rules.movements import Position
from domain.milling.states import ItemCategory, ValuationMethod

# Lock bins ($1 items, $2 warehouses), making those that goods come into ($3), with all of stock alone ($4) or shared.
LOCK: Final = "select * from stock_bins_locked($1, $2, $3, $4)"

# Even thousands of movements are few of all, and what came lately is at hand: a replay finds its rows by their indexes.
BY_INDEX: Final = "set local random_page_cost = 1.1"

# Whether anything of these bins ($1, $2), of these pools ($3) or returned of these deliveries ($4) is later than a moment.
LATER_THAN: Final = """
select exists (select from unnest($1::uuid[], $2::uuid[]) as wanted (item_id, warehouse_id)
               join stock_bin b using (item_id, warehouse_id) where b.last_at > $5)
    or exists (select from stock_movement m where m.pool_id = any($3::uuid[]) and m.effective_at > $5)
    or exists (select from stock_movement m
               where m.source_id = any($4::uuid[]) and m.kind = 'SALE_RETURN' and m.effective_at > $5)
"""


class StockMovedMeanwhile(asyncpg.SerializationError):
    """A movement that was the newest of its bin a moment ago no longer is; the unit of work is tried again."""


@dataclass(slots=True)
class Bin:
    """A locked bin with its item and its warehouse. Quantities are thousandths; ``level`` is where it is low, 0 for nowhere.

    ``used_kg`` is known where goods come into a warehouse with a capacity; such a warehouse is locked too.
    """

    key: BinKey
    exists: bool
    on_hand: int
    reserved: int
    value: int
    last: Position | None
    version: int
    level: int
    item_name: str
    base_unit: str
    category: ItemCategory
    rule: ItemRule
    weight_kg: Decimal
    item_active: bool
    warehouse_name: str
    warehouse_active: bool
    branch_id: UUID | None
    capacity_kg: Decimal | None
    alert_percent: int
    used_kg: Decimal | None
    _state: dict[str, Any] | None = field(default=None, repr=False)

    @property
    def available(self) -> int:
        return self.on_hand - self.reserved

    @property
    def state(self) -> BinState:
        """As it stands now; a new object each time."""
        return BinState(self.rule.method) if self._state is None else BinState.from_json(self._state)


async def lock_bins(work: Work, keys: Mapping[BinKey, bool], *, alone: bool = False) -> dict[BinKey, Bin]:
    """Lock bins in order; where goods come in (True) a bin that is not there yet is made. A bin that is not there and is
    not made has ``exists`` False; one of an unknown item or warehouse is missing in the answer."""
    rows = await work.fetch(LOCK, [key[0] for key in keys], [key[1] for key in keys], list(keys.values()), alone)
    if alone:
        await work.execute(BY_INDEX)
    return {(row["item_id"], row["warehouse_id"]): _bin(row) for row in rows}


async def later_than(
    work: Work, moment: datetime, bins: Collection[BinKey], pools: Collection[UUID], deliveries: Collection[UUID]
) -> bool:
    """Whether a movement at ``moment`` would come before something whose quantity or cost may follow from it."""
    items, warehouses = [key[0] for key in bins], [key[1] for key in bins]
    later: bool = await work.fetchval(LATER_THAN, items, warehouses, list(pools), list(deliveries), moment)
    return later


def _bin(row: Record) -> Bin:
    return Bin(
        key=(row["item_id"], row["warehouse_id"]),
        exists=row["found"],
        on_hand=row["on_hand"],
        reserved=row["reserved"],
        value=row["value_minor"],
        last=None if row["last_at"] is None else (row["last_at"], row["last_seq"]),
        version=row["version"],
        level=row["level"],
        item_name=row["item_name"],
        base_unit=row["base_unit"],
        category=ItemCategory(row["category"]),
        rule=ItemRule(ValuationMethod(row["valuation_method"]), row["allow_negative"]),
        weight_kg=row["weight_kg"],
        item_active=row["item_active"],
        warehouse_name=row["warehouse_name"],
        warehouse_active=row["warehouse_active"],
        branch_id=row["branch_id"],
        capacity_kg=row["capacity_kg"],
        alert_percent=row["alert_percent"],
        used_kg=row["used_kg"],
        _state=row["state"],
    )
