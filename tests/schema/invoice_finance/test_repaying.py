"""Repaying through the API: by wallet, by recorded payment, late, and not at all."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.identity.actor import ANONYMOUS, Actor
from domain.invoice_finance.models import Invoice
from domain.invoice_finance.service.default import age_invoice
from domain.kit import clock
from domain.kit.ids import new_id
from tests.support.graphql import ask, ask_refused, do, do_refused, encode_id, feed_refused, heard, refused_to_strangers
from tests.support.happenings import assert_integrity
from tests.support.invoices import (
    a_debtor,
    a_funded_invoice,
    a_listed_invoice,
    a_seller,
    an_investor,
    balance,
    flat,
    inr,
    staff,
)
from tests.support.operations import money, operation, shown

pytestmark = pytest.mark.usefixtures("database")

SETTLE = operation("invoice_finance/SettleInvoice")
SETTLE_ALL = operation("invoice_finance/SettleInvoices")
RECORD = operation("invoice_finance/RecordInvoicePayment")
CLOSE = operation("invoice_finance/CloseRecovery")
PAYMENTS = "query ($id: ID!) { invoice(id: $id) { payments { amount { amount } } } }"


async def an_owed_invoice(debtor: Actor, **changes: Any) -> tuple[Actor, Actor, Invoice]:
    """10,000.00 at 80 percent for a flat 5 percent, funded by one investor."""
    seller, investor = a_seller(), an_investor()
    terms = {"face": inr(10_000), "advance_rate": Decimal(80), "fee": flat("5"), "debtor_id": debtor.id} | changes
    return seller, investor, await a_funded_invoice(seller, investor, **terms)


def about(invoice: Invoice, **more: Any) -> dict[str, Any]:
    return {"invoiceId": encode_id("Invoice", invoice.id)} | more


async def test_the_debtor_settles_and_everybody_hears_their_part() -> None:
    debtor = await a_debtor()
    seller, investor, invoice = await an_owed_invoice(debtor)
    order = about(invoice, idempotencyKey="pay")
    await refused_to_strangers(SETTLE, input=order)
    payload = await do(debtor, SETTLE, input=order)
    assert (payload["invoices"][0]["status"], payload["invoices"][0]["rebateAmount"]) == ("SETTLED", shown("1,500.00"))
    [payment] = payload["payments"]
    assert [payment[name] for name in ("amount", "toInvestors", "toSeller")] == [
        shown("10,000.00"),
        shown("8,500.00"),
        shown("1,500.00"),
    ]
    assert (await do(debtor, SETTLE, input=order))["replayed"]
    assert await balance(debtor) == inr(990_000)
    repaid = operation("invoice_finance/InvoiceRepaid")
    for viewer in (seller, debtor, staff()):
        [told] = await heard(viewer, repaid)
        assert (told["amount"], told["invoice"]["status"]) == (shown("10,000.00"), "SETTLED")
    assert await heard(investor, repaid) == []
    assert await heard(a_seller(), repaid) == []
    [payout] = await heard(investor, operation("invoice_finance/PayoutMade"))
    assert (payout["amount"], payout["invested"]) == (shown("8,500.00"), shown("8,000.00"))
    assert await heard(an_investor(), operation("invoice_finance/PayoutMade")) == []
    invoice_id = order["invoiceId"]
    assert len((await ask(seller, PAYMENTS, id=invoice_id))["payments"]) == 1
    assert (await ask(investor, PAYMENTS, id=invoice_id))["payments"] == []
    [held] = (await ask(investor, operation("invoice_finance/Investments")))["nodes"]
    assert [payout["amount"]["formatted"] for payout in held["payouts"]] == ["INR 8,500.00"]
    await assert_integrity()


async def test_three_investors_share_a_payment_to_the_minor_unit() -> None:
    """100.00 to three equal investors: 33.34, 33.33, 33.33."""
    debtor, seller = await a_debtor(), a_seller()
    investors = [an_investor() for _ in range(3)]
    invoice = await a_listed_invoice(seller, face=inr(300), debtor_id=debtor.id)
    for investor in investors:
        await do(investor, operation("invoice_finance/FundInvoice"), input=about(invoice, amount=money("100.00")))
    await do(debtor, SETTLE, input=about(invoice, amount=money("100.00")))
    payouts = [await heard(investor, operation("invoice_finance/PayoutMade")) for investor in investors]
    assert [item["amount"]["amount"] for [item] in payouts] == ["33.34", "33.33", "33.33"]
    await assert_integrity()


async def test_several_invoices_at_once() -> None:
    debtor, seller, investor = await a_debtor(), a_seller(), an_investor()
    first, second = [
        await a_funded_invoice(
            seller, investor, face=inr(1_000), debtor_id=debtor.id, due_on=clock.today() + timedelta(days=d)
        )
        for d in (20, 10)
    ]
    ids = [encode_id("Invoice", each.id) for each in (first, second)]
    payload = await do(debtor, SETTLE_ALL, input={"invoiceIds": ids, "amount": money("1500.00")})
    assert [(each["id"], each["status"]) for each in payload["invoices"]] == [
        (ids[1], "SETTLED"),
        (ids[0], "PARTIALLY_REPAID"),
    ]
    await refused_to_strangers(SETTLE_ALL, input={"invoiceIds": ids})
    _, _, foreign = await an_owed_invoice(debtor)
    both = {"invoiceIds": [ids[0], encode_id("Invoice", foreign.id)]}
    assert await do_refused(debtor, SETTLE_ALL, input=both) == ("DIFFERENT_SELLERS", ["input", "invoiceIds"])
    assert await do_refused(debtor, SETTLE_ALL, input={"invoiceIds": []}) == ("INVALID_INPUT", ["input", "invoiceIds"])
    assert await do_refused(debtor, SETTLE_ALL, input={"invoiceIds": ["x"]}) == ("NOT_FOUND", ["input", "invoiceIds"])


@pytest.mark.parametrize(
    ("amount", "code", "field"),
    [
        (money("0.00"), "INVALID_AMOUNT", ["input", "amount"]),
        (money("-1.00"), "INVALID_AMOUNT", ["input", "amount"]),
        (money("1.001"), "INVALID_AMOUNT", ["input", "amount"]),
        (money("1234567890123456789"), "INVALID_AMOUNT", ["input", "amount"]),
        (money("10000.01"), "OVER_REPAYMENT", ["input", "amount"]),
        (money("10.00", "USD"), "CURRENCY_MISMATCH", ["input", "amount", "currency"]),
    ],
)
async def test_amounts_that_are_refused(amount: dict[str, str], code: str, field: list[str]) -> None:
    debtor = await a_debtor()
    _, _, invoice = await an_owed_invoice(debtor)
    assert await do_refused(debtor, SETTLE, input=about(invoice, amount=amount)) == (code, field)
    assert await do_refused(staff(), RECORD, input=about(invoice, amount=amount)) == (code, field)


async def test_who_may_not_pay_and_what_cannot_be_paid() -> None:
    debtor = await a_debtor()
    seller, investor, invoice = await an_owed_invoice(debtor)
    wrong = ("NOT_THE_PAYER", ["input", "invoiceId"])
    missing = ("INVOICE_NOT_FOUND", ["input", "invoiceId"])
    assert await do_refused(seller, SETTLE, input=about(invoice)) == wrong
    assert await do_refused(investor, SETTLE, input=about(invoice)) == ("FORBIDDEN", None)
    assert await do_refused(await a_debtor(), SETTLE, input=about(invoice)) == missing
    assert await do_refused(a_seller(), SETTLE, input=about(invoice)) == missing
    assert await ask_refused(seller, RECORD, input=about(invoice, amount=money("1.00"))) == "FORBIDDEN"
    listed = await a_listed_invoice(seller, debtor_id=debtor.id)
    assert await do_refused(debtor, SETTLE, input=about(listed)) == ("INVOICE_NOT_PAYABLE", ["input", "invoiceId"])


async def test_staff_record_a_bank_payment_once() -> None:
    debtor = await a_debtor()
    _, investor, invoice = await an_owed_invoice(debtor)
    clerk, receipt = staff(), about(invoice, amount=money("4000.00"), reference="UTR 1")
    await refused_to_strangers(RECORD, input=receipt)
    payload = await do(clerk, RECORD, input=receipt)
    assert payload["invoices"][0]["status"] == "PARTIALLY_REPAID"
    assert await balance(investor) == inr(996_000)
    again = receipt | {"amount": money("1.00")}
    assert await do_refused(clerk, RECORD, input=again) == ("PAYMENT_ALREADY_RECORDED", ["input", "reference"])
    early = receipt | {"reference": "UTR 2", "receivedOn": "2020-01-31"}
    assert await do_refused(clerk, RECORD, input=early) == ("INVALID_RECEIPT_DATE", ["input", "receivedOn"])
    unknown = receipt | {"invoiceId": encode_id("Invoice", new_id())}
    assert await do_refused(clerk, RECORD, input=unknown) == ("INVOICE_NOT_FOUND", ["input", "invoiceId"])
    await assert_integrity()


async def test_late_in_default_and_given_up() -> None:
    debtor = await a_debtor()
    seller, investor, invoice = await an_owed_invoice(debtor)
    clerk, act = staff(), about(invoice)
    assert await do_refused(clerk, CLOSE, input=act) == ("INVOICE_NOT_DEFAULTED", ["input", "invoiceId"])
    with clock.clock_set_to(clock.now() + timedelta(days=61)):
        await age_invoice(invoice.id)
    with clock.clock_set_to(clock.now() + timedelta(days=66)):
        await age_invoice(invoice.id)
        await refused_to_strangers(CLOSE, input=act)
        assert await ask_refused(seller, CLOSE, input=act) == "FORBIDDEN"
        assert (await do(clerk, CLOSE, input=act))["invoice"]["status"] == "RECOVERED"
    told = {"InvoiceOverdue": 0, "InvoiceDefaulted": 0, "InvoiceRecovered": 0}
    for feed in told:
        document = operation(f"invoice_finance/{feed}")
        for viewer in (seller, debtor, investor, clerk):
            assert len(await heard(viewer, document)) == 1, feed
            assert len(await heard(viewer, document, invoiceId=act["invoiceId"])) == 1, feed
        for stranger in (a_seller(), an_investor()):
            assert await heard(stranger, document) == [], feed
            assert await feed_refused(stranger, document, invoiceId=act["invoiceId"]) == "INVOICE_NOT_FOUND"
        assert await feed_refused(ANONYMOUS, document) == "UNAUTHENTICATED"
    [default] = await heard(investor, operation("invoice_finance/InvoiceDefaulted"))
    assert default["atRisk"] == shown("8,000.00")
    [recovered] = await heard(seller, operation("invoice_finance/InvoiceRecovered"))
    assert (recovered["recoveredAmount"], recovered["loss"]) == (shown("0.00"), shown("10,000.00"))
    await assert_integrity()
