"""What sales tell: each act once and in order, to those who see the branch; and the storekeeper hears of what runs low."""

from __future__ import annotations

from typing import Any

import pytest

from domain.identity.actor import ANONYMOUS, Actor
from domain.identity.permissions import Role
from domain.kit.ids import new_id
from domain.milling.states import SaleStatus
from tests.support.graphql import do, encode_id, feed_refused, heard
from tests.support.milling import q
from tests.support.people import somebody
from tests.support.sales import Shop, a_sale, a_shop, flour, lines_of
from tests.support.stock_operations import op, worth

pytestmark = pytest.mark.usefixtures("database")


async def a_whole_life(shop: Shop) -> dict[str, Any]:
    """Every act on a sale through the API."""
    sale = await a_sale(shop, flour(shop, 10), by=shop.clerk, up_to=SaleStatus.DRAFT)
    about = {"saleId": encode_id("Sale", sale.id)}
    await do(shop.clerk, op("ConfirmSale"), input=about)
    await do(shop.clerk, op("DeliverSale"), input=about)
    await do(shop.clerk, op("InvoiceSale"), input=about)
    await do(shop.cashier, op("RecordSalePayment"), input=about | {"payment": {"method": "CASH"}})
    [line] = await lines_of(sale)
    back = {"lines": [{"lineId": encode_id("SaleLine", line.id), "quantity": "4"}], "reason": "Damp"}
    await do(shop.clerk, op("CreateSaleReturn"), input=about | back)
    await do(shop.cashier, op("RefundSale"), input=about | {"payment": {"method": "CASH"}})
    return about


STORY = ["DRAFTED", "CONFIRMED", "DELIVERED", "INVOICED", "PAID", "RETURNED", "REFUNDED"]


async def changes(by: Actor, **which: Any) -> list[str]:
    return [each["change"] for each in await heard(by, op("SalesUpdated"), **which)]


async def test_each_act_is_told_once_and_in_order() -> None:
    shop = await a_shop()
    about = await a_whole_life(shop)
    for by in (shop.clerk, shop.cashier, shop.storekeeper, shop.manager):
        assert await changes(by) == await changes(by, **about) == STORY
    items = await heard(shop.clerk, op("SalesUpdated"), warehouseId=encode_id("Warehouse", shop.warehouse.id))
    assert [each["sale"]["status"] for each in items] == [
        "DRAFT", "CONFIRMED", "DELIVERED", "DELIVERED", "PAID", "PART_RETURNED", "PART_RETURNED",
    ]  # fmt: skip
    assert [each["previousStatus"] for each in items][:3] == ["DRAFT", "DRAFT", "CONFIRMED"]
    assert items[0]["sale"]["dueAmount"] == worth("0.00") and items[2]["sale"]["dueAmount"] == worth("600.00")
    assert [line["returnedQuantity"] for line in items[-1]["lines"]] == ["4"]
    versions = [each["sale"]["version"] for each in items]
    assert versions == sorted(set(versions))


async def test_others_hear_nothing_of_it() -> None:
    shop, other = await a_shop(), await a_shop()
    about = await a_whole_life(shop)
    for by in (other.clerk, somebody(Role.SALES_CLERK)):
        assert await changes(by) == []
        assert await feed_refused(by, op("SalesUpdated"), **about) == "SALE_NOT_FOUND"
        assert (
            await feed_refused(by, op("SalesUpdated"), warehouseId=encode_id("Warehouse", shop.warehouse.id))
            == "WAREHOUSE_NOT_FOUND"
        )
    assert await feed_refused(shop.clerk, op("SalesUpdated"), saleId=encode_id("Sale", new_id())) == "SALE_NOT_FOUND"
    assert await feed_refused(ANONYMOUS, op("SalesUpdated")) == "UNAUTHENTICATED"
    assert await feed_refused(somebody(Role.BORROWER), op("SalesUpdated")) == "FORBIDDEN"


async def test_the_storekeeper_hears_that_a_sale_left_little() -> None:
    shop, other = await a_shop(flour=120, reorder_level=q(50)), await a_shop()
    await a_sale(shop, flour(shop, 80), by=shop.clerk)
    [low] = await heard(shop.storekeeper, op("LowStock"))
    assert (low["__typename"], low["alert"]["kind"], low["alert"]["onHand"]) == ("StockAlertRaised", "LOW_STOCK", "40")
    await a_sale(shop, flour(shop, 40), by=shop.clerk)
    kinds = [(each["__typename"], each["alert"]["kind"]) for each in await heard(shop.storekeeper, op("StockAlert"))]
    assert kinds[1:] == [("StockAlertResolved", "LOW_STOCK"), ("StockAlertRaised", "OUT_OF_STOCK")]
    assert await heard(other.storekeeper, op("LowStock")) == []
    moved = await heard(shop.storekeeper, op("StockUpdated"))
    assert moved[-1]["__typename"] == "StockMoved"
