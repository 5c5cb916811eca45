"""What people see at a glance agrees with what they did, to the minor unit."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from domain.identity.permissions import Role
from domain.invoice_finance import dashboards
from domain.invoice_finance.dashboards import MAX_POSITIONS
from domain.invoice_finance.service import (
    close_recovery,
    fund_invoice,
    record_invoice_payment,
    settle_invoice,
    withdraw_invoice,
)
from domain.invoice_finance.service.default import age_invoice
from domain.invoice_finance.states import FundingMode, Industry, InvoiceStatus
from domain.kit import clock
from domain.kit.errors import Forbidden, InvalidInput
from tests.support.invoices import (
    NOON,
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

pytestmark = pytest.mark.usefixtures("database")


async def test_a_portfolio_adds_up() -> None:
    investor, seller, debtor = an_investor(), a_seller(), await a_debtor()
    terms = {"advance_rate": Decimal(80), "fee": flat("5"), "debtor_id": debtor.id}
    later = await a_funded_invoice(seller, investor, face=inr(1_000), due_on=clock.today() + timedelta(days=90), **terms)
    shared = await a_listed_invoice(seller, face=inr(1_000), funding_mode=FundingMode.ALL_OR_NOTHING, **terms)
    await fund_invoice(investor, invoice_id=shared.id, amount=inr(200))
    await fund_invoice(investor, invoice_id=shared.id, amount=inr(100))
    over = await a_funded_invoice(seller, investor, face=inr(500), **terms)
    await settle_invoice(debtor, invoice_id=over.id)
    given_back = await a_listed_invoice(seller, face=inr(1_000), funding_mode=FundingMode.ALL_OR_NOTHING)
    await fund_invoice(investor, invoice_id=given_back.id, amount=inr(10))
    await withdraw_invoice(seller, invoice_id=given_back.id)
    seen = await dashboards.portfolio(investor)
    assert (seen.invested, seen.held, seen.received, seen.realised_profit) == (inr(800), inr(300), inr(425), inr(25))
    # 850 for the whole of the first; 850 x 300 / 800 = 318.75 for the part of the second.
    assert seen.expected_return == inr("1168.75")
    assert (seen.open_positions, seen.ended_positions) == (2, 1)
    assert [(each.invoice.id, each.invested, each.held, each.expected_return) for each in seen.positions] == [
        (shared.id, inr(0), inr(300), inr("318.75")),
        (later.id, inr(800), inr(0), inr(850)),
    ]
    assert seen.positions[1].invoice.status is InvoiceStatus.FUNDED
    assert (await dashboards.portfolio(investor, "USD")).open_positions == 0


async def test_a_partial_repayment_is_received_and_still_at_work() -> None:
    investor, seller, debtor = an_investor(), a_seller(), await a_debtor()
    invoice = await a_funded_invoice(seller, investor, face=inr(1_000), debtor_id=debtor.id)
    await settle_invoice(debtor, invoice_id=invoice.id, amount=inr(400))
    seen = await dashboards.portfolio(investor)
    assert (seen.invested, seen.received, seen.positions[0].paid, seen.realised_profit) == (
        inr(1_000),
        inr(400),
        inr(400),
        inr(0),
    )


async def test_sums_are_of_all_positions_and_the_first_hundred_are_shown() -> None:
    investor, seller = an_investor(), a_seller()
    for _ in range(MAX_POSITIONS + 2):
        await a_funded_invoice(seller, investor, face=inr(1))
    seen = await dashboards.portfolio(investor)
    assert (seen.open_positions, len(seen.positions), seen.invested) == (102, 100, inr(102))


async def test_analytics_of_gains_losses_and_months() -> None:
    investor, seller, debtor, clerk = an_investor(), a_seller(), await a_debtor(), staff()
    with clock.clock_set_to(NOON):
        good = await a_funded_invoice(
            seller, investor, face=inr(1_000), advance_rate=Decimal(80), fee=flat("10"), debtor_id=debtor.id
        )
        bad = await a_funded_invoice(seller, investor, face=inr(400), industry=Industry.RETAIL)
    with clock.clock_set_to(NOON + timedelta(days=40)):
        await settle_invoice(debtor, invoice_id=good.id)
    with clock.clock_set_to(NOON + timedelta(days=70)):
        await age_invoice(bad.id)
        await record_invoice_payment(clerk, invoice_id=bad.id, amount=inr(104))
        await close_recovery(clerk, invoice_id=bad.id)
        seen = await dashboards.investor_analytics(investor)
    # 104 came in for the bad one: 4 are the platform's fee of 1 percent, so 300 of 400 are lost; the good one paid 900.
    assert (seen.invested, seen.received, seen.at_work, seen.lost) == (inr(1_200), inr(1_000), inr(0), inr(300))
    assert (seen.realised_profit, seen.realised_return, seen.default_rate) == (
        -inr(200),
        Decimal("-16.67"),
        Decimal("33.33"),
    )
    assert [(each.industry, each.invested, each.share) for each in seen.by_industry] == [
        (Industry.OTHER, inr(800), Decimal("66.67")),
        (Industry.RETAIL, inr(400), Decimal("33.33")),
    ]
    assert [(each.status, each.investments) for each in seen.by_status] == [
        (InvoiceStatus.SETTLED, 1),
        (InvoiceStatus.RECOVERED, 1),
    ]
    assert [(each.month, each.invested, each.received) for each in seen.by_month] == [
        (date(2030, 3, 1), inr(1_200), inr(0)),
        (date(2030, 4, 1), inr(0), inr(900)),
        (date(2030, 5, 1), inr(0), inr(100)),
    ]
    with clock.clock_set_to(NOON + timedelta(days=395)):
        assert [each.month for each in (await dashboards.investor_analytics(investor)).by_month] == [
            date(2030, 5, 1),
        ]


async def test_a_dashboard_counts_what_is_sold_invested_and_owed() -> None:
    seller, investor, debtor = a_seller(), an_investor(), await a_debtor()
    await a_listed_invoice(seller, face=inr(100))
    partly = await a_listed_invoice(seller, face=inr(1_000), funding_mode=FundingMode.ALL_OR_NOTHING)
    await fund_invoice(investor, invoice_id=partly.id, amount=inr(300))
    late = await a_funded_invoice(seller, investor, face=inr(200), debtor_id=debtor.id)
    with clock.clock_set_to(clock.now() + timedelta(days=62)):
        await age_invoice(late.id)
    stats = (await dashboards.user_dashboard(seller)).stats
    assert (stats.open_invoices, stats.outstanding_invoices, stats.overdue_invoices, stats.raised) == (2, 1, 1, inr(200))
    own = await dashboards.user_dashboard(investor)
    assert (own.wallet_balance, own.wallet_held, own.wallet_available) == (inr(999_800), inr(300), inr(999_500))
    assert (own.stats.active_investments, own.stats.invested, own.stats.held_for_investments) == (1, inr(200), inr(300))
    owed = (await dashboards.user_dashboard(debtor)).stats
    assert (owed.invoices_to_pay, owed.amount_to_pay) == (1, inr(200))


async def test_who_may_look() -> None:
    for look in (dashboards.portfolio, dashboards.investor_analytics):
        with pytest.raises(Forbidden):
            await look(a_seller())
    with pytest.raises(Forbidden):
        await dashboards.user_dashboard(an_actor_of(Role.ACCOUNTANT))
    with pytest.raises(InvalidInput):
        await dashboards.user_dashboard(an_investor(), "XXX")
