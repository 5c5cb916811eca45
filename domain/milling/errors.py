"""What the mill refuses."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from domain.kit.errors import Conflict, DomainError, InvalidInput, NotFound
from domain.kit.money import Money


class _NoSuch(NotFound):
    """What is not there, or not for the caller to know of; it is told in the same words."""

    code = NotFound.code
    words: ClassVar[str] = "there is nothing like this"

    def __init__(self, message: str | None = None, *, field: tuple[str, ...] | None = None) -> None:
        super().__init__(message or self.words, field=field)


class ItemNotFound(_NoSuch):
    """There is no such item."""

    code = "ITEM_NOT_FOUND"
    field = ("input", "itemId")
    words = "there is no such item"


class WarehouseNotFound(_NoSuch):
    """There is no such warehouse, or the caller may not know of it."""

    code = "WAREHOUSE_NOT_FOUND"
    field = ("input", "warehouseId")
    words = "there is no such warehouse"


class SupplierNotFound(_NoSuch):
    """There is no such supplier."""

    code = "SUPPLIER_NOT_FOUND"
    field = ("input", "supplierId")
    words = "there is no such supplier"


class CustomerNotFound(_NoSuch):
    """There is no such customer."""

    code = "CUSTOMER_NOT_FOUND"
    field = ("input", "customerId")
    words = "there is no such customer"


class BomNotFound(_NoSuch):
    """There is no such bill of materials."""

    code = "BOM_NOT_FOUND"
    field = ("input", "bomId")
    words = "there is no such bill of materials"


class PurchaseNotFound(_NoSuch):
    """There is no such purchase, or the caller may not know of it."""

    code = "PURCHASE_NOT_FOUND"
    field = ("input", "purchaseId")
    words = "there is no such purchase"


class PurchaseReturnNotFound(_NoSuch):
    """There is no such return to a supplier, or the caller may not know of it."""

    code = "PURCHASE_RETURN_NOT_FOUND"
    field = ("input", "purchaseReturnId")
    words = "there is no such return to a supplier"


class LandedCostNotFound(_NoSuch):
    """There is no such landed cost, or the caller may not know of it."""

    code = "LANDED_COST_NOT_FOUND"
    field = ("input", "landedCostId")
    words = "there is no such landed cost"


class ProductionNotFound(_NoSuch):
    """There is no such production, or the caller may not know of it."""

    code = "PRODUCTION_NOT_FOUND"
    field = ("input", "productionId")
    words = "there is no such production"


class SaleNotFound(_NoSuch):
    """There is no such sale, or the caller may not know of it."""

    code = "SALE_NOT_FOUND"
    field = ("input", "saleId")
    words = "there is no such sale"


class SaleReturnNotFound(_NoSuch):
    """There is no such return of a sale, or the caller may not know of it."""

    code = "SALE_RETURN_NOT_FOUND"
    field = ("input", "saleReturnId")
    words = "there is no such return of a sale"


class StockDocumentNotFound(_NoSuch):
    """There is no such document about stock, or the caller may not know of it."""

    code = "STOCK_DOCUMENT_NOT_FOUND"
    field = ("input", "stockDocumentId")
    words = "there is no such document about stock"


class MillPaymentNotFound(_NoSuch):
    """There is no such payment of the mill, or the caller may not know of it."""

    code = "MILL_PAYMENT_NOT_FOUND"
    field = ("input", "paymentId")
    words = "there is no such payment"


class AlertNotFound(_NoSuch):
    """There is no such alert about stock, or the caller may not know of it."""

    code = "ALERT_NOT_FOUND"
    field = ("input", "alertId")
    words = "there is no such alert"


class LineNotFound(_NoSuch):
    """The document has no such line."""

    code = "LINE_NOT_FOUND"
    words = "the document has no such line"


class ItemTaken(Conflict):
    """Another item has this code."""

    code = "ITEM_TAKEN"
    field = ("input", "code")


class WarehouseTaken(Conflict):
    """Another warehouse has this code."""

    code = "WAREHOUSE_TAKEN"
    field = ("input", "code")


class SupplierTaken(Conflict):
    """Another supplier has this name."""

    code = "SUPPLIER_TAKEN"
    field = ("input", "name")


class CustomerTaken(Conflict):
    """This user is a customer already."""

    code = "CUSTOMER_TAKEN"
    field = ("input", "userId")


class BomTaken(Conflict):
    """Another bill of materials has this code."""

    code = "BOM_TAKEN"
    field = ("input", "code")


class RecordChanged(Conflict):
    """It was changed since the caller read it."""

    code = "RECORD_CHANGED"
    field = ("input", "expectedVersion")


class ItemInactive(DomainError):
    """The item is not used any more."""

    code = "ITEM_INACTIVE"
    field = ("input", "itemId")


class WarehouseClosed(DomainError):
    """The warehouse is closed: nothing comes in or goes out."""

    code = "WAREHOUSE_CLOSED"
    field = ("input", "warehouseId")


class PartnerInactive(DomainError):
    """The mill does no business with this supplier or customer any more."""

    code = "PARTNER_INACTIVE"


class BomInactive(DomainError):
    """The bill of materials is not used any more."""

    code = "BOM_INACTIVE"
    field = ("input", "bomId")


class ItemInUse(Conflict):
    """The item has stock or a history that forbids this."""

    code = "ITEM_IN_USE"


class WarehouseInUse(Conflict):
    """The warehouse has stock or a history that forbids this."""

    code = "WAREHOUSE_IN_USE"


class ItemContradiction(Conflict):
    """There is an item with this code, and it is another one than was described."""

    code = "ITEM_CONTRADICTION"


class InvalidBom(InvalidInput):
    """The bill of materials contradicts itself."""

    code = "INVALID_BOM"


class InvalidQuantity(InvalidInput):
    """The quantity is not a positive number that the item's base unit can hold at three decimals."""

    code = "INVALID_QUANTITY"
    field = ("input", "quantity")


