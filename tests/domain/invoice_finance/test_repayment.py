"""Repayment: whole, in part, for several invoices at once; every payment goes out to the minor unit."""

from __future__ import annotations

import asyncio
import random
from datetime import timedelta
from decimal import Decimal

import pytest

from domain.identity.actor import Actor
from domain.identity.permissions import Role
from domain.invoice_finance.errors import (
    DifferentSellers,
    InvalidReceiptDate,
    InvoiceNotFound,
    InvoiceNotPayable,
    NotThePayer,
    OverRepayment,
    PaymentAlreadyRecorded,
)
from domain.invoice_finance.models import Investment, Invoice, InvoicePayment, Payout
from domain.invoice_finance.rules import FeeTerms, FeeTier
from domain.invoice_finance.service import (
    fund_invoice,
    record_invoice_payment,
    settle_invoice,
    settle_invoices,
)
from domain.invoice_finance.states import FeeMethod, InvoiceStatus, PaymentSource
from domain.kit import clock
from domain.kit.errors import CurrencyMismatch, DomainError, Forbidden, InvalidAmount, InvalidInput
from domain.kit.money import Money
from domain.ledger import queries as ledger
from domain.ledger.chart import BANK, house_account
from domain.ledger.errors import InsufficientFunds
from domain.ledger.service import credit, debit
from domain.wallets.service import post_to_wallets, transfer_funds, wallet_of
from tests.support.happenings import assert_integrity, events_so_far, names_of_events, nothing_happens
from tests.support.invoices import (
    NOON,
    a_debtor,
    a_funded_invoice,
    a_listed_invoice,
    a_seller,
    an_actor_of,
    an_investor,
    balance,
    flat,
    inr,
    staff,
)

pytestmark = pytest.mark.usefixtures("database")

EIGHTY = {"advance_rate": Decimal(80), "fee": flat("3"), "face": inr(100_000)}


async def test_the_debtor_settles_and_everybody_gets_their_part() -> None:
    seller, investor, debtor = a_seller(), an_investor(), await a_debtor()
    invoice = await a_funded_invoice(seller, investor, debtor_id=debtor.id, **EIGHTY)
    before = len(await events_so_far())
    settlement = await settle_invoice(debtor, invoice_id=invoice.id)
    (payment,) = settlement.payments
    assert (payment.amount, payment.to_investors, payment.to_seller, payment.to_platform) == (
        inr(100_000), inr(83_000), inr(17_000), inr(0),
    )  # fmt: skip
    stored = await Invoice.get(id=invoice.id)
    assert (stored.status, stored.repaid_amount, stored.rebate_amount) == (
        InvoiceStatus.SETTLED, inr(100_000), inr(17_000),
    )  # fmt: skip
    assert await balance(investor) == inr(1_003_000)
    assert await balance(seller) == inr(1_097_000)
    assert await balance(debtor) == inr(900_000)
    told = [each for each in (await events_so_far())[before:] if each.domain == "invoice_finance"]
    assert [each.name.split(".")[1] for each in told] == ["invoice_repaid", "payout_made", "invoice_updated"]
    repaid, payout, updated = told
    assert repaid.audience == {"permission:INVOICES_MANAGE", f"user:{seller.id}", f"user:{debtor.id}"}
    assert payout.audience == {f"user:{investor.id}"}
    assert (payout.fact.amount, payout.fact.paid_in_all) == (inr(83_000), inr(83_000))
    assert updated.audience == {"permission:INVOICES_MANAGE", *(f"user:{who.id}" for who in (seller, debtor, investor))}
    await assert_integrity()


