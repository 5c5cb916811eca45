"""Auctions: the lowest rate wins, the earliest of equal ones; every bid's money is held and comes back to the losers."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from decimal import Decimal

import pytest

from domain.identity.permissions import Role
from domain.invoice_finance import jobs
from domain.invoice_finance.errors import AuctionClosed, BidNotFound, BidTooHigh, InvoiceNotFound, SelfFunding
from domain.invoice_finance.models import Bid, Investment, Invoice
from domain.invoice_finance.service import (
    close_auction,
    close_funding,
    create_invoice,
    place_bid,
    withdraw_bid,
    withdraw_invoice,
)
from domain.invoice_finance.states import BidState, InvestmentState, InvoiceStatus, SaleMethod
from domain.kit import clock
from domain.kit.errors import DomainError, Forbidden, InvalidInput
from domain.ledger.errors import InsufficientFunds
from tests.support.happenings import assert_integrity, events_so_far, names_of_events, nothing_happens
from tests.support.invoices import (
    NOON,
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


async def an_auction(seller: object, **changes: object) -> Invoice:
    offered = {"sale_method": SaleMethod.AUCTION, "fee": flat("5"), "face": inr(100_000), "advance_rate": Decimal(80)}
    return await a_listed_invoice(seller, **(offered | changes))  # type: ignore[arg-type]


async def test_the_lowest_rate_wins_and_the_losers_get_their_money_back() -> None:
    seller, high, low = a_seller(), an_investor("High"), an_investor("Low")
    invoice = await an_auction(seller)
    await place_bid(high, invoice_id=invoice.id, rate=Decimal("4.5"))
    placed = await place_bid(low, invoice_id=invoice.id, rate=Decimal(3))
    assert (placed.bid.rate, placed.bid.amount) == (Decimal("3.00"), inr(80_000))
    assert ((await purse(low)).held, (await purse(low)).balance) == (inr(80_000), inr(1_000_000))
    before = len(await events_so_far())
    outcome = await close_auction(seller, invoice_id=invoice.id)
    assert outcome.winner is not None and outcome.winner.bidder_id == low.id
    stored = await Invoice.get(id=invoice.id)
    assert (stored.status, stored.fee.rate, stored.expected_fee) == (InvoiceStatus.FUNDED, Decimal("3.00"), inr(3_000))
    assert (await balance(seller), await balance(low)) == (inr(1_080_000), inr(920_000))
    assert (await purse(high)).available == inr(1_000_000)
    assert {(bid.bidder_name, bid.state) for bid in await Bid.all()} == {("High", BidState.LOST), ("Low", BidState.WON)}
    assert (await Investment.get()).state is InvestmentState.ACTIVE
    names = (await names_of_events())[before:]
    assert names[-4:] == [
        "invoice_finance.auction_closed",
        "invoice_finance.invoice_funded",
        "invoice_finance.investment_made",
        "invoice_finance.invoice_updated",
    ]
    await assert_integrity()


async def test_of_equal_rates_the_earliest_wins() -> None:
    seller, first, second = a_seller(), an_investor(), an_investor()
    invoice = await an_auction(seller)
    await place_bid(first, invoice_id=invoice.id, rate=Decimal(3))
    await place_bid(second, invoice_id=invoice.id, rate=Decimal(3))
    outcome = await close_auction(seller, invoice_id=invoice.id)
    assert outcome.winner is not None and outcome.winner.bidder_id == first.id


async def test_a_bid_tells_the_rates_and_not_the_bidder() -> None:
    seller, bidder = a_seller(), an_investor("Secret Bidder")
    invoice = await an_auction(seller)
    await place_bid(an_investor(), invoice_id=invoice.id, rate=Decimal(2))
    await place_bid(bidder, invoice_id=invoice.id, rate=Decimal("4.25"))
    told = (await events_so_far())[-1]
    assert told.name == "invoice_finance.bid_placed"
    assert (told.fact.rate, told.fact.best_rate, told.fact.bid_count) == (Decimal("4.25"), Decimal("2.00"), 2)
    assert "marketplace" in told.topics and "permission:INVOICE_FUND" in told.audience
    assert str(bidder.id) not in told.payload and "Secret" not in told.payload


async def test_a_better_bid_replaces_ones_own_on_the_same_hold() -> None:
    seller, bidder = a_seller(), an_investor()
    invoice = await an_auction(seller)
    first = await place_bid(bidder, invoice_id=invoice.id, rate=Decimal(4))
    second = await place_bid(bidder, invoice_id=invoice.id, rate=Decimal("3.5"))
    assert second.bid.hold_id == first.bid.hold_id
    assert (await purse(bidder)).held == inr(80_000)
    async with nothing_happens():
        for rate in ("3.5", "3.6"):
            with pytest.raises(BidTooHigh):
                await place_bid(bidder, invoice_id=invoice.id, rate=Decimal(rate))
    assert {(bid.rate, bid.state) for bid in await Bid.all()} == {
        (Decimal("4.00"), BidState.REPLACED), (Decimal("3.50"), BidState.ACTIVE),
    }  # fmt: skip
    await assert_integrity()


async def test_a_bid_is_taken_back_while_the_auction_runs() -> None:
    seller, bidder, other = a_seller(), an_investor(), an_investor()
    invoice = await an_auction(seller)
    await place_bid(bidder, invoice_id=invoice.id, rate=Decimal(4))
    assert (await withdraw_bid(bidder, invoice_id=invoice.id)).state is BidState.WITHDRAWN
    assert (await purse(bidder)).available == inr(1_000_000)
    assert (await events_so_far())[-1].fact.best_rate is None
    async with nothing_happens():
        for who in (bidder, other):
            with pytest.raises(BidNotFound):
                await withdraw_bid(who, invoice_id=invoice.id)
    await place_bid(bidder, invoice_id=invoice.id, rate=Decimal(5))
    await assert_integrity()


async def test_what_a_bid_is_refused_for() -> None:
    seller, bidder = a_seller(), an_investor()
    both = an_actor_of(Role.SELLER, Role.INVESTOR)
    auction, own = await an_auction(seller), await an_auction(both)
    large = await an_auction(seller, face=inr(2_000_000))
    fixed = await a_listed_invoice(seller)
    draft = await create_invoice(seller, terms=terms(sale_method=SaleMethod.AUCTION), draft=True)
    await balance(bidder)
    async with nothing_happens():
        for invoice, rate, refusal in [
            (auction, "5.01", BidTooHigh),
            (auction, "-0.01", InvalidInput),
            (auction, "NaN", InvalidInput),
            (auction, "3.333", InvalidInput),
            (fixed, "3", AuctionClosed),
            (draft, "3", InvoiceNotFound),
            (large, "3", InsufficientFunds),
        ]:
            with pytest.raises(refusal):
                await place_bid(bidder, invoice_id=invoice.id, rate=Decimal(rate))
        with pytest.raises(SelfFunding):
            await place_bid(both, invoice_id=own.id, rate=Decimal(3))
        with pytest.raises(Forbidden):
            await place_bid(a_seller(), invoice_id=auction.id, rate=Decimal(3))
        with pytest.raises(InvoiceNotFound):
            await close_auction(a_seller(), invoice_id=auction.id)
        with pytest.raises(AuctionClosed):
            await close_auction(seller, invoice_id=fixed.id)


async def test_an_auction_ends_at_its_time_and_takes_no_bid_after() -> None:
    seller, bidder = a_seller(), an_investor()
    with clock.clock_set_to(NOON):
        invoice = await an_auction(seller, funding_deadline_at=NOON + timedelta(hours=2))
        await place_bid(bidder, invoice_id=invoice.id, rate=Decimal(4))
        assert await jobs.close_auctions.run() == 0
    with clock.clock_set_to(NOON + timedelta(hours=2)):
        async with nothing_happens():
            for act in (
                place_bid(bidder, invoice_id=invoice.id, rate=Decimal(3)),
                withdraw_bid(bidder, invoice_id=invoice.id),
            ):
                with pytest.raises(AuctionClosed):
                    await act
        assert await jobs.end_offers.run() == 0
        assert await jobs.close_auctions.run() == 1
    assert (await Invoice.get(id=invoice.id)).status is InvoiceStatus.FUNDED
    async with nothing_happens():
        with pytest.raises(AuctionClosed):
            await close_auction(seller, invoice_id=invoice.id)
    await assert_integrity()


async def test_an_auction_without_bids_expires() -> None:
    seller = a_seller()
    invoice = await an_auction(seller)
    outcome = await close_auction(seller, invoice_id=invoice.id)
    assert (outcome.invoice.status, outcome.winner) == (InvoiceStatus.EXPIRED, None)
    closed, updated = (await events_so_far())[-2:]
    assert (closed.fact.winning_rate, closed.fact.bid_count) == (None, 0)
    assert updated.fact.change.value == "AUCTION_CLOSED"


async def test_withdrawing_an_auction_releases_the_bids() -> None:
    seller, bidders = a_seller(), [an_investor(), an_investor()]
    invoice = await an_auction(seller)
    for number, bidder in enumerate(bidders):
        await place_bid(bidder, invoice_id=invoice.id, rate=Decimal(2 + number))
    async with nothing_happens():
        with pytest.raises(DomainError):
            await close_funding(seller, invoice_id=invoice.id)
    await withdraw_invoice(seller, invoice_id=invoice.id)
    for bidder in bidders:
        assert (await purse(bidder)).available == inr(1_000_000)
    assert {bid.state for bid in await Bid.all()} == {BidState.LOST}
    await assert_integrity()


async def test_bids_at_once_are_all_held_and_one_wins() -> None:
    seller, bidders = a_seller(), [an_investor() for _ in range(20)]
    auctions = [await an_auction(seller) for _ in range(3)]
    await asyncio.gather(
        *(
            place_bid(bidder, invoice_id=auction.id, rate=Decimal(5) - Decimal(number) / 10)
            for auction in auctions
            for number, bidder in enumerate(bidders)
        )
    )
    outcomes = await asyncio.gather(*(close_auction(seller, invoice_id=auction.id) for auction in auctions))
    assert [outcome.winner.bidder_id for outcome in outcomes if outcome.winner] == [bidders[-1].id] * 3
    assert await balance(bidders[-1]) == inr(760_000)
    assert await balance(seller) == inr(1_240_000)
    await assert_integrity()
