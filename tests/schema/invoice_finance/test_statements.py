"""How often the heaviest documents ask the database: once for a list and once for each relation, however long it is."""

from __future__ import annotations

from decimal import Decimal

import pytest

from domain.identity.actor import Actor
from domain.identity.permissions import Role
from domain.invoice_finance.models import Invoice
from domain.invoice_finance.service import fund_invoice, place_bid, settle_invoice
from domain.invoice_finance.states import SaleMethod
from domain.kit.database import fetch
from tests.support.graphql import ask
from tests.support.invoices import a_debtor, a_listed_invoice, an_investor, flat, inr, staff
from tests.support.operations import operation
from tests.support.people import an_actor
from tests.support.statements import statements

pytestmark = pytest.mark.usefixtures("database")

EVERYTHING = """
{
  invoices(first: 20) {
    totalCount
    nodes {
      number viewerParty seller { name } debtor { name } auction { bestRate }
      investments { investor { name } payouts { amount { amount } } invoice { number } }
      bids { rate bidderName invoice { number } }
      payments { amount { amount } }
      riskScore { score factors { sentence } }
    }
  }
}
"""
MOST = 14
"""The page, its count, and one for each relation; two where what the viewer may see is looked up before what is shown."""


async def a_busy_invoice(seller: Actor, investor: Actor, debtor: Actor) -> None:
    """An auction with a bid, and an invoice with two investments and a repayment."""
    auction = await a_listed_invoice(seller, sale_method=SaleMethod.AUCTION, fee=flat("3"), face=inr(500))
    await place_bid(investor, invoice_id=auction.id, rate=Decimal(1))
    invoice: Invoice = await a_listed_invoice(seller, face=inr(500), debtor_id=debtor.id)
    for who in (investor, an_investor()):
        await fund_invoice(who, invoice_id=invoice.id, amount=inr(250))
    await settle_invoice(debtor, invoice_id=invoice.id, amount=inr(100))


async def test_the_heaviest_list() -> None:
    seller, debtor, clerk = await an_actor(Role.SELLER, name="Sita Mills"), await a_debtor(), staff()
    counts = []
    for busy in (1, 7):
        for _ in range(busy):
            await a_busy_invoice(seller, await an_actor(Role.INVESTOR, name="Ravi Kapoor"), debtor)
        with statements() as seen:
            nodes = (await ask(clerk, EVERYTHING))["nodes"]
        counts.append(len(seen))
        assert nodes[0]["investments"][0]["investor"] == {"name": "Ravi Kapoor"}
        assert nodes[0]["payments"] == [{"amount": {"amount": "100.00"}}]
        assert nodes[1]["bids"][0]["bidderName"] == "Ravi Kapoor"
    assert len(nodes) == 16
    assert max(counts) <= MOST, seen


@pytest.mark.parametrize("dashboard", ["UserDashboard", "Portfolio", "InvestorAnalytics"])
async def test_a_dashboard_is_one_statement(dashboard: str) -> None:
    seller, investor, debtor = await an_actor(Role.SELLER), await an_actor(Role.INVESTOR), await a_debtor()
    for _ in range(3):
        await a_busy_invoice(seller, investor, debtor)
    await fetch("select 1")
    with statements() as seen:
        await ask(investor, operation(f"invoice_finance/{dashboard}").replace("  asOf\n", ""))
    assert len(seen) == 1, seen


async def test_the_marketplace_page_with_risk_and_auctions() -> None:
    seller, investor, debtor = await an_actor(Role.SELLER), await an_actor(Role.INVESTOR), await a_debtor()
    for _ in range(5):
        await a_busy_invoice(seller, investor, debtor)
    with statements() as seen:
        page = await ask(investor, operation("invoice_finance/Marketplace").replace("  asOf\n", ""))
    assert len(page["nodes"]) == 5
    assert len(seen) <= 5, seen
