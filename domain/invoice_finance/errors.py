"""What invoice finance refuses."""

from __future__ import annotations

from datetime import date

from domain.kit.errors import Conflict, DomainError, InvalidInput, NotFound
from domain.kit.money import Money

AMOUNT = ("input", "amount")


class InvoiceNotFound(NotFound):
    """There is no such invoice, or the caller may not know of it."""

    code = "INVOICE_NOT_FOUND"
    field = ("input", "invoiceId")

    def __init__(self, *, field: tuple[str, ...] | None = None) -> None:
        super().__init__("there is no such invoice", field=field)


class DebtorNotFound(NotFound):
    """There is no such user who could be the debtor of an invoice."""

    code = "DEBTOR_NOT_FOUND"
    field = ("input", "debtorId")


class BidNotFound(NotFound):
    """The caller has no bid on this invoice that still stands."""

    code = "BID_NOT_FOUND"
    field = ("input", "invoiceId")


class InvalidTerms(InvalidInput):
    """The terms of the offer contradict each other or go beyond what is allowed."""

    code = "INVALID_TERMS"


class DuplicateInvoice(Conflict):
    """An invoice of this number from this seller to this debtor is here already; an invoice is financed once."""

    code = "DUPLICATE_INVOICE"
    field = ("input", "number")


class InvoiceNotDraft(DomainError):
    """Only a draft can be edited or listed."""

    code = "INVOICE_NOT_DRAFT"
    field = ("input", "invoiceId")


class InvoiceNotOpen(DomainError):
    """The invoice takes no money: it is not listed, funded already, expired, or sold in another way."""

    code = "INVOICE_NOT_OPEN"
    field = ("input", "invoiceId")


class InvoicePastDue(DomainError):
    """The invoice's due date has passed; it cannot be offered or funded any more."""

    code = "INVOICE_PAST_DUE"
    field = ("input", "invoiceId")

    def __init__(self, due_on: date, *, field: tuple[str, ...] | None = None) -> None:
        super().__init__(f"this invoice was due on {due_on.isoformat()}", field=field)


class InvoiceHasInvestments(DomainError):
    """Investors' money has reached the seller; the invoice can no longer be withdrawn."""

    code = "INVOICE_HAS_INVESTMENTS"
    field = ("input", "invoiceId")


class SelfFunding(DomainError):
    """The seller and the debtor of an invoice cannot fund it or bid for it."""

    code = "SELF_FUNDING"
    field = ("input", "invoiceId")

    def __init__(self) -> None:
        super().__init__("you cannot finance an invoice that you sell or owe")


class AmountBelowMinimum(DomainError):
    """The amount is below the invoice's minimum investment."""

    code = "AMOUNT_BELOW_MINIMUM"
    field = AMOUNT

    def __init__(self, minimum: Money) -> None:
        self.minimum = minimum
        super().__init__(f"the smallest investment in this invoice is {minimum}")


class AmountExceedsRemaining(DomainError):
    """The amount is above what remains to be funded; allowPartial takes what is left instead."""

    code = "AMOUNT_EXCEEDS_REMAINING"
    field = AMOUNT

    def __init__(self, remaining: Money) -> None:
        self.remaining = remaining
        super().__init__(f"only {remaining} remains to be funded")


class NothingFunded(DomainError):
    """Nobody has invested yet, so there is nothing to close the funding with."""

    code = "NOTHING_FUNDED"
    field = ("input", "invoiceId")


class InvoiceNotPayable(DomainError):
    """Nothing is owed on the invoice: it is not funded yet, settled, or its recovery is closed."""

    code = "INVOICE_NOT_PAYABLE"
    field = ("input", "invoiceId")


class NotThePayer(DomainError):
    """Only the debtor pays an invoice, or its seller when it is overdue and was sold with recourse."""

    code = "NOT_THE_PAYER"
    field = ("input", "invoiceId")


class OverRepayment(DomainError):
    """The amount is above what the debtor still owes."""

    code = "OVER_REPAYMENT"
    field = AMOUNT

    def __init__(self, outstanding: Money) -> None:
        self.outstanding = outstanding
        super().__init__(f"only {outstanding} is still owed")


class InvalidReceiptDate(InvalidInput):
    """A payment was received between the day of the funding and today, and not before the payment recorded last."""

    code = "INVALID_RECEIPT_DATE"
    field = ("input", "receivedOn")


class PaymentAlreadyRecorded(Conflict):
    """A payment with this reference was recorded before; money is recorded once."""

    code = "PAYMENT_ALREADY_RECORDED"
    field = ("input", "reference")


class DifferentSellers(DomainError):
    """Invoices that are settled together must be of one seller."""

    code = "DIFFERENT_SELLERS"
    field = ("input", "invoiceIds")


class InvoiceNotDefaulted(DomainError):
    """Only the recovery of a defaulted invoice can be closed."""

    code = "INVOICE_NOT_DEFAULTED"
    field = ("input", "invoiceId")


class BidTooHigh(DomainError):
    """The rate is above the highest that the seller accepts, or does not better the bidder's own standing bid."""

    code = "BID_TOO_HIGH"
    field = ("input", "rate")


class AuctionClosed(DomainError):
    """The auction of this invoice is over, or it is not sold by auction."""

    code = "AUCTION_CLOSED"
    field = ("input", "invoiceId")


class TooManyBids(DomainError):
    """As many bidders as an auction can take have bid already."""

    code = "TOO_MANY_BIDS"
    field = ("input", "invoiceId")


class SettlementNotReversible(DomainError):
    """What was paid on the invoice went to its investors and its seller, and stays theirs."""

    code = "SETTLEMENT_NOT_REVERSIBLE"
    field = ("input", "paymentId")
