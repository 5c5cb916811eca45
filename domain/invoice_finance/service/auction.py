"""Selling an invoice by auction: bidders offer to fund the whole advance for a fee rate, and the lowest rate wins.

Every bid's money is held until the auction ends, so the winner can pay.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.invoice_finance import access, accounts, rules
from domain.invoice_finance.errors import (
    AuctionClosed as AuctionIsClosed,
)
from domain.invoice_finance.errors import (
    BidNotFound,
    BidTooHigh,
    InvoiceNotFound,
    InvoicePastDue,
    TooManyBids,
)
from domain.invoice_finance.events import AuctionClosed, BidPlaced, BidWithdrawn, InvoiceState
from domain.invoice_finance.models import Bid, Investment, Invoice
from domain.invoice_finance.service.desk import locked, locked_own, save, tell_updated
from domain.invoice_finance.service.funding import pay_seller_from_holds, require_not_a_party, tell_funded
from domain.invoice_finance.service.releasing import lose, standing_bids
from domain.invoice_finance.states import BidState, InvestmentState, InvoiceChange, InvoiceStatus, SaleMethod
from domain.kit import clock
from domain.kit.errors import InvalidInput
from domain.kit.ids import new_id
from domain.kit.unit_of_work import Work, retried, unit_of_work
from domain.wallets import service as wallets

MAX_BIDDERS: Final = 100


@dataclass(frozen=True, slots=True)
class PlacedBid:
    """A bid that stands, and the invoice it is for."""

    invoice: Invoice
    bid: Bid


@dataclass(frozen=True, slots=True)
class AuctionOutcome:
    """How an auction ended; without ``winner`` nobody had bid and the offer expired."""

    invoice: Invoice
    winner: Bid | None


@retried
async def place_bid(actor: Actor, *, invoice_id: UUID, rate: Decimal) -> PlacedBid:
    """Offer to fund the whole advance for ``rate`` percent; the amount is held. A better bid replaces one's own.

    Refuses with INVOICE_NOT_FOUND, SELF_FUNDING, AUCTION_CLOSED, INVOICE_PAST_DUE, BID_TOO_HIGH, TOO_MANY_BIDS and
    INSUFFICIENT_FUNDS.
    """
    actor.require(Permission.INVOICE_FUND)
    rate_bps = rules.bps_of(rate, field=("input", "rate"))
    if rate_bps < 0:
        raise InvalidInput("a rate is not negative", field=("input", "rate"))
    async with unit_of_work() as work:
        invoice = await locked(invoice_id)
        _require_auction_for(actor, invoice)
        if rate_bps > invoice.fee_rate_bps:
            raise BidTooHigh(f"the seller accepts {rules.percent_of(invoice.fee_rate_bps)} percent at most")
        standing = await standing_bids(invoice)
        own = next((bid for bid in standing if bid.bidder_id == actor.id), None)
        bid = await (_replace(own, rate_bps) if own else _first_bid(actor, invoice, rate_bps, len(standing)))
        others = [each.rate_bps for each in standing if each is not own]
        work.record(
            BidPlaced(
                invoice=InvoiceState.of(invoice),
                previous_status=invoice.status,
                rate=bid.rate,
                best_rate=rules.percent_of(min([rate_bps, *others])),
                bid_count=len(others) + 1,
                placed_at=bid.placed_at,
            )
        )
    return PlacedBid(invoice, bid)


@retried
async def withdraw_bid(actor: Actor, *, invoice_id: UUID) -> Bid:
    """Take one's standing bid back while the auction runs; its money is free again."""
    actor.require(Permission.INVOICE_FUND)
    async with unit_of_work() as work:
        invoice = await locked(invoice_id)
        if not access.may_offer_to(actor, invoice):
            raise InvoiceNotFound
        standing = await standing_bids(invoice)
        bid = next((bid for bid in standing if bid.bidder_id == actor.id), None)
        if bid is None:
            raise BidNotFound("you have no bid that stands on this invoice")
        _require_running(invoice)
        bid.state, bid.ended_at = BidState.WITHDRAWN, clock.now()
        await bid.save(update_fields=["state", "ended_at"])
        await wallets.release_hold(bid.hold_id)
        left = [each.rate_bps for each in standing if each is not bid]
        work.record(
            BidWithdrawn(
                invoice=InvoiceState.of(invoice),
                previous_status=invoice.status,
                best_rate=rules.percent_of(min(left)) if left else None,
                bid_count=len(left),
            )
        )
    return bid


@retried
async def close_auction(actor: Actor, *, invoice_id: UUID) -> AuctionOutcome:
    """The seller ends the auction now: the lowest rate wins, the earliest of equal ones. Without a bid the offer expires."""
    actor.require(Permission.INVOICE_SELL)
    async with unit_of_work() as work:
        invoice = await locked_own(actor, invoice_id)
        if invoice.sale_method is not SaleMethod.AUCTION or invoice.status is not InvoiceStatus.LISTED:
            raise AuctionIsClosed("this invoice is not in an auction")
        return await _close(work, invoice)


