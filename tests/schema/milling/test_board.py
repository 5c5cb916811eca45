"""The mill at a glance in the API, whole, by module and as a forecast: anonymous, empty, valid, someone else's."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.identity.actor import ANONYMOUS
from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.ids import new_id
from domain.milling.dashboards import ActivityKind
from domain.milling.service.sales import cancel_sale
from domain.milling.states import SaleStatus
from domain.notifications.models import Inbox
from schema.kit.nodes import every_node_kind
from schema.milling.board.types import NODE_OF
from tests.support.graphql import ask, ask_refused, encode_id, feed_refused, refused_to_strangers
from tests.support.milling import q
from tests.support.operations import operation, shown, state_shown
from tests.support.people import an_actor, somebody
from tests.support.purchases import a_mill, a_purchase
from tests.support.sales import CASH, a_sale, a_shop, flour
from tests.support.statements import statements

pytestmark = pytest.mark.usefixtures("database")

MODULES = {
    "INVENTORY": "inventory",
    "STOCK": "stockMovements",
    "PRODUCTION": "production",
    "SALES": "salesRevenue",
    "PURCHASES": "purchases",
    "WAREHOUSE": "warehouses",
}


def op(name: str) -> str:
    """A canonical operation, without the cursor that live pages read first."""
    return operation(f"milling/{name}").replace("  asOf\n}", "}")


BOARD, MODULE, FORECAST = op("MillDashboard"), op("DashboardModule"), op("DemandForecast")
FEEDS = (op("MillDashboardUpdated"), op("DashboardRefresh"))


async def test_the_dashboard_from_nothing_to_something() -> None:
    await refused_to_strangers(BOARD)
    manager = somebody(Role.MILL_MANAGER, name="Mary Miller")
    empty = await ask(manager, BOARD)
    assert (empty["inventory"]["items"], empty["salesRevenue"]["today"]["sales"], empty["recentActivities"]) == (0, 0, [])
    assert empty["salesRevenue"]["today"]["grossMarginPercent"] is None
    assert empty["notifications"]["unread"] == empty["notifications"]["openAlerts"] == 0
    assert empty["connection"]["connected"] is False, "nothing is delivered in this test"
    shop = await a_shop(reorder_level=q(995))
    await a_sale(shop, flour(shop, 10), paid=CASH)
    found = await ask(shop.manager, BOARD)
    assert found["inventory"]["stockValue"] == shown("39,600.00")
    assert [each["item"]["name"] for each in found["inventory"]["lowest"]] == ["Maize flour"]
    today = found["salesRevenue"]["today"]
    assert (today["revenue"], today["cost"], today["grossMarginPercent"]) == (shown("600.00"), shown("400.00"), "33.33")
    assert [each["item"]["id"] for each in found["salesRevenue"]["topItems"]] == [encode_id("Item", shop.flour.id)]
    assert found["stockMovements"]["byDay"][-1]["issuedKg"] == "10.000"
    [place] = found["warehouses"]["byWarehouse"]
    assert (place["warehouse"]["name"], place["used"], place["usedPercent"]) == ("Mill store", "990.000", None)
    by_priority = {each["priority"]: each["alerts"] for each in found["notifications"]["byPriority"]}
    assert by_priority == {"CRITICAL": 0, "HIGH": 1, "MEDIUM": 0, "LOW": 0}
    assert [each["kind"] for each in found["notifications"]["latest"]] == ["LOW_STOCK"]
    activities = {each["kind"]: each for each in found["recentActivities"]}
    assert (activities["SALE"]["status"], activities["SALE"]["amount"]) == ("PAID", shown("600.00"))
    assert {"SALE", "PAYMENT", "ALERT"} <= activities.keys()


async def test_what_happened_can_be_looked_up() -> None:
    """Every activity leads to its object, whatever it is."""
    kinds = {kind.name for kind in every_node_kind()}
    assert set(NODE_OF) == set(ActivityKind)
    assert set(NODE_OF.values()) <= kinds
    shop = await a_shop()
    sale = await a_sale(shop)
    await cancel_sale(shop.manager, sale_id=sale.id, reason="A mistake")
    [found] = [each for each in (await ask(shop.manager, BOARD))["recentActivities"] if each["kind"] == "SALE"]
    assert (found["status"], found["number"]) == ("CANCELLED", sale.number)
    node = await ask(shop.manager, "query ($id: ID!) { node(id: $id) { id __typename } }", id=found["subjectId"])
    assert node == {"id": encode_id("Sale", sale.id), "__typename": "Sale"}


async def test_a_module_is_the_same_part_of_the_whole() -> None:
    shop = await a_shop()
    await a_sale(shop)
    await refused_to_strangers(MODULE, module="SALES")
    assert await ask_refused(shop.manager, MODULE, module="EVERYTHING") == "INVALID_VARIABLES"
    whole = await ask(shop.manager, BOARD)
    for module, part in MODULES.items():
        found = await ask(shop.manager, MODULE, module=module)
        assert found["module"] == module
        assert found[part] == whole[part]
        assert [other for other in MODULES.values() if found[other] is not None] == [part]


async def test_everybody_sees_their_own_part_of_the_mill() -> None:
    here, there = await a_shop(), await a_shop(flour=500)
    for shop, kilos in ((here, 10), (there, 20)):
        await a_sale(shop, flour(shop, kilos))
    for who in (here.storekeeper, here.clerk, here.cashier):
        found = await ask(who, BOARD)
        assert found["branchId"] == encode_id("Branch", here.branch.id)
        assert found["salesRevenue"]["today"]["revenue"] == shown("600.00")
        assert (await ask(who, MODULE, module="WAREHOUSE"))["warehouses"]["warehouses"] == 1
        for branch in (there.branch.id, new_id()):
            given = {"branchId": encode_id("Branch", branch)}
            assert await ask_refused(who, BOARD, **given) == "BRANCH_NOT_FOUND"
            assert await ask_refused(who, MODULE, module="SALES", **given) == "BRANCH_NOT_FOUND"
            for feed in FEEDS:
                assert await feed_refused(who, feed, **given) == "BRANCH_NOT_FOUND"
    one = await ask(here.manager, BOARD, branchId=encode_id("Branch", there.branch.id))
    assert one["salesRevenue"]["today"]["revenue"] == shown("1,200.00")
    assert (await ask(here.manager, BOARD))["salesRevenue"]["today"]["revenue"] == shown("1,800.00")
    assert await ask_refused(here.manager, BOARD, branchId=encode_id("Item", here.flour.id)) == "NOT_FOUND"
    for stranger in (somebody(Role.SELLER, name="Sita"), somebody(Role.LOAN_OFFICER, name="Omari", branch=here.branch)):
        assert await ask_refused(stranger, BOARD) == "FORBIDDEN"
        assert await ask_refused(stranger, MODULE, module="SALES") == "FORBIDDEN"
        for feed in FEEDS:
            assert await feed_refused(stranger, feed) == "FORBIDDEN"
    for feed in FEEDS:
        assert await feed_refused(ANONYMOUS, feed) == "UNAUTHENTICATED"


async def test_the_state_that_is_live_is_the_dashboard() -> None:
    shop = await a_shop()
    await a_sale(shop)
    live = await state_shown(shop.manager, FEEDS[0], everySeconds=30)
    once = await ask(shop.manager, BOARD)
    live.pop("connection"), once.pop("connection")
    assert live == once
    everything = await state_shown(shop.manager, FEEDS[1])
    assert everything["modules"] == list(MODULES)


async def test_a_forecast() -> None:
    shop = await a_shop(lead_time_days=3)
    about = {"itemId": encode_id("Item", shop.flour.id)}
    await refused_to_strangers(FORECAST, **about)
    empty = await ask(shop.clerk, FORECAST, **about)
    assert (empty["history"], empty["dailyDemand"], empty["reorderOn"]) == ([], "0.000", None)
    await a_sale(shop, flour(shop, 100))
    with clock.clock_set_to(clock.now() + timedelta(days=1)):
        found = await ask(shop.clerk, FORECAST, **about, horizonDays=7)
    assert (found["method"], found["dailyDemand"], found["daysOfCover"]) == ("MOVING_AVERAGE", "100.000", 9)
    assert (found["horizonDemand"], found["reorderPoint"]) == ("700.000", "300.000")
    assert [each["sold"] for each in found["history"]] == ["100.000"]
    stranger = await a_shop()
    elsewhere = about | {"warehouseId": encode_id("Warehouse", stranger.warehouse.id)}
    assert await ask_refused(shop.clerk, FORECAST, **elsewhere) == "WAREHOUSE_NOT_FOUND"
    assert await ask_refused(shop.clerk, FORECAST, itemId=encode_id("Item", new_id())) == "ITEM_NOT_FOUND"
    assert await ask_refused(shop.clerk, FORECAST, itemId=encode_id("Sale", shop.flour.id)) == "NOT_FOUND"
    for days in (0, -1, 366):
        assert await ask_refused(shop.clerk, FORECAST, **about, horizonDays=days) == "INVALID_INPUT"
    assert await ask_refused(somebody(Role.SELLER, name="Sita"), FORECAST, **about) == "FORBIDDEN"


async def test_unread_notifications_are_the_viewers_own() -> None:
    manager, other = await an_actor(Role.MILL_MANAGER), await an_actor(Role.MILL_MANAGER)
    await Inbox.create(user_id=manager.id, unread=3)
    unread = [(await ask(who, BOARD))["notifications"]["unread"] for who in (manager, other)]
    assert unread == [3, 0]


async def test_the_dashboard_costs_the_same_however_much_happens() -> None:
    mill = await a_mill()
    shop = await a_shop()
    await ask(shop.manager, BOARD)
    for _ in range(3):
        await a_sale(shop, up_to=SaleStatus.DELIVERED)
        await a_purchase(mill)
    with statements() as seen:
        await ask(shop.manager, BOARD)
    assert len(seen) <= 24, seen
