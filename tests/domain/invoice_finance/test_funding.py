"""Funding: the order of events, races for the last share, everything that is refused, and money conserved under load."""

from __future__ import annotations

import asyncio
import random
from datetime import timedelta

import pytest

from domain.identity.actor import ANONYMOUS, Actor
from domain.identity.permissions import Role
from domain.invoice_finance.errors import (
    AmountBelowMinimum,
    AmountExceedsRemaining,
    InvoiceNotFound,
    InvoiceNotOpen,
    InvoicePastDue,
    NothingFunded,
    SelfFunding,
)
from domain.invoice_finance.events import InvoiceFunded
from domain.invoice_finance.models import Investment, Invoice
from domain.invoice_finance.service import Funding, close_funding, create_invoice, fund_invoice, withdraw_invoice
from domain.invoice_finance.states import FundingMode, InvestmentState, InvoiceStatus, SaleMethod
from domain.kit import clock
from domain.kit.database import fetchval
from domain.kit.errors import (
    CurrencyMismatch,
    DomainError,
    Forbidden,
    IdempotencyKeyReused,
    InvalidAmount,
    Unauthenticated,
)
from domain.kit.idempotency import once
from domain.kit.ids import new_id
from domain.kit.money import Money
from domain.ledger.errors import InsufficientFunds
from tests.support.happenings import assert_integrity, events_so_far, nothing_happens
from tests.support.invoices import (
    NOON,
    a_debtor,
    a_funded_invoice,
    a_listed_invoice,
    a_seller,
    an_actor_of,
    an_investor,
    balance,
    inr,
    purse,
    terms,
)

pytestmark = pytest.mark.usefixtures("database")


async def test_the_demo_wallets_move_as_published_and_the_same_key_changes_nothing() -> None:
    seller, investor = a_seller(), an_investor()
    invoice = await a_listed_invoice(seller)
    first = await once("key-1", fund_invoice, investor, invoice_id=invoice.id, amount=inr(250_000))
    assert (first.replayed, await balance(investor), await balance(seller)) == (False, inr(750_000), inr(1_250_000))
    async with nothing_happens():
        again = await once("key-1", fund_invoice, investor, invoice_id=invoice.id, amount=inr(250_000))
    assert again.replayed
    assert again.result.investment.id == first.result.investment.id
    assert again.result.invoice.funded_amount == inr(250_000)
    async with nothing_happens():
        with pytest.raises(IdempotencyKeyReused):
            await once("key-1", fund_invoice, investor, invoice_id=invoice.id, amount=inr(250_001))
    await assert_integrity()


async def test_the_events_come_in_the_order_of_the_source_document() -> None:
    seller, investor, other = a_seller(), an_investor(), an_investor()
    invoice = await a_listed_invoice(seller)
    for who in (seller, investor):
        await balance(who)
    before = len(await events_so_far())
    funding = await fund_invoice(investor, invoice_id=invoice.id, amount=inr(400_000))
    told = (await events_so_far())[before:]
    assert [each.name for each in told] == [
        "ledger.entry_posted",
        "wallets.balance_changed",
        "wallets.balance_changed",
        "invoice_finance.invoice_funded",
        "invoice_finance.investment_made",
        "invoice_finance.invoice_updated",
    ]
    funded, made, updated = told[3:]
    assert funded.audience == {f"user:{seller.id}"}
    assert made.audience == {f"user:{investor.id}"}
    assert not other.audiences & (funded.audience | made.audience)
    assert other.audiences & updated.audience
    assert (funded.fact.amount, funded.fact.investor_name, funded.fact.fully_funded) == (
        inr(400_000), "Ravi Kapoor", False,
    )  # fmt: skip
    assert made.fact.investment_id == funding.investment.id
    assert updated.fact.invoice.status is InvoiceStatus.PARTIALLY_FUNDED
    assert updated.fact.invoice.remaining_amount == inr(600_000)
    assert str(investor.id) not in updated.payload


