"""Productions through the API: strangers, what comes of them, other people's, bad input, and what their feed tells."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from domain.identity.actor import Actor
from domain.identity.permissions import Role
from domain.kit.ids import new_id
from domain.milling.events import ProductionFigures, ProductionLineFigures
from domain.milling.models import Item
from domain.milling.states import ItemCategory
from schema.milling.production.types import Production, ProductionLine
from tests.support.graphql import ask, ask_refused, do, do_refused, encode_id, feed_refused, heard, refused_to_strangers
from tests.support.happenings import assert_integrity
from tests.support.milled import Mill, a_bom, a_clerk, a_mill, a_stranger
from tests.support.milling import a_warehouse, an_item, day, in_stock, issue
from tests.support.operations import money, operation, shown
from tests.support.people import somebody
from tests.support.races import outcomes_of
from tests.support.statements import statements
from tests.support.stock_papers import received

pytestmark = pytest.mark.usefixtures("database")

ACTS = ("UpdateProduction", "StartProduction", "ConsumeMaterials", "CompleteProduction", "CancelProduction")


def op(name: str) -> str:
    return operation(f"milling/{name}")


def outsider(role: Role) -> Actor:
    return somebody(role, name="Otieno Outside")


def of(item: Item) -> str:
    return encode_id("Item", item.id)


def milling(mill: Mill, **changes: Any) -> dict[str, Any]:
    """The input of a production of 72 kg of flour of 100 kg of wheat."""
    stated: dict[str, Any] = {
        "itemId": of(mill.flour),
        "quantity": "72",
        "warehouseId": encode_id("Warehouse", mill.store.id),
        "inputs": [{"itemId": of(mill.wheat), "quantity": "100"}],
        "byProducts": [
            {"itemId": of(mill.bran), "quantity": "20", "costPerUnit": money("8.00")},
            {"itemId": of(mill.shorts), "quantity": "7", "sharePercent": "5"},
        ],
    }
    return stated | changes


async def made(mill: Mill, **changes: Any) -> dict[str, Any]:
    production: dict[str, Any] = (await do(mill.keeper, op("CreateProduction"), input=milling(mill, **changes)))[
        "production"
    ]
    return production


def an_act(name: str, production_id: str, mill: Mill, **more: Any) -> dict[str, Any]:
    needed: dict[str, Any] = {
        "ConsumeMaterials": {"materials": [{"itemId": of(mill.wheat), "quantity": "1"}]},
        "CancelProduction": {"reason": "Wrong recipe"},
        "UpdateProduction": {"note": "Soon"},
    }.get(name, {})
    return {"productionId": production_id} | needed | more


async def test_from_wheat_to_flour() -> None:
    mill = await a_mill()
    await refused_to_strangers(op("CreateProduction"), input=milling(mill))
    await refused_to_strangers(op("Productions"))
    started = await made(mill, upTo="PLANNED")
    assert (started["status"], started["inputCost"], started["startedAt"]) == ("PLANNED", shown("0.00"), None)
    about = {"productionId": started["id"]}
    more = about | {"quantity": "144", "plannedOn": "2026-03-02", "expectedVersion": 1}
    changed = (await do(mill.keeper, op("UpdateProduction"), input=more))["production"]
    assert [line["plannedQuantity"] for line in changed["lines"]] == ["144", "200", "40", "14"]
    assert await do_refused(mill.keeper, op("UpdateProduction"), input=more) == (
        "RECORD_CHANGED",
        ["input", "expectedVersion"],
    )
    await do(mill.keeper, op("UpdateProduction"), input=about | {"quantity": "72"})
    started = (await do(mill.keeper, op("StartProduction"), input=about))["production"]
    assert (started["status"], started["inputCost"], started["outputCostPerUnit"]) == (
        "IN_PROGRESS",
        shown("3,000.00"),
        None,
    )
    more = about | {"materials": [{"itemId": of(mill.wheat), "quantity": "10"}]}
    taken = (await do(mill.keeper, op("ConsumeMaterials"), input=more))["production"]
    assert taken["inputCost"] == shown("3,300.00")
    came = about | {"quantity": "80", "overhead": money("300.00")}
    done = (await do(mill.keeper, op("CompleteProduction"), input=came))["production"]
    assert (done["status"], done["outputQuantity"], done["yieldPercent"], done["lossKg"]) == (
        "COMPLETED",
        "80",
        "72.73",
        "3",
    )
    assert (done["overheadCost"], done["byProductCost"]) == (shown("300.00"), shown("340.00"))
    assert (done["outputCost"], done["outputCostPerUnit"]) == (shown("3,260.00"), "40.750000")
    assert [(line["role"], line["actualQuantity"], line["cost"], line["sharePercent"]) for line in done["lines"]] == [
        ("OUTPUT", "80", shown("3,260.00"), None),
        ("INPUT", "110", shown("3,300.00"), None),
        ("BY_PRODUCT", "20", shown("160.00"), None),
        ("BY_PRODUCT", "7", shown("180.00"), "5.00"),
    ]
    for viewer in (mill.keeper, mill.manager, a_clerk(mill.branch)):
        read = await ask(viewer, op("Production"), id=done["id"])
        assert {name: read[name] for name in done} == done
        assert (read["item"]["name"], read["warehouse"]["name"]) == ("Straight flour", "Main store")
    await assert_integrity()


async def test_all_at_once_and_of_an_item_that_nobody_knew() -> None:
    mill = await a_mill()
    new = {"code": "atta-1", "name": "Atta"}
    bran = {"newItem": {"code": "POLLARD", "name": "Pollard"}, "quantity": "28"}
    done = await made(mill, itemId=None, newItem=new, byProducts=[bran], upTo="COMPLETED", overhead=money("0.00"))
    assert (done["status"], done["itemName"], done["yieldPercent"]) == ("COMPLETED", "Atta", "72.00")
    assert (await Item.get(code="ATTA-1")).category is ItemCategory.FINISHED
    assert (await Item.get(code="POLLARD")).category is ItemCategory.BY_PRODUCT
    wrong = milling(mill, itemId=None, newItem=new | {"baseUnit": "bag"})
    code, field = await do_refused(mill.keeper, op("CreateProduction"), input=wrong)
    assert (code, (field or [])[:2]) == ("ITEM_CONTRADICTION", ["input", "newItem"])


async def test_by_a_bill_of_materials() -> None:
    mill = await a_mill()
    bom = encode_id("BillOfMaterials", (await a_bom(mill)).id)
    done = await made(mill, bomId=bom, itemId=None, inputs=None, byProducts=None, quantity="36", upTo="COMPLETED")
    assert (done["bomId"], done["inputCost"], done["overheadCost"]) == (bom, shown("1,500.00"), shown("180.00"))
    plan = await ask(mill.keeper, op("ProductionPlan"), bomId=bom, quantity="720", warehouseId=done["warehouseId"])
    [wheat] = plan["materials"]
    assert (wheat["needed"], wheat["available"], wheat["missing"], wheat["cost"]) == (
        "1000",
        "950",
        "50",
        shown("30,000.00"),
    )
    assert (plan["canStart"], plan["possibleQuantity"], plan["inputCost"]) == (False, "684", shown("30,000.00"))
    assert [each["cost"] for each in plan["byProducts"]] == [shown("1,600.00"), shown("1,680.00")]
    assert plan["costPerUnit"] == "42.111111"
    about = {"bomId": bom, "quantity": "1", "warehouseId": done["warehouseId"]}
    await refused_to_strangers(op("ProductionPlan"), **about)
    stranger = await a_stranger()
    assert await ask_refused(stranger, op("ProductionPlan"), **about) == "WAREHOUSE_NOT_FOUND"
    assert await ask_refused(mill.keeper, op("ProductionPlan"), **(about | {"quantity": "NaN"})) == "INVALID_AMOUNT"
    assert await ask_refused(mill.keeper, op("ProductionPlan"), **(about | {"quantity": "-1"})) == "INVALID_QUANTITY"


@pytest.mark.parametrize("name", ["CreateProduction", *ACTS])
async def test_only_who_mills_may_and_only_at_their_branch(name: str) -> None:
    mill = await a_mill()
    planned = await made(mill, upTo="PLANNED")
    stranger, clerk = await a_stranger(), a_clerk(mill.branch)
    given = milling(mill) if name == "CreateProduction" else an_act(name, planned["id"], mill)
    await refused_to_strangers(op(name), input=given)
    for other in (clerk, outsider(Role.CASHIER), outsider(Role.BORROWER)):
        assert await ask_refused(other, op(name), input=given) == "FORBIDDEN"
    expected = (
        ("WAREHOUSE_NOT_FOUND", ["input", "warehouseId"])
        if name == "CreateProduction"
        else ("PRODUCTION_NOT_FOUND", ["input", "productionId"])
    )
    assert await do_refused(stranger, op(name), input=given) == expected
    if name != "CreateProduction":
        nobodys = an_act(name, encode_id("Production", new_id()), mill)
        assert await do_refused(mill.keeper, op(name), input=nobodys) == expected
        other = an_act(name, encode_id("Item", mill.wheat.id), mill)
        assert await do_refused(mill.keeper, op(name), input=other) == ("NOT_FOUND", ["input", "productionId"])


async def test_lists_show_what_is_of_ones_branch() -> None:
    mill, other = await a_mill(), await a_mill()
    first, second = await made(mill), await made(mill, upTo="PLANNED")
    theirs = await made(other)

    async def listed(viewer: Any, **filter: Any) -> list[str]:
        page = await ask_for_productions(viewer, filter)
        return [node["id"] for node in page["nodes"]]

    assert await listed(mill.keeper) == [second["id"], first["id"]]
    assert await listed(other.keeper) == [theirs["id"]]
    assert await listed(mill.manager) == [theirs["id"], second["id"], first["id"]]
    assert await listed(mill.keeper, statuses=["PLANNED"]) == [second["id"]]
    assert await listed(mill.keeper, number=first["number"].lower()) == [first["id"]]
    assert await listed(mill.manager, warehouseId=theirs["warehouseId"]) == [theirs["id"]]
    assert await listed(mill.keeper, itemId=of(mill.bran)) == []
    assert await listed(mill.keeper, to="2020-01-01T00:00:00Z") == []
    assert await ask(other.keeper, op("Production"), id=first["id"]) is None
    assert await ask_refused(mill.keeper, PRODUCTIONS, filter={"number": "x" * 21}) == "INVALID_INPUT"
    assert await ask_refused(outsider(Role.SELLER), PRODUCTIONS) == "FORBIDDEN"


PRODUCTIONS = "query ($filter: ProductionFilter) { productions(filter: $filter) { nodes { id status } } }"


async def ask_for_productions(viewer: Any, filter: dict[str, Any]) -> Any:
    return await ask(viewer, PRODUCTIONS, filter=filter)


async def test_one_input_short_names_it_and_what_there_is() -> None:
    mill = await a_mill()
    bags = await an_item("Bags", category=ItemCategory.PACKAGING, base_unit="piece")
    await received(mill.manager, bags, mill.store, 3, "5.00")
    inputs = [{"itemId": of(mill.wheat), "quantity": "100"}, {"itemId": of(bags), "quantity": "4"}]
    payload = await ask(mill.keeper, op("CreateProduction"), input=milling(mill, inputs=inputs))
    [error] = payload["errors"]
    assert (error["code"], error["field"]) == ("INSUFFICIENT_STOCK", ["input", "inputs", "1", "quantity"])
    assert "Bags" in error["message"]
    assert {each["name"]: float(each["value"]) for each in error["figures"]} == {"requested": 4, "available": 3}
    assert payload["production"] is None
    assert await in_stock(mill.wheat, mill.store) == (1_000, 30_000_00)


async def test_sent_twice_it_happens_once() -> None:
    mill = await a_mill()
    given = milling(mill, idempotencyKey="monday")
    first = await do(mill.keeper, op("CreateProduction"), input=given)
    again = await do(mill.keeper, op("CreateProduction"), input=given)
    assert (first["replayed"], again["replayed"]) == (False, True)
    assert again["production"]["id"] == first["production"]["id"]
    assert (await in_stock(mill.wheat, mill.store))[0] == 900
    other = given | {"quantity": "73"}
    reused = ("IDEMPOTENCY_KEY_REUSED", ["input", "idempotencyKey"])
    assert await do_refused(mill.keeper, op("CreateProduction"), input=other) == reused
    done = {"productionId": first["production"]["id"], "idempotencyKey": "done"}
    answers = await outcomes_of(ask(mill.keeper, op("CompleteProduction"), input=done) for _ in range(3))
    codes = [answer["errors"][0]["code"] if answer["errors"] else answer["replayed"] for answer in answers]
    assert codes.count(False) == 1
    assert set(codes) <= {False, True, "IN_PROGRESS"}
    assert (await in_stock(mill.flour, mill.store))[0] == 72
    await assert_integrity()


HOSTILE: list[tuple[dict[str, Any], str, str]] = [
    ({"quantity": "0"}, "INVALID_QUANTITY", "quantity"),
    ({"quantity": "-72"}, "INVALID_QUANTITY", "quantity"),
    ({"quantity": "9" * 19}, "INVALID_QUANTITY", "quantity"),
    ({"quantity": "0.0001"}, "INVALID_QUANTITY", "quantity"),
    ({"unit": "bushel"}, "UNKNOWN_UNIT", "unit"),
    ({"inputs": []}, "INVALID_INPUT", "inputs"),
    ({"inputs": None}, "INVALID_INPUT", "bomId"),
    ({"itemId": None}, "INVALID_INPUT", "itemId"),
    ({"overhead": money("1.00", "USD")}, "CURRENCY_MISMATCH", "overhead.currency"),
    ({"overhead": money("-1.00")}, "INVALID_AMOUNT", "overhead"),
    ({"overhead": money("0.001")}, "INVALID_AMOUNT", "overhead"),
    ({"overhead": money("9" * 19)}, "INVALID_AMOUNT", "overhead"),
    ({"note": "x" * 501}, "INVALID_INPUT", "note"),
    ({"upTo": "CANCELLED"}, "INVALID_INPUT", "upTo"),
    ({"at": "2026-03-01T08:00:00Z"}, "BACKDATING_NOT_ALLOWED", "at"),
    ({"outputWarehouseId": encode_id("Warehouse", new_id())}, "WAREHOUSE_NOT_FOUND", "outputWarehouseId"),
    ({"bomId": encode_id("BillOfMaterials", new_id())}, "BOM_NOT_FOUND", "bomId"),
    ({"bomId": "nonsense"}, "NOT_FOUND", "bomId"),
]


async def test_bad_input_is_refused_where_it_is() -> None:
    mill = await a_mill()
    for changes, code, field in HOSTILE:
        refused, path = await do_refused(mill.keeper, op("CreateProduction"), input=milling(mill, **changes))
        assert (refused, ".".join(path or [])) == (code, f"input.{field}"), changes
    lines: list[tuple[str, dict[str, Any], str, str]] = [
        ("inputs", {"quantity": "-1"}, "INVALID_QUANTITY", "quantity"),
        ("inputs", {"itemId": encode_id("Item", new_id())}, "ITEM_NOT_FOUND", "itemId"),
        ("inputs", {"itemId": of(mill.flour)}, "INVALID_BOM", "itemId"),
        ("byProducts", {"quantity": "0"}, "INVALID_QUANTITY", "quantity"),
        ("byProducts", {"sharePercent": "100.01"}, "INVALID_INPUT", "sharePercent"),
        ("byProducts", {"sharePercent": "1.001"}, "INVALID_INPUT", "sharePercent"),
        ("byProducts", {"costPerUnit": money("1.00", "USD")}, "CURRENCY_MISMATCH", "costPerUnit.currency"),
        ("byProducts", {"costPerUnit": money("-1.00")}, "INVALID_AMOUNT", "costPerUnit"),
        ("byProducts", {"sharePercent": "1", "costPerUnit": money("1.00")}, "INVALID_BOM", "sharePercent"),
        ("byProducts", {"itemId": None}, "INVALID_INPUT", "itemId"),
    ]
    for name, changes, code, field in lines:
        line = {"itemId": of(mill.wheat if name == "inputs" else mill.bran), "quantity": "1"} | changes
        refused, path = await do_refused(mill.keeper, op("CreateProduction"), input=milling(mill, **{name: [line]}))
        assert (refused, ".".join(path or [])) == (code, f"input.{name}.0.{field}"), changes
    for nonsense in ("NaN", "Infinity", "1e9", "", "ten"):
        assert await ask_refused(mill.keeper, op("CreateProduction"), input=milling(mill, quantity=nonsense)) in (
            "INVALID_AMOUNT",
            "INVALID_VARIABLES",
        )
    without = {name: value for name, value in milling(mill).items() if name != "quantity"}
    assert await ask_refused(mill.keeper, op("CreateProduction"), input=without) == "INVALID_VARIABLES"


async def test_taking_back() -> None:
    mill = await a_mill()
    done = await made(mill, upTo="COMPLETED")
    about = {"productionId": done["id"], "reason": "Wrong recipe"}
    assert (await do_refused(mill.keeper, op("CancelProduction"), input=about))[0] == "FORBIDDEN"
    assert await do_refused(mill.manager, op("CancelProduction"), input=about | {"reason": " "}) == (
        "INVALID_INPUT",
        ["input", "reason"],
    )
    await issue(mill.flour, mill.store, 72)
    assert (await do_refused(mill.manager, op("CancelProduction"), input=about))[0] == "INSUFFICIENT_STOCK"
    other = await made(mill)
    gone = await do(mill.manager, op("CancelProduction"), input=about | {"productionId": other["id"]})
    assert (gone["production"]["status"], gone["production"]["cancelReason"]) == ("CANCELLED", "Wrong recipe")
    again = about | {"productionId": other["id"]}
    assert await do_refused(mill.manager, op("CancelProduction"), input=again) == (
        "ALREADY_CANCELLED",
        ["input", "productionId"],
    )
    assert await do_refused(mill.keeper, op("CompleteProduction"), input={"productionId": other["id"]}) == (
        "PRODUCTION_NOT_OPEN",
        ["input", "productionId"],
    )


async def test_each_act_is_told_once_to_those_who_see_the_branch() -> None:
    mill, other = await a_mill(), await a_mill(wheat=0)
    planned = await made(mill, upTo="PLANNED")
    for name in ("StartProduction", "ConsumeMaterials", "CompleteProduction"):
        await do(mill.keeper, op(name), input=an_act(name, planned["id"], mill))
    later = milling(mill, upTo="COMPLETED", at=day(2).isoformat())
    assert (await do_refused(mill.manager, op("CreateProduction"), input=later))[0] == "INSUFFICIENT_STOCK"
    await do(mill.manager, op("CancelProduction"), input=an_act("CancelProduction", planned["id"], mill))
    story = [
        ("PLANNED", "PLANNED", "PLANNED"),
        ("STARTED", "PLANNED", "IN_PROGRESS"),
        ("MATERIALS_CONSUMED", "IN_PROGRESS", "IN_PROGRESS"),
        ("COMPLETED", "IN_PROGRESS", "COMPLETED"),
        ("CANCELLED", "COMPLETED", "CANCELLED"),
    ]
    feed, one = op("ProductionUpdated"), {"productionId": planned["id"]}
    place = {"warehouseId": planned["warehouseId"]}
    for viewer in (mill.keeper, mill.manager, a_clerk(mill.branch)):
        for narrowed in ({}, one, place):
            told = await heard(viewer, feed, **narrowed)
            assert [(each["change"], each["previousStatus"], each["production"]["status"]) for each in told] == story
    completed = (await heard(mill.keeper, feed))[3]
    assert completed["production"]["outputCost"] == completed["lines"][0]["cost"] == shown("2,718.50")
    assert completed["lines"][3]["sharePercent"] == "5.00"
    assert await heard(other.keeper, feed) == []
    assert await feed_refused(other.keeper, feed, **one) == "PRODUCTION_NOT_FOUND"
    assert await feed_refused(other.keeper, feed, **place) == "WAREHOUSE_NOT_FOUND"
    assert await feed_refused(outsider(Role.SELLER), feed) == "FORBIDDEN"


async def test_every_field_of_a_production_is_in_what_is_told() -> None:
    for face, figures in ((Production, ProductionFigures), (ProductionLine, ProductionLineFigures)):
        told = {each.name for each in fields(figures)}
        attributes = {
            each.python_name
            for each in face.__strawberry_definition__.fields  # type: ignore[attr-defined]
            if each.base_resolver is None
        }
        assert attributes - told == set(), face


async def test_output_into_a_warehouse_that_is_full() -> None:
    mill = await a_mill()
    shop = await a_warehouse("Shop", branch_id=mill.branch.id, capacity_kg=50)
    given = milling(mill, upTo="COMPLETED", outputWarehouseId=encode_id("Warehouse", shop.id))
    assert (await do_refused(mill.keeper, op("CreateProduction"), input=given))[0] == "WAREHOUSE_CAPACITY_EXCEEDED"


async def test_a_list_costs_the_same_however_long_it_is() -> None:
    mill = await a_mill()
    bom = encode_id("BillOfMaterials", (await a_bom(mill)).id)
    by_bill = {"bomId": bom, "itemId": None, "inputs": None, "byProducts": None}
    document = """{ productions { nodes { number item { name } bom { name lines { item { name } } } warehouse { name }
        outputWarehouse { name } createdBy { name } lines { item { name } cost { amount } } } } }"""
    await made(mill, **by_bill)
    with statements() as few:
        assert len((await ask(mill.keeper, document))["nodes"]) == 1
    for _ in range(3):
        await made(mill, **by_bill)
    with statements() as many:
        assert len((await ask(mill.keeper, document))["nodes"]) == 4
    assert len(many) == len(few)
