"""Offering invoices through the API: create, edit, list, withdraw."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from domain.identity.actor import ANONYMOUS
from domain.invoice_finance.states import FundingMode
from domain.kit import clock
from domain.kit.ids import new_id
from tests.support.graphql import ask, ask_refused, do, do_refused, encode_id, feed_refused, heard, refused_to_strangers
from tests.support.happenings import names_of_events
from tests.support.invoices import a_debtor, a_listed_invoice, a_seller, an_investor, inr
from tests.support.operations import money, operation, shown

pytestmark = pytest.mark.usefixtures("database")

CREATE = operation("invoice_finance/CreateInvoice")
UPDATE = operation("invoice_finance/UpdateInvoice")
LIST = operation("invoice_finance/ListInvoice")
WITHDRAW = operation("invoice_finance/WithdrawInvoice")
CLOSE = operation("invoice_finance/CloseFunding")
FUND = operation("invoice_finance/FundInvoice")
NEW = operation("invoice_finance/NewInvoiceListed")
UPDATED = operation("invoice_finance/InvoiceUpdated")

_numbers = count(1)


def in_days(days: int) -> str:
    return (clock.today() + timedelta(days=days)).isoformat()


def an_offer(**changes: Any) -> dict[str, Any]:
    """An invoice of 100,000.00 at 80 percent, due in 60 days."""
    offer = {
        "number": f"API-{next(_numbers)}",
        "debtorName": "Big Bazaar",
        "faceValue": money("100000.00"),
        "advanceRate": "80.00",
        "fee": {"method": "FLAT", "rate": "2.00"},
        "dueOn": in_days(60),
    }
    return offer | changes


async def test_an_offer_is_answered_with_a_message_and_told_to_all_investors() -> None:
    seller = a_seller()
    await refused_to_strangers(CREATE, input=an_offer())
    assert await ask_refused(an_investor(), CREATE, input=an_offer()) == "FORBIDDEN"
    offer = an_offer(idempotencyKey="once")
    for replayed in (False, True):
        payload = await do(seller, CREATE, input=offer)
        assert payload["replayed"] is replayed
        assert payload["message"] == f"Invoice {offer['number']} is on the marketplace: INR 80,000.00 is asked for."
        invoice = payload["invoice"]
        assert invoice["status"] == "LISTED"
        assert [invoice[name] for name in ("faceValue", "requestedAmount", "reserveAmount", "expectedFee")] == [
            shown("100,000.00"),
            shown("80,000.00"),
            shown("20,000.00"),
            shown("2,000.00"),
        ]
    assert await names_of_events() == ["invoice_finance.invoice_listed"]
    for investor in (an_investor(), an_investor()):
        [told] = await heard(investor, NEW)
        assert (told["invoice"]["id"], told["invoice"]["sellerName"]) == (invoice["id"], "Sita Mills")
    assert await feed_refused(ANONYMOUS, NEW) == "UNAUTHENTICATED"
    assert await feed_refused(a_seller(), NEW) == "FORBIDDEN"


async def test_a_registered_debtor_and_a_tiered_fee() -> None:
    debtor = await a_debtor()
    tiers = [{"upToDays": 30, "rate": "1.00"}, {"upToDays": 60, "rate": "2.25"}]
    offer = an_offer(debtorId=encode_id("User", debtor.id), fee={"method": "TIERED", "tiers": tiers})
    seller = a_seller()
    created = (await do(seller, CREATE, input=offer))["invoice"]
    seen = await ask(seller, operation("invoice_finance/Invoice").replace("  asOf\n", ""), id=created["id"])
    assert seen["fee"] == {"method": "TIERED", "rate": "0.00", "tiers": tiers}
    assert seen["expectedFee"] == shown("2,250.00")
    assert (await ask(debtor, "query ($id: ID!) { invoice(id: $id) { viewerParty } }", id=created["id"])) == {
        "viewerParty": "DEBTOR"
    }


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"faceValue": money("0.00")}, "INVALID_AMOUNT", ["input", "faceValue"]),
        ({"faceValue": money("-5.00")}, "INVALID_AMOUNT", ["input", "faceValue"]),
        ({"faceValue": money("5.001")}, "INVALID_AMOUNT", ["input", "faceValue"]),
        ({"faceValue": money("1234567890123456789")}, "INVALID_AMOUNT", ["input", "faceValue"]),
        ({"faceValue": money("100.5", "JPY")}, "INVALID_AMOUNT", ["input", "faceValue"]),
        ({"minInvestment": money("10.00", "USD")}, "CURRENCY_MISMATCH", ["input", "minInvestment"]),
        ({"minInvestment": money("80000.01")}, "INVALID_TERMS", ["input", "minInvestment"]),
        ({"advanceRate": "100.01"}, "INVALID_TERMS", ["input", "advanceRate"]),
        ({"advanceRate": "80.005"}, "INVALID_INPUT", ["input", "advanceRate"]),
        ({"fee": {"method": "FLAT", "rate": "50.01"}}, "INVALID_INPUT", ["input", "fee", "rate"]),
        ({"fee": {"method": "TIERED", "tiers": []}}, "INVALID_INPUT", ["input", "fee", "tiers"]),
        ({"fee": {"method": "FLAT", "tiers": [{"upToDays": 3, "rate": "1"}]}}, "INVALID_INPUT", ["input", "fee", "tiers"]),
        ({"number": " "}, "INVALID_INPUT", ["input", "number"]),
        ({"debtorName": "x" * 121}, "INVALID_INPUT", ["input", "debtorName"]),
        ({"dueOn": "2020-01-31"}, "INVOICE_PAST_DUE", ["input", "dueOn"]),
        ({"graceDays": 91}, "INVALID_TERMS", ["input", "graceDays"]),
        ({"fundingDeadlineAt": "2020-01-31T00:00:00Z"}, "INVALID_TERMS", ["input", "fundingDeadlineAt"]),
        ({"debtorId": encode_id("User", new_id())}, "DEBTOR_NOT_FOUND", ["input", "debtorId"]),
        ({"debtorId": "nobody"}, "NOT_FOUND", ["input", "debtorId"]),
    ],
)
async def test_what_an_offer_is_refused_for(change: dict[str, Any], code: str, field: list[str]) -> None:
    assert await do_refused(a_seller(), CREATE, input=an_offer(**change)) == (code, field)


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "1e6", "५", "1,000", 12.5])
async def test_a_face_value_that_is_no_plain_number_is_refused(amount: Any) -> None:
    offer = an_offer(faceValue={"amount": amount, "currency": "INR"})
    assert await ask_refused(a_seller(), CREATE, input=offer) == "INVALID_AMOUNT"


async def test_an_invoice_is_financed_once() -> None:
    seller, offer = a_seller(), an_offer()
    await do(seller, CREATE, input=offer)
    assert await do_refused(seller, CREATE, input=offer) == ("DUPLICATE_INVOICE", ["input", "number"])


async def test_a_draft_is_its_sellers_until_it_is_listed() -> None:
    seller, investor = a_seller(), an_investor()
    draft = (await do(seller, CREATE, input=an_offer(draft=True)))["invoice"]
    assert draft["status"] == "DRAFT"
    act = {"invoiceId": draft["id"]}
    await refused_to_strangers(UPDATE, input=act)
    await refused_to_strangers(LIST, input=act)
    missing = ("INVOICE_NOT_FOUND", ["input", "invoiceId"])
    assert await do_refused(a_seller(), UPDATE, input=act | {"number": "MINE"}) == missing
    assert await do_refused(a_seller(), LIST, input=act) == missing
    assert await ask(investor, "query ($id: ID!) { invoice(id: $id) { id } }", id=draft["id"]) is None
    changed = (await do(seller, UPDATE, input=act | {"faceValue": money("50000.00"), "description": "Less of it"}))[
        "invoice"
    ]
    assert (changed["requestedAmount"], changed["minInvestment"]) == (shown("40,000.00"), shown("80.00"))
    assert await heard(investor, NEW) == []
    listed = await do(seller, LIST, input=act)
    assert listed["invoice"]["status"] == "LISTED"
    assert len(await heard(investor, NEW)) == 1
    assert [item["change"] for item in await heard(investor, UPDATED)] == ["LISTED"]
    assert [item["change"] for item in await heard(seller, UPDATED)] == ["DRAFTED", "EDITED", "LISTED"]
    assert await heard(a_seller(), UPDATED) == []
    assert await do_refused(seller, UPDATE, input=act | {"number": "NEW"}) == ("INVOICE_NOT_DRAFT", ["input", "invoiceId"])
    assert await do_refused(seller, LIST, input=act) == ("INVOICE_NOT_DRAFT", ["input", "invoiceId"])


async def test_null_brings_back_the_usual_of_a_draft() -> None:
    seller, debtor = a_seller(), await a_debtor()
    offer = an_offer(draft=True, debtorId=encode_id("User", debtor.id), minInvestment=money("1000.00"), graceDays=9)
    invoice_id = (await do(seller, CREATE, input=offer))["invoice"]["id"]
    nothing = dict.fromkeys(("debtorId", "minInvestment", "graceDays", "number", "recourse"))
    await do(seller, UPDATE, input={"invoiceId": invoice_id} | nothing)
    document = "query ($id: ID!) { invoice(id: $id) { debtorId graceDays number recourse minInvestment { amount } } }"
    assert await ask(seller, document, id=invoice_id) == {
        "debtorId": None,
        "graceDays": 5,
        "number": offer["number"],
        "recourse": False,
        "minInvestment": {"amount": "160.00"},
    }


async def test_an_invoice_is_withdrawn_before_money_is_out_and_not_after() -> None:
    seller, investor = a_seller(), an_investor()
    invoice = await a_listed_invoice(seller, funding_mode=FundingMode.ALL_OR_NOTHING)
    act = {"invoiceId": encode_id("Invoice", invoice.id)}
    await do(investor, FUND, input=act | {"amount": money("5000.00")})
    await refused_to_strangers(WITHDRAW, input=act)
    assert await do_refused(a_seller(), WITHDRAW, input=act) == ("INVOICE_NOT_FOUND", ["input", "invoiceId"])
    withdrawn = await do(seller, WITHDRAW, input=act | {"idempotencyKey": "back"})
    assert withdrawn["invoice"]["status"] == "CANCELLED"
    assert (await do(seller, WITHDRAW, input=act | {"idempotencyKey": "back"}))["replayed"]
    [released] = await heard(investor, operation("invoice_finance/InvestmentReleased"))
    assert released["amount"] == shown("5,000.00")
    assert await do_refused(seller, WITHDRAW, input=act) == ("INVOICE_NOT_OPEN", ["input", "invoiceId"])
    paid = {"invoiceId": encode_id("Invoice", (await a_listed_invoice(seller)).id)}
    await do(investor, FUND, input=paid | {"amount": money("2000.00")})
    assert await do_refused(seller, WITHDRAW, input=paid) == ("INVOICE_HAS_INVESTMENTS", ["input", "invoiceId"])


async def test_a_seller_may_be_content_with_a_part() -> None:
    seller, investor = a_seller(), an_investor()
    act = {"invoiceId": encode_id("Invoice", (await a_listed_invoice(seller, face=inr(1_000))).id)}
    await refused_to_strangers(CLOSE, input=act)
    assert await do_refused(seller, CLOSE, input=act) == ("NOTHING_FUNDED", ["input", "invoiceId"])
    await do(investor, FUND, input=act | {"amount": money("400.00")})
    assert await do_refused(a_seller(), CLOSE, input=act) == ("INVOICE_NOT_FOUND", ["input", "invoiceId"])
    closed = (await do(seller, CLOSE, input=act))["invoice"]
    assert (closed["status"], closed["remainingAmount"], closed["fundedPercent"]) == ("FUNDED", shown("0.00"), "100.00")
