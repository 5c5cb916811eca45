"""Selling through the API: strangers, what comes of each act, other branches, bad input, and the same request twice."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.identity.permissions import Role
from domain.kit import clock
from domain.kit.ids import new_id
from domain.milling.models import Customer, Sale
from domain.milling.states import SaleStatus
from tests.support.graphql import ask, ask_refused, do, do_refused, encode_id, refused_to_strangers
from tests.support.happenings import assert_integrity, events_so_far, names_of_events
from tests.support.milling import a_warehouse, an_item, bin_of, stocked
from tests.support.offered_sales import an_offer, everybody_hears
from tests.support.operations import money
from tests.support.people import a_user, actor_for, somebody
from tests.support.races import outcomes_of
from tests.support.sales import CASH, Shop, a_customer, a_registered_customer, a_sale, a_shop, flour, lines_of
from tests.support.stock_operations import op, valued, worth

pytestmark = pytest.mark.usefixtures("database")

ACTS_ON_A_SALE = {
    "ConfirmSale": {},
    "DeliverSale": {},
    "CancelSale": {"reason": "No"},
    "InvoiceSale": {},
    "CreateSaleReturn": {"reason": "Damp"},
    "RecordSalePayment": {"payment": {"method": "CASH"}},
    "RefundSale": {"payment": {"method": "CASH"}},
}


def goods(shop: Shop, quantity: str = "10", **more: Any) -> dict[str, Any]:
    return {"itemId": encode_id("Item", shop.flour.id), "quantity": quantity} | more


def a_form(shop: Shop, *lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The input of a sale of 10 kg over the counter, unless something else is said."""
    return {"warehouseId": encode_id("Warehouse", shop.warehouse.id), "lines": list(lines) or [goods(shop)]} | more


def of(sale: Sale, **more: Any) -> dict[str, Any]:
    return {"saleId": encode_id("Sale", sale.id)} | more


async def acts_on(sale: Sale) -> dict[str, dict[str, Any]]:
    """Every act on a sale by its input."""
    [line] = await lines_of(sale)
    back = {"lines": [{"lineId": encode_id("SaleLine", line.id), "quantity": "1"}]}
    return {name: of(sale, **said) | (back if name == "CreateSaleReturn" else {}) for name, said in ACTS_ON_A_SALE.items()}


async def test_only_who_sells_may() -> None:
    shop = await a_shop()
    sale = await a_sale(shop)
    forms = await acts_on(sale) | {
        "CreateSale": a_form(shop),
        "UpdateSale": a_form(shop) | of(sale),
        "OfferSaleForFinance": of(sale),
        "CancelSaleReturn": {"saleReturnId": encode_id("SaleReturn", new_id()), "reason": "No"},
        "ReverseSalePayment": {"paymentId": encode_id("MillPayment", new_id()), "reason": "No"},
    }
    for name, form in forms.items():
        await refused_to_strangers(op(name), input=form)
        wrong = (shop.clerk,) if "Payment" in name or name == "RefundSale" else (shop.cashier,)
        for by in (*wrong, shop.storekeeper, somebody(Role.BORROWER)):
            assert await ask_refused(by, op(name), input=form) == "FORBIDDEN", (name, by.roles)
    assert (await do_refused(shop.clerk, op("OfferSaleForFinance"), input=of(sale)))[0] == "FORBIDDEN"


async def test_a_sale_over_the_counter() -> None:
    shop = await a_shop()
    form = a_form(shop, goods(shop, "3", unit="bag", unitPrice=valued("2900.00"), discount={"percent": "10"}))
    sold = (await do(shop.clerk, op("CreateSale"), input=form | {"discount": {"amount": valued("30.00")}}))["sale"]
    assert (sold["number"][:3], sold["status"], sold["amount"]) == ("SO-", "DELIVERED", worth("7,800.00"))
    assert (sold["discount"], sold["dueAmount"], sold["customerName"]) == (
        worth("900.00"), worth("7,800.00"), "Over the counter",
    )  # fmt: skip
    [line] = sold["lines"]
    assert (line["unit"], line["quantity"], line["baseQuantity"]) == ("bag", "3", "150")
    read = await ask(shop.clerk, op("Sale"), number=sold["number"].lower())
    assert (read["cost"], read["grossProfit"]) == (worth("6,000.00"), worth("1,800.00"))
    assert (await bin_of(shop.flour, shop.warehouse)).on_hand == 850
    await assert_integrity()


