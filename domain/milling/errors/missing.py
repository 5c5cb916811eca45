"""What is not there, or not for the caller to know of."""

from __future__ import annotations

from typing import ClassVar

from domain.kit.errors import NotFound


class _NoSuch(NotFound):
    """What is not there, or not for the caller to know of; it is told in the same words."""

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