async def test_a_hundred_to_three_equal_investors_sums_exactly() -> None:
    seller, investors, debtor = a_seller(), [an_investor() for _ in range(3)], await a_debtor()
    invoice = await a_listed_invoice(seller, debtor_id=debtor.id, face=inr(300), fee=flat("0"))
    for investor in investors:
        await fund_invoice(investor, invoice_id=invoice.id, amount=inr(100))
    await settle_invoice(debtor, invoice_id=invoice.id, amount=inr(100))
    got = sorted([await balance(investor) - inr(999_900) for investor in investors], key=lambda money: -money.amount_minor)
    assert got == [inr("33.34"), inr("33.33"), inr("33.33")]
    await settle_invoice(debtor, invoice_id=invoice.id)
    assert {await balance(investor) for investor in investors} == {inr(1_000_000)}
    await assert_integrity()


async def test_instalments_of_any_size_sum_to_the_entitlement() -> None:
    chance = random.Random(5)
    seller, debtor = a_seller(), await a_debtor()
    investors = [an_investor() for _ in range(7)]
    invoice = await a_listed_invoice(
        seller, debtor_id=debtor.id, face=inr("99999.97"), advance_rate=Decimal("83.33"), fee=flat("2.37")
    )
    for investor in investors[:-1]:
        await fund_invoice(investor, invoice_id=invoice.id, amount=Money(chance.randrange(200_000, 1_100_000), "INR"))
    await fund_invoice(investors[-1], invoice_id=invoice.id, amount=inr(900_000), allow_partial=True)
    left = invoice.face_minor
    while left:
        instalment = min(left, chance.randrange(1, 2_000_000))
        settlement = await settle_invoice(debtor, invoice_id=invoice.id, amount=Money(instalment, "INR"))
        left -= instalment
        expected = InvoiceStatus.PARTIALLY_REPAID if left else InvoiceStatus.SETTLED
        assert settlement.invoices[0].status is expected
    stored = await Invoice.get(id=invoice.id)
    investments = await Investment.filter(invoice_id=invoice.id).order_by("id")
    shares = stored.entitlement_on(stored.due_on).split([each.amount_minor for each in investments])
    assert [each.paid_amount for each in investments] == shares
    assert stored.rebate_amount == stored.face_value - stored.entitlement_on(stored.due_on)
    await assert_integrity()


async def test_an_early_payment_costs_less_and_stops_the_fee() -> None:
    """With the investors' part paid on day 10, the fee is that of day 10 although the rest comes on day 50."""
    seller, investor, debtor = a_seller(), an_investor(), await a_debtor()
    fee = FeeTerms(FeeMethod.TIERED, tiers=(FeeTier(10, 100), FeeTier(60, 300)))
    with clock.clock_set_to(NOON):
        invoice = await a_funded_invoice(seller, investor, debtor_id=debtor.id, **(EIGHTY | {"fee": fee}))
    with clock.clock_set_to(NOON + timedelta(days=10)):
        await settle_invoice(debtor, invoice_id=invoice.id, amount=inr(81_000))
    with clock.clock_set_to(NOON + timedelta(days=50)):
        settlement = await settle_invoice(debtor, invoice_id=invoice.id)
    assert settlement.payments[0].to_seller == inr(19_000)
    assert await balance(investor) == inr(1_001_000)


async def test_a_late_fee_tops_up_what_an_early_instalment_left_open() -> None:
    seller, investor, debtor = a_seller(), an_investor(), await a_debtor()
    fee = FeeTerms(FeeMethod.PRORATED, rate_bps=300)
    with clock.clock_set_to(NOON):
        invoice = await a_funded_invoice(seller, investor, debtor_id=debtor.id, **(EIGHTY | {"fee": fee}))
    with clock.clock_set_to(NOON + timedelta(days=10)):
        await settle_invoice(debtor, invoice_id=invoice.id, amount=inr(50_000))
    with clock.clock_set_to(NOON + timedelta(days=30)):
        await settle_invoice(debtor, invoice_id=invoice.id)
    assert await balance(investor) == inr(1_003_000)
    assert (await Invoice.get(id=invoice.id)).rebate_amount == inr(17_000)