class UnknownUnit(InvalidInput):
    """The item is not measured in this unit."""

    code = "UNKNOWN_UNIT"
    field = ("input", "unit")


class DuplicateLine(InvalidInput):
    """Two lines of the document are about the same."""

    code = "DUPLICATE_LINE"


class SameWarehouse(InvalidInput):
    """Goods are transferred to another warehouse than they are in."""

    code = "SAME_WAREHOUSE"
    field = ("input", "toWarehouseId")


class InsufficientStock(DomainError):
    """Less of the item is there to be had than was asked for; for a moment in the past, less than all that followed needs."""

    code = "INSUFFICIENT_STOCK"
    figures = ("requested", "available")

    def __init__(
        self,
        *,
        requested: Decimal,
        available: Decimal,
        item: str,
        warehouse: str,
        at: datetime | None = None,
        field: tuple[str, ...] | None = None,
    ) -> None:
        self.requested, self.available = requested, available
        self.item, self.warehouse, self.at = item, warehouse, at
        then = "" if at is None else f" on {at.date()}"
        super().__init__(
            f"{requested:f} of {item} is wanted, and {available:f} can be had in {warehouse}{then}", field=field
        )


class ItemNotInWarehouse(DomainError):
    """The warehouse does not keep this item."""

    code = "ITEM_NOT_IN_WAREHOUSE"
    field = ("input", "itemId")


class CapacityExceeded(DomainError):
    """The warehouse would hold more than it can."""

    code = "WAREHOUSE_CAPACITY_EXCEEDED"
    field = ("input", "warehouseId")
    figures = ("capacity", "used", "requested")

    def __init__(
        self, *, capacity: Decimal, used: Decimal, requested: Decimal, warehouse: str, field: tuple[str, ...] | None = None
    ) -> None:
        self.capacity, self.used, self.requested, self.warehouse = capacity, used, requested, warehouse
        super().__init__(
            f"{warehouse} holds {used:f} of {capacity:f} kg, and {requested:f} kg more do not fit in", field=field
        )


class FutureDate(InvalidInput):
    """The moment is still to come; stock tells of what has happened."""

    code = "FUTURE_DATE"


class BackdatingNotAllowed(DomainError):
    """A document of an earlier moment needs the permission to back-date."""

    code = "BACKDATING_NOT_ALLOWED"


class RateRequired(DomainError):
    """Nothing says what these goods cost: the warehouse never had any, and no value was stated."""

    code = "RATE_REQUIRED"


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
        super().__init__(f"{requested:f} is to go back, and only {returnable:f} can", field=field)


class ExceedsDue(DomainError):
    """More is paid than is owed."""

    code = "AMOUNT_EXCEEDS_DUE"
    field = ("input", "amount")
    figures = ("due",)

    def __init__(self, due: Money, *, field: tuple[str, ...] | None = None) -> None:
        self.due = due
        super().__init__(f"only {due} is owed", field=field)


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


class InvalidProduction(InvalidInput):
    """What goes in and what comes out of the production contradict each other."""

    code = "INVALID_PRODUCTION"


class CostExceedsPool(DomainError):
    """The by-products would take more cost than there is."""

    code = "COST_EXCEEDS_POOL"


class AlertOver(Conflict):
    """The alert is over: its cause is gone."""

    code = "ALERT_OVER"
    field = ("input", "alertId")