async def test_a_full_invoice_leaves_the_marketplace_and_its_holders_still_hear_of_it() -> None:
    seller, first, second = a_seller(), an_investor(), an_investor()
    invoice = await a_listed_invoice(seller)
    await fund_invoice(first, invoice_id=invoice.id, amount=inr(400_000))
    funding = await fund_invoice(second, invoice_id=invoice.id, amount=inr(600_000))
    assert (funding.invoice.status, funding.invoice.remaining_amount) == (InvoiceStatus.FUNDED, inr(0))
    *_, funded, _, updated = await events_so_far()
    assert funded.fact.fully_funded
    assert {"marketplace", f"user:{first.id}", f"user:{second.id}"} <= set(updated.topics)
    assert updated.fact.previous_status is InvoiceStatus.PARTIALLY_FUNDED
    assert updated.fact.holders == ()
    assert (await Invoice.get(id=invoice.id)).remaining_minor == 0
    await assert_integrity()


async def test_more_than_remains_is_refused_or_clipped_when_asked() -> None:
    seller, investor, late = a_seller(), an_investor(), an_investor()
    invoice = await a_listed_invoice(seller)
    await fund_invoice(investor, invoice_id=invoice.id, amount=inr(900_000))
    async with nothing_happens():
        with pytest.raises(AmountExceedsRemaining, match=r"only INR 100,000\.00 remains") as refusal:
            await fund_invoice(late, invoice_id=invoice.id, amount=inr("100000.01"))
    assert (refusal.value.code, refusal.value.field) == ("AMOUNT_EXCEEDS_REMAINING", ("input", "amount"))
    funding = await fund_invoice(late, invoice_id=invoice.id, amount=inr(500_000), allow_partial=True)
    assert (funding.clipped, funding.investment.amount) == (True, inr(100_000))
    assert await balance(late) == inr(900_000)


async def test_the_last_piece_may_be_smaller_than_the_minimum() -> None:
    seller, investor = a_seller(), an_investor()
    invoice = await a_listed_invoice(seller, face=inr(10_000), min_investment=inr(4_000))
    async with nothing_happens():
        with pytest.raises(AmountBelowMinimum, match=r"INR 4,000\.00"):
            await fund_invoice(investor, invoice_id=invoice.id, amount=inr("3999.99"))
    await fund_invoice(investor, invoice_id=invoice.id, amount=inr(9_000))
    async with nothing_happens():
        with pytest.raises(AmountBelowMinimum, match=r"INR 1,000\.00"):
            await fund_invoice(investor, invoice_id=invoice.id, amount=inr(999))
    assert (await fund_invoice(investor, invoice_id=invoice.id, amount=inr(1_000))).invoice.status is InvoiceStatus.FUNDED


@pytest.mark.parametrize("amount", [inr(0), -inr(1)])
async def test_nothing_and_less_than_nothing_are_refused(amount: Money) -> None:
    invoice = await a_listed_invoice(a_seller())
    async with nothing_happens():
        with pytest.raises(InvalidAmount):
            await fund_invoice(an_investor(), invoice_id=invoice.id, amount=amount)


async def test_another_currency_is_refused() -> None:
    invoice = await a_listed_invoice(a_seller())
    async with nothing_happens():
        with pytest.raises(CurrencyMismatch):
            await fund_invoice(an_investor(), invoice_id=invoice.id, amount=Money.of(5_000, "KES"))


async def test_more_than_the_wallet_holds_is_refused() -> None:
    seller, investor = a_seller(), an_investor()
    invoice = await a_listed_invoice(seller, face=inr(2_000_000))
    for who in (seller, investor):
        await balance(who)
    async with nothing_happens():
        with pytest.raises(InsufficientFunds) as refusal:
            await fund_invoice(investor, invoice_id=invoice.id, amount=inr("1000000.01"))
    assert refusal.value.code == "INSUFFICIENT_FUNDS"


async def test_what_is_held_elsewhere_cannot_be_spent_again() -> None:
    seller, investor = a_seller(), an_investor()
    waiting = await a_listed_invoice(seller, funding_mode=FundingMode.ALL_OR_NOTHING)
    await fund_invoice(investor, invoice_id=waiting.id, amount=inr(900_000))
    other = await a_listed_invoice(seller)
    async with nothing_happens():
        with pytest.raises(InsufficientFunds):
            await fund_invoice(investor, invoice_id=other.id, amount=inr("100000.01"))


