"""Input that is wrong, in every field of every operation on the catalogue; and many rows cost as much as one."""

from __future__ import annotations

import pytest

from domain.identity.permissions import Role
from domain.milling.models import StockAlert
from tests.support.catalogue import a_crew, op
from tests.support.graphql import ask, encode_id
from tests.support.happenings import assert_integrity
from tests.support.hostile import accidents, inputs
from tests.support.milling import a_warehouse, an_item, issue, stocked
from tests.support.operations import money
from tests.support.people import a_user
from tests.support.statements import statements

pytestmark = pytest.mark.usefixtures("database")


async def test_wrong_input_is_refused_and_no_accident() -> None:
    crew = await a_crew()
    boss, user = crew.manager, await a_user(Role.DEBTOR)
    place, item = await a_warehouse(branch_id=crew.branch.id, capacity_kg=1000), await an_item(reorder_level=5)
    await stocked(item, place, 10)
    await issue(item, place, 6)
    [alert] = await StockAlert.all()
    about, here = {"itemId": encode_id("Item", item.id)}, {"warehouseId": encode_id("Warehouse", place.id)}
    numbers = {"reorderQuantity": "1", "leadTimeDays": 1, "weightKg": "1", "salePrice": money("1.00")}
    plain = {
        "name": "x",
        "category": "FINISHED",
        "valuationMethod": "FIFO",
        "allowNegative": False,
        "description": "x",
    } | numbers
    new = plain | {"code": "X", "baseUnit": "bag", "reorderLevel": "1", "units": [{"unit": "x", "factor": "2"}]}
    contact = {"name": "x", "phone": "+254712345678", "email": "x@daftari.example", "address": "x", "taxNumber": "x"}
    partner = contact | {"paymentDays": 1, "active": True, "expectedVersion": 1}
    store = {"name": "x", "address": "x", "capacity": "1000", "alertPercent": 90}
    branch = {"branchId": encode_id("Branch", crew.branch.id)}
    cases = inputs(
        (boss, "CreateItem", new),
        (boss, "UpdateItem", about | {"name": "x", "active": True, "expectedVersion": 1} | numbers),
        (boss, "SetItemUnit", about | {"unit": "x", "factor": "2"}),
        (boss, "SetReorderLevel", about | here | {"level": "1"}),
        (boss, "OpenWarehouse", store | branch | {"code": "X"}),
        (boss, "UpdateWarehouse", store | here | {"active": True, "expectedVersion": 1}),
        (boss, "UpsertSupplier", partner),
        (boss, "UpsertCustomer", partner | {"userId": encode_id("User", user.id), "creditLimit": "1"}),
        (boss, "AcknowledgeAlert", {"alertIds": [encode_id("StockAlert", alert.id)], "comment": "x"}),
    )
    cases += [
        (boss, "Item", {"id": about["itemId"]}),
        (boss, "Item", {"code": item.code}),
        (boss, "Items", {"first": 1, "filter": here | {"search": "x", "categories": ["FINISHED"], "active": True}}),
        (boss, "Warehouse", {"id": here["warehouseId"]}),
        (boss, "Warehouses", {"first": 1, "active": True}),
        (boss, "Suppliers", {"first": 1, "search": "x"}),
        (boss, "Customers", {"first": 1, "search": "x"}),
        (boss, "StockAlerts", {"first": 1, "filter": here | about | {"states": ["OPEN"]}}),
    ]
    assert await accidents(cases, op) == []
    await assert_integrity()


async def test_lists_take_as_many_statements_for_many_rows_as_for_one() -> None:
    crew = await a_crew()
    counts: dict[str, set[int]] = {name: set() for name in ("Items", "Warehouses", "StockAlerts")}
    for rows in (1, 5):
        for _ in range(rows):
            place, item = await a_warehouse(branch_id=crew.branch.id, capacity_kg=1000), await an_item()
            await stocked(item, place, 5)
            await issue(item, place, 5)
        for name, seen in counts.items():
            document = op(name)
            await ask(crew.keeper, document)
            with statements() as asked:
                assert (await ask(crew.keeper, document))["nodes"]
            seen.add(len(asked))
    assert {name: len(seen) for name, seen in counts.items()} == dict.fromkeys(counts, 1)
    assert {name: max(seen) for name, seen in counts.items()} == {"Items": 4, "Warehouses": 2, "StockAlerts": 3}
    document = op("Item")
    with statements() as asked:
        await ask(crew.keeper, document, id=encode_id("Item", item.id))
    assert len(asked) <= 5
