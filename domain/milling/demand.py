"""What will be wanted of an item: a forecast from what customers and millers took of it in the last days.

Demand of a day is what went out by sales (less what came back on that day) and what was milled or repacked into something
else; transfers, losses and corrections are no demand. The history begins with the item's first movement, but at most
:data:`HISTORY_DAYS` before today, and ends yesterday, for today is not over. Of two simple methods
(:mod:`domain.milling.rules.forecast`) the one is taken that would have foreseen these days better, by its sigma.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.kit import clock
from domain.kit.database import Record, fetch, fetchrow
from domain.kit.errors import InvalidInput
from domain.kit.reading import read_one
from domain.milling import access
from domain.milling.errors import ItemNotFound
from domain.milling.models import Item, Warehouse
from domain.milling.rules.forecast import (
    Forecast,
    ForecastMethod,
    days_of_cover,
    exponential_smoothing,
    moving_average,
    reorder_point,
)
from domain.milling.rules.quantities import to_decimal, to_thousandths

HISTORY_DAYS: Final = 90
WINDOW_DAYS: Final = 28
ALPHA: Final = Decimal("0.2")
SERVICE_LEVEL: Final = 95
HORIZON_DAYS: Final = 30
MAX_HORIZON_DAYS: Final = 365

# What was taken of an item ($1) in a warehouse ($2, or in all of a branch, $3, or anywhere) on each day from $4 to $5.
TAKEN: Final = """
select mill_day_of(m.effective_at) as day,
       coalesce(-sum(p.quantity) filter (where m.kind in ('SALE_DELIVERY', 'SALE_RETURN')), 0) as sold,
       coalesce(-sum(p.quantity) filter (where m.kind in ('PRODUCTION_CONSUME', 'REPACK_OUT')), 0) as consumed
from stock_movement m join stock_posting p on p.movement_id = m.id
where m.item_id = $1 and m.kind in ('SALE_DELIVERY', 'SALE_RETURN', 'PRODUCTION_CONSUME', 'REPACK_OUT')
  and m.effective_at >= $4::timestamp at time zone 'UTC' and m.effective_at < ($5::date + 1)::timestamp at time zone 'UTC'
  and ($2::uuid is null or m.warehouse_id = $2)
  and ($3::uuid is null or m.warehouse_id in (select id from mill_warehouse where branch_id = $3))
group by 1
"""

# What of it can go out there now, what suppliers were asked for, and since when it is known there.
STANDING: Final = """
select coalesce((select sum(b.available) from stock_bin b where b.item_id = $1 and ($2::uuid is null or b.warehouse_id = $2)
                 and ($3::uuid is null or b.warehouse_id in (select id from mill_warehouse where branch_id = $3))), 0)
           as available,
       coalesce((select sum(l.base_quantity) from mill_purchase o join mill_purchase_line l on l.purchase_id = o.id
                 where o.status = 'DRAFT' and l.item_id = $1 and ($2::uuid is null or o.warehouse_id = $2)
                   and ($3::uuid is null or o.branch_id = $3)), 0) as on_order,
       (select mill_day_of(m.effective_at) from stock_movement m join stock_posting p on p.movement_id = m.id
        where m.item_id = $1 and ($2::uuid is null or m.warehouse_id = $2)
          and ($3::uuid is null or m.warehouse_id in (select id from mill_warehouse where branch_id = $3))
        order by m.effective_at, m.seq limit 1) as known_since
"""


@dataclass(frozen=True, slots=True)
class DayDemand:
    """What was taken on a day, in the item's base unit."""

    day: date
    sold: Decimal
    consumed: Decimal

    @property
    def quantity(self) -> Decimal:
        """Never under zero: what came back of earlier sales is no negative demand."""
        return max(self.sold + self.consumed, Decimal(0))


@dataclass(frozen=True, slots=True)
class DemandForecast:
    """The demand of every day to come, how long stock lasts, and when to order how much. Quantities in the base unit.

    ``reorder_point`` covers the days that an order takes and the spread of demand in 95 of 100 such times. ``reorder_on`` is
    the day on which what is available and on order falls to it at this demand; None without demand. The quantity then
    lasts for the horizon, and is at least what is usually ordered.
    """

    item: Item
    warehouse: Warehouse | None
    as_of: date
    horizon_days: int
    method: ForecastMethod
    daily_demand: Decimal
    sigma: Decimal
    horizon_demand: Decimal
    available: Decimal
    on_order: Decimal
    days_of_cover: int | None
    lead_time_days: int
    reorder_point: Decimal
    reorder_on: date | None
    reorder_quantity: Decimal
    history: list[DayDemand]