@retried
async def close_at_end(invoice_id: UUID) -> bool:
    """End an auction whose time is up: the job's work."""
    async with unit_of_work() as work:
        invoice = await locked(invoice_id)
        if (
            invoice.sale_method is not SaleMethod.AUCTION
            or invoice.status is not InvoiceStatus.LISTED
            or clock.now() < invoice.funding_deadline_at
        ):
            return False
        await _close(work, invoice)
    return True


async def _close(work: Work, invoice: Invoice) -> AuctionOutcome:
    before = invoice.status
    bids = await standing_bids(invoice)
    if not bids:
        invoice.give_up(InvoiceStatus.EXPIRED)
        await save(invoice)
        _tell_closed(work, invoice, before, None, 0)
        await tell_updated(work, invoice, InvoiceChange.AUCTION_CLOSED, before)
        return AuctionOutcome(invoice, None)
    winner, *others = bids
    investment = await _award(invoice, winner)
    await lose(others)
    if others:
        await wallets.release_holds([bid.hold_id for bid in others])
    _tell_closed(work, invoice, before, winner, len(bids))
    tell_funded(work, winner.bidder_name, invoice, investment)
    await tell_updated(work, invoice, InvoiceChange.AUCTION_CLOSED, before)
    return AuctionOutcome(invoice, winner)


async def _award(invoice: Invoice, winner: Bid) -> Investment:
    """Pay the seller out of the winner's hold, at the winner's rate."""
    winner.state, winner.ended_at = BidState.WON, clock.now()
    await winner.save(update_fields=["state", "ended_at"])
    invoice.awarded_rate_bps = winner.rate_bps
    invoice.take(winner.amount)
    await save(invoice)
    entry_id = await pay_seller_from_holds(invoice, [(winner.bidder_id, winner.hold_id, winner.amount)])
    return await Investment.create(
        id=new_id(),
        invoice_id=invoice.id,
        investor_id=winner.bidder_id,
        amount_minor=winner.amount_minor,
        currency=winner.currency,
        state=InvestmentState.ACTIVE,
        hold_id=winner.hold_id,
        entry_id=entry_id,
        made_at=clock.now(),
    )


def _tell_closed(work: Work, invoice: Invoice, before: InvoiceStatus, winner: Bid | None, count: int) -> None:
    work.record(
        AuctionClosed(
            invoice=InvoiceState.of(invoice),
            previous_status=before,
            winning_rate=winner.rate if winner else None,
            bid_count=count,
        )
    )


def _require_auction_for(actor: Actor, invoice: Invoice) -> None:
    if not access.may_offer_to(actor, invoice):
        raise InvoiceNotFound
    require_not_a_party(actor, invoice)
    _require_running(invoice)
    if clock.today() > invoice.due_on:
        raise InvoicePastDue(invoice.due_on)


def _require_running(invoice: Invoice) -> None:
    if invoice.sale_method is not SaleMethod.AUCTION:
        raise AuctionIsClosed("this invoice is not sold by auction")
    if invoice.status is not InvoiceStatus.LISTED or clock.now() >= invoice.funding_deadline_at:
        raise AuctionIsClosed("this auction is over")


async def _first_bid(actor: Actor, invoice: Invoice, rate_bps: int, others: int) -> Bid:
    if others >= MAX_BIDDERS:
        raise TooManyBids(f"{MAX_BIDDERS} bidders have bid already")
    wallet = await wallets.wallet_of(actor.id, invoice.currency)
    hold = await wallets.hold_funds(
        wallet=wallet,
        amount=invoice.requested_amount,
        description=f"Held for a bid on invoice {invoice.number}",
        reference=accounts.about(invoice.id),
    )
    return await Bid.create(
        id=new_id(),
        invoice_id=invoice.id,
        bidder_id=actor.id,
        bidder_name=actor.name,
        rate_bps=rate_bps,
        amount_minor=invoice.requested_minor,
        currency=invoice.currency,
        hold_id=hold.id,
        state=BidState.ACTIVE,
        placed_at=clock.now(),
    )


async def _replace(own: Bid, rate_bps: int) -> Bid:
    """A better bid of the same bidder takes over the hold of the one before: the amount is the same."""
    if rate_bps >= own.rate_bps:
        raise BidTooHigh(f"your bid of {own.rate} percent stands; a new one must be lower")
    moment = clock.now()
    own.state, own.ended_at = BidState.REPLACED, moment
    await own.save(update_fields=["state", "ended_at"])
    return await Bid.create(
        id=new_id(),
        invoice_id=own.invoice_id,
        bidder_id=own.bidder_id,
        bidder_name=own.bidder_name,
        rate_bps=rate_bps,
        amount_minor=own.amount_minor,
        currency=own.currency,
        hold_id=own.hold_id,
        state=BidState.ACTIVE,
        placed_at=moment,
    )
