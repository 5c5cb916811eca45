"""The acts on stock through the API: strangers, what comes of them, other people's, and bad input."""

from __future__ import annotations

from typing import Any

import pytest

from domain.identity.permissions import Role
from domain.milling.models import StockDocument
from tests.support.graphql import ask, ask_refused, do, do_refused, encode_id, refused_to_strangers
from tests.support.happenings import assert_integrity, names_of_events
from tests.support.milling import FIFO, a_warehouse, an_item, day, in_stock, q
from tests.support.operations import money
from tests.support.people import somebody
from tests.support.races import outcomes_of
from tests.support.stock_operations import Mill, a_mill, bring, item_id, op, place_id, said, valued, worth

pytestmark = pytest.mark.usefixtures("database")

IN_ONE_PLACE = ("ReceiveStock", "IssueStock", "CountStock", "OpenStock")


def a_document(mill: Mill, name: str, *lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The input of an act, about a kilogram of wheat in the silo unless something else is said."""
    shown = list(lines) or [said(mill.wheat, 1)]
    match name:
        case "TransferStock":
            given: dict[str, Any] = {"fromWarehouseId": place_id(mill.silo), "toWarehouseId": place_id(mill.shop)}
            return given | {"lines": shown} | more
        case "RepackStock":
            return {"warehouseId": place_id(mill.silo), "inputs": shown, "outputs": [said(mill.wheat, 1)]} | more
        case "CancelStockDocument":
            return {"stockDocumentId": encode_id("StockDocument", mill.silo.id), "reason": "Twice"} | more
        case "AdjustStock":
            more = {"cause": "FOUND"} | more
    return {"warehouseId": place_id(mill.silo), "lines": shown} | more


@pytest.mark.parametrize("name", [*IN_ONE_PLACE, "TransferStock", "AdjustStock", "RepackStock", "CancelStockDocument"])
async def test_only_who_keeps_stock_may(name: str) -> None:
    mill = await a_mill()
    await refused_to_strangers(op(name), input=a_document(mill, name))
    for role in (Role.SALES_CLERK, Role.CASHIER, Role.BORROWER):
        other = somebody(role, branch=mill.branch)
        assert await ask_refused(other, op(name), input=a_document(mill, name)) == "FORBIDDEN"
    codes = {"OpenStock": "FORBIDDEN", "CancelStockDocument": "FORBIDDEN"}
    if name in codes:
        refusal = await ask(mill.keeper, op(name), input=a_document(mill, name)) if name != "OpenStock" else None
        assert refusal is None or refusal["errors"][0]["code"] == codes[name]
    else:
        found = await do_refused(mill.stranger, op(name), input=a_document(mill, name))
        where = "fromWarehouseId" if name == "TransferStock" else "warehouseId"
        assert found == ("WAREHOUSE_NOT_FOUND", ["input", where])


async def test_receiving_and_issuing() -> None:
    mill = await a_mill()
    came = await bring(mill, "300", "20.00", reason="Harvest", reference="GRN 7")
    assert (came["kind"], came["status"], came["value"], came["reference"]) == (
        "RECEIPT",
        "POSTED",
        worth("6,000.00"),
        "GRN 7",
    )
    [line] = came["lines"]
    assert (line["movedQuantity"], line["statedValue"], line["itemName"]) == ("300", worth("6,000.00"), "Wheat")
    went = await do(mill.keeper, op("IssueStock"), input=a_document(mill, "IssueStock", said(mill.wheat, "0.5")))
    assert went["stockDocument"]["value"] == worth("-10.00")
    short = await ask(mill.keeper, op("IssueStock"), input=a_document(mill, "IssueStock", said(mill.wheat, 300)))
    [error] = short["errors"]
    assert (error["code"], error["field"]) == ("INSUFFICIENT_STOCK", ["input", "lines", "0"])
    assert {each["name"]: each["value"] for each in error["figures"]} == {
        "requested": "300",
        "available": "299.5",
    }
    other = await an_item()
    input = a_document(mill, "IssueStock", said(other, 1))
    assert (await do_refused(mill.keeper, op("IssueStock"), input=input))[0] == "ITEM_NOT_IN_WAREHOUSE"


@pytest.mark.parametrize(
    ("changes", "cost", "left"), [({"valuation_method": FIFO}, "9,055.00", 730500), ({}, "9,202.50", 715750)]
)
async def test_published_valuations_s15(changes: dict[str, Any], cost: str, left: int) -> None:
    mill = await a_mill(**changes)
    lots = (("300", "20.00"), ("100", "20.20"), ("200", "20.70"), ("200", "21.00"))
    lines = [said(mill.wheat, quantity, unitCost=valued(price)) for quantity, price in lots]
    await do(mill.keeper, op("ReceiveStock"), input=a_document(mill, "ReceiveStock", *lines))
    sold = await do(mill.keeper, op("IssueStock"), input=a_document(mill, "IssueStock", said(mill.wheat, 450)))
    assert sold["stockDocument"]["value"] == worth(f"-{cost}")
    assert await in_stock(mill.wheat, mill.silo) == (q(350), left)


@pytest.mark.parametrize(("changes", "cost", "left"), [({"valuation_method": FIFO}, "182.00", 4000), ({}, "185.00", 3700)])
async def test_published_valuations_s16(changes: dict[str, Any], cost: str, left: int) -> None:
    mill = await a_mill(**changes)
    for quantity, price in ((8, "4.00"), (20, "4.50"), (20, "5.00")):
        await bring(mill, quantity, price)
    sold = await do(
        mill.keeper, op("IssueStock"), input=a_document(mill, "IssueStock", said(mill.wheat, 8), said(mill.wheat, 32))
    )
    assert sold["stockDocument"]["value"] == worth(f"-{cost}")
    assert await in_stock(mill.wheat, mill.silo) == (q(8), left)


async def test_a_transfer_s12() -> None:
    mill = await a_mill()
    await bring(mill, "20000", "156.53", lines=[said(mill.wheat, "20000", value=valued("3130520.00"))])
    input = a_document(mill, "TransferStock", said(mill.wheat, "1728"))
    assert await do_refused(mill.keeper, op("TransferStock"), input=input) == (
        "WAREHOUSE_NOT_FOUND",
        ["input", "toWarehouseId"],
    )
    moved = (await do(mill.manager, op("TransferStock"), input=input))["stockDocument"]
    assert (moved["value"], moved["toWarehouseId"]) == (worth("270,476.93"), place_id(mill.shop))
    document = await ask(mill.keeper, op("StockDocument"), id=moved["id"])
    assert [each["value"] for each in document["movements"]] == [worth("-270,476.93")], "the shop is another branch's"
    assert (document["toWarehouse"], document["warehouse"]["name"]) == (None, "Silo")
    there = await ask(mill.stranger, op("StockDocument"), id=moved["id"])
    assert [each["value"] for each in there["movements"]] == [worth("270,476.93")]
    same = a_document(mill, "TransferStock", toWarehouseId=place_id(mill.silo))
    assert await do_refused(mill.keeper, op("TransferStock"), input=same) == ("SAME_WAREHOUSE", ["input", "toWarehouseId"])
    await assert_integrity()


async def test_counting_adjusting_and_opening() -> None:
    mill = await a_mill()
    opened = await do(
        mill.manager, op("OpenStock"), input=a_document(mill, "OpenStock", said(mill.wheat, 10, unitCost=valued("3.00")))
    )
    assert opened["stockDocument"]["kind"] == "OPENING"
    again = a_document(mill, "OpenStock", said(mill.wheat, 1, unitCost=valued("3.00")))
    assert await do_refused(mill.manager, op("OpenStock"), input=again) == (
        "OPENING_KNOWN",
        ["input", "lines", "0", "itemId"],
    )
    counted = await do(mill.keeper, op("CountStock"), input=a_document(mill, "CountStock", said(mill.wheat, "8.5")))
    [line] = counted["stockDocument"]["lines"]
    assert (line["quantity"], line["movedQuantity"], line["value"]) == ("8.5", "-1.5", worth("-4.50"))
    stale = a_document(mill, "CountStock", said(mill.wheat, 8, expected="10"))
    assert await do_refused(mill.keeper, op("CountStock"), input=stale) == (
        "COUNT_OUTDATED",
        ["input", "lines", "0", "expected"],
    )
    less = a_document(mill, "AdjustStock", said(mill.wheat, "-0.5"), cause="SAMPLE", reason="For the laboratory")
    adjusted = (await do(mill.keeper, op("AdjustStock"), input=less))["stockDocument"]
    assert (adjusted["cause"], adjusted["value"]) == ("SAMPLE", worth("-1.50"))


async def test_a_repack_s19() -> None:
    mill = await a_mill()
    items, bundle = [await an_item() for _ in range(4)], await an_item("Bundle")
    lines = [said(item, 10, unitCost=valued(f"{cost}.00")) for item, cost in zip(items, (10, 20, 30, 40), strict=True)]
    await do(mill.keeper, op("ReceiveStock"), input=a_document(mill, "ReceiveStock", *lines))
    input = a_document(mill, "RepackStock", *[said(item, 10) for item in items], outputs=[said(bundle, 1)])
    made = (await do(mill.keeper, op("RepackStock"), input=input))["stockDocument"]
    assert (made["lines"][-1]["role"], made["lines"][-1]["value"]) == ("OUTPUT", worth("1,000.00"))
    assert await do_refused(mill.keeper, op("RepackStock"), input=input) == ("INSUFFICIENT_STOCK", ["input", "inputs", "0"])


async def test_taking_back_s14() -> None:
    mill = await a_mill()
    moment = {"receivedAt": day(2).isoformat()}
    first = await bring(mill, 10, "1.00", mill.manager, **moment)
    await bring(mill, 1, "1.00", mill.manager, **moment)
    assert await in_stock(mill.wheat, mill.silo) == (q(11), 1100)
    about = {"stockDocumentId": first["id"], "reason": "Twice"}
    assert await do_refused(mill.keeper, op("CancelStockDocument"), input=about) == ("FORBIDDEN", None)
    back = (await do(mill.manager, op("CancelStockDocument"), input=about))["stockDocument"]
    assert (back["status"], back["cancelReason"], await in_stock(mill.wheat, mill.silo)) == (
        "CANCELLED",
        "Twice",
        (q(1), 100),
    )
    assert (await do_refused(mill.manager, op("CancelStockDocument"), input=about))[0] == "ALREADY_CANCELLED"
    unknown = {"stockDocumentId": encode_id("StockDocument", mill.silo.id), "reason": "Twice"}
    assert await do_refused(mill.manager, op("CancelStockDocument"), input=unknown) == (
        "STOCK_DOCUMENT_NOT_FOUND",
        ["input", "stockDocumentId"],
    )


async def test_who_dates_back() -> None:
    mill = await a_mill()
    early = a_document(mill, "ReceiveStock", receivedAt=day(2).isoformat())
    assert await do_refused(mill.keeper, op("ReceiveStock"), input=early) == (
        "BACKDATING_NOT_ALLOWED",
        ["input", "receivedAt"],
    )
    late = a_document(mill, "ReceiveStock", said(mill.wheat, 1, value=valued("1.00")), receivedAt="2999-01-01T00:00:00Z")
    assert await do_refused(mill.manager, op("ReceiveStock"), input=late) == ("FUTURE_DATE", ["input", "receivedAt"])


@pytest.mark.parametrize(
    ("change", "code", "where"),
    [
        ({"quantity": "-1"}, "INVALID_QUANTITY", "quantity"),
        ({"quantity": "0"}, "INVALID_QUANTITY", "quantity"),
        ({"quantity": "1.0001"}, "INVALID_QUANTITY", "quantity"),
        ({"quantity": "1234567890123456789"}, "INVALID_QUANTITY", "quantity"),
        ({"unit": "furlong"}, "UNKNOWN_UNIT", "unit"),
        ({"itemId": encode_id("Item", "not a uuid")}, "NOT_FOUND", "itemId"),
        ({"itemId": encode_id("Warehouse", "00000000-0000-0000-0000-000000000001")}, "NOT_FOUND", "itemId"),
        ({"itemId": encode_id("Item", "00000000-0000-0000-0000-000000000001")}, "ITEM_NOT_FOUND", "itemId"),
        ({"unitCost": money("1.00", "USD")}, "CURRENCY_MISMATCH", "unitCost"),
        ({"unitCost": money("0.00")}, "INVALID_AMOUNT", "unitCost"),
        ({"value": money("1.001")}, "INVALID_AMOUNT", "value"),
    ],
)
async def test_bad_lines(change: dict[str, Any], code: str, where: str) -> None:
    mill = await a_mill()
    input = a_document(mill, "ReceiveStock", said(mill.wheat, 1) | change)
    assert await do_refused(mill.keeper, op("ReceiveStock"), input=input) == (code, ["input", "lines", "0", where])


@pytest.mark.parametrize("quantity", ["NaN", "Infinity", "1e3", "", "١", 1.5, None, True])
async def test_what_is_no_quantity(quantity: Any) -> None:
    mill = await a_mill()
    input = a_document(mill, "ReceiveStock", said(mill.wheat, 1) | {"quantity": quantity})
    assert await ask_refused(mill.keeper, op("ReceiveStock"), input=input) in ("INVALID_AMOUNT", "INVALID_VARIABLES")


async def test_bad_documents() -> None:
    mill = await a_mill()
    await bring(mill, 1, "1.00")
    closed = await a_warehouse(branch_id=mill.branch.id, active=False)
    for change, code, field in (
        ({"lines": []}, "INVALID_INPUT", ["input", "lines"]),
        ({"reason": "x" * 501}, "INVALID_INPUT", ["input", "reason"]),
        ({"warehouseId": item_id(mill.wheat)}, "NOT_FOUND", ["input", "warehouseId"]),
        ({"warehouseId": place_id(closed)}, "WAREHOUSE_CLOSED", ["input", "lines", "0"]),
        ({"idempotencyKey": ""}, "INVALID_INPUT", ["input", "idempotencyKey"]),
    ):
        found = await do_refused(mill.keeper, op("ReceiveStock"), input=a_document(mill, "ReceiveStock", **change))
        assert found == (code, field)
    twice = a_document(mill, "CountStock", said(mill.wheat, 1), said(mill.wheat, 1))
    assert await do_refused(mill.keeper, op("CountStock"), input=twice) == (
        "DUPLICATE_LINE",
        ["input", "lines", "1", "itemId"],
    )


async def test_sent_twice_it_happens_once() -> None:
    mill = await a_mill()
    await bring(mill, 10, "1.00")
    input = a_document(mill, "IssueStock", said(mill.wheat, 4), idempotencyKey="issue 1")
    outcomes = await outcomes_of([ask(mill.keeper, op("IssueStock"), input=input) for _ in range(4)])
    errors = [each["errors"][0]["code"] for each in outcomes if each["errors"]]
    assert set(errors) <= {"IN_PROGRESS"}
    again = await do(mill.keeper, op("IssueStock"), input=input)
    assert again["replayed"] is True
    assert again["stockDocument"]["value"] == worth("-4.00")
    assert await in_stock(mill.wheat, mill.silo) == (q(6), 600)
    assert await StockDocument.all().count() == 2
    assert (await names_of_events()).count("milling.stock_moved") == 2
    other = input | {"lines": [said(mill.wheat, 5)]}
    assert (await do_refused(mill.keeper, op("IssueStock"), input=other))[0] == "IDEMPOTENCY_KEY_REUSED"