async def demand_forecast(
    actor: Actor, *, item_id: UUID, warehouse_id: UUID | None = None, horizon_days: int = HORIZON_DAYS
) -> DemandForecast:
    """For a warehouse, or for all that the actor sees together. Refuses with ITEM_NOT_FOUND and WAREHOUSE_NOT_FOUND."""
    actor.require(Permission.MILL_READ)
    if not 1 <= horizon_days <= MAX_HORIZON_DAYS:
        raise InvalidInput(f"a horizon is 1 to {MAX_HORIZON_DAYS} days", field=("horizonDays",))
    item = await read_one(Item.filter(id=item_id))
    if item is None:
        raise ItemNotFound(field=("itemId",))
    warehouse = None
    if warehouse_id is not None:
        warehouse = await access.warehouse_of(actor, warehouse_id, field=("warehouseId",), closed=True)
    place = warehouse_id, actor.branch_scope
    standing = await fetchrow(STANDING, item_id, *place)
    assert standing is not None, "sums of nothing are a row too"
    history = await _history(item_id, place, standing["known_since"])
    return _forecast(item, warehouse, horizon_days, standing, history)


async def _history(item_id: UUID, place: tuple[UUID | None, UUID | None], known_since: date | None) -> list[DayDemand]:
    """Every day of the history, also those on which nothing was taken."""
    yesterday = clock.today() - timedelta(days=1)
    if known_since is None or known_since > yesterday:
        return []
    since = max(known_since, yesterday - timedelta(days=HISTORY_DAYS - 1))
    rows = {row["day"]: row for row in await fetch(TAKEN, item_id, *place, since, yesterday)}
    nothing = {"sold": Decimal(0), "consumed": Decimal(0)}
    days = (since + timedelta(days=ahead) for ahead in range((yesterday - since).days + 1))
    return [DayDemand(day, **{name: rows.get(day, nothing)[name] for name in nothing}) for day in days]


def _forecast(
    item: Item, warehouse: Warehouse | None, horizon_days: int, standing: Record, history: list[DayDemand]
) -> DemandForecast:
    forecast = best_of([to_thousandths(each.quantity) for each in history])
    available = to_thousandths(standing["available"])
    position = available + to_thousandths(standing["on_order"])
    least = reorder_point(forecast, item.lead_time_days, SERVICE_LEVEL)
    horizon_demand = _up(forecast.daily * horizon_days)
    wait = days_of_cover(max(position - least, 0), forecast)
    wanted = 0
    if forecast.daily:
        wanted = max(horizon_demand + max(least - position, 0), to_thousandths(item.reorder_quantity))
    today = clock.today()
    return DemandForecast(
        item=item,
        warehouse=warehouse,
        as_of=today,
        horizon_days=horizon_days,
        method=forecast.method,
        daily_demand=to_decimal(forecast.daily_quantity),
        sigma=to_decimal(forecast.sigma_quantity),
        horizon_demand=to_decimal(horizon_demand),
        available=to_decimal(available),
        on_order=standing["on_order"],
        days_of_cover=days_of_cover(available, forecast),
        lead_time_days=item.lead_time_days,
        reorder_point=to_decimal(least),
        reorder_on=_later(today, wait) if forecast.daily else None,
        reorder_quantity=to_decimal(wanted),
        history=history,
    )


def best_of(history: list[int]) -> Forecast:
    """The moving average, unless smoothing would have erred less in the days that are known."""
    averaged = moving_average(history, WINDOW_DAYS)
    smoothed = exponential_smoothing(history, ALPHA)
    return smoothed if smoothed.sigma < averaged.sigma else averaged


def _later(today: date, days: int | None) -> date | None:
    """None for a day that no calendar has."""
    if days is None or days > (date.max - today).days:
        return None
    return today + timedelta(days=days)


def _up(quantity: Decimal) -> int:
    return int(quantity.to_integral_value(ROUND_CEILING))
