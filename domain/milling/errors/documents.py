"""Refusals about purchases, productions, sales, their returns and their money."""

from __future__ import annotations

from decimal import Decimal

from domain.kit.errors import Conflict, DomainError
from domain.kit.money import Money
from domain.milling.errors.words import plain


class PurchaseNotOpen(Conflict):
    """The purchase is not in the state that this needs."""

    code = "PURCHASE_NOT_OPEN"
    field = ("input", "purchaseId")


class ProductionNotOpen(Conflict):
    """The production is not in the state that this needs."""

    code = "PRODUCTION_NOT_OPEN"
    field = ("input", "productionId")


class SaleNotOpen(Conflict):
    """The sale is not in the state that this needs."""

    code = "SALE_NOT_OPEN"
    field = ("input", "saleId")


class AlreadyCancelled(Conflict):
    """The document was cancelled before."""

    code = "ALREADY_CANCELLED"


class PaymentReversedAlready(Conflict):
    """The payment was reversed before; it is reversed once."""

    code = "PAYMENT_ALREADY_REVERSED"
    field = ("input", "paymentId")


class BlockedByLaterDocument(Conflict):
    """Another document builds on this one and has to be cancelled first."""

    code = "BLOCKED_BY_LATER_DOCUMENT"


class BillTaken(Conflict):
    """A bill of this supplier with this number was entered before."""

    code = "BILL_TAKEN"
    field = ("input", "billNumber")


class ExceedsReturnable(DomainError):
    """More goes back than was delivered or received and is not back yet."""

    code = "EXCEEDS_RETURNABLE"
    figures = ("requested", "returnable")

    def __init__(self, *, requested: Decimal, returnable: Decimal, field: tuple[str, ...] | None = None) -> None:
        self.requested, self.returnable = requested, returnable
        super().__init__(f"{plain(requested)} is to go back, and only {plain(returnable)} can", field=field)


class ExceedsDue(DomainError):
    """More is paid than is owed."""

    code = "AMOUNT_EXCEEDS_DUE"
    field = ("input", "amount")
    figures = ("due",)

    def __init__(self, due: Money, *, field: tuple[str, ...] | None = None) -> None:
        self.due = due
        super().__init__(f"only {due} is owed", field=field)


class ExceedsProceeds(DomainError):
    """More is taken than investors have paid into your wallet for sales of the mill and the mill has not got yet."""

    code = "AMOUNT_EXCEEDS_PROCEEDS"
    field = ("input", "amount")
    figures = ("available",)

    def __init__(self, available: Money) -> None:
        self.available = available
        super().__init__(f"only {available} of what investors paid is left there")


class ExceedsRefundable(DomainError):
    """More is given back than was paid too much."""

    code = "AMOUNT_EXCEEDS_REFUNDABLE"
    field = ("input", "amount")
    figures = ("refundable",)

    def __init__(self, refundable: Money, *, field: tuple[str, ...] | None = None) -> None:
        self.refundable = refundable
        super().__init__(f"only {refundable} can be given back", field=field)


class CreditLimitExceeded(DomainError):
    """The customer would owe more than the agreed limit."""

    code = "CREDIT_LIMIT_EXCEEDED"
    field = ("input", "customerId")
    figures = ("limit", "owed")

    def __init__(self, *, limit: Money, owed: Money, field: tuple[str, ...] | None = None) -> None:
        self.limit, self.owed = limit, owed
        super().__init__(f"{owed} would be owed, and the limit is {limit}", field=field)


class CustomerRequired(DomainError):
    """This is for customers who are known by name; who buys over the counter pays at once."""

    code = "CUSTOMER_REQUIRED"
    field = ("input", "customerId")


class CustomerNotRegistered(DomainError):
    """The customer is no registered user, which this needs."""

    code = "CUSTOMER_NOT_REGISTERED"
    field = ("input", "customerId")


class SaleInvoicedAlready(Conflict):
    """The sale has an invoice already."""

    code = "SALE_ALREADY_INVOICED"
    field = ("input", "saleId")


class SaleNotInvoiced(DomainError):
    """The sale has no invoice yet."""

    code = "SALE_NOT_INVOICED"
    field = ("input", "saleId")


class SaleOfferedAlready(Conflict):
    """The invoice of the sale was offered to investors already."""

    code = "SALE_ALREADY_OFFERED"
    field = ("input", "saleId")
