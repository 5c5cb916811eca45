"""Input that is wrong, in every field of every operation on purchases; and what is read of many costs as much as of one."""

from __future__ import annotations

import pytest

from domain.identity.permissions import Role
from domain.kit import clock
from tests.support.graphql import ask, do, encode_id
from tests.support.happenings import assert_integrity
from tests.support.hostile import accidents, inputs
from tests.support.people import somebody
from tests.support.purchase_operations import bought, form, new_line, of
from tests.support.purchases import BILLED, a_mill, a_purchase, paid, sent_back
from tests.support.statements import statements
from tests.support.stock_operations import op, place_id, valued

pytestmark = pytest.mark.usefixtures("database")

PURCHASES = op("Purchases")


async def test_wrong_input_is_refused_and_no_accident() -> None:
    mill = await a_mill()
    boss = somebody(Role.ADMIN)
    order, received, billed = [await bought(mill, upTo=stage) for stage in ("DRAFT", "RECEIVED", "BILLED")]
    now, today = clock.now().isoformat(), clock.today().isoformat()
    line, way = (
        {"lineNo": 1, "quantity": "1", "unit": "kg"},
        {"method": "MPESA", "reference": "A1", "note": "x", "paidAt": now},
    )
    bill = {"billNumber": "1", "billedOn": today, "dueOn": today, "lines": [{"lineNo": 1, "amount": valued("1")}]}
    new = new_line(unit="kg")
    new["newItem"] |= {"units": [{"unit": "sack", "factor": "90"}], "weightKg": "1", "salePrice": valued("1")}
    whole = form(mill, new, upTo="BILLED", bill=bill, receivedAt=now, expectedOn=today, reference="x", note="x")
    payment, sent = (
        await paid(mill, await a_purchase(mill, up_to=BILLED), 1),
        await sent_back(mill, await a_purchase(mill), 1),
    )
    landed = await do(boss, op("AddLandedCost"), input=of(received, amount=valued("1"), description="x"))
    cases = inputs(
        (boss, "CreatePurchase", whole),
        (
            boss,
            "UpdatePurchase",
            of(order, lines=[new_line()], reference="x", note="x", expectedOn=today, expectedVersion=1),
        ),
        (boss, "CreatePurchaseReturn", of(received, lines=[line], reason="x", returnedAt=now)),
        (boss, "AddLandedCost", of(received, amount=valued("1"), description="x", allocateBy="QUANTITY")),
        (boss, "PayPurchase", of(billed, amount=valued("0.01"), **way)),
        (boss, "RecordSupplierRefund", of(billed, amount=valued("1"), **way)),
        (boss, "BillPurchase", of(received, **bill)),
        (boss, "CancelPurchaseBill", of(received, reason="x")),
        (boss, "ReceivePurchase", of(order, lines=[line], receivedAt=now)),
        (boss, "CancelPurchase", of(order, reason="x")),
        (boss, "ReverseSupplierPayment", {"paymentId": encode_id("MillPayment", payment.id), "reason": "x"}),
        (boss, "CancelPurchaseReturn", {"purchaseReturnId": encode_id("PurchaseReturn", sent.id), "reason": "x"}),
        (boss, "CancelLandedCost", {"landedCostId": landed["landedCost"]["id"], "reason": "x"}),
    )
    wanted = {"statuses": ["DRAFT"], "supplierId": encode_id("Supplier", mill.supplier.id), "search": "x", "from": today}
    wanted |= {
        "warehouseId": place_id(mill.warehouse),
        "itemId": order["lines"][0]["itemId"],
        "to": today,
        "overdue": True,
    }
    cases += [
        (boss, "Purchases", {"first": 1, "filter": wanted}),
        (boss, "PurchaseReturns", {"first": 1, "purchaseId": received["id"]}),
        (boss, "Purchase", {"id": received["id"]}),
        (boss, "Payables", {"first": 1}),
    ]
    assert await accidents(cases, op) == []
    await assert_integrity()


async def test_a_list_takes_as_many_statements_for_many_purchases_as_for_one() -> None:
    mill = await a_mill()
    counts = []
    for _ in range(2):
        for code in ("WHEAT", "MAIZE"):
            await bought(mill, new_line(code), new_line("BAGS"))
        await ask(mill.manager, PURCHASES)
        with statements() as seen:
            assert (await ask(mill.manager, PURCHASES))["nodes"]
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 4
    document = op("Purchase")
    made = await bought(mill, *(new_line(f"ITEM-{number}") for number in range(8)))
    with statements() as seen:
        assert len((await ask(mill.manager, document, id=made["id"]))["lines"]) == 8
    assert len(seen) <= 10
