"""What is read of stock through the API: strangers, nothing, what is there, other people's, and bad questions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from domain.identity.permissions import Role
from domain.kit import clock
from domain.milling.accounts import RAW_MATERIALS
from tests.domain.jobs.queues import a_runner
from tests.support.graphql import ask, ask_refused, do, encode_id, refused_to_strangers, run
from tests.support.milling import an_item, day, in_books
from tests.support.operations import operation
from tests.support.people import an_actor, somebody
from tests.support.statements import statements
from tests.support.stock_operations import Mill, a_mill, bring, item_id, op, place_id, said, valued, worth

pytestmark = pytest.mark.usefixtures("database")

STRETCH = {"from": "2026-03-01T00:00:00Z", "to": "2026-04-01T00:00:00Z"}
LISTS = ("StockMovements", "StockLevels", "StockDocuments")


def about(mill: Mill) -> dict[str, dict[str, Any]]:
    """Each question about stock, about the wheat."""
    wheat = {"itemId": item_id(mill.wheat)}
    return {
        "StockMovements": wheat,
        "StockAvailability": wheat,
        "StockLevels": {},
        "StockDocuments": {},
        "StockDocument": {"id": encode_id("StockDocument", mill.silo.id)},
        "StockStatement": wheat | STRETCH,
        "StockValuation": {},
    }


async def test_strangers_read_nothing() -> None:
    mill = await a_mill()
    borrower = somebody(Role.BORROWER)
    for name, variables in about(mill).items():
        await refused_to_strangers(op(name), **variables)
        assert await ask_refused(borrower, op(name), **variables) == "FORBIDDEN"


async def test_where_nothing_is() -> None:
    mill = await a_mill()
    for name in LISTS:
        assert (await ask(mill.keeper, op(name)))["nodes"] == []
    assert await ask(mill.keeper, op("StockDocument"), id=encode_id("StockDocument", mill.silo.id)) is None
    found = await ask(mill.keeper, op("StockAvailability"), itemId=item_id(mill.wheat), quantity="1")
    assert (found["available"], found["enough"], found["warehouses"]) == ("0", False, [])
    statement = await ask(mill.keeper, op("StockStatement"), itemId=item_id(mill.wheat), **STRETCH)
    nothing = {"quantity": "0", "value": worth("0.00"), "rate": None}
    assert (statement["opening"], statement["closing"], statement["lines"]["nodes"]) == (nothing, nothing, [])
    valuation = await ask(mill.keeper, op("StockValuation"))
    assert (valuation["total"], valuation["byWarehouse"], len(valuation["byCategory"])) == (worth("0.00"), [], 4)


async def a_story(mill: Mill) -> None:
    """10 at 2.00 and 5 at 5.00 come, 6 go, all on days of March; 4 go to the shop."""
    await bring(mill, 10, "2.00", mill.manager, receivedAt=day(2).isoformat())
    await bring(mill, 5, "5.00", mill.manager, receivedAt=day(4).isoformat(), reference="GRN 2")
    lines = {"lines": [said(mill.wheat, 6, note="sweepings")], "issuedAt": day(5).isoformat()}
    await do(mill.manager, op("IssueStock"), input={"warehouseId": place_id(mill.silo)} | lines)
    moved = {"lines": [said(mill.wheat, 4)], "transferredAt": day(6).isoformat()}
    ends = {"fromWarehouseId": place_id(mill.silo), "toWarehouseId": place_id(mill.shop)}
    await do(mill.manager, op("TransferStock"), input=ends | moved)


async def test_movements() -> None:
    mill = await a_mill()
    await a_story(mill)
    nodes = (await ask(mill.keeper, op("StockMovements"), itemId=item_id(mill.wheat)))["nodes"]
    assert [(each["kind"], each["quantity"], each["value"], each["rate"]) for each in nodes] == [
        ("TRANSFER_OUT", "-4", worth("-12.00"), "3.000000"),
        ("ISSUE", "-6", worth("-18.00"), "3.000000"),
        ("RECEIPT", "5", worth("25.00"), "5.000000"),
        ("RECEIPT", "10", worth("20.00"), "2.000000"),
    ]
    [issue] = (await ask(mill.keeper, op("StockMovements"), kinds=["ISSUE"], warehouseId=place_id(mill.silo)))["nodes"]
    assert (issue["note"], issue["documentKind"], issue["documentNumber"][:3]) == ("sweepings", "STOCK_DOCUMENT", "SD-")
    node = await ask(
        mill.keeper, "query ($id: ID!) { node(id: $id) { id ... on StockDocument { number } } }", id=issue["documentId"]
    )
    assert node["number"] == issue["documentNumber"]
    again = await ask(mill.keeper, "query ($id: ID!) { node(id: $id) { ... on StockMovement { kind } } }", id=issue["id"])
    assert again == {"kind": "ISSUE"}
    assert len((await ask(mill.manager, op("StockMovements")))["nodes"]) == 5
    stretch = {"from": day(4).isoformat(), "to": day(5).isoformat()}
    assert [each["quantity"] for each in (await ask(mill.keeper, op("StockMovements"), **stretch))["nodes"]] == ["5"]
    page = await ask(mill.keeper, op("StockMovements"), first=3)
    rest = await ask(mill.keeper, op("StockMovements"), first=3, after=page["pageInfo"]["endCursor"])
    assert [len(page["nodes"]), len(rest["nodes"])] == [3, 1]


async def test_availability_levels_and_documents() -> None:
    manager = await an_actor(Role.MILL_MANAGER, name="Mary Miller")
    mill = replace(await a_mill(reorder_level=5), manager=manager)
    await a_story(mill)
    wheat, silo = item_id(mill.wheat), place_id(mill.silo)
    asked = {"itemId": wheat, "warehouseId": silo, "quantity": "5.001"}
    found = await ask(mill.keeper, op("StockAvailability"), **asked)
    assert (found["requested"], found["available"], found["enough"]) == ("5.001", "5", False)
    everywhere = await ask(mill.manager, op("StockAvailability"), itemId=wheat, quantity="9")
    assert (everywhere["enough"], [each["enough"] for each in everywhere["warehouses"]]) == (True, [False, False])
    [level] = (await ask(mill.keeper, op("StockLevels"), filter={"statuses": ["LOW", "OUT"]}))["nodes"]
    assert (level["warehouse"]["name"], level["status"], level["value"]) == ("Silo", "LOW", worth("15.00"))
    [receipt] = (await ask(mill.keeper, op("StockDocuments"), filter={"search": "GRN 2"}))["nodes"]
    document = await ask(mill.keeper, op("StockDocument"), id=receipt["id"])
    assert (document["value"], document["createdBy"]["name"]) == (worth("25.00"), "Mary Miller")
    assert [each["kind"] for each in (await ask(mill.stranger, op("StockDocuments")))["nodes"]] == ["TRANSFER"]


async def test_statements_and_valuations() -> None:
    mill = await a_mill()
    await a_story(mill)
    wheat, silo = item_id(mill.wheat), place_id(mill.silo)
    asked = {"itemId": wheat, "warehouseId": silo, "from": day(3).isoformat(), "to": day(6, hour=9).isoformat()}
    statement = await ask(mill.keeper, op("StockStatement"), **asked)
    assert statement["opening"] == {"quantity": "10", "value": worth("20.00"), "rate": "2.000000"}
    assert statement["received"] == {"quantity": "5", "value": worth("25.00")}
    assert statement["issued"] == {"quantity": "10", "value": worth("30.00")}
    assert statement["closing"] == {"quantity": "5", "value": worth("15.00"), "rate": "3.000000"}
    lines = statement["lines"]["nodes"]
    assert [each["after"]["value"]["amount"] for each in lines] == ["45.00", "27.00", "15.00"]
    first = await ask(mill.keeper, op("StockStatement"), **asked, first=1)
    rest = await ask(mill.keeper, op("StockStatement"), **asked, after=first["lines"]["pageInfo"]["endCursor"])
    assert [*first["lines"]["nodes"], *rest["lines"]["nodes"]] == lines
    then = await ask(mill.manager, op("StockValuation"), asOf=day(4).isoformat())
    assert (then["total"], len(then["lines"]["nodes"])) == (worth("45.00"), 1)
    now = await ask(mill.manager, op("StockValuation"))
    assert (now["total"], [each["value"] for each in now["byWarehouse"]]) == (
        worth("27.00"),
        [worth("15.00"), worth("12.00")],
    )
    [raw] = [each for each in now["byCategory"] if each["category"] == "RAW_MATERIAL"]
    assert (raw["accountCode"], raw["value"]) == (RAW_MATERIALS.code, worth("27.00"))
    assert await in_books(RAW_MATERIALS) == 2700
    mine = await ask(mill.keeper, op("StockValuation"))
    assert mine["total"] == worth("15.00")


async def test_other_peoples() -> None:
    mill = await a_mill()
    await a_story(mill)
    shop = {"warehouseId": place_id(mill.shop)}
    for name in ("StockMovements", "StockAvailability", "StockStatement", "StockValuation"):
        assert await ask_refused(mill.keeper, op(name), **about(mill)[name], **shop) == "WAREHOUSE_NOT_FOUND"
    for name in ("StockLevels", "StockDocuments"):
        assert await ask_refused(mill.keeper, op(name), filter=shop) == "WAREHOUSE_NOT_FOUND"
    [receipt] = (await ask(mill.keeper, op("StockDocuments"), filter={"search": "GRN 2"}))["nodes"]
    assert await ask(mill.stranger, op("StockDocument"), id=receipt["id"]) is None
    moves = (await ask(mill.keeper, op("StockMovements")))["nodes"]
    for each in moves:
        node = await ask(mill.stranger, "query ($id: ID!) { node(id: $id) { id } }", id=each["id"])
        assert node is None


@pytest.mark.parametrize("quantity", ["-1", "0", "0.0001", "1" * 19])
async def test_bad_quantities(quantity: str) -> None:
    mill = await a_mill()
    asked = {"itemId": item_id(mill.wheat), "quantity": quantity}
    assert await ask_refused(mill.keeper, op("StockAvailability"), **asked) == "INVALID_QUANTITY"


async def test_bad_questions() -> None:
    mill = await a_mill()
    backwards = {"from": STRETCH["to"], "to": STRETCH["from"]}
    wheat = {"itemId": item_id(mill.wheat)}
    for name, variables, code in (
        ("StockMovements", backwards, "INVALID_INPUT"),
        ("StockStatement", wheat | backwards, "INVALID_INPUT"),
        ("StockDocuments", {"filter": backwards}, "INVALID_INPUT"),
        ("StockMovements", {"after": "rubbish"}, "INVALID_INPUT"),
        ("StockMovements", {"first": 101}, "INVALID_INPUT"),
        ("StockMovements", {"itemId": place_id(mill.silo)}, "NOT_FOUND"),
        ("StockStatement", {"itemId": encode_id("Item", mill.silo.id)} | STRETCH, "ITEM_NOT_FOUND"),
        ("StockValuation", {"asOf": "2999-01-01T00:00:00Z"}, "INVALID_INPUT"),
        ("StockValuation", {"after": "rubbish"}, "INVALID_INPUT"),
        ("StockValuation", {"asOf": "2026-02-30T00:00:00Z"}, "INVALID_INPUT"),
        ("StockAvailability", wheat | {"quantity": "NaN"}, "INVALID_AMOUNT"),
        ("StockAvailability", wheat | {"quantity": "1", "unit": "furlong"}, "UNKNOWN_UNIT"),
    ):
        found = await ask_refused(mill.keeper, op(name), **variables)
        assert found == code, (name, variables)


async def test_the_place_in_the_log_comes_with_what_is_read() -> None:
    mill = await a_mill()
    result = await run(mill.keeper, operation("milling/StockMovements"))
    assert result.errors == []


async def test_a_statement_on_paper() -> None:
    mill = replace(await a_mill(), keeper=await an_actor(Role.MILL_MANAGER))
    await a_story(mill)
    about = {"from": "2026-03-01", "to": "2026-03-31", "itemId": item_id(mill.wheat), "warehouseId": place_id(mill.silo)}
    asked = {"kind": "stock_statement", "format": "CSV", "parameters": about}
    report = (await do(mill.keeper, operation("reports/GenerateReport"), input=asked))["report"]
    await a_runner().run_what_is_there()
    made = await ask(mill.keeper, operation("reports/Report"), id=report["id"])
    assert (made["state"], made["parameters"]["itemId"]) == ("DONE", item_id(mill.wheat))
    kinds = await ask(mill.keeper, "{ reportKinds { kind parameters { name required } } }")
    [statement] = [each["parameters"] for each in kinds if each["kind"] == "stock_statement"]
    assert {each["name"]: each["required"] for each in statement} == {
        "from": True,
        "to": True,
        "itemId": True,
        "warehouseId": False,
    }


MOST = {"StockMovements": 5, "StockLevels": 3, "StockDocument": 6, "StockStatement": 10, "StockValuation": 4}
"""A list, what its rows are worth, and one statement for each relation; a statement sums up three places in history."""


async def test_how_often_the_database_is_asked() -> None:
    mill = replace(await a_mill(), manager=await an_actor(Role.MILL_MANAGER))
    for turn in range(2):
        for _ in range(1 + 4 * turn):
            other = await an_item()
            lines = [said(each, 1, unitCost=valued("1.00")) for each in (mill.wheat, other)]
            input = {"warehouseId": place_id(mill.silo), "lines": lines}
            made = await do(mill.manager, op("ReceiveStock"), input=input)
        now = clock.now().isoformat()
        stretch = {"itemId": item_id(mill.wheat), "from": STRETCH["from"], "to": now}
        about_document = {"id": made["stockDocument"]["id"]}
        given = {"StockDocument": about_document, "StockStatement": stretch}
        for name, most in MOST.items():
            with statements() as seen:
                await ask(mill.manager, op(name), **given.get(name, {}))
            assert len(seen) <= most, (name, seen)
