"""The flow of a sale as the mill described it: availability, deduction, the low stock, the notices, the dashboard."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from domain.events.listeners import catch_up, listener
from domain.identity.actor import Actor
from domain.identity.permissions import Role
from tests.support.graphql import ask, do, encode_id, run
from tests.support.happenings import assert_integrity, events_so_far
from tests.support.milling import in_stock, q
from tests.support.operations import operation
from tests.support.people import a_user, actor_for
from tests.support.sales import Shop, a_shop
from tests.support.stock_operations import op, worth

pytestmark = pytest.mark.usefixtures("database")


async def employed(shop: Shop, role: Role) -> Actor:
    return await actor_for(await a_user(role, name=role.value.title(), branch_id=shop.branch.id))


async def read(somebody: Actor, path: str, field: str) -> Any:
    """One root field of an operation that has several."""
    result = await run(somebody, operation(path))
    assert result.errors == []
    return orjson.loads(result.to_bytes())["data"][field]


async def told(somebody: Actor) -> set[str]:
    """The types of what somebody was notified of."""
    await events_so_far()
    await catch_up(listener("notifications"))
    return {each["type"] for each in (await read(somebody, "notifications/Notifications", "notifications"))["nodes"]}


async def test_the_five_steps() -> None:
    shop = await a_shop(flour=120, reorder_level=q(50))
    clerk, keeper, cashier = [await employed(shop, each) for each in (Role.SALES_CLERK, Role.STOREKEEPER, Role.CASHIER)]
    flour, store = encode_id("Item", shop.flour.id), encode_id("Warehouse", shop.warehouse.id)
    wanted = {"itemId": flour, "warehouseId": store, "quantity": "80"}

    # 1. Stock availability is checked.
    found = await ask(clerk, op("StockAvailability"), **wanted)
    assert (found["available"], found["enough"]) == ("120", True)

    # 2. The inventory is updated by the sale itself.
    line = {"itemId": flour, "quantity": "80"}
    await do(clerk, op("CreateSale"), input={"warehouseId": store, "lines": [line]})
    assert await in_stock(shop.flour, shop.warehouse) == (40, 1_600_00)
    assert (await ask(clerk, op("StockAvailability"), **wanted))["enough"] is False

    # 3. The low stock is noticed.
    [alert] = (await ask(keeper, op("StockAlerts"), filter={"states": ["OPEN"]}))["nodes"]
    assert (alert["kind"], alert["priority"], alert["onHand"]) == ("LOW_STOCK", "HIGH", "40")

    # 4. Those whom it concerns are told, and whoever sold it knows.
    assert await told(keeper) == {"LOW_STOCK", "SALE_COMPLETED"}
    assert await told(cashier) == {"SALE_COMPLETED"}
    assert await told(clerk) == set()

    # 5. The dashboard counts it.
    board = await read(shop.manager, "milling/MillDashboard", "millDashboard")
    assert board["salesRevenue"]["today"]["revenue"] == worth("4,800.00")
    assert board["inventory"]["low"] == 1
    await assert_integrity()
