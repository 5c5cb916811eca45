"""Offers: drafted, edited, listed, withdrawn, expired; financed once; and what cannot be offered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.identity.permissions import Role
from domain.invoice_finance import jobs
from domain.invoice_finance.errors import (
    DebtorNotFound,
    DuplicateInvoice,
    InvalidTerms,
    InvoiceHasInvestments,
    InvoiceNotDraft,
    InvoiceNotFound,
    InvoiceNotOpen,
    InvoicePastDue,
)
from domain.invoice_finance.models import Investment, Invoice
from domain.invoice_finance.rules import FeeTerms, FeeTier
from domain.invoice_finance.service import (
    close_funding,
    create_invoice,
    fund_invoice,
    list_invoice,
    update_invoice,
    withdraw_invoice,
)
from domain.invoice_finance.states import FeeMethod, FundingMode, Industry, InvestmentState, InvoiceStatus, SaleMethod
from domain.kit import clock
from domain.kit.database import execute
from domain.kit.errors import CurrencyMismatch, DomainError, Forbidden, InvalidAmount, InvalidInput
from domain.kit.ids import new_id
from domain.kit.money import Money
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
    purse,
    terms,
)

pytestmark = pytest.mark.usefixtures("database")

TIERED = FeeTerms(FeeMethod.TIERED, tiers=(FeeTier(30, 200), FeeTier(60, 350)))


async def test_creating_lists_at_once_and_tells_every_investor() -> None:
    seller = a_seller()
    invoice = await create_invoice(
        seller, terms=terms(advance_rate=Decimal(80), fee=flat("2"), industry=Industry.RETAIL, face=inr(100_000))
    )
    stored = await Invoice.get(id=invoice.id)
    assert stored.status is InvoiceStatus.LISTED
    assert (stored.requested_amount, stored.reserve_amount) == (inr(80_000), inr(20_000))
    assert (stored.expected_fee, stored.expected_rebate) == (inr(2_000), inr(18_000))
    assert stored.expected_yield == Decimal("15.21")
    (listed,) = await events_so_far()
    assert listed.name == "invoice_finance.invoice_listed"
    assert "marketplace" in listed.topics
    assert listed.audience == {"permission:INVOICE_FUND", "permission:INVOICES_MANAGE", f"user:{seller.id}"}
    assert listed.fact.invoice.face_value == inr(100_000)
    await assert_integrity()


async def test_a_draft_is_edited_and_then_listed_and_only_then_told_to_investors() -> None:
    seller = a_seller()
    draft = await create_invoice(seller, terms=terms(), draft=True)
    assert draft.status is InvoiceStatus.DRAFT
    edited = await update_invoice(seller, invoice_id=draft.id, changes={"face": inr(500_000), "fee": TIERED})
    assert (edited.requested_amount, edited.min_investment) == (inr(500_000), inr(1_000))
    listed = await list_invoice(seller, invoice_id=draft.id)
    assert listed.status is InvoiceStatus.LISTED
    assert (await Invoice.get(id=draft.id)).offered_terms == TIERED
    told = await events_so_far()
    assert [(each.name.split(".")[1], "permission:INVOICE_FUND" in each.audience) for each in told] == [
        ("invoice_updated", False),
        ("invoice_updated", False),
        ("invoice_listed", True),
        ("invoice_updated", True),
    ]


async def test_a_listed_invoice_is_no_longer_edited_or_listed() -> None:
    seller = a_seller()
    invoice = await a_listed_invoice(seller)
    async with nothing_happens():
        with pytest.raises(InvoiceNotDraft):
            await update_invoice(seller, invoice_id=invoice.id, changes={"face": inr(1)})
        with pytest.raises(InvoiceNotDraft):
            await list_invoice(seller, invoice_id=invoice.id)


async def test_the_database_itself_keeps_the_terms_of_a_listed_invoice() -> None:
    invoice = await a_listed_invoice(a_seller())
    with pytest.raises(Exception, match="the terms of a listed invoice are fixed"):
        await execute("update invoice set due_on = due_on + 1 where id = $1", invoice.id)


async def test_a_draft_is_listed_only_while_its_dates_lie_ahead() -> None:
    seller = a_seller()
    with clock.clock_set_to(NOON):
        invoice = await create_invoice(seller, terms=terms(), draft=True)
    async with nothing_happens():
        with clock.clock_set_to(NOON + timedelta(days=31)), pytest.raises(InvalidTerms):
            await list_invoice(seller, invoice_id=invoice.id)
        with clock.clock_set_to(NOON + timedelta(days=60)), pytest.raises(InvoicePastDue):
            await list_invoice(seller, invoice_id=invoice.id)


async def test_an_invoice_is_financed_once() -> None:
    seller = a_seller()
    await create_invoice(seller, terms=terms(number="INV 7", debtor_name="Big Bazaar Ltd."))
    async with nothing_happens():
        with pytest.raises(DuplicateInvoice) as refusal:
            await create_invoice(seller, terms=terms(number="inv7", debtor_name="BIG BAZAAR, LTD"), draft=True)
        assert refusal.value.code == "DUPLICATE_INVOICE"
    draft = await create_invoice(seller, terms=terms(number="INV 8", debtor_name="Big Bazaar Ltd"), draft=True)
    async with nothing_happens():
        with pytest.raises(DuplicateInvoice):
            await update_invoice(seller, invoice_id=draft.id, changes={"number": "INV 7"})
    await create_invoice(a_seller(), terms=terms(number="INV 7", debtor_name="Big Bazaar Ltd."))


async def test_what_was_withdrawn_may_be_offered_again() -> None:
    seller = a_seller()
    first = await create_invoice(seller, terms=terms(number="INV 7"))
    assert (await withdraw_invoice(seller, invoice_id=first.id)).status is InvoiceStatus.CANCELLED
    again = await create_invoice(seller, terms=terms(number="INV 7"))
    assert again.status is InvoiceStatus.LISTED


def in_days(days: int) -> Any:
    return clock.today() + timedelta(days=days)


@pytest.mark.parametrize(
    ("refusal", "change"),
    [
        (InvalidAmount, lambda: {"face": inr(0)}),
        (InvalidAmount, lambda: {"face": -inr(5)}),
        (InvalidInput, lambda: {"number": "  "}),
        (InvalidInput, lambda: {"number": "x" * 61}),
        (InvalidInput, lambda: {"number": "INV\x00"}),
        (InvalidInput, lambda: {"debtor_name": ""}),
        (InvalidInput, lambda: {"description": "x" * 2_001}),
        (InvalidTerms, lambda: {"advance_rate": Decimal(0)}),
        (InvalidTerms, lambda: {"advance_rate": Decimal("100.01")}),
        (InvalidInput, lambda: {"advance_rate": Decimal("NaN")}),
        (InvalidInput, lambda: {"advance_rate": Decimal("80.005")}),
        (InvalidTerms, lambda: {"face": Money(1, "INR"), "advance_rate": Decimal("0.01")}),
        (InvoicePastDue, lambda: {"due_on": in_days(0)}),
        (InvoicePastDue, lambda: {"due_on": in_days(-1)}),
        (InvalidTerms, lambda: {"due_on": in_days(2_000)}),
        (InvalidTerms, lambda: {"issued_on": in_days(1)}),
        (InvalidTerms, lambda: {"grace_days": -1}),
        (InvalidTerms, lambda: {"grace_days": 91}),
        (InvalidTerms, lambda: {"funding_deadline_at": clock.now()}),
        (InvalidTerms, lambda: {"funding_deadline_at": datetime.combine(in_days(61), time(), UTC)}),
        (InvalidTerms, lambda: {"min_investment": inr(1)}),
        (InvalidTerms, lambda: {"min_investment": inr(1_000_001)}),
        (CurrencyMismatch, lambda: {"min_investment": Money.of(5_000, "KES")}),
        (InvalidTerms, lambda: {"sale_method": SaleMethod.AUCTION, "fee": TIERED}),
        (DebtorNotFound, lambda: {"debtor_id": new_id()}),
    ],
)
async def test_what_cannot_be_offered_is_refused_and_leaves_no_trace(
    refusal: type[DomainError], change: Callable[[], dict[str, Any]]
) -> None:
    async with nothing_happens():
        with pytest.raises(refusal):
            await create_invoice(a_seller(), terms=terms(**change()))


async def test_a_debtor_is_a_registered_debtor_and_not_the_seller() -> None:
    debtor = await a_debtor()
    seller_too = an_actor_of(Role.SELLER)
    invoice = await a_listed_invoice(seller_too, debtor_id=debtor.id)
    assert invoice.debtor_id == debtor.id
    both = type(debtor)(id=debtor.id, name=debtor.name, roles=frozenset({Role.DEBTOR, Role.SELLER}))
    async with nothing_happens():
        with pytest.raises(DebtorNotFound):
            await create_invoice(both, terms=terms(debtor_id=debtor.id))


@pytest.mark.parametrize("role", [Role.INVESTOR, Role.DEBTOR, Role.ACCOUNTANT, Role.BORROWER])
async def test_only_sellers_sell(role: Role) -> None:
    async with nothing_happens():
        with pytest.raises(Forbidden):
            await create_invoice(an_actor_of(role), terms=terms())


async def test_somebody_elses_invoice_does_not_exist_for_a_seller() -> None:
    draft = await create_invoice(a_seller(), terms=terms(), draft=True)
    stranger = a_seller("Stranger")
    async with nothing_happens():
        for act in (list_invoice, withdraw_invoice, close_funding):
            with pytest.raises(InvoiceNotFound):
                await act(stranger, invoice_id=draft.id)
            with pytest.raises(InvoiceNotFound):
                await act(stranger, invoice_id=new_id())
        with pytest.raises(InvoiceNotFound):
            await update_invoice(stranger, invoice_id=draft.id, changes={"description": "mine now"})


async def test_withdrawing_releases_what_was_held() -> None:
    seller, investor = a_seller(), an_investor()
    invoice = await a_listed_invoice(seller, funding_mode=FundingMode.ALL_OR_NOTHING)
    await fund_invoice(investor, invoice_id=invoice.id, amount=inr(250_000))
    assert (await purse(investor)).available == inr(750_000)
    withdrawn = await withdraw_invoice(seller, invoice_id=invoice.id)
    assert (withdrawn.status, withdrawn.funded_minor) == (InvoiceStatus.CANCELLED, 0)
    assert (await purse(investor)).available == inr(1_000_000)
    (investment,) = await Investment.all()
    assert investment.state is InvestmentState.RELEASED
    assert (await names_of_events())[-3:] == [
        "wallets.balance_changed",
        "invoice_finance.investment_released",
        "invoice_finance.invoice_updated",
    ]
    await assert_integrity()


async def test_nobody_withdraws_what_investors_have_paid_for() -> None:
    seller, investor = a_seller(), an_investor()
    partly = await a_listed_invoice(seller)
    await fund_invoice(investor, invoice_id=partly.id, amount=inr(10_000))
    funded = await a_funded_invoice(seller, investor, face=inr(20_000))
    async with nothing_happens():
        for invoice in (partly, funded):
            with pytest.raises(InvoiceHasInvestments):
                await withdraw_invoice(seller, invoice_id=invoice.id)


async def test_what_is_over_is_not_withdrawn_again() -> None:
    seller = a_seller()
    invoice = await a_listed_invoice(seller)
    await withdraw_invoice(seller, invoice_id=invoice.id)
    async with nothing_happens():
        with pytest.raises(InvoiceNotOpen):
            await withdraw_invoice(seller, invoice_id=invoice.id)


async def test_an_offer_that_nobody_funded_expires_at_its_deadline_and_not_before() -> None:
    seller = a_seller()
    with clock.clock_set_to(NOON):
        invoice = await a_listed_invoice(seller, funding_deadline_at=NOON + timedelta(hours=1))
        assert await jobs.end_offers.run() == 0
    with clock.clock_set_to(NOON + timedelta(hours=1)):
        assert await jobs.end_offers.run() == 1
        assert await jobs.end_offers.run() == 0
    assert (await Invoice.get(id=invoice.id)).status is InvoiceStatus.EXPIRED
    updated = (await events_so_far())[-1]
    assert (updated.name, updated.fact.change.value) == ("invoice_finance.invoice_updated", "EXPIRED")
    assert "marketplace" in updated.topics


async def test_an_all_or_nothing_offer_that_is_not_filled_gives_everything_back() -> None:
    seller, investors = a_seller(), [an_investor(), an_investor()]
    with clock.clock_set_to(NOON):
        invoice = await a_listed_invoice(seller, funding_mode=FundingMode.ALL_OR_NOTHING)
        for investor in investors:
            await fund_invoice(investor, invoice_id=invoice.id, amount=inr(400_000))
    with clock.clock_set_to(invoice.funding_deadline_at):
        await jobs.end_offers.run()
    assert (await Invoice.get(id=invoice.id)).status is InvoiceStatus.EXPIRED
    for investor in investors:
        assert (await purse(investor)).available == inr(1_000_000)
    assert await balance(seller) == inr(1_000_000)
    await assert_integrity()


async def test_an_offer_that_was_paid_in_part_closes_short_at_its_deadline() -> None:
    seller, investor = a_seller(), an_investor()
    with clock.clock_set_to(NOON):
        invoice = await a_listed_invoice(seller, advance_rate=Decimal(80), fee=flat("5"))
        await fund_invoice(investor, invoice_id=invoice.id, amount=inr(200_000))
    with clock.clock_set_to(invoice.funding_deadline_at):
        await jobs.end_offers.run()
    closed = await Invoice.get(id=invoice.id)
    assert (closed.status, closed.requested_amount) == (InvoiceStatus.FUNDED, inr(200_000))
    # A quarter of the advance was paid, so the fee is reckoned on a quarter of the face value.
    assert closed.expected_fee == inr(12_500)
    assert closed.expected_rebate == inr(787_500)
    await assert_integrity()
