"""What lies in the mill, where, what moves, and what somebody should look at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from domain.kit.database import Record, fetch
from domain.kit.money import Money
from domain.kit.reading import read
from domain.milling.days import MONTH_DAYS, MOVEMENTS, DaySums, kilograms, last_days, spans, sum_of
from domain.milling.models import StockAlert, StockBin, Warehouse
from domain.milling.rules.levels import used_percent
from domain.milling.states import AlertPriority, AlertState, ItemCategory, MovementKind

SHORT_LIST: Final = 10

# Bins of a branch ($1, or of all) by warehouse and category. What is owed (under zero) takes no room. An item that is not
# kept any more is not missed.
BINS: Final = """
select b.warehouse_id, i.category, count(*) filter (where b.on_hand <> 0) as items, sum(b.value_minor)::bigint as value,
       sum(greatest(b.on_hand, 0) * i.weight_kg) as kg,
       count(*) filter (where i.active and b.on_hand <= 0) as out,
       count(*) filter (where i.active and b.on_hand > 0 and b.on_hand <= coalesce(b.reorder_level, i.reorder_level)) as low
from stock_bin b join mill_item i on i.id = b.item_id
where $1::uuid is null or b.warehouse_id in (select id from mill_warehouse where branch_id = $1)
group by 1, 2
"""

ITEMS: Final = "select category, count(*) as items from mill_item where active group by 1"

# The bins of a branch ($1, or of all) that are out or low, the emptiest first, $2 of them.
LOWEST: Final = """
select b.id from stock_bin b join mill_item i on i.id = b.item_id
where i.active and (b.on_hand <= 0 or b.on_hand <= coalesce(b.reorder_level, i.reorder_level))
  and ($1::uuid is null or b.warehouse_id in (select id from mill_warehouse where branch_id = $1))
