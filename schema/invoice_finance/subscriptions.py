"""Following invoices live. Without an invoice, a feed tells of all that concern the viewer."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry

from domain.identity.actor import Actor
from domain.identity.permissions import Permission
from domain.invoice_finance import dashboards, queries
from domain.invoice_finance import events as facts
from domain.invoice_finance.errors import InvoiceNotFound
from domain.invoice_finance.events import MARKETPLACE
from domain.invoice_finance.states import InvoiceChange
from domain.wallets.events import BalanceChanged
from schema.invoice_finance.dashboards import Portfolio, UserDashboard
from schema.invoice_finance.events import (
    AuctionClosed,
    BidPlaced,
    BidWithdrawn,
    InvestmentReleased,
    InvestmentSuccess,
    InvoiceDefaulted,
    InvoiceFunded,
    InvoiceMessageSent,
    InvoiceOverdue,
    InvoiceRecovered,
    InvoiceRepaid,
    InvoiceUpdated,
    MarketplaceUpdated,
    NewInvoiceListed,
    PayoutMade,
)
from schema.kit import ID, CurrencyCode, argument, event_feed, read_id, state_feed

OneInvoice = Annotated[ID | None, argument("Only this invoice, which the viewer may see.")]
InCurrency = Annotated[CurrencyCode | None, argument("In which currency; the house's default when left out.")]

_OF_MONEY = [
    BalanceChanged,
    facts.InvoiceUpdated,
    facts.InvoiceListed,
    facts.InvestmentMade,
    facts.InvestmentReleased,
    facts.InvoiceRepaid,
    facts.PayoutMade,
]


async def _one(actor: Actor, invoice_id: str) -> list[str]:
    found = await queries.invoice(actor, read_id("Invoice", invoice_id, "invoiceId"))
    return [f"invoice:{found.id}"]


async def _one_or_all(actor: Actor, invoice_id: OneInvoice = None) -> list[str]:
    """One invoice, or all that concern the viewer: own ones, the marketplace for investors, every one for staff."""
    if invoice_id is not None:
        return await _one(actor, invoice_id)
    if actor.may(Permission.INVOICES_MANAGE):
        return ["invoices", MARKETPLACE]
    return [f"user:{actor.id}", *([MARKETPLACE] if actor.may(Permission.INVOICE_FUND) else [])]


async def _one_or_own(actor: Actor, invoice_id: OneInvoice = None) -> list[str]:
    """One invoice, or all in which the viewer has a part."""
    return [f"user:{actor.id}"] if invoice_id is None else await _one(actor, invoice_id)


def _is_told_by_its_listing(logged: Any) -> bool:
    return getattr(logged.fact, "change", None) is InvoiceChange.LISTED


@strawberry.type
class Subscription:
    @event_feed(
        "Every invoice that comes on the marketplace, for all investors.",
        requires=Permission.INVOICE_FUND,
        shows={facts.InvoiceListed: NewInvoiceListed},
    )
    async def new_invoice_listed(actor: Actor) -> list[str]:
        return [MARKETPLACE]

    @event_feed(
        "The marketplace as it changes: what is new, what has other figures, what is gone.",
        requires=Permission.INVOICE_FUND,
        shows=dict.fromkeys(
            (facts.InvoiceListed, facts.InvoiceUpdated, facts.BidPlaced, facts.BidWithdrawn), MarketplaceUpdated
        ),
        when=lambda logged: not _is_told_by_its_listing(logged),
    )
    async def marketplace_updated(actor: Actor) -> list[str]:
        return [MARKETPLACE]

    invoice_updated = event_feed(
        "Invoices as they change: the viewer's own, those they have invested in, and for investors the marketplace.",
        requires=Permission.INVOICE_READ,
        shows={facts.InvoiceUpdated: InvoiceUpdated},
        name="invoiceUpdated",
    )(_one_or_all)

    @event_feed(
        "Money that comes into the viewer's own invoices; for the seller alone.",
        requires=Permission.INVOICE_SELL,
        shows={facts.InvoiceFunded: InvoiceFunded},
    )
    async def invoice_funded(actor: Actor, invoice_id: OneInvoice = None) -> list[str]:
        if invoice_id is None:
            return [f"user:{actor.id}"]
        found = await queries.invoice(actor, read_id("Invoice", invoice_id, "invoiceId"))
        if found.seller_id != actor.id:
            raise InvoiceNotFound(field=("invoiceId",))
        return [f"invoice:{found.id}"]

    @event_feed(
        "The viewer's own investments as they succeed; for the investor alone.",
        requires=Permission.INVOICE_FUND,
        shows={facts.InvestmentMade: InvestmentSuccess},
    )
    async def investment_success(actor: Actor) -> list[str]:
        return [f"user:{actor.id}"]

    @event_feed(
        "The viewer's held investments as they are given back, because an invoice was not filled.",
        requires=Permission.INVOICE_FUND,
        shows={facts.InvestmentReleased: InvestmentReleased},
    )
    async def investment_released(actor: Actor) -> list[str]:
        return [f"user:{actor.id}"]

    bid_placed = event_feed(
        "Bids as they are placed and taken back, in all auctions that the viewer may see or in one.",
        requires=Permission.INVOICE_READ,
        shows={facts.BidPlaced: BidPlaced, facts.BidWithdrawn: BidWithdrawn},
        name="bidPlaced",
    )(_one_or_all)

    auction_closed = event_feed(
        "Auctions as they end, all that the viewer may see or one.",
        requires=Permission.INVOICE_READ,
        shows={facts.AuctionClosed: AuctionClosed},
        name="auctionClosed",
    )(_one_or_all)

    invoice_repaid = event_feed(
        "Payments for invoices, for seller, debtor and staff.",
        requires=Permission.INVOICE_READ,
        shows={facts.InvoiceRepaid: InvoiceRepaid},
        name="invoiceRepaid",
    )(_one_or_all)

    @event_feed(
        "What the viewer's investments pay back; for the investor alone.",
        requires=Permission.INVOICE_FUND,
        shows={facts.PayoutMade: PayoutMade},
    )
    async def payout_made(actor: Actor) -> list[str]:
        return [f"user:{actor.id}"]

    invoice_overdue = event_feed(
        "Invoices that become late, for those who sell, owe or have funded them, and staff.",
        requires=Permission.INVOICE_READ,
        shows={facts.InvoiceOverdue: InvoiceOverdue},
        name="invoiceOverdue",
    )(_one_or_all)

    invoice_defaulted = event_feed(
        "Invoices that fall into default, for those who sell, owe or have funded them, and staff.",
        requires=Permission.INVOICE_READ,
        shows={facts.InvoiceDefaulted: InvoiceDefaulted},
        name="invoiceDefaulted",
    )(_one_or_all)

    invoice_recovered = event_feed(
        "Recoveries that end, for those who sell, owe or have funded the invoice, and staff.",
        requires=Permission.INVOICE_READ,
        shows={facts.InvoiceRecovered: InvoiceRecovered},
        name="invoiceRecovered",
    )(_one_or_all)

    invoice_message_sent = event_feed(
        "The conversation about one invoice, or about all in which the viewer has a part.",
        requires=Permission.INVOICE_READ,
        shows={facts.InvoiceMessageSent: InvoiceMessageSent},
        name="invoiceMessageSent",
    )(_one_or_own)

    @state_feed(
        "The viewer's portfolio, anew when something in it moves.",
        requires=Permission.INVOICE_FUND,
        state=dashboards.portfolio,
        shows=Portfolio,
        on=_OF_MONEY,
    )
    async def portfolio_updated(actor: Actor, currency: InCurrency = None) -> list[str]:
        return [f"user:{actor.id}"]

    @state_feed(
        "The viewer's dashboard, anew when something on it moves.",
        requires=Permission.WALLET_USE,
        state=dashboards.user_dashboard,
        shows=UserDashboard,
        on=_OF_MONEY,
    )
    async def user_dashboard_updated(actor: Actor, currency: InCurrency = None) -> list[str]:
        return [f"user:{actor.id}"]
