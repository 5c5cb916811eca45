"""What feeds tell of invoices. Nobody hears more than they may: the seller who invested, investors of themselves alone."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from domain.invoice_finance.states import InvestmentState, InvoiceChange, InvoiceStatus, MarketChange, Party
from schema.invoice_finance.types import Invoice
from schema.kit import ID, LiveEvent, Money, attribute, event_type, global_id


@event_type("A new invoice is on the marketplace.")
class NewInvoiceListed(LiveEvent):
    invoice: Invoice = attribute("The invoice as it was listed.")


@event_type("What the marketplace shows has changed.")
class MarketplaceUpdated(LiveEvent):
    market_change: MarketChange = attribute("What to do with the invoice in a list of the marketplace.", name="action")
    invoice: Invoice = attribute("The invoice as it was then.")


@event_type("Something about an invoice changed: its status, what is funded, what is repaid.")
class InvoiceUpdated(LiveEvent):
    invoice: Invoice = attribute("The invoice as it was then.")
    previous_status: InvoiceStatus = attribute("Where it stood before.")
    change: InvoiceChange = attribute("What happened.")


@event_type("An investor put money into the viewer's invoice.")
class InvoiceFunded(LiveEvent):
    invoice: Invoice = attribute("The invoice as the investment left it.")
    investment_id: ID = global_id("Investment", "The investment.")
    investor_name: str = attribute("Who invested.")
    amount: Money = attribute("How much.")
    fully_funded: bool = attribute("Whether that was the last piece.")
    paid_out: bool = attribute("Whether the money is in the seller's wallet; otherwise it is held until all is there.")


@event_type("The viewer's own investment succeeded.")
class InvestmentSuccess(LiveEvent):
    invoice: Invoice = attribute("The invoice as the investment left it.")
    investment_id: ID = global_id("Investment", "The investment.")
    amount: Money = attribute("How much.")
    state: InvestmentState = attribute("Where its money is.")
    made_at: datetime = attribute("When it was made.")


@event_type("Money that was held for an invoice is free again, because the invoice left the market unfilled.")
class InvestmentReleased(LiveEvent):
    invoice: Invoice = attribute("The invoice as it was then.")
    investment_id: ID = global_id("Investment", "The investment.")
    amount: Money = attribute("How much is free again.")


@event_type("Somebody bid for an invoice; who it was stays between them and the seller.")
class BidPlaced(LiveEvent):
    invoice: Invoice = attribute("The invoice.")
    rate: Decimal = attribute("The rate of this bid, in percent.")
    best_rate: Decimal | None = attribute("The lowest rate of all bids that stand, in percent.")
    bid_count: int = attribute("How many bids stand.")
    placed_at: datetime = attribute("When.")


@event_type("Somebody took a bid back.")
class BidWithdrawn(LiveEvent):
    invoice: Invoice = attribute("The invoice.")
    best_rate: Decimal | None = attribute("The lowest rate of the bids that still stand, in percent.")
    bid_count: int = attribute("How many bids still stand.")


@event_type("An auction is over.")
class AuctionClosed(LiveEvent):
    invoice: Invoice = attribute("The invoice as the auction left it.")
    winning_rate: Decimal | None = attribute("The rate that won, in percent; null when nobody had bid.")
    bid_count: int = attribute("How many bids stood.")


@event_type("A payment for an invoice came in and was passed on.")
class InvoiceRepaid(LiveEvent):
    invoice: Invoice = attribute("The invoice as the payment left it.")
    payment_id: ID = global_id("InvoicePayment", "The payment.")
    amount: Money = attribute("How much came in.")
    to_platform: Money = attribute("What the house kept for the recovery after a default.")
    to_investors: Money = attribute("What went to investors.")
    to_seller: Money = attribute("What went to the seller.")
    received_on: date = attribute("The day on which it was received.")


@event_type("One of the viewer's investments paid something back.")
class PayoutMade(LiveEvent):
    invoice: Invoice = attribute("The invoice as the payment left it.")
    payment_id: ID = global_id("InvoicePayment", "The payment.")
    investment_id: ID = global_id("Investment", "The investment.")
    amount: Money = attribute("How much reached the wallet.")
    invested: Money = attribute("What was invested.")
    paid_in_all: Money = attribute("What the investment has paid back so far.")


@event_type("The due date passed with something unpaid.")
class InvoiceOverdue(LiveEvent):
    invoice: Invoice = attribute("The invoice.")
    outstanding: Money = attribute("What is unpaid.")
    grace_ends_on: date = attribute("The last day on which a payment prevents the default.")


@event_type("The grace passed with something unpaid.")
class InvoiceDefaulted(LiveEvent):
    invoice: Invoice = attribute("The invoice.")
    outstanding: Money = attribute("What is unpaid.")
    at_risk: Money = attribute("The part of the investors' principal that has not come back.")


@event_type("The recovery of a defaulted invoice ended.")
class InvoiceRecovered(LiveEvent):
    invoice: Invoice = attribute("The invoice.")
    recovered: Money = attribute("What was paid in all.", name="recoveredAmount")
    loss: Money = attribute("What was given up as lost.")


@event_type("Somebody said something about an invoice.")
class InvoiceMessageSent(LiveEvent):
    invoice: Invoice = attribute("The invoice.")
    message_id: ID = global_id("InvoiceMessage", "The message.")
    author_party: Party = attribute("What its author is to the invoice.")
    author_label: str = attribute("Who wrote it: a name, or `Investor 1`.")
    body: str = attribute("What was said.")
    sent_at: datetime = attribute("When.")
