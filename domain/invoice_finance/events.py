"""What invoice finance announces.

Facts about an invoice go to those who may see it: seller, debtor, staff, those who invested, and every investor while it
is on the marketplace. Who invested is told to nobody but the seller, so holders are part of the audience and never of the
payload.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field

from domain.events.event import Event, event
from domain.identity.permissions import Permission
from domain.invoice_finance.figures import InvoiceFigures, OfferedFee
from domain.invoice_finance.states import (
    OPEN,
    FundingMode,
    Industry,
    InvestmentState,
    InvoiceChange,
    InvoiceStatus,
    MarketChange,
    Party,
    SaleMethod,
)
from domain.kit.money import Money

MARKETPLACE = "marketplace"
INVESTORS = f"permission:{Permission.INVOICE_FUND.value}"
STAFF = f"permission:{Permission.INVOICES_MANAGE.value}"


@dataclass(frozen=True, kw_only=True)
class InvoiceState:
    """An invoice as it stood when something happened to it; the names are those of the invoice itself."""

    id: UUID
    number: str
    seller_id: UUID
    seller_name: str
    debtor_id: UUID | None
    debtor_name: str
    industry: Industry
    description: str
    currency: str
    status: InvoiceStatus
    face_value: Money
    advance_rate: Decimal
    requested_amount: Money
    funded_amount: Money
    remaining_amount: Money
    funded_percent: Decimal
    reserve_amount: Money
    min_investment: Money
    fee: OfferedFee
    expected_fee: Money
    expected_rebate: Money
    expected_return: Money
    expected_yield: Decimal
    recourse: bool
    sale_method: SaleMethod
    funding_mode: FundingMode
    issued_on: date
    due_on: date
    grace_days: int
    tenor_days: int
    funding_deadline_at: datetime
    repaid_amount: Money
    outstanding_amount: Money
    investors_paid_amount: Money
    rebate_amount: Money
    default_fee_amount: Money
    loss_amount: Money
    created_at: datetime
    updated_at: datetime
    listed_at: datetime | None
    funded_at: datetime | None
    overdue_at: datetime | None
    defaulted_at: datetime | None
    ended_at: datetime | None
    fee_stopped_on: date | None = None

    @property
    def open_for_funding(self) -> bool:
        """Whether it takes money, as far as its state says: when its deadline has passed, another event tells."""
        return self.status in OPEN

    @classmethod
    def of(cls, invoice: InvoiceFigures) -> InvoiceState:
        return cls(**{column.name: getattr(invoice, column.name) for column in fields(cls)})


@dataclass(frozen=True, kw_only=True)
class _AboutInvoice(Event):
    """Something that everybody hears who may see the invoice."""

    invoice: InvoiceState
    previous_status: InvoiceStatus
    holders: Annotated[tuple[UUID, ...], Field(exclude=True)] = ()

    @property
    def on_the_market(self) -> bool:
        """Whether investors at large may know: it is for sale, or was until just now."""
        return self.invoice.status in OPEN or self.previous_status in OPEN

    @property
    def market_change(self) -> MarketChange:
        """What the marketplace shows of it, if it is on the market."""
        return MarketChange.CHANGED if self.invoice.status in OPEN else MarketChange.REMOVED

    @property
    def _persons(self) -> Iterable[str]:
        persons = [self.invoice.seller_id, *self.holders]
        if self.invoice.debtor_id is not None and self.invoice.listed_at is not None:
            persons.append(self.invoice.debtor_id)
        return dict.fromkeys(f"user:{person}" for person in persons)

    def topics(self) -> Iterable[str]:
        market = [MARKETPLACE] if self.on_the_market else []
        return [f"invoice:{self.invoice.id}", "invoices", *market, *self._persons]

    def audience(self) -> Iterable[str]:
        return [STAFF, *([INVESTORS] if self.on_the_market else []), *self._persons]


@event("invoice_finance.invoice_listed")
@dataclass(frozen=True, kw_only=True)
class InvoiceListed(_AboutInvoice):
    """An invoice is on the marketplace."""

    @property
    def market_change(self) -> MarketChange:
        return MarketChange.ADDED


@event("invoice_finance.invoice_updated")
@dataclass(frozen=True, kw_only=True)
class InvoiceUpdated(_AboutInvoice):
    """Something about an invoice changed: its status, what is funded or what is repaid."""

    change: InvoiceChange


@event("invoice_finance.invoice_funded")
@dataclass(frozen=True, kw_only=True)
class InvoiceFunded(Event):
    """An investor put money into the seller's invoice; for the seller alone."""

    invoice: InvoiceState
    investment_id: UUID
    amount: Money
    investor_name: str
    fully_funded: bool
    paid_out: bool

    def topics(self) -> Iterable[str]:
        return [f"invoice:{self.invoice.id}", f"user:{self.invoice.seller_id}"]

    def audience(self) -> Iterable[str]:
        return [f"user:{self.invoice.seller_id}"]


