"""Invoices that their debtors settle from outside: passed on once, never more than is owed, and never taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.identity.actor import Actor
from domain.identity.permissions import Role
from domain.invoice_finance.errors import InvoiceNotFound, InvoiceNotPayable, NotThePayer
from domain.invoice_finance.models import Invoice, InvoicePayment
from domain.invoice_finance.service import settle_invoice
from domain.invoice_finance.states import InvoiceStatus, PaymentSource
from domain.kit import clock
from domain.kit.errors import Forbidden, InvalidAmount
from domain.kit.ids import new_id
from domain.payments.errors import ResolutionNotPossible
from domain.payments.purposes import candidates, due_by_reference
from domain.payments.purposes.applying import bring_to_purpose
from domain.payments.service.discrepancies import resolve_discrepancy
from domain.payments.states import DiscrepancyStatus, Purpose, Resolution
from domain.wallets.service import wallet_of
from tests.support.collected import (
    application_of,
    asked_for,
    came,
    delivered,
    due_of,
    in_transit,
    kes,
    opened,
    refusal_of,
    taken_back,
)
from tests.support.happenings import assert_integrity, events_so_far, nothing_happens
from tests.support.invoices import NOON, a_funded_invoice, a_listed_invoice, balance, flat
from tests.support.people import an_actor, somebody

pytestmark = pytest.mark.usefixtures("database")

SETTLE = Purpose.INVOICE_SETTLEMENT
EIGHTY: dict[str, Any] = {"face": kes(100_000), "advance_rate": Decimal(80), "fee": flat("3")}


@dataclass(frozen=True)
class Deal:
    """An invoice of KES 100,000, of which an investor has advanced 80,000 for 3 percent of the face value."""

    seller: Actor
    investor: Actor
    debtor: Actor
    invoice: Invoice


async def with_shillings(role: Role, amount: int, **said: Any) -> Actor:
    actor = await an_actor(role, **said)
    await topped_up(actor, amount)
    return actor


async def topped_up(actor: Actor, amount: int) -> None:
    wallet = await wallet_of(actor.id, "KES")
    await came(await asked_for(actor, Purpose.WALLET_TOP_UP, wallet.id, amount))
    await delivered()


@pytest.fixture
async def deal() -> Deal:
    seller = await an_actor(Role.SELLER, name="Sita Mills")
    investor = await with_shillings(Role.INVESTOR, 80_000)
    debtor = await an_actor(Role.DEBTOR, name="Big Bazaar")
    return Deal(seller, investor, debtor, await a_funded_invoice(seller, investor, debtor_id=debtor.id, **EIGHTY))


async def stands(deal: Deal) -> tuple[InvoiceStatus, int]:
    now = await Invoice.get(id=deal.invoice.id)
    return now.status, now.outstanding_amount.amount_minor // 100


async def test_what_the_debtor_pays_is_passed_on_once(deal: Deal) -> None:
    payment = await asked_for(deal.debtor, SETTLE, deal.invoice.id)
    assert (payment.amount, payment.payee_id, payment.payee_name) == (kes(100_000), deal.seller.id, "Sita Mills")
    receipt = await came(payment)
    await delivered()
    record = await InvoicePayment.get(id=(await application_of(payment)).record_id)
    assert (record.source, record.payer_id, record.reference, record.collected_payment_id) == (
        PaymentSource.MPESA, deal.debtor.id, receipt, payment.id,
    )  # fmt: skip
    assert (record.to_investors, record.to_seller) == (kes(83_000), kes(17_000))
    assert (await balance(deal.investor, "KES"), await balance(deal.seller, "KES")) == (kes(83_000), kes(97_000))
    assert (await balance(deal.debtor, "KES"), await in_transit(), await stands(deal)) == (
        kes(0), kes(0), (InvoiceStatus.SETTLED, 0),
    )  # fmt: skip
    await came(payment, receipt=receipt)
    await delivered()
    await bring_to_purpose(payment.id)
    assert await InvoicePayment.filter(invoice_id=deal.invoice.id).count() == 1
    repaid = [each.fact for each in await events_so_far() if each.name == "invoice_finance.invoice_repaid"]
    assert [(each.payer_id, each.amount) for each in repaid] == [(deal.debtor.id, kes(100_000))]
    await assert_integrity()


async def test_in_parts_by_several_payments(deal: Deal) -> None:
    for amount, left in ((30_000, 70_000), (70_000, 0)):
        payment = await asked_for(deal.debtor, SETTLE, deal.invoice.id, amount)
        await came(payment)
        await delivered()
        assert (await stands(deal))[1] == left
    await assert_integrity()


async def test_no_more_than_is_owed_is_taken(deal: Deal) -> None:
    due = await due_of(deal.debtor, SETTLE, deal.invoice.id)
    with pytest.raises(InvalidAmount, match="at most"):
        due.require(kes(100_001))
    payment = await opened(due, kes(100_000))
    await topped_up(deal.debtor, 100)
    await settle_invoice(deal.debtor, invoice_id=deal.invoice.id, amount=kes(100))
    receipt = await came(payment)
    await delivered()
    assert (await in_transit(), (await application_of(payment)).refused_code) == (kes(100_000), "OVER_REPAYMENT")
    await assert_integrity()
    await taken_back(payment, receipt, kes(100))
    await delivered()
    assert (await in_transit(), (await stands(deal))[0]) == (kes(0), InvoiceStatus.SETTLED)
    refusal = await refusal_of(payment)
    assert refusal is not None and refusal.status is DiscrepancyStatus.RESOLVED
    await assert_integrity()


async def test_an_invoice_that_is_settled_takes_nothing(deal: Deal) -> None:
    first, second = [await asked_for(deal.debtor, SETTLE, deal.invoice.id) for _ in range(2)]
    await came(first)
    await came(second)
    await delivered()
    assert (await application_of(second)).refused_code == "INVOICE_NOT_PAYABLE"
    assert (await in_transit(), await balance(deal.investor, "KES")) == (kes(100_000), kes(83_000))
    async with nothing_happens():
        with pytest.raises(InvoiceNotPayable):
            await due_of(deal.debtor, SETTLE, deal.invoice.id)
    await assert_integrity()


async def test_what_went_to_investors_stays_when_the_payment_is_taken_back(deal: Deal) -> None:
    payment = await asked_for(deal.debtor, SETTLE, deal.invoice.id)
    receipt = await came(payment)
    await delivered()
    await taken_back(payment, receipt, kes(40_000))
    await delivered()
    application = await application_of(payment)
    assert (application.amount, application.refused_code) == (kes(100_000), "SETTLEMENT_NOT_REVERSIBLE")
    assert (await in_transit(), await stands(deal)) == (kes(-40_000), (InvoiceStatus.SETTLED, 0))
    refusal = await refusal_of(payment)
    assert refusal is not None and (refusal.expected, refusal.received) == ("KES 60,000.00", "KES 100,000.00")
    await taken_back(payment, receipt, kes(60_000))
    await delivered()
    await refusal.refresh_from_db()
    assert (refusal.expected, refusal.version) == ("KES 0.00", 2)
    await assert_integrity()


async def test_the_house_bears_what_an_invoice_keeps_when_a_person_says_so(deal: Deal) -> None:
    admin = somebody(Role.ADMIN)
    payment = await asked_for(deal.debtor, SETTLE, deal.invoice.id)
    receipt = await came(payment)
    await delivered()
    await taken_back(payment, receipt, kes(40_000))
    await delivered()
    refusal = await refusal_of(payment)
    assert refusal is not None
    written_off = await resolve_discrepancy(
        admin, discrepancy_id=refusal.id, resolution=Resolution.WRITTEN_OFF, note="the debtor is gone"
    )
    assert (written_off.status, written_off.resolved_by) == (DiscrepancyStatus.RESOLVED, admin.id)
    application = await application_of(payment)
    assert (application.amount, application.written_off, application.refused_code) == (kes(100_000), kes(40_000), None)
    assert (await in_transit(), await stands(deal)) == (kes(0), (InvoiceStatus.SETTLED, 0))
    await assert_integrity()
    # What is taken back later is another matter, and again nobody's but the house's.
    await bring_to_purpose(payment.id)
    await taken_back(payment, receipt, kes(60_000))
    await delivered()
    await refusal.refresh_from_db()
    assert (refusal.status, refusal.expected, await in_transit()) == (DiscrepancyStatus.OPEN, "KES 40,000.00", kes(-60_000))
    await resolve_discrepancy(admin, discrepancy_id=refusal.id, resolution=Resolution.WRITTEN_OFF, note="the rest, too")
    assert ((await application_of(payment)).written_off, await in_transit()) == (kes(100_000), kes(0))
    await assert_integrity()


async def test_money_that_waits_is_not_written_off(deal: Deal) -> None:
    first, second = [await asked_for(deal.debtor, SETTLE, deal.invoice.id) for _ in range(2)]
    await came(first)
    await came(second)
    await delivered()
    refusal = await refusal_of(second)
    assert refusal is not None
    async with nothing_happens():
        with pytest.raises(ResolutionNotPossible, match="no more"):
            await resolve_discrepancy(
                somebody(Role.ADMIN), discrepancy_id=refusal.id, resolution=Resolution.WRITTEN_OFF, note="ours"
            )


async def test_a_payment_counts_from_its_day() -> None:
    with clock.clock_set_to(NOON):
        seller, debtor = await an_actor(Role.SELLER), await an_actor(Role.DEBTOR)
        investor = await with_shillings(Role.INVESTOR, 80_000)
        invoice = await a_funded_invoice(seller, investor, debtor_id=debtor.id, **EIGHTY)
    with clock.clock_set_to(NOON + timedelta(days=20)):
        payment = await asked_for(debtor, SETTLE, invoice.id, 10_000)
        await came(payment, at=NOON + timedelta(days=18))
        await delivered()
        earlier = await asked_for(debtor, SETTLE, invoice.id, 10_000)
        await came(earlier, at=NOON + timedelta(days=3))
        await delivered()
    days = [(await InvoicePayment.get(collected_payment_id=each.id)).received_on for each in (payment, earlier)]
    assert days == [(NOON + timedelta(days=18)).date()] * 2, "a payment never counts from before another one"
    await assert_integrity()


async def test_who_may_pay_an_invoice_and_how_it_is_found(deal: Deal) -> None:
    due = await due_of(deal.debtor, SETTLE, deal.invoice.id)
    assert (due.client_id, due.client_name, due.most) == (deal.debtor.id, deal.invoice.debtor_name, kes(100_000))
    assert await due_of(somebody(Role.ACCOUNTANT), SETTLE, deal.invoice.id) == due
    refusals: list[tuple[Actor, type[Exception]]] = [
        (deal.seller, NotThePayer),
        (deal.investor, NotThePayer),
        (await an_actor(Role.DEBTOR), InvoiceNotFound),
        (somebody(Role.CASHIER), InvoiceNotFound),
    ]
    for actor, refusal in refusals:
        async with nothing_happens():
            with pytest.raises(refusal):
                await due_of(actor, SETTLE, deal.invoice.id)
    with pytest.raises(InvoiceNotFound):
        await due_of(deal.debtor, SETTLE, new_id())
    number = deal.invoice.number
    for typed in (number, number.lower(), number.replace("-", " ")):
        assert await due_by_reference(typed) == due
    assert await due_by_reference(number + "9") is None
    assert await due_by_reference("") is None
    assert await candidates(kes(100_500), limit=2) == [due]
    assert await candidates(kes(50_000), limit=2) == []


async def test_a_number_that_two_sellers_use_is_nobodys(deal: Deal) -> None:
    other = await an_actor(Role.SELLER)
    investor = await with_shillings(Role.INVESTOR, 80_000)
    number = deal.invoice.number.replace("-", "/")
    await a_funded_invoice(other, investor, debtor_id=deal.debtor.id, **EIGHTY, number=number)
    assert await due_by_reference(number) is None


async def test_an_invoice_on_offer_is_not_paid(deal: Deal) -> None:
    listed = await a_listed_invoice(deal.seller, debtor_id=deal.debtor.id, **EIGHTY)
    with pytest.raises(InvoiceNotPayable):
        await due_of(deal.debtor, SETTLE, listed.id)
    with pytest.raises(Forbidden):
        narrowed = Actor(id=deal.debtor.id, name="key", roles=deal.debtor.roles, scopes=frozenset())
        await due_of(narrowed, SETTLE, deal.invoice.id)