async def test_too_much_is_refused_with_what_was_asked_and_what_is_there() -> None:
    shop = await a_shop(flour=120)
    form = a_form(shop, goods(shop, "2", unit="bag"), goods(shop, "21"))
    assert await do_refused(shop.clerk, op("CreateSale"), input=form) == (
        "INSUFFICIENT_STOCK", ["input", "lines", "1", "quantity"],
    )  # fmt: skip
    refused = await ask(shop.clerk, op("CreateSale"), input=a_form(shop, goods(shop, "120.5")))
    [error] = refused["errors"]
    figures = {figure["name"]: float(figure["value"]) for figure in error["figures"]}
    assert figures == {"requested": 120.5, "available": 120}
    assert "120.5" in error["message"] and "120" in error["message"]
    other = await an_item(name="Bran", sale_price_minor=1_00)
    await stocked(other, await a_warehouse(), 5)
    lines = [{"itemId": encode_id("Item", other.id), "quantity": "1"}]
    assert await do_refused(shop.clerk, op("CreateSale"), input=a_form(shop, lines=lines)) == (
        "ITEM_NOT_IN_WAREHOUSE", ["input", "lines", "0", "itemId"],
    )  # fmt: skip


async def test_from_the_offer_to_the_last_payment() -> None:
    shop = await a_shop()
    customer = await a_customer()
    form = a_form(shop, customerId=encode_id("Customer", customer.id), upTo="DRAFT")
    sale_id = (await do(shop.clerk, op("CreateSale"), input=form))["sale"]["id"]
    about = {"saleId": sale_id}
    again = a_form(shop, goods(shop, "20"), customerId=encode_id("Customer", customer.id))
    changed = await do(shop.clerk, op("UpdateSale"), input=again | about | {"expectedVersion": 1})
    assert (changed["sale"]["amount"], changed["sale"]["version"]) == (worth("1,200.00"), 2)
    assert (await do(shop.clerk, op("ConfirmSale"), input=about))["sale"]["status"] == "CONFIRMED"
    assert (await do(shop.clerk, op("DeliverSale"), input=about))["sale"]["dueAmount"] == worth("1,200.00")
    invoiced = (await do(shop.clerk, op("InvoiceSale"), input=about))["sale"]
    assert invoiced["invoiceNumber"].startswith("SI-")
    assert invoiced["dueOn"] == (clock.today() + timedelta(days=30)).isoformat()
    part = {"payment": {"method": "MPESA", "amount": valued("200.00"), "reference": "QKJ7H2"}}
    paid = await do(shop.cashier, op("RecordSalePayment"), input=about | part)
    assert (paid["payment"]["method"], paid["sale"]["paidAmount"]) == ("MPESA", worth("200.00"))
    last = await do(shop.cashier, op("RecordSalePayment"), input=about | {"payment": {"method": "CASH"}})
    assert (last["sale"]["status"], last["payment"]["amount"]) == ("PAID", worth("1,000.00"))
    line = (await ask(shop.clerk, op("Sale"), id=sale_id))["lines"][0]["id"]
    back = about | {"lines": [{"lineId": line, "quantity": "5"}], "reason": "Damp", "refundMethod": "CASH"}
    returned = await do(shop.manager, op("CreateSaleReturn"), input=back)
    assert (returned["sale"]["status"], returned["saleReturn"]["refundedAmount"]) == ("PART_RETURNED", worth("300.00"))
    read = await ask(shop.cashier, op("Sale"), id=sale_id)
    assert [payment["kind"] for payment in read["payments"]] == ["SALE_RECEIPT", "SALE_RECEIPT", "SALE_REFUND"]
    assert [each["number"][:3] for each in read["returns"]] == ["CN-"]
    undo = {"paymentId": read["payments"][2]["id"], "reason": "A slip"}
    assert (await do(shop.manager, op("ReverseSalePayment"), input=undo))["sale"]["dueAmount"] == worth("-300.00")
    refund = await do(shop.cashier, op("RefundSale"), input=about | {"payment": {"method": "BANK"}})
    assert refund["payment"]["amount"] == worth("300.00")
    undo = {"paymentId": refund["payment"]["id"], "reason": "A slip"}
    await do(shop.manager, op("ReverseSalePayment"), input=undo)
    gone = {"saleReturnId": returned["saleReturn"]["id"], "reason": "A slip"}
    assert (await do(shop.manager, op("CancelSaleReturn"), input=gone))["sale"]["status"] == "PAID"
    await assert_integrity()