@event("invoice_finance.investment_made")
@dataclass(frozen=True, kw_only=True)
class InvestmentMade(Event):
    """The investor's own investment succeeded; for that investor alone."""

    invoice: InvoiceState
    investment_id: UUID
    investor_id: UUID
    amount: Money
    state: InvestmentState
    made_at: datetime

    def topics(self) -> Iterable[str]:
        return [f"invoice:{self.invoice.id}", f"user:{self.investor_id}"]

    def audience(self) -> Iterable[str]:
        return [f"user:{self.investor_id}"]


@event("invoice_finance.investment_released")
@dataclass(frozen=True, kw_only=True)
class InvestmentReleased(Event):
    """Money that was held for an invoice is free again, because the invoice was not filled; for that investor alone."""

    invoice: InvoiceState
    investment_id: UUID
    investor_id: UUID
    amount: Money

    def topics(self) -> Iterable[str]:
        return [f"invoice:{self.invoice.id}", f"user:{self.investor_id}"]

    def audience(self) -> Iterable[str]:
        return [f"user:{self.investor_id}"]


@event("invoice_finance.bid_placed")
@dataclass(frozen=True, kw_only=True)
class BidPlaced(_AboutInvoice):
    """Somebody offered to fund the whole advance at ``rate`` percent; who it was stays between them and the seller."""

    rate: Decimal
    best_rate: Decimal
    bid_count: int
    placed_at: datetime


@event("invoice_finance.bid_withdrawn")
@dataclass(frozen=True, kw_only=True)
class BidWithdrawn(_AboutInvoice):
    """A bid was taken back; ``best_rate`` is that of the bids that still stand."""

    best_rate: Decimal | None
    bid_count: int


@event("invoice_finance.auction_closed")
@dataclass(frozen=True, kw_only=True)
class AuctionClosed(_AboutInvoice):
    """An auction is over; without ``winning_rate`` nobody had bid."""

    winning_rate: Decimal | None
    bid_count: int


@event("invoice_finance.invoice_repaid")
@dataclass(frozen=True, kw_only=True)
class InvoiceRepaid(Event):
    """A payment for an invoice came in and was passed on; for seller, debtor and staff."""

    invoice: InvoiceState
    payment_id: UUID
    amount: Money
    to_platform: Money
    to_investors: Money
    to_seller: Money
    received_on: date
    payer_id: UUID | None

    def _persons(self) -> list[str]:
        persons = (self.invoice.seller_id, self.invoice.debtor_id, self.payer_id)
        return list(dict.fromkeys(f"user:{person}" for person in persons if person is not None))

    def topics(self) -> Iterable[str]:
        return [f"invoice:{self.invoice.id}", "invoices", *self._persons()]

    def audience(self) -> Iterable[str]:
        return [STAFF, *self._persons()]


@event("invoice_finance.payout_made")
@dataclass(frozen=True, kw_only=True)
class PayoutMade(Event):
    """An investment's part of a repayment reached the investor's wallet; for that investor alone."""

    invoice: InvoiceState
    payment_id: UUID
    investment_id: UUID
    investor_id: UUID
    amount: Money
    invested: Money
    paid_in_all: Money

    def topics(self) -> Iterable[str]:
        return [f"invoice:{self.invoice.id}", f"user:{self.investor_id}"]

    def audience(self) -> Iterable[str]:
        return [f"user:{self.investor_id}"]


@event("invoice_finance.invoice_overdue")
@dataclass(frozen=True, kw_only=True)
class InvoiceOverdue(_AboutInvoice):
    """The due date passed with something unpaid; the grace runs until ``grace_ends_on``, that day included."""

    outstanding: Money
    grace_ends_on: date


@event("invoice_finance.invoice_defaulted")
@dataclass(frozen=True, kw_only=True)
class InvoiceDefaulted(_AboutInvoice):
    """The grace passed too. ``at_risk`` is the part of the investors' principal that has not come back."""

    outstanding: Money
    at_risk: Money


@event("invoice_finance.invoice_recovered")
@dataclass(frozen=True, kw_only=True)
class InvoiceRecovered(_AboutInvoice):
    """The recovery of a defaulted invoice ended, with everything paid or with a loss."""

    recovered: Money
    loss: Money


@event("invoice_finance.invoice_message_sent")
@dataclass(frozen=True, kw_only=True)
class InvoiceMessageSent(_AboutInvoice):
    """Somebody said something about an invoice, under a name that keeps investors unknown to each other."""

    message_id: UUID
    author_party: Party
    author_label: str
    body: str
    sent_at: datetime

    def topics(self) -> Iterable[str]:
        return [f"invoice:{self.invoice.id}", *self._persons]


@event("invoice_finance.offer_refused")
@dataclass(frozen=True, kw_only=True)
class OfferRefused(Event):
    """Another business offered an invoice of its own, which the rules of the market do not allow; no invoice was made.

    ``invoice_id`` is the id that it would have had.
    """

    invoice_id: UUID
    number: str
    seller_id: UUID
    code: str
    reason: str

    def topics(self) -> Iterable[str]:
        return [f"invoice:{self.invoice_id}", f"user:{self.seller_id}"]

    def audience(self) -> Iterable[str]:
        return [STAFF, f"user:{self.seller_id}"]
