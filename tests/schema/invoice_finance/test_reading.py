"""Reading through the API: invoices, the marketplace, what one has invested, and the risk score."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.identity.actor import Actor
from domain.identity.permissions import Role
from domain.invoice_finance.service import close_auction, fund_invoice, place_bid, send_invoice_message, settle_invoice
from domain.invoice_finance.states import FundingMode, Industry, SaleMethod
from domain.kit import clock
from domain.kit.ids import new_id
from tests.support.graphql import ask, ask_refused, encode_id, refused_to_strangers, run
from tests.support.invoices import (
    a_debtor,
    a_funded_invoice,
    a_listed_invoice,
    a_seller,
    an_actor_of,
    an_investor,
    flat,
    inr,
    staff,
)
from tests.support.operations import money, operation, shown

pytestmark = pytest.mark.usefixtures("database")

INVOICE = operation("invoice_finance/Invoice").replace("  asOf\n", "")
INVOICES = operation("invoice_finance/Invoices")
MARKET = operation("invoice_finance/Marketplace").replace("  asOf\n", "")
INVESTMENTS = operation("invoice_finance/Investments")
PORTFOLIO = operation("invoice_finance/Portfolio").replace("  asOf\n", "")
DASHBOARD = operation("invoice_finance/UserDashboard").replace("  asOf\n", "")
ANALYTICS = operation("invoice_finance/InvestorAnalytics")
RISK = operation("invoice_finance/RiskScore")


async def numbers(actor: Actor, document: str, **variables: Any) -> list[str]:
    return [node["number"] for node in (await ask(actor, document, **variables))["nodes"]]


async def test_an_invoice_with_everything_that_its_viewer_may_see() -> None:
    seller, investor, rival = a_seller(), an_investor(), an_investor()
    invoice = await a_listed_invoice(seller, face=inr(1_000), fee=flat("2"))
    await fund_invoice(investor, invoice_id=invoice.id, amount=inr(400))
    await fund_invoice(rival, invoice_id=invoice.id, amount=inr(100))
    invoice_id = encode_id("Invoice", invoice.id)
    await refused_to_strangers(INVOICE, id=invoice_id)
    assert await ask(a_seller(), INVOICE, id=invoice_id) is None
    assert await ask(seller, INVOICE, id=encode_id("Invoice", new_id())) is None
    assert await ask_refused(an_actor_of(Role.GUARDIAN), INVOICE, id=invoice_id) == "FORBIDDEN"
    seen = {party: await ask(who, INVOICE, id=invoice_id) for party, who in (("SELLER", seller), ("INVESTOR", investor))}
    for party, one in seen.items():
        assert one["viewerParty"] == party
        assert (one["fundedPercent"], one["remainingAmount"]) == ("50.00", {**money("500.00"), **shown("500.00")})
    assert [len(one["investments"]) for one in seen.values()] == [2, 1]
    assert (await ask(staff(), INVOICE, id=invoice_id))["viewerParty"] == "STAFF"


async def test_invoices_are_those_of_the_viewer() -> None:
    await refused_to_strangers(INVOICES)
    seller, other, debtor, investor = a_seller(), a_seller(), await a_debtor(), an_investor()
    assert await numbers(seller, INVOICES) == []
    await a_funded_invoice(seller, investor, number="FUNDED", face=inr(500), debtor_id=debtor.id)
    await a_listed_invoice(seller, number="LISTED")
    await a_listed_invoice(other, number="OTHERS")
    assert await numbers(seller, INVOICES) == ["LISTED", "FUNDED"]
    assert await numbers(seller, INVOICES, statuses=["FUNDED"]) == ["FUNDED"]
    assert await numbers(debtor, INVOICES) == await numbers(debtor, INVOICES, party="DEBTOR") == ["FUNDED"]
    assert await numbers(investor, INVOICES) == ["OTHERS", "LISTED", "FUNDED"]
    assert await numbers(investor, INVOICES, party="INVESTOR") == ["FUNDED"]
    assert await numbers(investor, INVOICES, party="STAFF") == []
    assert await numbers(an_investor(), INVOICES) == ["OTHERS", "LISTED"]
    assert await numbers(staff(), INVOICES, party="STAFF") == ["OTHERS", "LISTED", "FUNDED"]
    page = await ask(staff(), INVOICES, first=2)
    assert await numbers(staff(), INVOICES, first=2, after=page["pageInfo"]["endCursor"]) == ["FUNDED"]
    assert await ask_refused(seller, INVOICES, first=101) == "INVALID_INPUT"
    assert await ask_refused(seller, INVOICES, after="not a cursor") == "INVALID_INPUT"


async def test_the_marketplace_filters_and_sorts() -> None:
    await refused_to_strangers(MARKET)
    investor, seller = an_investor(), a_seller()
    assert await numbers(investor, MARKET) == []
    today = clock.today()
    await a_listed_invoice(
        seller,
        number="A",
        face=inr(1_000),
        advance_rate=Decimal(80),
        due_on=today + timedelta(days=30),
        fee=flat("1"),
        industry=Industry.RETAIL,
    )
    await a_listed_invoice(
        seller,
        number="B",
        face=inr(5_000),
        advance_rate=Decimal(80),
        due_on=today + timedelta(days=90),
        fee=flat("9"),
        recourse=True,
    )
    await a_listed_invoice(a_seller("Kofi Metals"), number="C", face=inr(3_000), due_on=today + timedelta(days=60))
    await a_funded_invoice(seller, an_investor(), number="GONE", face=inr(100))
    assert await numbers(investor, MARKET) == ["C", "B", "A"]
    sorts = {
        "DUE_SOON": ["A", "C", "B"],
        "HIGHEST_YIELD": ["B", "A", "C"],
        "LARGEST_REMAINING": ["B", "C", "A"],
        "SMALLEST_REMAINING": ["A", "C", "B"],
        "ENDING_SOON": ["A", "B", "C"],
    }
    for sort, expected in sorts.items():
        assert await numbers(investor, MARKET, sort=sort) == expected, sort
        page = await ask(investor, MARKET, sort=sort, first=1)
        rest = await numbers(investor, MARKET, sort=sort, after=page["pageInfo"]["endCursor"])
        assert [page["nodes"][0]["number"], *rest] == expected, sort
    filters: list[tuple[dict[str, Any], list[str]]] = [
        ({"minRemaining": money("3000.00")}, ["C", "B"]),
        ({"maxRemaining": money("3000.00")}, ["C", "A"]),
        ({"currency": "USD"}, []),
        ({"dueFrom": (today + timedelta(days=60)).isoformat()}, ["C", "B"]),
        ({"dueUntil": (today + timedelta(days=60)).isoformat()}, ["C", "A"]),
        ({"minYield": "30.00"}, ["B"]),
        ({"industries": ["RETAIL"]}, ["A"]),
        ({"saleMethod": "AUCTION"}, []),
        ({"recourse": True}, ["B"]),
        ({"search": "metals"}, ["C"]),
        ({"search": "%"}, []),
        ({"search": "_"}, []),
        ({"recourse": False, "search": "sita"}, ["A"]),
    ]
    for wanted, expected in filters:
        assert await numbers(investor, MARKET, filter=wanted) == expected, wanted
    assert await numbers(seller, MARKET) == ["B", "A"]
    two = {"currency": "USD", "minRemaining": money("1.00")}
    assert await ask_refused(investor, MARKET, filter=two) == "INVALID_INPUT"
    assert await ask_refused(investor, MARKET, filter={"minRemaining": money("NaN")}) == "INVALID_AMOUNT"


async def test_an_offer_leaves_the_marketplace_at_its_deadline_whether_or_not_a_job_came_by() -> None:
    investor = an_investor()
    invoice = await a_listed_invoice(a_seller(), number="LATE")
    with clock.clock_set_to(invoice.funding_deadline_at):
        assert await numbers(investor, MARKET) == []
    assert await numbers(investor, MARKET) == ["LATE"]


async def test_a_list_and_the_place_to_follow_it_from() -> None:
    investor = an_investor()
    await a_listed_invoice(a_seller())
    result = await run(investor, operation("invoice_finance/Marketplace"))
    assert result.errors == []
    assert result.data is not None
    assert isinstance(result.data["asOf"], str)


async def test_investments_are_ones_own() -> None:
    await refused_to_strangers(INVESTMENTS)
    seller, investor = a_seller(), an_investor()
    assert (await ask(investor, INVESTMENTS))["nodes"] == []
    invoice = await a_listed_invoice(seller, face=inr(1_000), funding_mode=FundingMode.ALL_OR_NOTHING)
    await fund_invoice(investor, invoice_id=invoice.id, amount=inr(600))
    [held] = (await ask(investor, INVESTMENTS))["nodes"]
    assert (held["state"], held["amount"], held["invoice"]["status"]) == ("HELD", shown("600.00"), "PARTIALLY_FUNDED")
    assert (await ask(investor, INVESTMENTS, states=["ACTIVE"]))["nodes"] == []
    assert len((await ask(seller, INVESTMENTS, invoiceId=encode_id("Invoice", invoice.id)))["nodes"]) == 1
    assert (await ask(an_investor(), INVESTMENTS))["nodes"] == []
    gone = encode_id("Invoice", (await a_funded_invoice(seller, investor, face=inr(10))).id)
    assert await ask_refused(an_investor(), INVESTMENTS, invoiceId=gone) == "INVOICE_NOT_FOUND"


async def test_a_dashboard_a_portfolio_and_its_analysis() -> None:
    for document in (DASHBOARD, PORTFOLIO, ANALYTICS):
        await refused_to_strangers(document)
    seller, investor, debtor = a_seller(), an_investor(), await a_debtor()
    assert (await ask(investor, PORTFOLIO))["positions"] == []
    assert (await ask(investor, DASHBOARD))["walletBalance"] == shown("0.00")
    empty = await ask(investor, ANALYTICS)
    assert (empty["defaultRate"], empty["byMonth"]) == (None, [])
    paid = await a_funded_invoice(
        seller, investor, face=inr(1_000), fee=flat("10"), advance_rate=Decimal(80), debtor_id=debtor.id
    )
    await settle_invoice(debtor, invoice_id=paid.id)
    await a_funded_invoice(seller, investor, face=inr(500), debtor_id=debtor.id)
    portfolio = await ask(investor, PORTFOLIO)
    assert [portfolio[name] for name in ("invested", "received", "realisedProfit", "expectedReturn")] == [
        shown("500.00"),
        shown("900.00"),
        shown("100.00"),
        shown("500.00"),
    ]
    assert (portfolio["openPositions"], portfolio["endedPositions"]) == (1, 1)
    stats = {who: (await ask(actor, DASHBOARD))["stats"] for who, actor in (("seller", seller), ("debtor", debtor))}
    assert (stats["seller"]["raised"], stats["seller"]["settledInvoices"]) == (shown("1,300.00"), 1)
    assert (stats["debtor"]["invoicesToPay"], stats["debtor"]["amountToPay"]) == (1, shown("500.00"))
    analysis = await ask(investor, ANALYTICS)
    assert (analysis["realisedReturn"], analysis["defaultRate"], analysis["atWork"]) == ("12.50", "0.00", shown("500.00"))
    assert [(each["status"], each["share"]) for each in analysis["byStatus"]] == [("SETTLED", "61.54"), ("FUNDED", "38.46")]
    assert (await ask(investor, DASHBOARD, currency="USD"))["walletBalance"]["formatted"] == "USD 0.00"
    assert await ask_refused(investor, DASHBOARD, currency="XXX") == "CURRENCY_MISMATCH"
    for document in (PORTFOLIO, ANALYTICS):
        assert await ask_refused(seller, document) == "FORBIDDEN"


async def test_a_risk_score_says_why() -> None:
    seller, investor = a_seller(), an_investor()
    invoice = await a_listed_invoice(seller, advance_rate=Decimal(80), recourse=True)
    variables = {"invoiceId": encode_id("Invoice", invoice.id)}
    await refused_to_strangers(RISK, **variables)
    assert await ask_refused(a_seller(), RISK, **variables) == "INVOICE_NOT_FOUND"
    risk = await ask(investor, RISK, **variables)
    assert risk["score"] == sum(factor["points"] for factor in risk["factors"])
    assert risk["factors"][0] == {"rule": "BASE", "points": 20, "sentence": "Every invoice starts with 20 points."}
    assert {factor["rule"] for factor in risk["factors"]} == {
        "BASE",
        "DEBTOR_RECORD",
        "SELLER_RECORD",
        "TENOR",
        "ADVANCE_RATE",
        "RECOURSE",
    }
    assert risk["grade"] == "B"


async def test_nodes_are_null_to_those_whom_they_do_not_concern() -> None:
    seller, investor, debtor = a_seller(), an_investor(), await a_debtor()
    auction = await a_listed_invoice(seller, face=inr(500), sale_method=SaleMethod.AUCTION, fee=flat("3"))
    bid = (await place_bid(investor, invoice_id=auction.id, rate=Decimal(1))).bid
    await close_auction(seller, invoice_id=auction.id)
    invoice = await a_listed_invoice(seller, face=inr(100), debtor_id=debtor.id)
    investment = (await fund_invoice(investor, invoice_id=invoice.id, amount=inr(100))).investment
    message = await send_invoice_message(seller, invoice_id=invoice.id, body="Thank you")
    [payment] = (await settle_invoice(debtor, invoice_id=invoice.id)).payments
    rows = {"Invoice": invoice, "Investment": investment, "InvoicePayment": payment, "InvoiceMessage": message, "Bid": bid}
    ids = [encode_id(name, row.id) for name, row in rows.items()]
    document = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"
    everything = [{"__typename": name, "id": node} for name, node in zip(rows, ids, strict=True)]
    for knowing in (seller, staff()):
        assert await ask(knowing, document, ids=ids) == everything
    for stranger in (a_seller(), an_investor(), await a_debtor()):
        assert await ask(stranger, document, ids=ids) == [None] * 5
    assert [node and node["__typename"] for node in await ask(investor, document, ids=ids)] == [
        "Invoice",
        "Investment",
        None,
        "InvoiceMessage",
        "Bid",
    ]
    assert [node and node["__typename"] for node in await ask(debtor, document, ids=ids)] == [
        "Invoice",
        None,
        "InvoicePayment",
        "InvoiceMessage",
        None,
    ]
