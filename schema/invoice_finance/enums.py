"""The words of invoice finance, described once for clients."""

from __future__ import annotations

from domain.invoice_finance import market, risk, states
from schema.kit import enum_type

InvoiceStatus = enum_type(
    states.InvoiceStatus,
    "Where an invoice stands between its draft and its end.",
    {
        "DRAFT": "Being written; only its seller sees it.",
        "LISTED": "On the marketplace; nobody has invested yet.",
        "PARTIALLY_FUNDED": "On the marketplace; a part is funded.",
        "FUNDED": "All that was asked for is there; the debtor owes.",
        "PARTIALLY_REPAID": "The debtor has paid a part, and the rest is not late.",
        "OVERDUE": "The due date has passed with something unpaid; the grace runs.",
        "DEFAULTED": "The grace has passed with something unpaid.",
        "SETTLED": "Paid in full.",
        "RECOVERED": "A default that is over: paid in full after all, or the rest given up as lost.",
        "CANCELLED": "Withdrawn by its seller before any money was out.",
        "EXPIRED": "Not filled by its deadline; everything that was held went back.",
    },
)

InvoiceChange = enum_type(
    states.InvoiceChange,
    "What happened to an invoice.",
    {
        "DRAFTED": "It was written as a draft.",
        "EDITED": "The draft was edited.",
        "LISTED": "The draft was put on the marketplace.",
        "WITHDRAWN": "Its seller took it back.",
        "EXPIRED": "Its deadline passed without enough money.",
        "INVESTMENT_MADE": "Somebody invested in it.",
        "FUNDING_CLOSED": "What is funded so far became the advance.",
        "BID_PLACED": "Somebody bid for it.",
        "BID_WITHDRAWN": "Somebody took a bid back.",
        "AUCTION_CLOSED": "Its auction ended.",
        "REPAID": "A payment came in.",
        "BECAME_OVERDUE": "Its due date passed with something unpaid.",
        "DEFAULTED": "Its grace passed with something unpaid.",
        "RECOVERY_CLOSED": "What it still owes was given up as lost.",
    },
)

MarketChange = enum_type(
    states.MarketChange,
    "What happened to an invoice as the marketplace sees it.",
    {
        "ADDED": "It is new on the marketplace.",
        "CHANGED": "It is still there, with other figures.",
        "REMOVED": "It is gone: funded, withdrawn or expired.",
    },
)

FeeMethod = enum_type(
    states.FeeMethod,
    "How the fee for the advance is reckoned.",
    {
        "FLAT": "A percentage of the face value, whenever the debtor pays.",
        "TIERED": "A percentage of the face value by the day on which the debtor has paid; a tier's last day is in it.",
        "PRORATED": "Face value x monthly rate x days / 30, rounded half-even to the minor unit.",
    },
)

SaleMethod = enum_type(
    states.SaleMethod,
    "How investors come to an invoice.",
    {
        "FIXED": "At its fixed terms, in any amounts.",
        "AUCTION": "By bidding a fee rate for the whole advance; the lowest rate wins.",
    },
)

FundingMode = enum_type(
    states.FundingMode,
    "When the seller gets the money.",
    {
        "IMMEDIATE": "With every investment.",
        "ALL_OR_NOTHING": "Once all of it is there; until then it is held in the investors' wallets.",
    },
)

Industry = enum_type(
    states.Industry,
    "The seller's line of business.",
    {
        "AGRICULTURE": "Farming, fishing and forestry.",
        "CONSTRUCTION": "Building.",
        "EDUCATION": "Schools and training.",
        "ENERGY": "Power, fuel and water.",
        "HEALTH": "Health care and medicines.",
        "HOSPITALITY": "Food and lodging.",
        "MANUFACTURING": "Making things.",
        "RETAIL": "Selling to people.",
        "SERVICES": "Services to businesses and people.",
        "TECHNOLOGY": "Software and telecommunications.",
        "TRANSPORT": "Moving people and goods.",
        "WHOLESALE": "Selling to businesses.",
        "OTHER": "Anything else.",
    },
)

InvestmentState = enum_type(
    states.InvestmentState,
    "Where an investment's money is.",
    {
        "HELD": "Set aside in the investor's wallet until all of the advance is there.",
        "ACTIVE": "With the seller.",
        "RELEASED": "Given back unused.",
    },
)

BidState = enum_type(
    states.BidState,
    "What became of a bid.",
    {
        "ACTIVE": "It stands, and its money is held.",
        "REPLACED": "Its bidder made a better one.",
        "WITHDRAWN": "Its bidder took it back.",
        "WON": "It won, and has become an investment.",
        "LOST": "Another won, or the invoice left the market; its money is free again.",
    },
)

PaymentSource = enum_type(
    states.PaymentSource,
    "Where a repayment came from.",
    {
        "WALLET": "From a wallet here.",
        "BANK": "From the bank, recorded by staff.",
        "MPESA": "From M-Pesa, by a payment for this invoice.",
    },
)

Party = enum_type(
    states.Party,
    "What somebody is to an invoice.",
    {
        "SELLER": "Whose invoice it is, and who gets the advance.",
        "DEBTOR": "Who owes what it says.",
        "INVESTOR": "Who funds it or might.",
        "STAFF": "Who looks after it for the house.",
    },
)

MarketSort = enum_type(
    market.MarketSort,
    "In which order the marketplace is shown.",
    {
        "NEWEST": "The one listed last comes first.",
        "ENDING_SOON": "The earliest funding deadline first.",
        "DUE_SOON": "The earliest due date first.",
        "HIGHEST_YIELD": "The highest expected yearly yield first.",
        "LARGEST_REMAINING": "The largest amount still to be funded first.",
        "SMALLEST_REMAINING": "The smallest amount still to be funded first.",
    },
)

RiskGrade = enum_type(
    risk.RiskGrade,
    "A risk score in one letter.",
    {
        "A": "From 0: little risk.",
        "B": "From 20.",
        "C": "From 40.",
        "D": "From 60.",
        "E": "From 80: great risk.",
    },
)

RiskRule = enum_type(
    risk.RiskRule,
    "What a rule of the risk score looks at.",
    {
        "BASE": "What every invoice starts with.",
        "DEBTOR_RECORD": "How the debtor has paid other invoices here.",
        "SELLER_RECORD": "What became of the seller's other invoices.",
        "TENOR": "For how long the money is out.",
        "ADVANCE_RATE": "How much of the face value is advanced.",
        "RECOURSE": "Whether the seller answers for the debt.",
        "CONCENTRATION": "Whether most of the seller's open invoices are owed by the same debtor.",
        "SIZE": "How the face value compares with what the debtor has paid here.",
        "PAYMENT_STATUS": "Whether the debtor is late already.",
    },
)