async def test_a_fee_beyond_the_reserve_leaves_no_rebate_and_takes_nothing_from_the_seller() -> None:
    seller, investor, debtor = a_seller(), an_investor(), await a_debtor()
    invoice = await a_funded_invoice(
        seller, investor, debtor_id=debtor.id, face=inr(10_000), advance_rate=Decimal(95), fee=flat("10")
    )
    assert (invoice.expected_return, invoice.expected_rebate) == (inr(10_000), inr(0))
    await settle_invoice(debtor, invoice_id=invoice.id)
    assert await balance(investor) == inr(1_000_500)
    assert await balance(seller) == inr(1_009_500)


async def test_staff_record_what_came_to_the_bank() -> None:
    seller, investor, clerk = a_seller(), an_investor(), staff()
    invoice = await a_funded_invoice(seller, investor, **EIGHTY)
    settlement = await record_invoice_payment(clerk, invoice_id=invoice.id, amount=inr(100_000), reference=" NEFT  77 ")
    (payment,) = settlement.payments
    assert (payment.source, payment.payer_id, payment.reference) == (PaymentSource.BANK, None, "NEFT 77")
    bank = await ledger.account_balance(clerk, account_id=await house_account(BANK, "INR"))
    assert bank.posted == inr(100_000)
    assert await balance(investor) == inr(1_003_000)
    await assert_integrity()


async def test_a_receipt_is_recorded_once() -> None:
    seller, investor, clerk = a_seller(), an_investor(), staff()
    invoice = await a_funded_invoice(seller, investor, **EIGHTY)
    await record_invoice_payment(clerk, invoice_id=invoice.id, amount=inr(500), reference="NEFT 77")
    async with nothing_happens():
        with pytest.raises(PaymentAlreadyRecorded):
            await record_invoice_payment(clerk, invoice_id=invoice.id, amount=inr(500), reference="neft 77")
    await record_invoice_payment(clerk, invoice_id=invoice.id, amount=inr(500))
    await record_invoice_payment(clerk, invoice_id=invoice.id, amount=inr(500))


async def test_what_a_payment_is_refused_for() -> None:
    seller, investor, debtor, clerk = a_seller(), an_investor(), await a_debtor(), staff()
    invoice = await a_funded_invoice(seller, investor, debtor_id=debtor.id, **EIGHTY)
    listed = await a_listed_invoice(seller, debtor_id=debtor.id)
    strange = await a_funded_invoice(a_seller(), investor, face=inr(1_000))
    await balance(debtor)
    other_debtor = an_actor_of(Role.DEBTOR)
    async with nothing_happens():
        for who, which, amount, refusal in [
            (debtor, invoice, inr("100000.01"), OverRepayment),
            (debtor, invoice, inr(0), InvalidAmount),
            (debtor, invoice, -inr(1), InvalidAmount),
            (debtor, invoice, Money.of(1, "KES"), CurrencyMismatch),
            (debtor, listed, None, InvoiceNotPayable),
            (debtor, strange, None, InvoiceNotFound),
            (other_debtor, invoice, None, InvoiceNotFound),
            (seller, invoice, None, NotThePayer),
            (clerk, invoice, None, Forbidden),
            (investor, invoice, None, Forbidden),
        ]:
            with pytest.raises(refusal):
                await settle_invoice(who, invoice_id=which.id, amount=amount)
        for amount, refusal in [
            (inr("100000.01"), OverRepayment), (inr(0), InvalidAmount), (Money.of(1, "KES"), CurrencyMismatch),
        ]:  # fmt: skip
            with pytest.raises(refusal):
                await record_invoice_payment(clerk, invoice_id=invoice.id, amount=amount)
        for day in (-1, 1):
            with pytest.raises(InvalidReceiptDate):
                await record_invoice_payment(
                    clerk, invoice_id=invoice.id, amount=inr(1), received_on=clock.today() + timedelta(days=day)
                )
        with pytest.raises(InvalidInput):
            await record_invoice_payment(clerk, invoice_id=invoice.id, amount=inr(1), reference="x" * 121)
        with pytest.raises(Forbidden):
            await record_invoice_payment(debtor, invoice_id=invoice.id, amount=inr(1))
        with pytest.raises(InvoiceNotFound):
            await record_invoice_payment(clerk, invoice_id=clerk.id, amount=inr(1))


