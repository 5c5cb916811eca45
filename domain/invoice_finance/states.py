"""The words that an invoice, an investment, a bid and a payment can be described with, and which may follow which."""

from __future__ import annotations

from enum import Enum
from typing import Final


class InvoiceStatus(str, Enum):
    """Where an invoice stands between its draft and its end."""

    DRAFT = "DRAFT"
    LISTED = "LISTED"
    PARTIALLY_FUNDED = "PARTIALLY_FUNDED"
    FUNDED = "FUNDED"
    PARTIALLY_REPAID = "PARTIALLY_REPAID"
    OVERDUE = "OVERDUE"
    DEFAULTED = "DEFAULTED"
    SETTLED = "SETTLED"
    RECOVERED = "RECOVERED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"


_S = InvoiceStatus

OPEN: Final = frozenset({_S.LISTED, _S.PARTIALLY_FUNDED})
"""On the marketplace: investors may see it, and fund it or bid for it."""

OUTSTANDING: Final = frozenset({_S.FUNDED, _S.PARTIALLY_REPAID, _S.OVERDUE, _S.DEFAULTED})
"""Financed and not repaid to the end: the debtor still owes."""

ENDED: Final = frozenset({_S.SETTLED, _S.RECOVERED, _S.CANCELLED, _S.EXPIRED})

TRANSITIONS: Final[dict[InvoiceStatus, frozenset[InvoiceStatus]]] = {
    _S.DRAFT: frozenset({_S.LISTED, _S.CANCELLED}),
    _S.LISTED: frozenset({_S.PARTIALLY_FUNDED, _S.FUNDED, _S.CANCELLED, _S.EXPIRED}),
    _S.PARTIALLY_FUNDED: frozenset({_S.FUNDED, _S.CANCELLED, _S.EXPIRED}),
    _S.FUNDED: frozenset({_S.PARTIALLY_REPAID, _S.OVERDUE, _S.SETTLED}),
    _S.PARTIALLY_REPAID: frozenset({_S.OVERDUE, _S.SETTLED}),
    _S.OVERDUE: frozenset({_S.DEFAULTED, _S.SETTLED}),
    _S.DEFAULTED: frozenset({_S.RECOVERED}),
    _S.SETTLED: frozenset(),
    _S.RECOVERED: frozenset(),
    _S.CANCELLED: frozenset(),
    _S.EXPIRED: frozenset(),
}


class InvoiceChange(str, Enum):
    """What happened to an invoice, for those who follow it."""

    DRAFTED = "DRAFTED"
    EDITED = "EDITED"
    LISTED = "LISTED"
    WITHDRAWN = "WITHDRAWN"
    EXPIRED = "EXPIRED"
    INVESTMENT_MADE = "INVESTMENT_MADE"
    FUNDING_CLOSED = "FUNDING_CLOSED"
    BID_PLACED = "BID_PLACED"
    BID_WITHDRAWN = "BID_WITHDRAWN"
    AUCTION_CLOSED = "AUCTION_CLOSED"
    REPAID = "REPAID"
    BECAME_OVERDUE = "BECAME_OVERDUE"
    DEFAULTED = "DEFAULTED"
    RECOVERY_CLOSED = "RECOVERY_CLOSED"


class MarketChange(str, Enum):
    """What happened to an invoice as the marketplace sees it."""

    ADDED = "ADDED"
    CHANGED = "CHANGED"
    REMOVED = "REMOVED"


class FeeMethod(str, Enum):
    """How the fee for the advance is reckoned."""

    FLAT = "FLAT"
    TIERED = "TIERED"
    PRORATED = "PRORATED"


class SaleMethod(str, Enum):
    """How investors come to the invoice: at its fixed terms in any amounts, or by bidding for the whole of it."""

    FIXED = "FIXED"
    AUCTION = "AUCTION"


class FundingMode(str, Enum):
    """When the seller gets the money: with every investment, or once all of it is there."""

    IMMEDIATE = "IMMEDIATE"
    ALL_OR_NOTHING = "ALL_OR_NOTHING"


class Industry(str, Enum):
    """The seller's line of business."""

    AGRICULTURE = "AGRICULTURE"
    CONSTRUCTION = "CONSTRUCTION"
    EDUCATION = "EDUCATION"
    ENERGY = "ENERGY"
    HEALTH = "HEALTH"
    HOSPITALITY = "HOSPITALITY"
    MANUFACTURING = "MANUFACTURING"
    RETAIL = "RETAIL"
    SERVICES = "SERVICES"
    TECHNOLOGY = "TECHNOLOGY"
    TRANSPORT = "TRANSPORT"
    WHOLESALE = "WHOLESALE"
    OTHER = "OTHER"


class InvestmentState(str, Enum):
    """HELD money waits in the investor's wallet, ACTIVE money is with the seller, RELEASED money went back unused."""

    HELD = "HELD"
    ACTIVE = "ACTIVE"
    RELEASED = "RELEASED"


class BidState(str, Enum):
    """ACTIVE until the auction ends in WON or LOST, or the bidder replaced or withdrew it."""

    ACTIVE = "ACTIVE"
    REPLACED = "REPLACED"
    WITHDRAWN = "WITHDRAWN"
    WON = "WON"
    LOST = "LOST"


class PaymentSource(str, Enum):
    """Where a repayment came from: a wallet here, the bank, recorded by staff, or M-Pesa, by a payment from outside."""

    WALLET = "WALLET"
    BANK = "BANK"
    MPESA = "MPESA"


class Party(str, Enum):
    """What somebody is to an invoice."""

    SELLER = "SELLER"
    DEBTOR = "DEBTOR"
    INVESTOR = "INVESTOR"
    STAFF = "STAFF"
