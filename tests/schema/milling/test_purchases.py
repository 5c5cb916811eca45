"""Purchases in the API: from the order to the payment and back, who may do what, and what they hear."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from domain.events.listeners import catch_up
from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.context import CallContext, call_context
from domain.notifications.handlers import notifier
from domain.notifications.models import Notification
from tests.support.graphql import ask, ask_refused, do, do_refused, feed_refused, heard, refused_to_strangers
from tests.support.happenings import assert_integrity, events_so_far
from tests.support.loan_operations import do_twice
from tests.support.loans import a_registered_officer
from tests.support.people import somebody
from tests.support.purchase_operations import bought, changes_heard, form, new_line, of, unknown
from tests.support.purchases import a_mill
from tests.support.races import outcomes_of
from tests.support.stock_operations import op, place_id, valued, worth

pytestmark = pytest.mark.usefixtures("database")

CREATE, RECEIVE, BILL, PAY = op("CreatePurchase"), op("ReceivePurchase"), op("BillPurchase"), op("PayPurchase")
UPDATE, CANCEL, UNBILL = op("UpdatePurchase"), op("CancelPurchase"), op("CancelPurchaseBill")
RETURN, UNRETURN = op("CreatePurchaseReturn"), op("CancelPurchaseReturn")
LAND, UNLAND = op("AddLandedCost"), op("CancelLandedCost")
REFUND, REVERSE = op("RecordSupplierRefund"), op("ReverseSupplierPayment")
PURCHASE, PURCHASES, RETURNS, PAYABLES = op("Purchase"), op("Purchases"), op("PurchaseReturns"), op("Payables")

MISSING = ("PURCHASE_NOT_FOUND", ["input", "purchaseId"])


async def test_the_flow_of_a_purchase_step_by_step() -> None:
    """Items come into being, stock grows, costs are known, people are told, and those who look on hear it all."""
    mill = await a_mill()
    other_keeper = await a_registered_officer(mill.branch, Role.STOREKEEPER, name="Sam Storekeeper")
    await catch_up(notifier)
    wheat = new_line("WHEAT", "2.5", "45000.00", unit="tonne")
    asked = form(mill, wheat, new_line("BAGS", "200", "7.50"), newSupplier={"name": "Kitale Growers", "paymentDays": 7})
    with call_context(CallContext(actor_id=mill.keeper.id)):
        made = (await do(mill.keeper, CREATE, input=asked))["purchase"]

    # 1. Inventory items were created, each with its base unit, and linked with the supplier.
    first, second = made["lines"]
    assert [(line["item"]["code"], line["receivedQuantity"]) for line in (first, second)] == [
        ("WHEAT", "2500"),
        ("BAGS", "200"),
    ]
    read = await ask(mill.keeper, PURCHASE, id=made["id"])
    assert (read["supplier"]["name"], read["status"], read["amount"]) == ("Kitale Growers", "RECEIVED", worth("114,000.00"))

    # 2. Inventory quantities were increased, in the warehouse that was named.
    assert first["item"]["stock"] == [
        {"warehouseId": place_id(mill.warehouse), "onHand": "2500", "value": {"amount": "112500.00"}}
    ]
    # 3. Costs were updated.
    last = first["item"]["lastPurchase"]
    assert (float(last["unitCost"]), last["supplierId"]) == (45, read["supplier"]["id"])
    again = await bought(mill, new_line("WHEAT", "100", "50.00"))
    assert float(again["lines"][0]["item"]["lastPurchase"]["unitCost"]) == 50
    # 4. A notification of the completed purchase was sent to the others of the branch.
    await events_so_far()
    await catch_up(notifier)
    told = await Notification.filter(recipient_id=other_keeper.id).order_by("source_position")
    assert {note.type for note in told} == {"PURCHASE_COMPLETED"}
    # 5. Purchase data is heard live.
    assert await changes_heard(mill.keeper) == ["ORDERED", "RECEIVED", "ORDERED", "RECEIVED"]
    item = (await heard(mill.keeper, op("PurchaseUpdated"), purchaseId=made["id"]))[1]
    assert (item["statusBefore"], item["purchase"]["status"], len(item["lines"])) == ("DRAFT", "RECEIVED", 2)
    assert item["purchase"]["dueAmount"] == worth("0.00")
    await assert_integrity()


async def test_buying_goods() -> None:
    mill, other = await a_mill(), await a_mill()
    asked = form(mill)
    await refused_to_strangers(CREATE, input=asked)
    for role in (Role.SALES_CLERK, Role.CASHIER, Role.INVESTOR):
        assert await ask_refused(somebody(role, branch=mill.branch), CREATE, input=asked) == "FORBIDDEN"
    assert await ask_refused(mill.keeper, CREATE, input=asked | {"lines": None}) == "INVALID_VARIABLES"
    assert await do_refused(mill.keeper, CREATE, input=asked | {"lines": []}) == ("INVALID_INPUT", ["input", "lines"])
    made = await do_twice(mill.keeper, CREATE, **asked)
    assert (made["purchase"]["status"], made["purchase"]["amount"]) == ("RECEIVED", worth("1,000.00"))
    assert await do_refused(other.keeper, CREATE, input=asked) == ("WAREHOUSE_NOT_FOUND", ["input", "warehouseId"])
    billed = form(mill, upTo="BILLED", bill={"billNumber": "INV 1"})
    assert (await do_refused(mill.keeper, CREATE, input=billed))[0] == "FORBIDDEN"
    assert (await do(mill.manager, CREATE, input=billed))["purchase"]["dueAmount"] == worth("1,000.00")
    early = form(mill, receivedAt=(clock.now() - timedelta(days=1)).isoformat())
    assert await do_refused(mill.keeper, CREATE, input=early) == ("BACKDATING_NOT_ALLOWED", ["input", "receivedAt"])
    await do(mill.manager, CREATE, input=early)
    await assert_integrity()


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"supplierId": unknown("Supplier")}, "SUPPLIER_NOT_FOUND", ["supplierId"]),
        ({"supplierId": None}, "INVALID_INPUT", ["supplierId"]),
        ({"newSupplier": {"name": "Both"}}, "INVALID_INPUT", ["supplierId"]),
        ({"supplierId": None, "newSupplier": {"name": " "}}, "INVALID_INPUT", ["newSupplier", "name"]),
        ({"warehouseId": unknown("Warehouse")}, "WAREHOUSE_NOT_FOUND", ["warehouseId"]),
        ({"warehouseId": "x"}, "NOT_FOUND", ["warehouseId"]),
        ({"lines": [new_line(quantity="-1")]}, "INVALID_QUANTITY", ["lines", "0", "quantity"]),
        ({"lines": [new_line(quantity="0.0001")]}, "INVALID_QUANTITY", ["lines", "0", "quantity"]),
        ({"lines": [new_line(quantity="1234567890123456789")]}, "INVALID_QUANTITY", ["lines", "0", "quantity"]),
        ({"lines": [new_line(price="-1")]}, "INVALID_AMOUNT", ["lines", "0", "unitPrice"]),
        ({"lines": [new_line(price="0.001")]}, "INVALID_AMOUNT", ["lines", "0", "unitPrice"]),
        ({"lines": [new_line(amount=valued("1.00"))]}, "INVALID_INPUT", ["lines", "0", "unitPrice"]),
        (
            {"lines": [new_line(unitPrice={"amount": "1", "currency": "USD"})]},
            "CURRENCY_MISMATCH",
            ["lines", "0", "unitPrice", "currency"],
        ),
        ({"lines": [new_line(), new_line(unit="box")]}, "UNKNOWN_UNIT", ["lines", "1", "unit"]),
        ({"lines": [new_line() | {"itemId": unknown("Item")}]}, "INVALID_INPUT", ["lines", "0", "itemId"]),
        (
            {"lines": [{"itemId": unknown("Item"), "quantity": "1", "amount": valued("1")}]},
            "ITEM_NOT_FOUND",
            ["lines", "0", "itemId"],
        ),
        ({"lines": [new_line("?")]}, "INVALID_INPUT", ["lines", "0", "newItem", "code"]),
        ({"upTo": "RETURNED"}, "INVALID_INPUT", ["upTo"]),
        ({"bill": {"billNumber": "1"}}, "INVALID_INPUT", ["bill"]),
        (
            {"upTo": "BILLED", "bill": {"lines": [{"lineNo": 3, "amount": valued("1")}]}},
            "LINE_NOT_FOUND",
            ["bill", "lines", "0", "lineNo"],
        ),
        ({"reference": "x" * 61}, "INVALID_INPUT", ["reference"]),
        ({"note": "a\x00b"}, "INVALID_INPUT", ["note"]),
    ],
)
async def test_purchases_that_are_refused(changes: dict[str, Any], code: str, field: list[str]) -> None:
    mill = await a_mill()
    assert await do_refused(mill.manager, CREATE, input=form(mill) | changes) == (code, ["input", *field])


@pytest.mark.parametrize("quantity", ["NaN", "Infinity", "1e400", "", "one"])
async def test_what_is_no_number_is_no_quantity(quantity: str) -> None:
    mill = await a_mill()
    assert await ask_refused(mill.manager, CREATE, input=form(mill, new_line(quantity=quantity))) == "INVALID_AMOUNT"


async def test_orders_are_changed_received_and_called_off() -> None:
    mill, other = await a_mill(), await a_mill()
    order, off = await bought(mill, upTo="DRAFT"), await bought(mill, upTo="DRAFT")
    about = {"note": "Before the rains", "expectedVersion": 1}
    came = {"lines": [{"lineNo": 1, "quantity": "0.09", "unit": "tonne"}]}
    why = {"reason": "Too dear"}
    for document, more in ((UPDATE, about), (RECEIVE, came), (CANCEL, why)):
        await refused_to_strangers(document, input=of(order, **more))
        assert await ask_refused(mill.cashier, document, input=of(order, **more)) == "FORBIDDEN"
        assert await do_refused(other.keeper, document, input=of(order, **more)) == MISSING
        assert await do_refused(mill.keeper, document, input={"purchaseId": unknown("Purchase")} | more) == MISSING
    changed = (await do(mill.keeper, UPDATE, input=of(order, **about)))["purchase"]
    assert changed["version"] == 2
    assert (await do_refused(mill.keeper, UPDATE, input=of(order, **about)))[0] == "RECORD_CHANGED"
    received = (await do_twice(mill.keeper, RECEIVE, **of(order, **came)))["purchase"]
    assert (received["status"], received["amount"]) == ("RECEIVED", worth("900.00"))
    assert (await do_refused(mill.keeper, RECEIVE, input=of(order)))[0] == "PURCHASE_NOT_OPEN"
    gone = (await do_twice(mill.keeper, CANCEL, **of(off, **why)))["purchase"]
    assert (gone["status"], gone["cancelReason"]) == ("CANCELLED", "Too dear")
    assert (await do_refused(mill.keeper, CANCEL, input=of(order, **why)))[0] == "FORBIDDEN"
    assert (await do_refused(mill.manager, CANCEL, input=of(off, **why)))[0] == "ALREADY_CANCELLED"
    assert await changes_heard(mill.keeper) == ["ORDERED", "ORDERED", "EDITED", "RECEIVED", "CANCELLED"]
    await assert_integrity()


async def test_one_key_receives_once_however_often_it_is_sent_at_the_same_time() -> None:
    mill = await a_mill()
    order = await bought(mill, upTo="DRAFT")
    asked = of(order, idempotencyKey="the lorry of monday")
    done = await outcomes_of(ask(mill.keeper, RECEIVE, input=asked) for _ in range(4))
    codes = sorted(each["errors"][0]["code"] if each["errors"] else "done" for each in done)
    assert set(codes) <= {"done", "IN_PROGRESS"} and "done" in codes
    assert await changes_heard(mill.keeper) == ["ORDERED", "RECEIVED"]
    other = asked | {"lines": [{"lineNo": 1, "quantity": "1"}]}
    assert (await do_refused(mill.keeper, RECEIVE, input=other))[0] == "IDEMPOTENCY_KEY_REUSED"


async def test_bills_and_payments() -> None:
    mill, other = await a_mill(), await a_mill()
    purchase = await bought(mill)
    bill = {"billNumber": "INV 7", "lines": [{"lineNo": 1, "amount": valued("1100.00")}]}
    cash = {"method": "CASH", "amount": valued("600.00")}
    for document, more in ((BILL, bill), (PAY, cash), (REFUND, cash), (UNBILL, {"reason": "Wrong"})):
        await refused_to_strangers(document, input=of(purchase, **more))
        assert await ask_refused(mill.keeper, document, input=of(purchase, **more)) == "FORBIDDEN"
        assert await do_refused(other.cashier, document, input=of(purchase, **more)) == MISSING
    assert (await do_refused(mill.cashier, PAY, input=of(purchase, **cash)))[0] == "PURCHASE_NOT_OPEN"
    billed = (await do_twice(mill.cashier, BILL, **of(purchase, **bill)))["purchase"]
    assert (billed["status"], billed["dueAmount"], billed["billNumber"]) == ("BILLED", worth("1,100.00"), "INV 7")
    [owed] = await ask(mill.cashier, PAYABLES)
    assert (owed["supplier"]["name"], owed["due"], owed["overdue"]) == (mill.supplier.name, worth("1,100.00"), worth("0.00"))
    paid = await do_twice(mill.cashier, PAY, **of(purchase, **cash))
    assert (paid["payment"]["kind"], paid["purchase"]["dueAmount"]) == ("SUPPLIER_PAYMENT", worth("500.00"))
    assert await do_refused(mill.cashier, PAY, input=of(purchase, **cash)) == ("AMOUNT_EXCEEDS_DUE", ["input", "amount"])
    wrong = {"method": "MPESA"}
    assert await do_refused(mill.cashier, PAY, input=of(purchase, **wrong)) == ("REFERENCE_MISSING", ["input", "reference"])
    assert (await do_refused(mill.cashier, UNBILL, input=of(purchase, reason="x")))[0] == "BLOCKED_BY_LATER_DOCUMENT"
    undo = {"paymentId": paid["payment"]["id"], "reason": "Another supplier's"}
    await refused_to_strangers(REVERSE, input=undo)
    assert (await do_refused(mill.cashier, REVERSE, input=undo))[0] == "FORBIDDEN"
    nobodys = undo | {"paymentId": unknown("MillPayment")}
    assert await do_refused(mill.manager, REVERSE, input=nobodys) == ("MILL_PAYMENT_NOT_FOUND", ["input", "paymentId"])
    undone = await do_twice(mill.manager, REVERSE, **undo)
    assert (undone["payment"]["reversed"], undone["purchase"]["dueAmount"]) == (True, worth("1,100.00"))
    taken_back = (await do_twice(mill.cashier, UNBILL, **of(purchase, reason="Wrong")))["purchase"]
    assert (taken_back["status"], taken_back["billedAmount"]) == ("RECEIVED", None)
    story = ["ORDERED", "RECEIVED", "BILLED", "PAID", "PAYMENT_REVERSED", "BILL_CANCELLED"]
    assert await changes_heard(mill.cashier) == story
    assert await changes_heard(other.cashier) == []
    await assert_integrity()


async def test_goods_go_back_and_the_supplier_pays_back() -> None:
    mill, other = await a_mill(), await a_mill()
    purchase = await bought(mill, upTo="BILLED")
    await do(mill.cashier, PAY, input=of(purchase, method="BANK"))
    back = {"lines": [{"lineNo": 1, "quantity": "30"}], "reason": "Weevils"}
    await refused_to_strangers(RETURN, input=of(purchase, **back))
    assert await ask_refused(mill.cashier, RETURN, input=of(purchase, **back)) == "FORBIDDEN"
    assert await do_refused(other.keeper, RETURN, input=of(purchase, **back)) == MISSING
    sent = await do_twice(mill.keeper, RETURN, **of(purchase, **back))
    assert (sent["purchase"]["status"], sent["purchase"]["dueAmount"]["amount"]) == ("PART_RETURNED", "-300.00")
    assert sent["purchaseReturn"]["creditedAmount"] == worth("300.00")
    much = back | {"lines": [{"lineNo": 1, "quantity": "70.001"}]}
    assert await do_refused(mill.keeper, RETURN, input=of(purchase, **much)) == (
        "EXCEEDS_RETURNABLE",
        ["input", "lines", "0", "quantity"],
    )
    refunded = await do_twice(mill.cashier, REFUND, **of(purchase, method="CASH"))
    assert (refunded["payment"]["amount"], refunded["purchase"]["dueAmount"]) == (worth("300.00"), worth("0.00"))
    undo = {"purchaseReturnId": sent["purchaseReturn"]["id"], "reason": "It came back"}
    assert (await do_refused(mill.keeper, UNRETURN, input=undo))[0] == "FORBIDDEN"
    assert (await do_refused(mill.manager, UNRETURN, input=undo))[0] == "BLOCKED_BY_LATER_DOCUMENT"
    reversal = {"paymentId": refunded["payment"]["id"], "reason": "False coins"}
    await do(mill.manager, REVERSE, input=reversal)
    undone = await do_twice(mill.manager, UNRETURN, **undo)
    assert (undone["purchase"]["status"], undone["purchaseReturn"]["status"]) == ("BILLED", "CANCELLED")
    [read] = (await ask(mill.keeper, RETURNS, purchaseId=purchase["id"]))["nodes"]
    assert (read["reason"], read["purchase"]["number"]) == ("Weevils", purchase["number"])
    assert (await ask(other.keeper, RETURNS))["nodes"] == []
    await assert_integrity()


async def test_landed_cost() -> None:
    mill, other = await a_mill(), await a_mill()
    purchase = await bought(mill, new_line("WHEAT", "10", "10.00"), new_line("MAIZE", "20", "10.00"))
    cost = {"amount": valued("10.00"), "description": "Lorry"}
    await refused_to_strangers(LAND, input=of(purchase, **cost))
    assert await ask_refused(mill.keeper, LAND, input=of(purchase, **cost)) == "FORBIDDEN"
    assert await do_refused(other.cashier, LAND, input=of(purchase, **cost)) == MISSING
    landed = await do_twice(mill.cashier, LAND, **of(purchase, **cost))
    assert [share["amount"] for share in landed["landedCost"]["shares"]] == [worth("3.33"), worth("6.67")]
    assert landed["purchase"]["landedCost"] == worth("10.00")
    undo = {"landedCostId": landed["landedCost"]["id"], "reason": "Another purchase's"}
    await refused_to_strangers(UNLAND, input=undo)
    assert await do_refused(other.cashier, UNLAND, input=undo) == ("LANDED_COST_NOT_FOUND", ["input", "landedCostId"])
    undone = await do_twice(mill.cashier, UNLAND, **undo)
    assert (undone["landedCost"]["status"], undone["purchase"]["landedCost"]) == ("CANCELLED", worth("0.00"))
    assert await changes_heard(mill.keeper) == ["ORDERED", "RECEIVED", "LANDED_COST_ADDED", "LANDED_COST_CANCELLED"]
    await assert_integrity()


async def test_reading_purchases() -> None:
    mill, other = await a_mill(), await a_mill()
    await refused_to_strangers(PURCHASES)
    assert await ask_refused(somebody(Role.INVESTOR), PURCHASES) == "FORBIDDEN"
    assert (await ask(mill.keeper, PURCHASES))["nodes"] == []
    first, second = await bought(mill, new_line("WHEAT")), await bought(mill, new_line("MAIZE"), upTo="DRAFT")
    await bought(other)

    async def numbers(actor: Any = mill.keeper, **wanted: Any) -> list[str]:
        return [row["number"] for row in (await ask(actor, PURCHASES, filter=wanted))["nodes"]]

    assert await numbers() == [second["number"], first["number"]]
    assert len(await numbers(mill.manager)) == 3
    today = clock.today()
    narrowed: list[tuple[dict[str, Any], list[str]]] = [
        ({"statuses": ["DRAFT"]}, [second["number"]]),
        ({"itemId": first["lines"][0]["itemId"]}, [first["number"]]),
        ({"search": first["number"].lower()}, [first["number"]]),
        ({"search": mill.supplier.name[3:]}, [second["number"], first["number"]]),
        ({"search": "a\x00b"}, []),
        ({"search": "%"}, []),
        ({"from": today.isoformat(), "to": today.isoformat()}, [second["number"], first["number"]]),
        ({"from": (today + timedelta(days=1)).isoformat()}, []),
        ({"to": "9999-12-31", "warehouseId": place_id(mill.warehouse)}, [second["number"], first["number"]]),
        ({"overdue": True}, []),
    ]
    for wanted, found in narrowed:
        assert await numbers(**wanted) == found, wanted
    assert (
        await ask_refused(mill.keeper, PURCHASES, filter={"warehouseId": place_id(other.warehouse)}) == "WAREHOUSE_NOT_FOUND"
    )
    await refused_to_strangers(PURCHASE, id=first["id"])
    assert await ask(other.keeper, PURCHASE, id=first["id"]) is None
    assert (await ask(mill.keeper, PURCHASE, id=first["id"]))["lines"][0]["item"]["code"] == "WHEAT"
    for wrong in (0, 101, -1):
        assert await ask_refused(mill.cashier, PAYABLES, first=wrong) == "INVALID_INPUT"
    assert await ask(mill.cashier, PAYABLES) == []


async def test_who_hears_of_purchases() -> None:
    mill, other = await a_mill(), await a_mill()
    feed = op("PurchaseUpdated")
    made = await bought(mill)
    assert await feed_refused(somebody(Role.INVESTOR), feed) == "FORBIDDEN"
    for actor in (mill.keeper, mill.cashier, mill.manager):
        assert await changes_heard(actor) == ["ORDERED", "RECEIVED"]
        assert await changes_heard(actor, warehouseId=place_id(mill.warehouse)) == ["ORDERED", "RECEIVED"]
        assert await changes_heard(actor, purchaseId=made["id"]) == ["ORDERED", "RECEIVED"]
    assert await changes_heard(other.keeper) == []
    assert await feed_refused(other.keeper, feed, warehouseId=place_id(mill.warehouse)) == "WAREHOUSE_NOT_FOUND"
    assert await feed_refused(other.keeper, feed, purchaseId=made["id"]) == "PURCHASE_NOT_FOUND"
