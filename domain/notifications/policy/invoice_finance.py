"""Invoice finance: offers, bids and money for sellers, debtors and investors, and what goes wrong with an invoice."""

from __future__ import annotations

from typing import Any, Final

from domain.invoice_finance.events import (
    AuctionClosed,
    BidPlaced,
    InvestmentMade,
    InvestmentReleased,
    InvoiceDefaulted,
    InvoiceFunded,
    InvoiceListed,
    InvoiceMessageSent,
    InvoiceOverdue,
    InvoiceRecovered,
    InvoiceRepaid,
    InvoiceUpdated,
    PayoutMade,
)
from domain.kit.wording import counted, day
from domain.notifications.recipients import accountants, debtor, investor, investors_at_large, others, seller
from domain.notifications.rule import (
    CRITICAL,
    HIGH,
    LOW,
    MEDIUM,
    MONTH,
    QUARTER,
    WEEK,
    Rule,
    a_sum_of_an_invoice,
    an_invoice,
    percent,
)

RULES: Final[tuple[Rule[Any], ...]] = (
    Rule(
        on=InvoiceListed,
        to=debtor,
        priority=MEDIUM,
        title="An invoice to you is for sale",
        body=lambda fact: (
            f"{fact.invoice.seller_name} offers invoice {fact.invoice.number} over {fact.invoice.face_value} to investors. "
            f"It is due on {day(fact.invoice.due_on)}."
        ),
        kept_for=MONTH,
        about=an_invoice,
    ),
    Rule(
        on=InvoiceListed,
        to=investors_at_large,
        priority=LOW,
        title="New on the marketplace",
        body=lambda fact: (
            f"{fact.invoice.seller_name} asks for {fact.invoice.requested_amount} on invoice {fact.invoice.number} "
            f"to {fact.invoice.debtor_name}, due on {day(fact.invoice.due_on)}."
        ),
        kept_for=WEEK,
        about=an_invoice,
    ),
    Rule(
        on=InvoiceFunded,
        when=lambda fact: fact.fully_funded,
        to=seller,
        priority=HIGH,
        title="Your invoice is fully funded",
        body=lambda fact: (
            f"{fact.investor_name} put the last {fact.amount} into invoice {fact.invoice.number}. "
            f"All {fact.invoice.funded_amount} are there."
        ),
        kept_for=QUARTER,
        about=a_sum_of_an_invoice,
    ),
    Rule(
        on=InvoiceFunded,
        to=seller,
        priority=HIGH,
        title="Your invoice was funded",
        body=lambda fact: (
            f"{fact.investor_name} put {fact.amount} into invoice {fact.invoice.number}. "
            f"{fact.invoice.remaining_amount} remain to be funded."
        ),
        kept_for=QUARTER,
        about=a_sum_of_an_invoice,
    ),
    Rule(
        on=InvestmentMade,
        to=investor,
        priority=MEDIUM,
        title="Your investment is made",
        body=lambda fact: (
            f"You put {fact.amount} into invoice {fact.invoice.number} of {fact.invoice.seller_name}, "
            f"due on {day(fact.invoice.due_on)}."
        ),
        kept_for=QUARTER,
        about=a_sum_of_an_invoice,
    ),
    Rule(
        on=InvestmentReleased,
        to=investor,
        priority=MEDIUM,
        title="Your money is free again",
        body=lambda fact: (
            f"Invoice {fact.invoice.number} was not filled, so {fact.amount} are available in your wallet again."
        ),
        kept_for=MONTH,
        about=a_sum_of_an_invoice,
    ),
    Rule(
        on=InvoiceUpdated,
        when=lambda fact: fact.change.value == "EXPIRED",
        to=seller,
        priority=HIGH,
        title="Your offer has ended",
        body=lambda fact: f"Invoice {fact.invoice.number} was not filled before its deadline and left the marketplace.",
        kept_for=MONTH,
        about=an_invoice,
    ),
    Rule(
        on=BidPlaced,
        to=seller,
        priority=MEDIUM,
        title="A new bid",
        body=lambda fact: (
            f"Somebody bids {percent(fact.rate)} for invoice {fact.invoice.number}. "
            f"It has {counted(fact.bid_count, 'bid')} now, the best at {percent(fact.best_rate)}."
        ),
        kept_for=WEEK,
        about=an_invoice,
    ),
    Rule(
        on=AuctionClosed,
        when=lambda fact: fact.winning_rate is not None,
        to=seller,
        priority=HIGH,
        title="Your auction has a winner",
        body=lambda fact: (
            f"Invoice {fact.invoice.number} had {counted(fact.bid_count, 'bid')}; "
            f"the one of {percent(fact.winning_rate)} won."
        ),
        kept_for=QUARTER,
        about=an_invoice,
    ),
    Rule(
        on=AuctionClosed,
        to=seller,
        priority=HIGH,
        title="Your auction ended without a bid",
        body=lambda fact: f"Nobody bid for invoice {fact.invoice.number}.",
        kept_for=MONTH,
        about=an_invoice,
    ),
    Rule(
        on=InvoiceRepaid,
        to=seller,
        priority=MEDIUM,
        title="A payment for your invoice",
        body=lambda fact: (
            f"{fact.amount} came in for invoice {fact.invoice.number}; {fact.to_seller} of it are yours. "
            f"{fact.invoice.outstanding_amount} remain unpaid."
        ),
        kept_for=QUARTER,
        about=a_sum_of_an_invoice,
    ),
    Rule(
        on=InvoiceRepaid,
        to=debtor,
        priority=MEDIUM,
        title="Your payment was recorded",
        body=lambda fact: (
            f"{fact.amount} were received on {day(fact.received_on)} for invoice {fact.invoice.number}. "
            f"{fact.invoice.outstanding_amount} remain unpaid."
        ),
        kept_for=QUARTER,
        about=a_sum_of_an_invoice,
    ),
    Rule(
        on=PayoutMade,
        to=investor,
        priority=MEDIUM,
        title="Your investment pays",
        body=lambda fact: (
            f"{fact.amount} from invoice {fact.invoice.number} are in your wallet: {fact.paid_in_all} so far "
            f"for {fact.invested} invested."
        ),
        kept_for=QUARTER,
        about=a_sum_of_an_invoice,
    ),
    Rule(
        on=InvoiceOverdue,
        to=debtor,
        priority=HIGH,
        title="An invoice is overdue",
        body=lambda fact: (
            f"{fact.outstanding} of invoice {fact.invoice.number} from {fact.invoice.seller_name} were due on "
            f"{day(fact.invoice.due_on)}. Please pay by {day(fact.grace_ends_on)}."
        ),
        kept_for=QUARTER,
        about=an_invoice,
    ),
    Rule(
        on=InvoiceOverdue,
        to=others,
        priority=HIGH,
        title="An invoice is overdue",
        body=lambda fact: (
            f"{fact.outstanding} of invoice {fact.invoice.number} to {fact.invoice.debtor_name} were due on "
            f"{day(fact.invoice.due_on)}. The grace runs until {day(fact.grace_ends_on)}."
        ),
        kept_for=QUARTER,
        about=an_invoice,
    ),
    Rule(
        on=InvoiceDefaulted,
        to=debtor,
        priority=CRITICAL,
        title="An invoice is in default",
        body=lambda fact: f"{fact.outstanding} of invoice {fact.invoice.number} were not paid within the grace.",
        kept_for=QUARTER,
        about=an_invoice,
    ),
    Rule(
        on=InvoiceDefaulted,
        to=others,
        priority=CRITICAL,
        title="An invoice is in default",
        body=lambda fact: (
            f"{fact.invoice.debtor_name} did not pay {fact.outstanding} of invoice {fact.invoice.number} within the grace. "
            f"{fact.at_risk} of the money invested has not come back."
        ),
        kept_for=QUARTER,
        about=an_invoice,
    ),
    Rule(
        on=InvoiceDefaulted,
        to=accountants,
        priority=HIGH,
        title="An invoice needs recovery",
        body=lambda fact: (
            f"Invoice {fact.invoice.number} of {fact.invoice.seller_name} is in default with {fact.outstanding} unpaid."
        ),
        kept_for=QUARTER,
        about=an_invoice,
    ),
    Rule(
        on=InvoiceRecovered,
        to=others,
        priority=HIGH,
        title="A recovery has ended",
        body=lambda fact: f"Invoice {fact.invoice.number}: {fact.recovered} were recovered, {fact.loss} are lost.",
        kept_for=QUARTER,
        about=an_invoice,
    ),
    Rule(
        on=InvoiceMessageSent,
        to=others,
        priority=MEDIUM,
        title="A message about an invoice",
        body=lambda fact: f"{fact.author_label} on invoice {fact.invoice.number}: {fact.body[:300]}",
        kept_for=MONTH,
        about=an_invoice,
    ),
)