order by b.on_hand > 0, b.on_hand / greatest(coalesce(b.reorder_level, i.reorder_level), 0.001), b.item_id, b.warehouse_id
limit $2
"""

ALERTS: Final = """
select priority, count(*) as alerts, count(*) filter (where state = 'OPEN') as unseen from stock_alert
where state <> 'RESOLVED' and ($1::uuid is null or branch_id = $1) group by 1
"""


@dataclass(frozen=True, slots=True)
class CategoryStock:
    """The items of one category: how many are kept, what lies of them, and what it is worth."""

    category: ItemCategory
    items: int
    kilograms: Decimal
    value: Money


@dataclass(frozen=True, slots=True)
class InventoryBoard:
    """What is kept and what lies there. ``low`` and ``out`` count items in warehouses; ``lowest`` are the emptiest."""

    items: int
    stock_value: Money
    kilograms: Decimal
    low: int
    out: int
    by_category: list[CategoryStock]
    lowest: list[StockBin]


@dataclass(frozen=True, slots=True)
class WarehouseStock:
    """One warehouse: what lies in it. Without a capacity it is never full, and ``used_percent`` is None."""

    warehouse: Warehouse
    items: int
    used_kg: Decimal
    value: Money
    low: int
    out: int

    @property
    def used_percent(self) -> Decimal | None:
        return used_percent(self.used_kg, self.warehouse.capacity_kg)


@dataclass(frozen=True, slots=True)
class WarehouseBoard:
    """All warehouses together and one by one, by their names."""

    warehouses: int
    capacity_kg: Decimal
    used_kg: Decimal
    value: Money
    by_warehouse: list[WarehouseStock]


@dataclass(frozen=True, slots=True)
class KindFlow:
    """Movements of one kind, those that brought something in or those that took something out."""

    kind: MovementKind
    incoming: bool
    movements: int
    kilograms: Decimal
    value: Money


@dataclass(frozen=True, slots=True)
class StockFlow:
    """What came in and went out from one day to another; transfers do both."""

    since: date
    until: date
    movements: int
    received_kg: Decimal
    received_value: Money
    issued_kg: Decimal
    issued_value: Money
    by_kind: list[KindFlow]


@dataclass(frozen=True, slots=True)
class FlowBoard:
    """Movements of today, of the last 7 and 30 days, and day by day."""

    today: StockFlow
    last_7_days: StockFlow
    last_30_days: StockFlow
    by_day: list[StockFlow]


@dataclass(frozen=True, slots=True)
class PriorityCount:
    """Alerts of one priority that stand; of ``unseen`` nobody has taken note."""

    priority: AlertPriority
    alerts: int
    unseen: int


@dataclass(frozen=True, slots=True)
class AlertBoard:
    """Alerts that stand, and the newest of them."""

    open_alerts: int
    unseen: int
    by_priority: list[PriorityCount]
    latest: list[StockAlert]


async def bins_of(scope: UUID | None) -> list[Record]:
    """Sums of bins by warehouse and category, which :func:`inventory` and :func:`warehouses` both read."""
    return await fetch(BINS, scope)


async def inventory(scope: UUID | None, bins: Iterable[Record], currency: str) -> InventoryBoard:
    bins = list(bins)
    kept = {row["category"]: row["items"] for row in await fetch(ITEMS)}
    lowest = [row["id"] for row in await fetch(LOWEST, scope, SHORT_LIST)]
    rows = {row.id: row for row in await read(StockBin.filter(id__in=lowest))} if lowest else {}
    by_category = []
    for category in ItemCategory:
        own = [row for row in bins if row["category"] == category.value]
        kg, value = sum((row["kg"] for row in own), Decimal(0)), sum(row["value"] for row in own)
        by_category.append(CategoryStock(category, kept.get(category.value, 0), kilograms(kg), Money(value, currency)))
    return InventoryBoard(
        items=sum(each.items for each in by_category),
        stock_value=Money(sum(row["value"] for row in bins), currency),
        kilograms=sum((each.kilograms for each in by_category), Decimal(0)),
        low=sum(row["low"] for row in bins),
        out=sum(row["out"] for row in bins),
        by_category=by_category,
        lowest=[rows[bin_id] for bin_id in lowest if bin_id in rows],
    )


async def warehouses(scope: UUID | None, bins: Iterable[Record], currency: str) -> WarehouseBoard:
    bins = list(bins)
    found = Warehouse.all() if scope is None else Warehouse.filter(branch_id=scope)
    stocks = []
    for warehouse in await read(found.filter(active=True).order_by("name", "id")):
        own = [row for row in bins if row["warehouse_id"] == warehouse.id]
        stocks.append(
            WarehouseStock(
                warehouse=warehouse,
                items=sum(row["items"] for row in own),
                used_kg=kilograms(sum((row["kg"] for row in own), Decimal(0))),
                value=Money(sum(row["value"] for row in own), currency),
                low=sum(row["low"] for row in own),
                out=sum(row["out"] for row in own),
            )
        )
    return WarehouseBoard(
        warehouses=len(stocks),
        capacity_kg=sum((each.warehouse.capacity_kg or Decimal(0) for each in stocks), Decimal(0)),
        used_kg=sum((each.used_kg for each in stocks), Decimal(0)),
        value=Money(sum(each.value.amount_minor for each in stocks), currency),
        by_warehouse=stocks,
    )


def flows(sums: DaySums) -> FlowBoard:
    """What moved, out of sums of all kinds of movements."""
    today, week, month = (_flow(sums, days) for days in spans(sums.today))
    return FlowBoard(today, week, month, [_flow(sums, [day]) for day in last_days(sums.today, MONTH_DAYS)])


def _flow(sums: DaySums, days: list[date]) -> StockFlow:
    moved = {(kind, incoming): sums.of(kind, days, incoming=incoming) for kind in MOVEMENTS for incoming in (True, False)}
    by_kind = [
        KindFlow(MovementKind(kind), incoming, found.count, kilograms(found.quantity), sums.money(found.amount))
        for (kind, incoming), found in moved.items()
        if found.count
    ]
    received, issued = (sum_of(moved[kind, incoming] for kind in MOVEMENTS) for incoming in (True, False))
    return StockFlow(
        since=days[0],
        until=days[-1],
        movements=received.count + issued.count,
        received_kg=kilograms(received.quantity),
        received_value=sums.money(received.amount),
        issued_kg=kilograms(issued.quantity),
        issued_value=sums.money(issued.amount),
        by_kind=by_kind,
    )


async def alerts(scope: UUID | None) -> AlertBoard:
    rows = {row["priority"]: row for row in await fetch(ALERTS, scope)}
    standing = StockAlert.all() if scope is None else StockAlert.filter(branch_id=scope)
    latest = standing.filter(state__in=[AlertState.OPEN, AlertState.ACKNOWLEDGED]).order_by("-raised_at", "-id")
    by_priority = [
        PriorityCount(priority, rows[priority.value]["alerts"], rows[priority.value]["unseen"])
        if priority.value in rows
        else PriorityCount(priority, 0, 0)
        for priority in AlertPriority
    ]
    return AlertBoard(
        open_alerts=sum(each.alerts for each in by_priority),
        unseen=sum(each.unseen for each in by_priority),
        by_priority=by_priority,
        latest=await read(latest.limit(SHORT_LIST)) if rows else [],
    )
