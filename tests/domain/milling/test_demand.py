"""The forecast of demand: from which days it is made, and what it says of stock and orders."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.errors import Forbidden, InvalidInput
from domain.kit.ids import new_id
from domain.milling.demand import HISTORY_DAYS, DemandForecast, best_of, demand_forecast
from domain.milling.errors import ItemNotFound, WarehouseNotFound
from domain.milling.models import Item, Warehouse
from domain.milling.rules.forecast import ForecastMethod
from tests.support import milled, purchases, sales
from tests.support.milling import a_warehouse, an_item, issue, q, stocked, take_back, transfer
from tests.support.people import somebody
from tests.support.purchases import DRAFT, ordered

pytestmark = pytest.mark.usefixtures("database")

TODAY = date(2026, 6, 30)
MANAGER = somebody(Role.MILL_MANAGER, name="Mary Miller")


def morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=UTC)


def days_ago(count: int) -> datetime:
    return morning(TODAY - timedelta(days=count))


async def forecast(item: Item, warehouse: Warehouse | None = None, horizon_days: int = 30) -> DemandForecast:
    with clock.clock_set_to(morning(TODAY)):
        return await demand_forecast(
            MANAGER, item_id=item.id, warehouse_id=warehouse and warehouse.id, horizon_days=horizon_days
        )


async def sold_daily(item: Item, place: Warehouse, quantity: int, *, days: int) -> None:
    for count in range(days, 0, -1):
        with clock.clock_set_to(days_ago(count)):
            await issue(item, place, quantity)


async def test_a_steady_item_lasts_and_is_ordered_in_time() -> None:
    """10 a day, 200 left, an order takes 5 days: there is time until 50 are left, in 15 days."""
    item, place = await an_item(lead_time_days=5), await a_warehouse()
    with clock.clock_set_to(days_ago(30)):
        await stocked(item, place, 500)
    await sold_daily(item, place, 10, days=30)
    found = await forecast(item)
    assert (len(found.history), found.history[0].day, found.history[-1].day) == (30, date(2026, 5, 31), date(2026, 6, 29))
    assert {(each.sold, each.consumed, each.quantity) for each in found.history} == {(10, 0, 10)}
    assert (found.daily_demand, found.sigma, found.horizon_demand) == (10, 0, 300)
    assert (found.available, found.on_order, found.days_of_cover) == (200, 0, 20)
    assert (found.reorder_point, found.reorder_on, found.reorder_quantity) == (50, date(2026, 7, 15), 300)
    assert (await forecast(item, place, horizon_days=7)).reorder_quantity == 70


async def test_what_is_on_order_puts_the_next_order_off() -> None:
    mill = await purchases.a_mill()
    item = await an_item(lead_time_days=5, reorder_quantity=q(1_000))
    with clock.clock_set_to(days_ago(10)):
        await stocked(item, mill.warehouse, 130)
    await sold_daily(item, mill.warehouse, 10, days=10)
    assert ((await forecast(item)).available, (await forecast(item)).reorder_on) == (30, TODAY), "it is late already"
    await purchases.a_purchase(mill, ordered(item, 60, 1), up_to=DRAFT)
    found = await forecast(item)
    assert (found.on_order, found.days_of_cover, found.reorder_on) == (60, 3, date(2026, 7, 4))
    assert found.reorder_quantity == 1_000, "what is usually ordered"
    assert (await forecast(item, await a_warehouse())).on_order == 0


async def test_demand_is_what_customers_and_millers_take() -> None:
    """Not what is moved to another warehouse, and less what customers bring back on the day."""
    item, place, other = await an_item(), await a_warehouse(), await a_warehouse()
    with clock.clock_set_to(days_ago(3)):
        await stocked(item, place, 100)
        await take_back(await issue(item, place, 9), 4)
        await transfer(item, place, other, 20)
    with clock.clock_set_to(days_ago(2)):
        await issue(item, other, 6)
    found = await forecast(item)
    assert [(each.sold, each.quantity) for each in found.history] == [(5, 5), (6, 6), (0, 0)]
    assert [each.quantity for each in (await forecast(item, place)).history] == [5, 0, 0]
    mill = await milled.a_mill()
    await milled.a_production(mill)
    with clock.clock_set_to(clock.now() + timedelta(days=1)):
        wheat = await demand_forecast(MANAGER, item_id=mill.wheat.id)
        assert [(each.sold, each.consumed) for each in wheat.history] == [(0, 100)]


async def test_without_a_past_nothing_is_wanted() -> None:
    item = await an_item()
    found = await forecast(item)
    assert (found.history, found.daily_demand, found.sigma) == ([], 0, 0)
    assert (found.days_of_cover, found.reorder_on, found.reorder_quantity) == (0, None, 0)
    with clock.clock_set_to(days_ago(400)):
        await stocked(item, await a_warehouse(), 7)
    found = await forecast(item)
    assert (len(found.history), found.available, found.days_of_cover) == (HISTORY_DAYS, 7, None), "it lasts for ever"


def test_the_method_is_the_one_that_would_have_erred_less() -> None:
    steady = best_of([10] * 40)
    assert (steady.method, steady.daily) == (ForecastMethod.MOVING_AVERAGE, 10), "of equals the simpler"
    jumped = best_of([0] * 45 + [100] * 45)
    assert (jumped.method, jumped.daily > Decimal("99")) == (ForecastMethod.EXPONENTIAL_SMOOTHING, True)


async def test_who_may_ask_and_what_for() -> None:
    here, there = await sales.a_shop(), await sales.a_shop(flour=500)
    await stocked(here.flour, there.warehouse, 300)
    assert (await demand_forecast(here.clerk, item_id=here.flour.id)).available == 1_000, "what is at the own branch"
    assert (await demand_forecast(here.manager, item_id=here.flour.id)).available == 1_300
    with pytest.raises(WarehouseNotFound):
        await demand_forecast(here.clerk, item_id=here.flour.id, warehouse_id=there.warehouse.id)
    with pytest.raises(ItemNotFound):
        await demand_forecast(here.clerk, item_id=new_id())
    for horizon in (0, -1, 366):
        with pytest.raises(InvalidInput):
            await demand_forecast(here.clerk, item_id=here.flour.id, horizon_days=horizon)
    with pytest.raises(Forbidden):
        await demand_forecast(somebody(Role.SELLER, name="Sita"), item_id=here.flour.id)
