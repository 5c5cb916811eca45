"""The feed of stock: each document is told once, in order, to those who see the warehouse."""

from __future__ import annotations

from typing import Any

import pytest

from domain.identity.actor import ANONYMOUS, Actor
from domain.identity.permissions import Role
from tests.support.graphql import do, feed_refused, heard
from tests.support.milling import an_item, day
from tests.support.people import somebody
from tests.support.stock_operations import Mill, a_mill, bring, item_id, op, place_id, said, valued, worth

pytestmark = pytest.mark.usefixtures("database")


async def told(actor: Actor, **which: Any) -> list[tuple[str, list[str]]]:
    """What happened, and how much moved each time."""
    items = await heard(actor, op("StockUpdated"), **which)
    return [(each["__typename"], [move["quantity"] for move in each.get("movements", [])]) for each in items]


async def a_story(mill: Mill) -> None:
    first = await bring(mill, 10, "2.00")
    ends = {"fromWarehouseId": place_id(mill.silo), "toWarehouseId": place_id(mill.shop)}
    await do(mill.manager, op("TransferStock"), input=ends | {"lines": [said(mill.wheat, 4)]})
    await bring(mill, 10, "4.00", mill.manager, receivedAt=day(1).isoformat())
    out = {"warehouseId": place_id(mill.silo), "lines": [said(mill.wheat, 6)]}
    await do(mill.keeper, op("IssueStock"), input=out)
    about = {"stockDocumentId": first["id"], "reason": "Never came"}
    await do(mill.manager, op("CancelStockDocument"), input=about)


async def test_each_document_is_told_once_and_in_order() -> None:
    mill = await a_mill()
    await a_story(mill)
    here = [
        ("StockMoved", ["10"]),
        ("StockMoved", ["-4"]),
        ("StockMoved", ["10"]),
        ("StockMoved", ["-6"]),
        ("StockMoved", ["-10"]),
    ]
    mine = [each for each in await told(mill.keeper) if each[0] == "StockMoved"]
    assert mine == here
    theirs = [each for each in await told(mill.stranger) if each[0] == "StockMoved"]
    assert theirs == [("StockMoved", ["4"])]
    assert ("StockRevalued", []) in await told(mill.stranger), "what was dated back made what had gone there dearer"
    everything = [each for each in await told(mill.manager) if each[0] == "StockMoved"]
    assert len(everything) == 6
    assert await told(mill.manager, warehouseId=place_id(mill.shop)) == await told(mill.stranger)


async def test_what_is_told() -> None:
    mill = await a_mill(reorder_level=5)
    await bring(mill, 10, "2.00")
    out = {"warehouseId": place_id(mill.silo), "lines": [said(mill.wheat, 6)]}
    issued = await do(mill.keeper, op("IssueStock"), input=out)
    item = (await heard(mill.keeper, op("StockUpdated")))[-1]
    assert (item["cancelled"], item["document"]["documentId"]) == (False, issued["stockDocument"]["id"])
    [move], [level] = item["movements"], item["levels"]
    assert (move["kind"], move["quantity"], move["value"], move["onHand"]) == ("ISSUE", "-6", worth("-12.00"), "4")
    assert (level["onHand"], level["available"], level["value"], level["status"]) == ("4", "4", worth("8.00"), "LOW")


async def test_one_item_one_warehouse_or_both() -> None:
    mill, bran = await a_mill(), await an_item("Bran")
    await bring(mill, 10, "2.00")
    shop = {"warehouseId": place_id(mill.shop)}
    for quantity in (1, 2):
        line = said(bran, quantity, unitCost=valued("1.00"))
        place = shop if quantity == 2 else {"warehouseId": place_id(mill.silo)}
        await do(mill.manager, op("ReceiveStock"), input=place | {"lines": [line]})
    moved = [("StockMoved", ["1"]), ("StockMoved", ["2"])]
    assert await told(mill.manager, itemId=item_id(bran)) == moved
    assert await told(mill.manager, itemId=item_id(bran), **shop) == moved[1:]
    assert await told(mill.keeper, itemId=item_id(bran)) == moved[:1]
    assert await told(mill.manager, itemId=item_id(mill.wheat), **shop) == []


async def test_who_may_not_follow() -> None:
    mill = await a_mill()
    assert await feed_refused(ANONYMOUS, op("StockUpdated")) == "UNAUTHENTICATED"
    assert await feed_refused(somebody(Role.BORROWER), op("StockUpdated")) == "FORBIDDEN"
    shop = {"warehouseId": place_id(mill.shop)}
    assert await feed_refused(mill.keeper, op("StockUpdated"), **shop) == "WAREHOUSE_NOT_FOUND"
    wrong = {"warehouseId": item_id(mill.wheat)}
    assert await feed_refused(mill.keeper, op("StockUpdated"), **wrong) == "NOT_FOUND"