async def test_offering_a_sale_for_finance() -> None:
    shop = await a_shop()
    customer = await a_registered_customer()
    sale = await a_sale(shop, flour(shop, 100), customer=customer)
    seller = await actor_for(await a_user(Role.MILL_MANAGER))
    assert (await do_refused(seller, op("OfferSaleForFinance"), input=of(sale)))[0] == "SALE_NOT_INVOICED"
    await do(shop.clerk, op("InvoiceSale"), input=of(sale))
    offered = await do(seller, op("OfferSaleForFinance"), input=of(sale, advanceRate="80", feeRate="2.5", recourse=True))
    assert offered["sale"]["financeStatus"] == "OFFERED"
    [fact] = [each.fact for each in await events_so_far() if each.name == "milling.sale_offered"]
    assert (fact.advance_rate_bps, fact.fee_rate_bps, fact.recourse) == (8_000, 250, True)
    assert (await do_refused(seller, op("OfferSaleForFinance"), input=of(sale)))[0] == "SALE_ALREADY_OFFERED"


async def test_bringing_in_what_investors_paid() -> None:
    await refused_to_strangers(op("CollectFinanceProceeds"), input={})
    await refused_to_strangers(op("FinanceProceeds"))
    offer = await an_offer(advance_rate=Decimal(80))
    assert (await ask(offer.seller, op("FinanceProceeds")))["received"] == worth("0.00")
    await offer.fund()
    await everybody_hears()
    said = {"amount": valued("800.00"), "idempotencyKey": "a part"}
    first = await do(offer.seller, op("CollectFinanceProceeds"), input=said)
    assert (first["collected"]["amount"], first["proceeds"]["available"]["amount"]) == ("800.00", "4000.00")
    assert (await do(offer.seller, op("CollectFinanceProceeds"), input=said))["replayed"] is True
    refused = await do_refused(offer.seller, op("CollectFinanceProceeds"), input={"amount": valued("4000.01")})
    assert refused == ("AMOUNT_EXCEEDS_PROCEEDS", ["input", "amount"])
    stands = await ask(offer.seller, op("FinanceProceeds"))
    assert [stands[name]["amount"] for name in ("received", "collected", "spent", "available")] == [
        "4800.00", "800.00", "0.00", "4000.00",
    ]  # fmt: skip
    assert (await ask(offer.shop.manager, op("FinanceProceeds")))["available"]["amount"] == "0.00"
    assert await ask_refused(offer.shop.cashier, op("FinanceProceeds")) == "FORBIDDEN"


async def test_other_branches_do_not_exist() -> None:
    shop, other = await a_shop(), await a_shop()
    sale = await a_sale(shop)
    for name, form in (await acts_on(sale)).items():
        by = other.cashier if "Payment" in name or name == "RefundSale" else other.clerk
        assert await do_refused(by, op(name), input=form) == ("SALE_NOT_FOUND", ["input", "saleId"]), name
    assert await do_refused(other.clerk, op("CreateSale"), input=a_form(shop)) == (
        "WAREHOUSE_NOT_FOUND", ["input", "warehouseId"],
    )  # fmt: skip
    assert await ask(other.clerk, op("Sale"), id=encode_id("Sale", sale.id)) is None
    assert await ask(other.clerk, op("Sale"), number=sale.number) is None
    assert (await ask(other.clerk, op("Sales")))["nodes"] == []
    narrowed = {"filter": {"warehouseId": encode_id("Warehouse", shop.warehouse.id)}}
    assert await ask_refused(other.clerk, op("Sales"), **narrowed) == "WAREHOUSE_NOT_FOUND"
    assert (await ask(other.clerk, op("Receivables")))["customers"] == []


async def test_nothing_is_there_at_first() -> None:
    shop = await a_shop()
    for name in ("Sales", "SaleReturns"):
        assert await ask_refused(somebody(Role.BORROWER), op(name)) == "FORBIDDEN"
        await refused_to_strangers(op(name))
        assert (await ask(shop.clerk, op(name)))["nodes"] == []
    owed = await ask(shop.clerk, op("Receivables"))
    assert (owed["due"], owed["customers"]) == (worth("0.00"), [])
    assert await ask(shop.clerk, op("Sale"), id=encode_id("Sale", new_id())) is None
    assert await ask_refused(shop.clerk, op("Sale")) == "INVALID_INPUT"