async def test_a_debtor_without_the_money_changes_nothing() -> None:
    seller, investor, debtor = a_seller(), an_investor(), await a_debtor()
    invoice = await a_funded_invoice(seller, investor, debtor_id=debtor.id, **EIGHTY)
    mine, theirs = await wallet_of(debtor.id, "INR"), await wallet_of(seller.id, "INR")
    await transfer_funds(debtor, from_wallet_id=mine.id, to_wallet_id=theirs.id, amount=inr("900000.01"))
    async with nothing_happens():
        with pytest.raises(InsufficientFunds):
            await settle_invoice(debtor, invoice_id=invoice.id)


async def test_a_settled_invoice_takes_no_more() -> None:
    seller, investor, debtor = a_seller(), an_investor(), await a_debtor()
    invoice = await a_funded_invoice(seller, investor, debtor_id=debtor.id, **EIGHTY)
    await settle_invoice(debtor, invoice_id=invoice.id)
    async with nothing_happens():
        with pytest.raises(InvoiceNotPayable):
            await settle_invoice(debtor, invoice_id=invoice.id, amount=inr(1))


async def test_several_invoices_are_settled_in_one_entry_the_earliest_due_first() -> None:
    seller, investor, debtor = a_seller(), an_investor(), await a_debtor()
    today = clock.today()
    later = await a_funded_invoice(seller, investor, debtor_id=debtor.id, due_on=today + timedelta(days=50), **EIGHTY)
    sooner = await a_funded_invoice(seller, investor, debtor_id=debtor.id, due_on=today + timedelta(days=20), **EIGHTY)
    settlement = await settle_invoices(debtor, invoice_ids=[later.id, sooner.id], amount=inr(150_000))
    assert [(each.invoice_id, each.amount) for each in settlement.payments] == [
        (sooner.id, inr(100_000)), (later.id, inr(50_000)),
    ]  # fmt: skip
    assert len({each.entry_id for each in settlement.payments}) == 1
    assert (await Invoice.get(id=sooner.id)).status is InvoiceStatus.SETTLED
    assert (await Invoice.get(id=later.id)).status is InvoiceStatus.PARTIALLY_REPAID
    assert await balance(investor) == inr(1_000_000 - 160_000 + 83_000 + 50_000)
    assert (await names_of_events()).count("invoice_finance.invoice_repaid") == 2
    rest = await settle_invoices(debtor, invoice_ids=[later.id])
    assert [each.amount for each in rest.payments] == [inr(50_000)]
    await assert_integrity()


async def test_netting_lets_a_seller_under_recourse_need_only_the_difference() -> None:
    """The seller owes two late invoices, is due the rebates, and pays the net from a wallet that holds no more."""
    seller, investor = a_seller(), an_investor()
    offer = {"recourse": True, "grace_days": 5} | EIGHTY
    with clock.clock_set_to(NOON):
        invoices = [await a_funded_invoice(seller, investor, **offer) for _ in range(2)]
    wallet, elsewhere = await wallet_of(seller.id, "INR"), await wallet_of(an_investor().id, "INR")
    # The advances of both (160,000) and 6,000 for the fees remain: 200,000 is owed, 34,000 comes back as rebate.
    await transfer_funds(seller, from_wallet_id=wallet.id, to_wallet_id=elsewhere.id, amount=inr(994_000))
    with clock.clock_set_to(NOON + timedelta(days=61)):
        settlement = await settle_invoices(seller, invoice_ids=[invoice.id for invoice in invoices])
    assert {each.status for each in settlement.invoices} == {InvoiceStatus.SETTLED}
    assert await balance(seller) == inr(0)
    assert await balance(investor) == inr(1_006_000)
    await assert_integrity()


