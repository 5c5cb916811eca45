"""Input that is wrong, in every field of every operation on stock and of what is read of the mill as a whole."""

from __future__ import annotations

from typing import Any

import pytest

from domain.identity.permissions import Role
from domain.kit import clock
from domain.milling.service.items import set_item_unit
from domain.milling.service.stock_documents import transfer_stock
from tests.support.graphql import encode_id
from tests.support.happenings import assert_integrity
from tests.support.hostile import accidents, inputs
from tests.support.milled import a_bom, a_mill
from tests.support.milling import a_warehouse, an_item, q
from tests.support.people import an_actor
from tests.support.stock_operations import item_id, op, place_id, valued
from tests.support.stock_papers import line, received

pytestmark = pytest.mark.usefixtures("database")


async def test_wrong_input_is_refused_and_no_accident() -> None:
    mill, boss = await a_mill(), await an_actor(Role.ADMIN)
    await a_bom(mill)
    shop, unknown, now = await a_warehouse(), await an_item(), clock.now().isoformat()
    await set_item_unit(mill.manager, item_id=mill.wheat.id, unit_name="bag", factor=q("0.000001"))
    moved = await transfer_stock(boss, from_warehouse_id=mill.store.id, to_warehouse_id=shop.id, lines=[line(mill.wheat, 9)])
    await received(boss, mill.bran, shop, 5, "2.00")
    here, wheat = {"warehouseId": place_id(mill.store)}, {"itemId": item_id(mill.wheat), "quantity": "1", "unit": "kg"}
    said = {"reason": "x", "reference": "x"}
    worth, count = wheat | {"value": valued("1"), "note": "x"}, wheat | {"expected": "991", "unitCost": valued("1")}
    bran = {"itemId": item_id(mill.bran), "quantity": "1", "sharePercent": "3"}
    flour = {"itemId": item_id(mill.flour), "quantity": "1", "unit": "kg"}
    cases = inputs(
        (boss, "ReceiveStock", here | said | {"lines": [worth], "receivedAt": now}),
        (boss, "OpenStock", here | said | {"lines": [worth | {"itemId": item_id(unknown)}], "openedAt": now}),
        (boss, "IssueStock", here | said | {"lines": [wheat], "issuedAt": now}),
        (boss, "AdjustStock", here | said | {"lines": [worth], "cause": "OTHER", "adjustedAt": now}),
        (boss, "CountStock", here | said | {"lines": [count], "countedAt": now}),
        (
            boss,
            "RepackStock",
            here | said | {"inputs": [wheat], "outputs": [bran, flour], "addedCost": valued("1"), "repackedAt": now},
        ),
        (
            boss,
            "TransferStock",
            said
            | {"fromWarehouseId": place_id(mill.store), "toWarehouseId": place_id(shop), "lines": [wheat]}
            | {"transferredAt": now},
        ),
        (boss, "CancelStockDocument", {"stockDocumentId": encode_id("StockDocument", moved.id), "reason": "x"}),
        (boss, "SetReorderLevel", here | {"itemId": wheat["itemId"], "level": "1"}),
    )
    about: dict[str, Any] = {"itemId": wheat["itemId"], "warehouseId": place_id(mill.store)}
    stretch = {"from": now, "to": now}
    cases += [
        (boss, "StockMovements", about | stretch | {"kinds": ["RECEIPT"], "cancelled": True, "first": 1}),
        (boss, "StockAvailability", about | {"quantity": "1", "unit": "bag"}),
        (boss, "StockLevels", {"filter": about | {"search": "x", "statuses": ["OK"], "categories": ["FINISHED"]}}),
        (boss, "StockDocuments", {"filter": about | stretch | {"search": "x"}}),
        (boss, "StockDocument", {"id": encode_id("StockDocument", moved.id)}),
        (boss, "StockStatement", about | stretch),
        (boss, "StockValuation", {"asOf": now, "warehouseId": about["warehouseId"]}),
        (boss, "DemandForecast", about | {"horizonDays": 1}),
        (boss, "DashboardModule", {"module": "STOCK", "branchId": encode_id("Branch", mill.branch.id)}),
        (boss, "MillDashboard", {"branchId": encode_id("Branch", mill.branch.id)}),
        (boss, "StockAlerts", {"filter": about | {"kinds": ["LOW_STOCK"]}}),
    ]
    assert await accidents(cases, op) == []
    await assert_integrity()