async def test_which_sales() -> None:
    shop = await a_shop()
    baker = await a_customer(name="Uji Bakers")
    drafted, owed = await a_sale(shop, up_to=SaleStatus.DRAFT), await a_sale(shop, customer=baker)
    paid = await a_sale(shop, paid=CASH)
    names = {drafted.number: "drafted", owed.number: "owed", paid.number: "paid"}
    every = ["paid", "owed", "drafted"]

    async def found(**narrowed: Any) -> list[str]:
        return [names[each["number"]] for each in (await ask(shop.clerk, op("Sales"), filter=narrowed))["nodes"]]

    today = clock.today()
    assert await found() == every
    assert await found(statuses=["DRAFT", "PAID"]) == ["paid", "drafted"]
    assert await found(unpaid=True) == await found(customerId=encode_id("Customer", baker.id)) == ["owed"]
    assert await found(search="uji") == await found(search=owed.number.lower()) == ["owed"]
    assert await found(overdue=True) == await found(search="x\x00") == []
    assert await found(itemId=encode_id("Item", shop.flour.id)) == every
    assert await found(itemId=encode_id("Item", (await an_item()).id)) == []
    assert await found(**{"from": today.isoformat(), "to": today.isoformat()}) == every
    assert await found(**{"from": (today + timedelta(days=1)).isoformat()}) == []
    assert await found(branchId=encode_id("Branch", new_id())) == []
    page = await ask(shop.clerk, op("Sales"), first=2)
    rest = await ask(shop.clerk, op("Sales"), first=2, after=page["pageInfo"]["endCursor"])
    assert [names[each["number"]] for each in page["nodes"] + rest["nodes"]] == every


async def test_what_customers_owe() -> None:
    start = clock.now() - timedelta(days=120)
    shop, other = await a_shop(at=start), await a_shop()
    baker, school = await a_customer(name="Uji Bakers"), await a_customer(name="Green School")
    await a_sale(shop, flour(shop, 10), customer=baker, delivered_at=start + timedelta(days=1))
    await a_sale(shop, flour(shop, 20), customer=baker, delivered_at=clock.now() - timedelta(days=45))
    invoiced = await a_sale(shop, flour(shop, 40), customer=school)
    await do(shop.clerk, op("InvoiceSale"), input=of(invoiced))
    await a_sale(shop, flour(shop, 1), paid=CASH)
    await a_sale(other, flour(other, 5))
    owed = await ask(shop.cashier, op("Receivables"))
    assert (owed["due"], owed["overdue"], owed["customerCount"]) == (worth("4,200.00"), worth("1,800.00"), 2)
    [most, least] = owed["customers"]
    assert (most["customerName"], most["notYetDue"], most["mostDaysLate"]) == ("Green School", worth("2,400.00"), None)
    assert (least["lateTo60Days"], least["lateBeyond90Days"], least["mostDaysLate"]) == (
        worth("1,200.00"), worth("600.00"), 119,
    )  # fmt: skip
    everywhere = await ask(shop.manager, op("Receivables"), first=1)
    assert (everywhere["due"], everywhere["customerCount"], len(everywhere["customers"])) == (worth("4,500.00"), 3, 1)
    one = await ask(shop.manager, op("Receivables"), branchId=encode_id("Branch", other.branch.id))
    assert [each["customerName"] for each in one["customers"]] == ["Over the counter"]


async def test_the_same_request_twice_sells_once() -> None:
    shop = await a_shop()
    form = a_form(shop, idempotencyKey="one sale")
    first, again = [await do(shop.clerk, op("CreateSale"), input=form) for _ in range(2)]
    assert (first["replayed"], again["replayed"], again["sale"]) == (False, True, first["sale"])
    other = form | {"lines": [goods(shop, "11")]}
    assert (await do_refused(shop.clerk, op("CreateSale"), input=other))[0] == "IDEMPOTENCY_KEY_REUSED"
    at_once = a_form(shop, idempotencyKey="another sale")
    outcomes = await outcomes_of(ask(shop.clerk, op("CreateSale"), input=at_once) for _ in range(5))
    assert {code for each in outcomes for code in [error["code"] for error in each["errors"]]} <= {"IN_PROGRESS"}
    assert await Sale.all().count() == 2
    assert (await names_of_events()).count("milling.sale_changed") == 2
    payment = of(await Sale.all().first(), payment={"method": "CASH"}, idempotencyKey="one payment")
    paid = [await do(shop.cashier, op("RecordSalePayment"), input=payment) for _ in range(2)]
    assert [each["replayed"] for each in paid] == [False, True] and paid[0]["payment"] == paid[1]["payment"]
    await assert_integrity()