async def test_nobody_funds_what_they_sell_or_owe_whatever_their_roles() -> None:
    both = an_actor_of(Role.SELLER, Role.INVESTOR)
    debtor = await a_debtor()
    owing = Actor(id=debtor.id, name=debtor.name, roles=frozenset({Role.DEBTOR, Role.INVESTOR}))
    invoice = await a_listed_invoice(both, debtor_id=debtor.id)
    async with nothing_happens():
        for party in (both, owing):
            with pytest.raises(SelfFunding):
                await fund_invoice(party, invoice_id=invoice.id, amount=inr(10_000))


async def test_what_is_not_open_takes_no_money() -> None:
    seller, investor = a_seller(), an_investor()
    cancelled = await a_listed_invoice(seller)
    await withdraw_invoice(seller, invoice_id=cancelled.id)
    funded = await a_funded_invoice(seller, investor, face=inr(10_000))
    auction = await a_listed_invoice(seller, sale_method=SaleMethod.AUCTION)
    async with nothing_happens():
        for invoice in (cancelled, funded, auction):
            with pytest.raises(InvoiceNotOpen):
                await fund_invoice(investor, invoice_id=invoice.id, amount=inr(5_000))


async def test_a_draft_and_an_unknown_id_do_not_exist_for_investors() -> None:
    draft = await create_invoice(a_seller(), terms=terms(), draft=True)
    async with nothing_happens():
        for invoice_id in (draft.id, new_id()):
            with pytest.raises(InvoiceNotFound):
                await fund_invoice(an_investor(), invoice_id=invoice_id, amount=inr(5_000))


async def test_nobody_funds_after_the_deadline_or_the_due_date() -> None:
    seller, investor = a_seller(), an_investor()
    with clock.clock_set_to(NOON):
        invoice = await a_listed_invoice(seller)
    async with nothing_happens():
        with clock.clock_set_to(invoice.funding_deadline_at), pytest.raises(InvoiceNotOpen):
            await fund_invoice(investor, invoice_id=invoice.id, amount=inr(5_000))
        with clock.clock_set_to(NOON + timedelta(days=61)), pytest.raises(InvoicePastDue):
            await fund_invoice(investor, invoice_id=invoice.id, amount=inr(5_000))


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        (ANONYMOUS, Unauthenticated),
        (an_actor_of(Role.SELLER), Forbidden),
        (an_actor_of(Role.ACCOUNTANT), Forbidden),
        (an_actor_of(Role.DEBTOR), Forbidden),
    ],
)
async def test_only_investors_fund(who: Actor, refusal: type[DomainError]) -> None:
    invoice = await a_listed_invoice(a_seller())
    async with nothing_happens():
        with pytest.raises(refusal):
            await fund_invoice(who, invoice_id=invoice.id, amount=inr(5_000))


async def test_all_or_nothing_pays_the_seller_once_all_is_there() -> None:
    seller, first, second = a_seller(), an_investor(), an_investor()
    invoice = await a_listed_invoice(seller, funding_mode=FundingMode.ALL_OR_NOTHING)
    pledge = await fund_invoice(first, invoice_id=invoice.id, amount=inr(400_000))
    assert pledge.investment.state is InvestmentState.HELD
    assert ((await purse(first)).balance, (await purse(first)).available) == (inr(1_000_000), inr(600_000))
    assert await balance(seller) == inr(1_000_000)
    filling = await fund_invoice(second, invoice_id=invoice.id, amount=inr(600_000))
    assert filling.invoice.status is InvoiceStatus.FUNDED
    assert filling.investment.state is InvestmentState.ACTIVE
    assert await balance(seller) == inr(2_000_000)
    assert ((await purse(first)).held, (await purse(first)).balance) == (inr(0), inr(600_000))
    assert {each.state for each in await Investment.all()} == {InvestmentState.ACTIVE}
    told = [each.fact for each in await events_so_far() if each.name == InvoiceFunded.name]
    assert [(fact.fully_funded, fact.paid_out) for fact in told] == [(False, False), (True, True)]
    await assert_integrity()


