"""Input that is wrong, in every field of every operation on productions and bills of materials."""

from __future__ import annotations

from typing import Any

import pytest

from domain.identity.permissions import Role
from domain.kit import clock
from tests.support.graphql import do, encode_id
from tests.support.happenings import assert_integrity
from tests.support.hostile import accidents, inputs
from tests.support.milled import a_bom, a_mill
from tests.support.operations import money, operation
from tests.support.people import somebody

pytestmark = pytest.mark.usefixtures("database")


def op(name: str) -> str:
    return operation(f"milling/{name}")


async def test_wrong_input_is_refused_and_no_accident() -> None:
    mill, boss = await a_mill(wheat=1_000_000), somebody(Role.ADMIN, name="Ada Admin")
    now, today = clock.now().isoformat(), clock.today().isoformat()
    bom = encode_id("BillOfMaterials", (await a_bom(mill)).id)
    place = encode_id("Warehouse", mill.store.id)
    material = {"itemId": encode_id("Item", mill.wheat.id), "quantity": "1", "unit": "kg"}
    bran: dict[str, Any] = {"itemId": encode_id("Item", mill.bran.id), "quantity": "1", "unit": "kg"}
    bran |= {"newItem": None, "costPerUnit": money("1"), "sharePercent": None}
    new = {"code": "NEW", "name": "New", "units": [{"unit": "bag", "factor": "2"}], "weightKg": "1", "salePrice": money("1")}
    whole = {
        "newItem": new,
        "quantity": "1",
        "unit": "bag",
        "warehouseId": place,
        "outputWarehouseId": place,
        "inputs": [material],
        "byProducts": [bran],
        "overhead": money("1"),
        "plannedOn": today,
        "note": "x",
        "upTo": "COMPLETED",
    }
    made = {"code": "B-1", "name": "B", "itemId": encode_id("Item", mill.flour.id), "quantity": "1"}
    begun, planned = [
        {"productionId": (await do(boss, op("CreateProduction"), input=whole | {"upTo": stage}))["production"]["id"]}
        for stage in ("IN_PROGRESS", "PLANNED")
    ]
    came = {"quantity": "1", "unit": "kg", "byProducts": [bran], "overhead": money("1"), "at": now}
    cases = inputs(
        (boss, "CreateBillOfMaterials", made | {"inputs": [material], "overhead": money("1"), "note": "x"}),
        (
            boss,
            "UpdateBillOfMaterials",
            {"bomId": bom, "quantity": "2", "unit": "kg", "byProducts": [bran], "name": "x"},
        ),
        (boss, "CreateProduction", whole | {"at": now}),
        (boss, "CreateProduction", {"bomId": bom, "quantity": "1", "warehouseId": place, "idempotencyKey": "x"}),
        (boss, "ConsumeMaterials", begun | {"materials": [material], "at": now}),
        (boss, "UpdateProduction", planned | {"quantity": "2", "unit": "bag", "byProducts": [bran], "plannedOn": today}),
        (boss, "StartProduction", planned | {"at": now}),
        (boss, "CompleteProduction", begun | came),
        (boss, "CancelProduction", begun | {"reason": "x"}),
    )
    wanted = {"statuses": ["PLANNED"], "warehouseId": place, "itemId": material["itemId"], "bomId": bom}
    cases += [
        (boss, "Productions", {"first": 1, "filter": wanted | {"number": "x", "from": now, "to": now}}),
        (boss, "Production", {"id": begun["productionId"]}),
        (boss, "BillsOfMaterials", {"first": 1, "itemId": material["itemId"]}),
        (boss, "BillOfMaterials", {"id": bom}),
        (boss, "ProductionPlan", {"bomId": bom, "quantity": "1", "unit": "kg", "warehouseId": place}),
    ]
    assert await accidents(cases, op) == []
    await assert_integrity()