async def test_what_is_no_sale() -> None:
    shop = await a_shop()
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"lines": []}, "INVALID_INPUT"),
        ({"lines": [goods(shop, "-1")]}, "INVALID_QUANTITY"),
        ({"lines": [goods(shop, "0")]}, "INVALID_QUANTITY"),
        ({"lines": [goods(shop, "9999999999999999999")]}, "INVALID_QUANTITY"),
        ({"lines": [goods(shop, unit="barrel")]}, "UNKNOWN_UNIT"),
        ({"lines": [goods(shop, unitPrice=money("1", "USD"))]}, "CURRENCY_MISMATCH"),
        ({"lines": [goods(shop, unitPrice=valued("-1"))]}, "INVALID_AMOUNT"),
        ({"lines": [goods(shop, unitPrice=valued("9999999999999.99"))]}, "INVALID_AMOUNT"),
        ({"lines": [goods(shop, discount={"percent": "101"})]}, "INVALID_DISCOUNT"),
        ({"discount": {"amount": valued("601.00")}}, "INVALID_DISCOUNT"),
        ({"customerId": encode_id("Customer", new_id())}, "CUSTOMER_NOT_FOUND"),
        ({"customerId": encode_id("Item", shop.flour.id)}, "NOT_FOUND"),
        ({"lines": [{"itemId": encode_id("Item", new_id()), "quantity": "1"}]}, "ITEM_NOT_FOUND"),
        ({"customerName": "x\x00"}, "INVALID_INPUT"),
        ({"note": "x" * 501}, "INVALID_INPUT"),
        ({"upTo": "PAID"}, "INVALID_INPUT"),
        ({"deliveredAt": (clock.now() + timedelta(days=1)).isoformat()}, "FUTURE_DATE"),
        ({"deliveredAt": (clock.now() - timedelta(days=1)).isoformat()}, "BACKDATING_NOT_ALLOWED"),
        ({"payment": {"method": "CASH"}}, "FORBIDDEN"),
    ]
    for said, code in wrong:
        assert (await do_refused(shop.clerk, op("CreateSale"), input=a_form(shop) | said))[0] == code, said
    assert await ask_refused(shop.clerk, op("CreateSale"), input=a_form(shop, goods(shop, "NaN"))) == "INVALID_AMOUNT"
    sale = await a_sale(shop)
    for paid, code, where in (
        ({"method": "CASH", "amount": valued("600.01")}, "AMOUNT_EXCEEDS_DUE", "amount"),
        ({"method": "CASH", "amount": valued("-1")}, "INVALID_AMOUNT", "amount"),
        ({"method": "CASH", "amount": money("1", "USD")}, "CURRENCY_MISMATCH", "amount"),
        ({"method": "MPESA"}, "REFERENCE_MISSING", "reference"),
        ({"method": "WALLET"}, "CHANNEL_NOT_POSSIBLE", "method"),
        ({"method": "CASH", "reference": "x\x00"}, "INVALID_INPUT", "reference"),
    ):
        found = await do_refused(shop.cashier, op("RecordSalePayment"), input=of(sale, payment=paid))
        assert (found[0], found[1][:3]) == (code, ["input", "payment", where]), paid
    assert (await do_refused(shop.cashier, op("RefundSale"), input=of(sale, payment={"method": "CASH"})))[0] == (
        "AMOUNT_EXCEEDS_REFUNDABLE"
    )
    too_much = (await acts_on(sale))["CreateSaleReturn"]
    too_much["lines"][0]["quantity"] = "10.001"
    assert await do_refused(shop.clerk, op("CreateSaleReturn"), input=too_much) == (
        "EXCEEDS_RETURNABLE", ["input", "lines", "0", "quantity"],
    )  # fmt: skip
    for due in ("0001-01-01", "9999-12-31"):
        assert (await do_refused(shop.clerk, op("InvoiceSale"), input=of(sale, dueOn=due)))[0] == "INVALID_INPUT"


async def test_a_limit_on_what_is_owed() -> None:
    shop = await a_shop()
    customer: Customer = await a_customer(credit_limit_minor=500_00)
    form = a_form(shop, customerId=encode_id("Customer", customer.id))
    refused = await ask(shop.clerk, op("CreateSale"), input=form)
    [error] = refused["errors"]
    assert (error["code"], error["field"]) == ("CREDIT_LIMIT_EXCEEDED", ["input", "customerId"])
    assert {each["name"]: each["value"] for each in error["figures"]} == {"limit": "500.00", "owed": "600.00"}