async def test_what_a_joint_settlement_is_refused_for() -> None:
    investor, debtor = an_investor(), await a_debtor()
    one = await a_funded_invoice(a_seller(), investor, debtor_id=debtor.id, **EIGHTY)
    other = await a_funded_invoice(a_seller(), investor, debtor_id=debtor.id, **EIGHTY)
    kes_seller, kes_investor = a_seller(), an_investor()
    rich = await wallet_of(kes_investor.id, "KES")
    gift = Money.of(1_000, "KES")
    await post_to_wallets(
        kind="test.gift", description="gift",
        lines=[debit(await house_account(BANK, "KES"), gift), credit(rich.account_id, gift)],
    )  # fmt: skip
    shillings = await a_funded_invoice(kes_seller, kes_investor, debtor_id=debtor.id, face=gift)
    rupees = await a_funded_invoice(kes_seller, investor, debtor_id=debtor.id, face=inr(1_000))
    async with nothing_happens():
        with pytest.raises(DifferentSellers):
            await settle_invoices(debtor, invoice_ids=[one.id, other.id])
        with pytest.raises(CurrencyMismatch):
            await settle_invoices(debtor, invoice_ids=[shillings.id, rupees.id])
        for ids in ([], [one.id, one.id], [one.id] * 21):
            with pytest.raises(InvalidInput):
                await settle_invoices(debtor, invoice_ids=ids)
        with pytest.raises(InvoiceNotFound):
            await settle_invoices(debtor, invoice_ids=[one.id, debtor.id])
        with pytest.raises(OverRepayment):
            await settle_invoices(debtor, invoice_ids=[one.id], amount=inr(100_001))


async def test_payments_and_payouts_are_facts() -> None:
    seller, investor, debtor = a_seller(), an_investor(), await a_debtor()
    invoice = await a_funded_invoice(seller, investor, debtor_id=debtor.id, **EIGHTY)
    await settle_invoice(debtor, invoice_id=invoice.id)
    for fact in (InvoicePayment, Payout):
        with pytest.raises(Exception, match="is immutable"):
            await fact.all().update(amount_minor=1)


async def test_funding_and_settling_many_invoices_at_once_conserves_money_without_a_deadlock() -> None:
    """Investors, debtors and sellers trade with each other on many invoices: wallets are locked from all sides."""
    chance = random.Random(11)
    sellers, investors = [a_seller() for _ in range(3)], [an_investor() for _ in range(6)]
    debtors = [await a_debtor(f"Debtor {number}") for number in range(2)]
    invoices = [
        await a_listed_invoice(chance.choice(sellers), debtor_id=chance.choice(debtors).id, **EIGHTY) for _ in range(12)
    ]
    everybody: list[Actor] = [*sellers, *investors, *debtors]
    before = sum([(await balance(who)).amount_minor for who in everybody])
    by_id = {debtor.id: debtor for debtor in debtors}

    async def trade() -> None:
        invoice = chance.choice(invoices)
        try:
            if chance.random() < 0.6:
                amount = Money(chance.randrange(500_000, 4_000_000), "INR")
                await fund_invoice(chance.choice(investors), invoice_id=invoice.id, amount=amount, allow_partial=True)
            else:
                assert invoice.debtor_id is not None
                amount = Money(chance.randrange(1, 5_000_000), "INR")
                await settle_invoice(by_id[invoice.debtor_id], invoice_id=invoice.id, amount=amount)
        except DomainError as refusal:
            refused.add(refusal.code)

    refused: set[str] = set()
    for _ in range(3):
        await asyncio.gather(*(trade() for _ in range(80)))
    assert refused <= {"INVOICE_NOT_OPEN", "INVOICE_NOT_PAYABLE", "OVER_REPAYMENT", "INSUFFICIENT_FUNDS"}
    assert sum([(await balance(who)).amount_minor for who in everybody]) == before
    assert await InvoicePayment.all().count() > 5
    await assert_integrity()
