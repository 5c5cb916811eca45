"""What clients see of invoices and of what belongs to them.

An invoice inside a live event is shown by the same type as one that is read: its figures are those of the moment of the
event, and what needs a look into the database (bids, payments) is of now.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from domain.identity.queries import people
from domain.invoice_finance import models, queries
from domain.invoice_finance.risk import risk_scores
from domain.invoice_finance.standing import auctions_of
from domain.invoice_finance.states import (
    BidState,
    FeeMethod,
    FundingMode,
    Industry,
    InvestmentState,
    InvoiceStatus,
    Party,
    PaymentSource,
    SaleMethod,
)
from schema.identity.types import User
from schema.invoice_finance import enums  # noqa: F401  describes the enums that are used here
from schema.invoice_finance.risk import RiskScore
from schema.kit import ID, CurrencyCode, Info, Money, Node, Parent, attribute, field, global_id, node_type, object_type
from schema.kit.relations import relation, relations


@object_type("The percentage of a tiered fee that holds until a day.")
class FeeTier:
    up_to_days: int = attribute("The last day of the tier, counted from the advance.")
    rate: Decimal = attribute("Percent of the face value.")


@object_type("What the advance costs the seller.")
class Fee:
    method: FeeMethod = attribute("How it is reckoned.")
    rate: Decimal = attribute(
        "Percent of the face value; with PRORATED for 30 days; in an auction the highest that the seller accepts, and then "
        "what the winner asked for. 0 with TIERED."
    )
    tiers: list[FeeTier] = attribute("With TIERED, the earliest first; otherwise empty.")


@object_type("An auction as it stands, or how it ended. Rates are percentages; the lowest wins.")
class InvoiceAuction:
    ends_at: datetime = attribute("When it ends by itself.")
    max_rate: Decimal = attribute("The highest rate that the seller accepts.")
    best_rate: Decimal | None = attribute("The lowest rate among the bids that stand; null when there are none.")
    bid_count: int = attribute("How many bids stand.")
    winning_rate: Decimal | None = attribute("The rate that won; null while it runs, and when nobody had bid.")


@node_type(
    models.Invoice,
    queries.invoices_by_id,
    "An invoice that is offered for finance. All its amounts are in one currency; percentages have two decimals.",
)
class Invoice(Node):
    number: str = attribute("The seller's own number.")
    seller_id: ID = global_id("User", "Who sells it.")
    seller_name: str = attribute("The seller's name.")
    debtor_id: ID | None = global_id("User", "Who owes it, if they are a user here.")
    debtor_name: str = attribute("The debtor's name.")
    industry: Industry = attribute("The seller's line of business.")
    description: str = attribute("What it is for, in the seller's words.")
    currency: CurrencyCode = attribute("The currency of all its amounts.")
    status: InvoiceStatus = attribute("Where it stands.")
    open_for_funding: bool = attribute("Whether it takes money or bids now.")
    face_value: Money = attribute("What the debtor owes in all.")
    advance_rate: Decimal = attribute("Percent of the face value that is asked for.")
    requested_amount: Money = attribute("What investors are asked for: the advance.")
    funded_amount: Money = attribute("What investors have given or set aside.")
    remaining_amount: Money = attribute("What is still to be funded.")
    funded_percent: Decimal = attribute("The funded share of what is asked for, rounded down.")
    reserve_amount: Money = attribute("Face value less advance: kept back until the debtor pays.")
    min_investment: Money = attribute("The smallest investment, unless less remains.")
    fee: Fee = attribute("What the advance costs.")
    expected_fee: Money = attribute("The fee if the debtor pays on the due date.")
    expected_rebate: Money = attribute(
        "What the seller gets of the reserve if the debtor pays on the due date; never below 0."
    )
    expected_return: Money = attribute("What all investors get together if the debtor pays on the due date.")
    expected_yield: Decimal = attribute("The simple yearly return of that in percent, rounded half-even.")
    recourse: bool = attribute("Whether the seller answers for the debt when the debtor is late.")
    sale_method: SaleMethod = attribute("How investors come to it.")
    funding_mode: FundingMode = attribute("When the seller gets the money.")
    issued_on: date = attribute("The date of the invoice.")
    due_on: date = attribute("The day by which the debtor pays, that day included.")
    grace_days: int = attribute("How many days after the due date it is late and not yet in default.")
    tenor_days: int = attribute("Days from the advance (before it, from today) to the due date.")
    funding_deadline_at: datetime = attribute("Until when it takes money or bids.")
    repaid_amount: Money = attribute("What has come in from the debtor.")
    outstanding_amount: Money = attribute("What the debtor still owes; zero before all is funded and after the end.")
    investors_paid_amount: Money = attribute("What investors have been paid of it, principal and fee.")
    rebate_amount: Money = attribute("What the seller has been paid of the reserve.")
    default_fee_amount: Money = attribute("What the house takes for the recovery after a default, before everybody else.")
    loss_amount: Money = attribute("What was given up as lost.")
    created_at: datetime = attribute("When it was written.")
    updated_at: datetime = attribute("When it last changed.")
    listed_at: datetime | None = attribute("When it came on the marketplace.")
    funded_at: datetime | None = attribute("When all was there.")
    overdue_at: datetime | None = attribute("When it became overdue.")
    defaulted_at: datetime | None = attribute("When it fell into default.")
    ended_at: datetime | None = attribute("When it was over.")

    seller: User | None = relation(people, "seller_id", "Who sells it.")
    debtor: User | None = relation(people, "debtor_id", "Who owes it, if they are a user here.")

    @field(Party, "What the viewer is to it.")
    def viewer_party(self, invoice: Parent[models.Invoice], info: Info) -> Party:
        return queries.party_of(info.context.actor, invoice)

    investments: list[Investment] = relations(
        queries.investments_of,
        "id",
        "Who put money in, the earliest first. Its seller sees all, an investor only the own; others see none.",
        size=10,
    )
    auction: InvoiceAuction | None = relation(auctions_of, "id", "Its auction; null when it is sold at fixed terms.")
    bids: list[Bid] = relations(
        queries.standing_bids_of, "id", "The bids that stand, or the one that won; the best first.", size=10
    )
    payments: list[InvoicePayment] = relations(
        queries.payments_of,
        "id",
        "What came in from the debtor and how it was shared out; for seller, debtor and staff. Investors see `payouts`.",
        size=5,
    )
    risk_score: RiskScore | None = relation(risk_scores, "id", "How risky the rules find it, and why.", cost=2)


@node_type(
    models.Investment, queries.investments_by_id, "One act of putting money into an invoice. Other investors never see it."
)
class Investment(Node):
    invoice_id: ID = global_id("Invoice", "The invoice.")
    investor_id: ID = global_id("User", "Whose money it is.")
    amount: Money = attribute("How much.")
    paid_amount: Money = attribute("What it has paid back so far, principal and fee together.")
    state: InvestmentState = attribute("Where its money is.")
    made_at: datetime = attribute("When it was made.")
    ended_at: datetime | None = attribute("When it was released; null otherwise.")

    invoice: Invoice | None = relation(queries.invoices_by_id, "invoice_id", "The invoice.")
    investor: User | None = relation(people, "investor_id", "Whose money it is.")
    payouts: list[Payout] = relations(queries.payouts_of, "id", "What it has paid back, the earliest first.", size=5)


@node_type(models.Bid, queries.bids_by_id, "An offer to fund the whole advance of an invoice at a fee rate.")
class Bid(Node):
    invoice_id: ID = global_id("Invoice", "The invoice.")
    rate: Decimal = attribute("The fee asked for, in percent of the face value (with a prorated fee, for 30 days).")
    amount: Money = attribute("The whole advance; held in the bidder's wallet while the bid stands.")
    state: BidState = attribute("What became of it.")
    placed_at: datetime = attribute("When it was placed.")
    ended_at: datetime | None = attribute("When it ceased to stand.")

    invoice: Invoice | None = relation(queries.invoices_by_id, "invoice_id", "The invoice.")

    @field(bool, "Whether it is the viewer's own.")
    def mine(self, bid: Parent[models.Bid], info: Info) -> bool:
        return bid.bidder_id == info.context.actor.id

    @field(str | None, "Who bid; null for all but the bidder, the seller and staff.")
    async def bidder_name(self, bid: Parent[models.Bid], info: Info) -> str | None:
        of = await info.context.load(queries.invoices_by_id, bid.invoice_id)
        return bid.bidder_name if of is not None and queries.knows_bidder(info.context.actor, bid, of) else None


@node_type(
    models.InvoicePayment,
    queries.payments_by_id,
    "Money that came in for an invoice. Its three parts sum to it: the house's fee after a default, investors, the seller.",
)
class InvoicePayment(Node):
    invoice_id: ID = global_id("Invoice", "The invoice.")
    source: PaymentSource = attribute("Where it came from.")
    payer_id: ID | None = global_id("User", "Who paid, from a wallet or by M-Pesa; null when it came to the bank.")
    reference: str = attribute("What the bank's statement says, or the receipt of M-Pesa; empty for a wallet.")
    amount: Money = attribute("How much came in.")
    to_platform: Money = attribute("What the house kept for the recovery after a default.")
    to_investors: Money = attribute("What went to investors.")
    to_seller: Money = attribute("What went to the seller: the rebate.")
    received_on: date = attribute("The day on which it was received.")
    recorded_at: datetime = attribute("When it was written down.")
    entry_id: ID = global_id("JournalEntry", "The journal entry that moved it.")
    collected_payment_id: ID | None = global_id("Payment", "The payment by M-Pesa that it came by.")


@object_type("One investment's part of one payment.")
class Payout:
    payment_id: ID = global_id("InvoicePayment", "The payment.")
    investment_id: ID = global_id("Investment", "The investment.")
    amount: Money = attribute("How much; all parts of a payment sum exactly to what investors get of it.")
    paid_at: datetime = attribute("When it reached the investor's wallet.")


@node_type(models.InvoiceMessage, queries.messages_by_id, "A message in the conversation about an invoice.")
class InvoiceMessage(Node):
    invoice_id: ID = global_id("Invoice", "The invoice.")
    author_party: Party = attribute("What its author is to the invoice.")
    author_label: str = attribute("Who wrote it: a name, or `Investor 1` so that investors stay unknown to each other.")
    body: str = attribute("What was said.")
    sent_at: datetime = attribute("When.")

    @field(bool, "Whether the viewer wrote it.")
    def mine(self, message: Parent[models.InvoiceMessage], info: Info) -> bool:
        return message.author_id == info.context.actor.id
