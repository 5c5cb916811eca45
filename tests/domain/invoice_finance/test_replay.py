"""What people see of their invoices follows from the log alone: held, spent, released, auctioned, paid out and lost."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from domain.events.replay import replay_figures
from domain.identity.actor import SYSTEM
from domain.invoice_finance.service import fund_invoice, place_bid, record_invoice_payment, settle_invoice, withdraw_invoice
from domain.invoice_finance.service.auction import close_auction
from domain.invoice_finance.service.default import age_invoice
from domain.invoice_finance.states import FundingMode, SaleMethod
from domain.kit import clock
from domain.kit.clock import clock_set_to
from domain.kit.database import execute
from tests.support.invoices import (
    NOON,
    a_debtor,
    a_funded_invoice,
    a_listed_invoice,
    a_seller,
    an_investor,
    flat,
    inr,
    staff,
)

pytestmark = pytest.mark.usefixtures("database")


async def test_money_in_invoices_of_every_kind(tmp_path: Path) -> None:
    with clock_set_to(NOON):
        investor, other, seller, debtor = an_investor(), an_investor(), a_seller(), await a_debtor()
        terms = {"advance_rate": Decimal(80), "fee": flat("5"), "debtor_id": debtor.id, "face": inr(1_000)}
        whole = await a_listed_invoice(seller, funding_mode=FundingMode.ALL_OR_NOTHING, **terms)
        await fund_invoice(investor, invoice_id=whole.id, amount=inr(300))
        waiting = await a_listed_invoice(seller, funding_mode=FundingMode.ALL_OR_NOTHING, **terms)
        await fund_invoice(investor, invoice_id=waiting.id, amount=inr(100))
        await fund_invoice(other, invoice_id=whole.id, amount=inr(500))
        given_back = await a_listed_invoice(seller, funding_mode=FundingMode.ALL_OR_NOTHING, **terms)
        await fund_invoice(other, invoice_id=given_back.id, amount=inr(10))
        await withdraw_invoice(seller, invoice_id=given_back.id)
        sold = await a_listed_invoice(seller, sale_method=SaleMethod.AUCTION, **terms)
        await place_bid(investor, invoice_id=sold.id, rate=Decimal(4))
        late = await a_funded_invoice(seller, other, **terms, due_on=clock.today() + timedelta(days=10))
        await settle_invoice(debtor, invoice_id=whole.id)
    with clock_set_to(sold.funding_deadline_at):
        await close_auction(SYSTEM, invoice_id=sold.id)
    with clock_set_to(NOON + timedelta(days=40)):
        for _ in range(2):
            await age_invoice(late.id)
        await record_invoice_payment(
            staff(), invoice_id=late.id, amount=inr(200), received_on=clock.today(), reference="BANK-1"
        )
        replayed = await replay_figures(tmp_path)
        assert replayed.differences == []
        own = f"invoice_finance.portfolio.{investor.id}.INR"
        assert (replayed.figures[f"{own}.held"], replayed.figures[f"{own}.invested"]) == ("INR 100.00", "INR 800.00")
        await execute("update invoice set funded_minor = funded_minor - 1 where id = $1", waiting.id)
        wrong = {each.figure for each in (await replay_figures(tmp_path)).differences}
    assert wrong == set(), "what an offer that pays all or nothing has raised is nothing before it is full"