@pytest.mark.parametrize("mode", list(FundingMode))
async def test_a_seller_may_be_content_with_a_part(mode: FundingMode) -> None:
    seller, investor = a_seller(), an_investor()
    invoice = await a_listed_invoice(seller, funding_mode=mode)
    async with nothing_happens():
        with pytest.raises(NothingFunded):
            await close_funding(seller, invoice_id=invoice.id)
    await fund_invoice(investor, invoice_id=invoice.id, amount=inr(300_000))
    closed = await close_funding(seller, invoice_id=invoice.id)
    assert (closed.status, closed.requested_amount, closed.reserve_amount) == (
        InvoiceStatus.FUNDED, inr(300_000), inr(700_000),
    )  # fmt: skip
    assert await balance(seller) == inr(1_300_000)
    assert (await Investment.get()).state is InvestmentState.ACTIVE
    async with nothing_happens():
        with pytest.raises(InvoiceNotOpen):
            await close_funding(seller, invoice_id=invoice.id)
    await assert_integrity()


async def outcomes(attempts: list[asyncio.Task[Funding]]) -> tuple[list[Funding], list[str]]:
    results = await asyncio.gather(*attempts, return_exceptions=True)
    refused = [result for result in results if isinstance(result, BaseException)]
    assert all(isinstance(each, DomainError) for each in refused), refused
    return [result for result in results if isinstance(result, Funding)], [each.code for each in refused]  # type: ignore[attr-defined]


async def test_of_two_who_race_for_the_last_share_exactly_one_gets_it() -> None:
    seller, racers = a_seller(), [an_investor(), an_investor()]
    invoice = await a_listed_invoice(seller, face=inr(100_000))
    won, refused = await outcomes(
        [asyncio.create_task(fund_invoice(who, invoice_id=invoice.id, amount=inr(100_000))) for who in racers]
    )
    assert (len(won), refused) == (1, ["INVOICE_NOT_OPEN"])
    assert sorted([(await balance(who)).amount_minor for who in racers]) == [90_000_000, 100_000_000]
    await assert_integrity()


async def test_of_two_who_race_the_second_is_clipped_when_it_allows_that() -> None:
    seller, racers = a_seller(), [an_investor(), an_investor()]
    invoice = await a_listed_invoice(seller, face=inr(100_000))
    won, refused = await outcomes(
        [
            asyncio.create_task(fund_invoice(who, invoice_id=invoice.id, amount=inr(60_000), allow_partial=True))
            for who in racers
        ]
    )
    assert refused == []
    assert sorted(each.investment.amount.amount_minor for each in won) == [4_000_000, 6_000_000]
    await assert_integrity()


@pytest.mark.parametrize("mode", list(FundingMode))
async def test_two_hundred_at_once_conserve_money_and_sum_exactly(mode: FundingMode) -> None:
    """Twenty investors send 200 offers of random sizes to one invoice; some ask to be clipped, some twice the same key."""
    chance = random.Random(7)
    seller, investors = a_seller(), [an_investor() for _ in range(20)]
    everybody = [seller, *investors]
    invoice = await a_listed_invoice(seller, face=inr(3_000_000))
    if mode is FundingMode.ALL_OR_NOTHING:
        await withdraw_invoice(seller, invoice_id=invoice.id)
        invoice = await a_listed_invoice(seller, face=inr(3_000_000), funding_mode=mode)
    before = sum([(await balance(who)).amount_minor for who in everybody])

    async def attempt(number: int) -> Funding:
        amount = Money(chance.randrange(600_000, 4_000_000), "INR")
        outcome = await once(
            f"key {number}", fund_invoice, investors[number % 20],
            invoice_id=invoice.id, amount=amount, allow_partial=chance.random() < 0.5,
        )  # fmt: skip
        return outcome.result

    won, refused = await outcomes([asyncio.create_task(attempt(number)) for number in range(200)])
    assert set(refused) <= {"AMOUNT_EXCEEDS_REMAINING", "INVOICE_NOT_OPEN"}
    assert len(won) + len(refused) == 200
    stored = await Invoice.get(id=invoice.id)
    assert stored.status is InvoiceStatus.FUNDED
    assert sum(each.investment.amount_minor for each in won) == stored.funded_minor == stored.requested_minor
    assert sum([(await balance(who)).amount_minor for who in everybody]) == before
    assert await balance(seller) == inr(4_000_000)
    assert min([(await purse(who)).available.amount_minor for who in investors]) >= 0
    assert await fetchval("select count(*) from investment where invoice_id = $1", invoice.id) == len(won)
    await assert_integrity()
