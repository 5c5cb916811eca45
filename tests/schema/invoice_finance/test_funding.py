"""Funding through the API: the two-user story to the figure, and every refusal without a trace."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from domain.identity.actor import ANONYMOUS, Actor
from domain.identity.permissions import Role
from domain.invoice_finance.models import Invoice
from domain.kit import clock
from domain.kit.ids import new_id
from domain.wallets.service import wallet_of
from tests.support.graphql import ask, ask_refused, do, do_refused, encode_id, feed_refused, heard, refused_to_strangers
from tests.support.happenings import assert_integrity, names_of_events, nothing_happens
from tests.support.invoices import (
    a_debtor,
    a_funded_invoice,
    a_listed_invoice,
    a_seller,
    an_actor_of,
    an_investor,
    balance,
    inr,
)
from tests.support.operations import money, operation, shown, state_shown
from tests.support.people import an_actor

pytestmark = pytest.mark.usefixtures("database")

FUND = operation("invoice_finance/FundInvoice")
MARKET = "{ marketplaceInvoices { nodes { id } } }"
WALLET = "{ wallet { balance { amount formatted } } }"


def funding(invoice: Invoice, amount: str, **more: Any) -> dict[str, Any]:
    return {"invoiceId": encode_id("Invoice", invoice.id), "amount": money(amount)} | more


async def test_the_published_figures_and_the_same_key_again() -> None:
    """Demo wallets of 1,000,000.00: fund 250,000, and the investor has 750,000, the seller 1,250,000. Again: unchanged."""
    seller, investor = a_seller(), an_investor()
    invoice = await a_listed_invoice(seller, face=inr(250_000))
    order = funding(invoice, "250000.00", idempotencyKey="the only one")
    await refused_to_strangers(FUND, input=order)
    payload = await do(investor, FUND, input=order)
    assert payload["replayed"] is False
    assert payload["wallet"]["balance"] == shown("750,000.00")
    assert payload["invoice"]["status"] == "FUNDED"
    assert await ask(seller, WALLET) == {"balance": shown("1,250,000.00")}
    events = await names_of_events()
    async with nothing_happens():
        again = await do(investor, FUND, input=order)
    assert again == payload | {"replayed": True}
    assert (await ask(investor, WALLET), await ask(seller, WALLET)) == (
        {"balance": shown("750,000.00")},
        {"balance": shown("1,250,000.00")},
    )
    assert await names_of_events() == events
    await assert_integrity()


async def test_the_two_user_story() -> None:
    seller, investor, bystander = a_seller(), an_investor(), an_investor("Meera Shah")
    invoice = await a_listed_invoice(seller, face=inr(1_000))
    first = await do(investor, FUND, input=funding(invoice, "400.00"))
    assert (first["invoice"]["status"], first["invoice"]["fundedPercent"]) == ("PARTIALLY_FUNDED", "40.00")
    assert len((await ask(bystander, MARKET))["nodes"]) == 1
    await do(investor, FUND, input=funding(invoice, "600.00"))
    assert (await ask(bystander, MARKET))["nodes"] == []
    assert (await names_of_events())[-4:] == [
        "wallets.balance_changed",
        "invoice_finance.invoice_funded",
        "invoice_finance.investment_made",
        "invoice_finance.invoice_updated",
    ]
    funded = await heard(seller, operation("invoice_finance/InvoiceFunded"))
    assert [(item["amount"], item["investorName"], item["fullyFunded"]) for item in funded] == [
        (shown("400.00"), "Ravi Kapoor", False),
        (shown("600.00"), "Ravi Kapoor", True),
    ]
    succeeded = await heard(investor, operation("invoice_finance/InvestmentSuccess"))
    assert [item["amount"] for item in succeeded] == [shown("400.00"), shown("600.00")]
    for viewer in (seller, investor, bystander):
        updates = await heard(viewer, operation("invoice_finance/InvoiceUpdated"))
        assert [(item["change"], item["invoice"]["status"]) for item in updates] == [
            ("INVESTMENT_MADE", "PARTIALLY_FUNDED"),
            ("INVESTMENT_MADE", "FUNDED"),
        ]
    market = await heard(bystander, operation("invoice_finance/MarketplaceUpdated"))
    assert [item["action"] for item in market] == ["ADDED", "CHANGED", "REMOVED"]
    await assert_integrity()


async def test_a_sellers_events_never_reach_another_seller() -> None:
    seller, other, investor = a_seller(), a_seller("Other Mills"), an_investor()
    await a_listed_invoice(other)
    invoice = await a_listed_invoice(seller)
    await do(investor, FUND, input=funding(invoice, "5000.00"))
    feeds = ("InvoiceFunded", "InvoiceUpdated", "InvoiceRepaid", "InvoiceMessageSent", "BidPlaced", "AuctionClosed")
    for feed in feeds:
        document = operation(f"invoice_finance/{feed}")
        assert await heard(other, document) == [], feed
        assert await feed_refused(other, document, invoiceId=encode_id("Invoice", invoice.id)) == "INVOICE_NOT_FOUND"
    assert await heard(other, operation("wallets/WalletBalanceChanged")) == []
    assert len(await heard(seller, operation("invoice_finance/InvoiceFunded"))) == 1
    for feed in ("InvestmentSuccess", "MarketplaceUpdated", "NewInvoiceListed", "PayoutMade", "PortfolioUpdated"):
        assert await feed_refused(other, operation(f"invoice_finance/{feed}")) == "FORBIDDEN"


async def test_investors_stay_unknown_to_each_other() -> None:
    seller, investor, rival = a_seller(), an_investor("Ravi Kapoor"), an_investor("Meera Shah")
    invoice = await a_listed_invoice(seller)
    for who, amount in ((investor, "5000.00"), (rival, "7000.00")):
        await do(who, FUND, input=funding(invoice, amount))
    document = "query ($id: ID!) { invoice(id: $id) { investments { investorId amount { amount } } } }"
    invoice_id = encode_id("Invoice", invoice.id)
    own = (await ask(investor, document, id=invoice_id))["investments"]
    assert own == [{"investorId": encode_id("User", investor.id), "amount": {"amount": "5000.00"}}]
    assert len((await ask(seller, document, id=invoice_id))["investments"]) == 2
    assert (await ask(an_investor(), document, id=invoice_id))["investments"] == []
    listing = "query ($id: ID) { investments(invoiceId: $id) { nodes { investorId } } }"
    assert (await ask(investor, listing, id=invoice_id))["nodes"] == [{"investorId": encode_id("User", investor.id)}]
    mine = (await heard(investor, operation("invoice_finance/InvestmentSuccess")))[0]["investmentId"]
    node = "query ($id: ID!) { node(id: $id) { id } }"
    assert await ask(rival, node, id=mine) is None
    assert await ask(investor, node, id=mine) == {"id": mine}
    assert [item["amount"] for item in await heard(rival, operation("invoice_finance/InvestmentSuccess"))] == [
        shown("7,000.00")
    ]
    assert await feed_refused(rival, operation("invoice_finance/InvoiceFunded")) == "FORBIDDEN"
    told = str(await heard(rival, operation("invoice_finance/InvoiceUpdated")))
    assert str(investor.id) not in told
    assert investor.name not in told


@pytest.mark.parametrize("amount", ["NaN", "-Infinity", "1e3", "1_0", "٣", "1,000.00", "", 0.1])
async def test_what_is_no_amount_is_refused_before_anything_runs(amount: Any) -> None:
    invoice = await a_listed_invoice(a_seller())
    order = funding(invoice, "1.00") | {"amount": {"amount": amount, "currency": "INR"}}
    assert await ask_refused(an_investor(), FUND, input=order) == "INVALID_AMOUNT"


@pytest.mark.parametrize(
    ("amount", "code", "field"),
    [
        (money("-1.00"), "INVALID_AMOUNT", ["input", "amount"]),
        (money("0.00"), "INVALID_AMOUNT", ["input", "amount"]),
        (money("1000.001"), "INVALID_AMOUNT", ["input", "amount"]),
        (money("1234567890123456789"), "INVALID_AMOUNT", ["input", "amount"]),
        (money("5000.00", "USD"), "CURRENCY_MISMATCH", ["input", "amount", "currency"]),
        (money("3999.99"), "AMOUNT_BELOW_MINIMUM", ["input", "amount"]),
        (money("2000000.01"), "AMOUNT_EXCEEDS_REMAINING", ["input", "amount"]),
        (money("1000000.01"), "INSUFFICIENT_FUNDS", ["input", "amount"]),
    ],
)
async def test_amounts_that_are_refused(amount: dict[str, str], code: str, field: list[str]) -> None:
    investor, seller = an_investor(), a_seller()
    for person in (investor, seller):
        await wallet_of(person.id, "INR")
    invoice = await a_listed_invoice(seller, face=inr(2_000_000))
    invoice_id = encode_id("Invoice", invoice.id)
    assert await do_refused(investor, FUND, input={"invoiceId": invoice_id, "amount": amount}) == (code, field)


async def test_over_funding_is_clipped_when_asked() -> None:
    investor = an_investor()
    invoice = await a_listed_invoice(a_seller(), face=inr(1_000))
    payload = await do(investor, FUND, input=funding(invoice, "1500.00", allowPartial=True))
    assert (payload["clipped"], payload["amount"], await balance(investor)) == (True, shown("1,000.00"), inr(999_000))


async def test_who_may_not_fund() -> None:
    seller, debtor = an_actor_of(Role.SELLER, Role.INVESTOR), await a_debtor()
    invoice = await a_listed_invoice(seller, debtor_id=debtor.id)
    order = funding(invoice, "5000.00")
    assert await do_refused(seller, FUND, input=order) == ("SELF_FUNDING", ["input", "invoiceId"])
    both = Actor(id=debtor.id, name=debtor.name, roles=frozenset({Role.DEBTOR, Role.INVESTOR}))
    assert await do_refused(both, FUND, input=order) == ("SELF_FUNDING", ["input", "invoiceId"])
    for nobody in (debtor, a_seller(), an_actor_of(Role.ACCOUNTANT)):
        assert await ask_refused(nobody, FUND, input=order) == "FORBIDDEN"


async def test_what_is_closed_takes_no_money() -> None:
    seller, investor = a_seller(), an_investor()
    invoice = await a_funded_invoice(seller, investor, face=inr(1_000))
    closed = ("INVOICE_NOT_OPEN", ["input", "invoiceId"])
    assert await do_refused(investor, FUND, input=funding(invoice, "10.00")) == closed
    missing = funding(invoice, "10.00") | {"invoiceId": encode_id("Invoice", new_id())}
    assert await do_refused(investor, FUND, input=missing) == ("INVOICE_NOT_FOUND", ["input", "invoiceId"])
    wrong = funding(invoice, "10.00") | {"invoiceId": encode_id("Wallet", invoice.id)}
    assert await do_refused(investor, FUND, input=wrong) == ("NOT_FOUND", ["input", "invoiceId"])
    late = await a_listed_invoice(seller, face=inr(1_000))
    with clock.clock_set_to(late.funding_deadline_at + timedelta(seconds=1)):
        assert await do_refused(investor, FUND, input=funding(late, "10.00")) == closed
        assert (await ask(investor, MARKET))["nodes"] == []


async def test_a_key_belongs_to_one_request_of_one_caller() -> None:
    investor, other = an_investor(), an_investor()
    invoice = await a_listed_invoice(a_seller())
    await do(investor, FUND, input=funding(invoice, "5000.00", idempotencyKey="k"))
    reused = ("IDEMPOTENCY_KEY_REUSED", ["input", "idempotencyKey"])
    assert await do_refused(investor, FUND, input=funding(invoice, "5000.01", idempotencyKey="k")) == reused
    assert (await do(other, FUND, input=funding(invoice, "5000.01", idempotencyKey="k")))["replayed"] is False
    long = funding(invoice, "5000.00", idempotencyKey="k" * 201)
    assert await do_refused(investor, FUND, input=long) == ("INVALID_INPUT", ["input", "idempotencyKey"])


async def test_a_refused_key_may_be_sent_again() -> None:
    investor = an_investor()
    invoice = await a_listed_invoice(a_seller(), face=inr(1_000))
    order = funding(invoice, "1500.00", idempotencyKey="k")
    assert (await do_refused(investor, FUND, input=order))[0] == "AMOUNT_EXCEEDS_REMAINING"
    assert (await do(investor, FUND, input=order | {"amount": money("1000.00")}))["replayed"] is False


async def test_dashboards_move_with_the_money() -> None:
    seller, investor = a_seller(), an_investor()
    invoice = await a_listed_invoice(seller, face=inr(1_000))
    await do(investor, FUND, input=funding(invoice, "1000.00"))
    portfolio = await state_shown(investor, operation("invoice_finance/PortfolioUpdated"))
    assert (portfolio["invested"], portfolio["openPositions"]) == (shown("1,000.00"), 1)
    assert portfolio["positions"][0]["invoice"]["status"] == "FUNDED"
    dashboard = await state_shown(seller, operation("invoice_finance/UserDashboardUpdated"))
    assert dashboard["walletBalance"] == shown("1,001,000.00")
    assert dashboard["stats"]["raised"] == shown("1,000.00")
    assert await feed_refused(ANONYMOUS, operation("invoice_finance/UserDashboardUpdated")) == "UNAUTHENTICATED"
    assert await feed_refused(seller, operation("invoice_finance/PortfolioUpdated")) == "FORBIDDEN"


LOOKING = """
subscription {
  invoiceUpdated {
    ... on InvoiceUpdated {
      invoice {
        status viewerParty seller { name } auction { bidCount } riskScore { grade }
        investments { amount { amount } }
      }
    }
  }
}
"""


async def test_an_invoice_inside_an_event_looks_as_everywhere_to_each_viewer() -> None:
    seller, investor = await an_actor(Role.SELLER, name="Sita Mills"), an_investor()
    invoice = await a_listed_invoice(seller)
    for amount in ("5000.00", "6000.00"):
        await do(investor, FUND, input=funding(invoice, amount))
    parties = {seller: ("SELLER", 2), investor: ("INVESTOR", 2), an_investor(): ("INVESTOR", 0)}
    for viewer, (party, investments) in parties.items():
        first = (await heard(viewer, LOOKING))[0]["invoice"]
        count = len(first["investments"])
        assert (first["status"], first["viewerParty"], count) == ("PARTIALLY_FUNDED", party, investments)
        assert (first["seller"], first["auction"]) == ({"name": "Sita Mills"}, None)
        assert first["riskScore"]["grade"] in "ABCDE"
