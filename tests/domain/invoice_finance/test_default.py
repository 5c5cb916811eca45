"""When the debtor does not pay: grace, default, recovery, who bears the loss."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from domain.identity.actor import Actor
from domain.invoice_finance import jobs, settings
from domain.invoice_finance.errors import InvoiceNotDefaulted, InvoiceNotPayable, NotThePayer, OverRepayment
from domain.invoice_finance.models import Investment, Invoice
from domain.invoice_finance.service import close_recovery, fund_invoice, record_invoice_payment, settle_invoice
from domain.invoice_finance.settings import InvoiceSettings
from domain.invoice_finance.states import InvoiceStatus
from domain.kit import clock
from domain.kit.errors import Forbidden
from domain.ledger import queries as ledger
from domain.ledger.chart import BANK, PLATFORM_FEE_INCOME, house_account
from tests.support.happenings import assert_integrity, events_so_far, nothing_happens
from tests.support.invoices import (
    NOON,
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

pytestmark = pytest.mark.usefixtures("database")

DUE = NOON + timedelta(days=60)
GRACE = 5


def days_after_due(days: int) -> datetime:
    return DUE + timedelta(days=days)


async def an_old_invoice(seller: Actor, investor: Actor, **changes: object) -> Invoice:
    """100,000.00 at 80 percent for 3 percent, funded on NOON, due 60 days later, 5 days of grace."""
    offer = {"advance_rate": Decimal(80), "fee": flat("3"), "face": inr(100_000), "grace_days": GRACE}
    with clock.clock_set_to(NOON):
        return await a_funded_invoice(seller, investor, **(offer | changes))


async def status_of(invoice: Invoice) -> InvoiceStatus:
    return (await Invoice.get(id=invoice.id)).status


async def test_overdue_the_day_after_and_default_only_past_the_grace() -> None:
    seller, investor = a_seller(), an_investor()
    invoice = await an_old_invoice(seller, investor)
    for days, expected in [
        (0, InvoiceStatus.FUNDED), (1, InvoiceStatus.OVERDUE), (GRACE, InvoiceStatus.OVERDUE),
        (GRACE + 1, InvoiceStatus.DEFAULTED),
    ]:  # fmt: skip
        with clock.clock_set_to(days_after_due(days)):
            await jobs.mark_overdue.run()
            await jobs.mark_default.run()
        assert await status_of(invoice) is expected
    names = [(each.name.split(".")[1], getattr(each.fact, "change", None)) for each in (await events_so_far())[-4:]]
    assert [name for name, _ in names] == ["invoice_overdue", "invoice_updated", "invoice_defaulted", "invoice_updated"]
    overdue, _, defaulted, _ = (await events_so_far())[-4:]
    assert overdue.fact.grace_ends_on == days_after_due(GRACE).date()
    assert (defaulted.fact.outstanding, defaulted.fact.at_risk) == (inr(100_000), inr(80_000))
    assert f"user:{investor.id}" in defaulted.audience and f"user:{seller.id}" in defaulted.audience
    await assert_integrity()


async def test_one_visit_of_the_job_brings_an_old_invoice_all_the_way() -> None:
    invoice = await an_old_invoice(a_seller(), an_investor())
    with clock.clock_set_to(days_after_due(30)):
        await jobs.mark_overdue.run()
    assert await status_of(invoice) is InvoiceStatus.DEFAULTED


async def test_a_payment_on_the_last_day_of_grace_settles() -> None:
    seller, investor, debtor = a_seller(), an_investor(), await a_debtor()
    invoice = await an_old_invoice(seller, investor, debtor_id=debtor.id)
    with clock.clock_set_to(days_after_due(GRACE)):
        settlement = await settle_invoice(debtor, invoice_id=invoice.id)
    assert settlement.invoices[0].status is InvoiceStatus.SETTLED
    assert settlement.payments[0].to_platform == inr(0)
    await assert_integrity()


async def test_a_payment_after_the_grace_is_a_recovery_although_no_job_came_by() -> None:
    seller, investor, debtor = a_seller(), an_investor(), await a_debtor()
    invoice = await an_old_invoice(seller, investor, debtor_id=debtor.id)
    with clock.clock_set_to(days_after_due(GRACE + 1)):
        settlement = await settle_invoice(debtor, invoice_id=invoice.id)
    assert settlement.invoices[0].status is InvoiceStatus.RECOVERED
    (payment,) = settlement.payments
    assert (payment.to_platform, payment.to_investors, payment.to_seller) == (inr(1_000), inr(83_000), inr(16_000))
    names = [each.name.split(".")[1] for each in await events_so_far() if each.domain == "invoice_finance"]
    assert names[-8:] == [
        "invoice_overdue", "invoice_updated", "invoice_defaulted", "invoice_updated",
        "invoice_repaid", "payout_made", "invoice_recovered", "invoice_updated",
    ]  # fmt: skip
    await assert_integrity()


async def test_after_a_default_fees_come_first_and_it_stays_in_default_until_all_is_paid() -> None:
    seller, investor, debtor, clerk = a_seller(), an_investor(), await a_debtor(), staff()
    invoice = await an_old_invoice(seller, investor, debtor_id=debtor.id)
    with clock.clock_set_to(days_after_due(10)):
        parts = [
            (await settle_invoice(debtor, invoice_id=invoice.id, amount=inr(amount))).payments[0]
            for amount in (600, 1_000, 82_400, 10_000)
        ]
        assert [(each.to_platform, each.to_investors, each.to_seller) for each in parts] == [
            (inr(600), inr(0), inr(0)),
            (inr(400), inr(600), inr(0)),
            (inr(0), inr(82_400), inr(0)),
            (inr(0), inr(0), inr(10_000)),
        ]
        assert await status_of(invoice) is InvoiceStatus.DEFAULTED
        last = await settle_invoice(debtor, invoice_id=invoice.id)
    assert last.invoices[0].status is InvoiceStatus.RECOVERED
    income = await ledger.account_balance(clerk, account_id=await house_account(PLATFORM_FEE_INCOME, "INR"))
    assert income.posted == inr(1_000)
    await assert_integrity()


async def test_a_receipt_inside_the_grace_counts_however_late_it_is_recorded() -> None:
    seller, investor, clerk = a_seller(), an_investor(), staff()
    invoice = await an_old_invoice(seller, investor)
    with clock.clock_set_to(days_after_due(GRACE + 3)):
        settlement = await record_invoice_payment(
            clerk, invoice_id=invoice.id, amount=inr(100_000), received_on=days_after_due(GRACE).date()
        )
    assert settlement.invoices[0].status is InvoiceStatus.SETTLED
    assert settlement.payments[0].to_platform == inr(0)
    bank = await house_account(BANK, "INR")
    on_the_day = await ledger.account_balance(clerk, account_id=bank, as_of=days_after_due(GRACE).date())
    assert on_the_day.posted == inr(100_000)


async def test_a_loss_eats_the_reserve_before_the_investors() -> None:
    """85,000 of 100,000 come in: fee 1,000, investors their 83,000, the seller 1,000 of a reserve of 20,000."""
    seller, investor, clerk = a_seller(), an_investor(), staff()
    invoice = await an_old_invoice(seller, investor)
    with clock.clock_set_to(days_after_due(30)):
        await record_invoice_payment(clerk, invoice_id=invoice.id, amount=inr(85_000))
        closed = await close_recovery(clerk, invoice_id=invoice.id)
    assert (closed.status, closed.loss_amount, closed.outstanding_amount) == (
        InvoiceStatus.RECOVERED, inr(15_000), inr(0),
    )  # fmt: skip
    assert await balance(investor) == inr(1_003_000)
    assert await balance(seller) == inr(1_081_000)
    recovered, updated = (await events_so_far())[-2:]
    assert (recovered.fact.recovered, recovered.fact.loss) == (inr(85_000), inr(15_000))
    assert updated.fact.change.value == "RECOVERY_CLOSED"
    await assert_integrity()


async def test_what_is_lost_beyond_the_reserve_is_borne_pro_rata() -> None:
    seller, small, large, clerk = a_seller(), an_investor(), an_investor(), staff()
    with clock.clock_set_to(NOON):
        invoice = await a_listed_invoice(seller, face=inr(100_000), advance_rate=Decimal(80), fee=flat("0"))
        await fund_invoice(small, invoice_id=invoice.id, amount=inr(20_000))
        await fund_invoice(large, invoice_id=invoice.id, amount=inr(60_000))
    settings.configure(InvoiceSettings(default_fee_bps=0))
    try:
        with clock.clock_set_to(days_after_due(30)):
            await record_invoice_payment(clerk, invoice_id=invoice.id, amount=inr(40_000))
            await close_recovery(clerk, invoice_id=invoice.id)
    finally:
        settings.configure(InvoiceSettings())
    assert {each.investor_id: each.paid_amount for each in await Investment.all()} == {
        small.id: inr(10_000), large.id: inr(30_000),
    }  # fmt: skip
    await assert_integrity()


async def test_only_a_default_has_a_recovery_and_only_staff_close_it_once() -> None:
    seller, investor, clerk = a_seller(), an_investor(), staff()
    invoice = await an_old_invoice(seller, investor)
    async with nothing_happens():
        with pytest.raises(InvoiceNotDefaulted):
            await close_recovery(clerk, invoice_id=invoice.id)
        with pytest.raises(Forbidden):
            await close_recovery(seller, invoice_id=invoice.id)
    with clock.clock_set_to(days_after_due(30)):
        await jobs.mark_overdue.run()
        await close_recovery(clerk, invoice_id=invoice.id)
        async with nothing_happens():
            with pytest.raises(InvoiceNotDefaulted):
                await close_recovery(clerk, invoice_id=invoice.id)
            with pytest.raises(InvoiceNotPayable):
                await record_invoice_payment(clerk, invoice_id=invoice.id, amount=inr(1))


async def test_a_seller_pays_for_the_debtor_only_with_recourse_and_only_when_late() -> None:
    seller, investor = a_seller(), an_investor()
    with_recourse = await an_old_invoice(seller, investor, recourse=True)
    without = await an_old_invoice(seller, investor)
    with clock.clock_set_to(DUE):
        async with nothing_happens():
            for invoice in (with_recourse, without):
                with pytest.raises(NotThePayer):
                    await settle_invoice(seller, invoice_id=invoice.id)
    with clock.clock_set_to(days_after_due(1)):
        async with nothing_happens():
            with pytest.raises(NotThePayer):
                await settle_invoice(seller, invoice_id=without.id)
            with pytest.raises(OverRepayment):
                await settle_invoice(seller, invoice_id=with_recourse.id, amount=inr(100_001))
        settlement = await settle_invoice(seller, invoice_id=with_recourse.id)
    assert settlement.invoices[0].status is InvoiceStatus.SETTLED
    await assert_integrity()
