"""The words that stock and the mill's documents are described with, and which status may follow which."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class ItemCategory(StrEnum):
    """What an item is to the mill: bought to be milled, milled to be sold, left over from milling, or packed into."""

    RAW_MATERIAL = "RAW_MATERIAL"
    FINISHED = "FINISHED"
    BY_PRODUCT = "BY_PRODUCT"
    PACKAGING = "PACKAGING"


class ValuationMethod(StrEnum):
    """At which cost goods go out: of the oldest receipt that is left, or the average of all that is there."""

    FIFO = "FIFO"
    MOVING_AVERAGE = "MOVING_AVERAGE"


class MovementKind(StrEnum):
    """What a stock movement was. BILL_DIFFERENCE and LANDED_COST move value alone; COUNT asserts what was found."""

    OPENING = "OPENING"
    RECEIPT = "RECEIPT"
    ISSUE = "ISSUE"
    PURCHASE_RECEIPT = "PURCHASE_RECEIPT"
    PURCHASE_RETURN = "PURCHASE_RETURN"
    BILL_DIFFERENCE = "BILL_DIFFERENCE"
    LANDED_COST = "LANDED_COST"
    SALE_DELIVERY = "SALE_DELIVERY"
    SALE_RETURN = "SALE_RETURN"
    TRANSFER_OUT = "TRANSFER_OUT"
    TRANSFER_IN = "TRANSFER_IN"
    PRODUCTION_CONSUME = "PRODUCTION_CONSUME"
    PRODUCTION_OUTPUT = "PRODUCTION_OUTPUT"
    PRODUCTION_BY_PRODUCT = "PRODUCTION_BY_PRODUCT"
    REPACK_OUT = "REPACK_OUT"
    REPACK_IN = "REPACK_IN"
    ADJUSTMENT = "ADJUSTMENT"
    COUNT = "COUNT"


_K = MovementKind

INCOMING: Final = frozenset(
    {
        _K.OPENING,
        _K.RECEIPT,
        _K.PURCHASE_RECEIPT,
        _K.SALE_RETURN,
        _K.TRANSFER_IN,
        _K.PRODUCTION_OUTPUT,
        _K.PRODUCTION_BY_PRODUCT,
        _K.REPACK_IN,
    }
)
"""Movements of a positive quantity."""

OUTGOING: Final = frozenset(
    {_K.ISSUE, _K.PURCHASE_RETURN, _K.SALE_DELIVERY, _K.TRANSFER_OUT, _K.PRODUCTION_CONSUME, _K.REPACK_OUT}
)
"""Movements of a negative quantity. An ADJUSTMENT is of either sign, a COUNT of none."""

VALUE_ONLY: Final = frozenset({_K.BILL_DIFFERENCE, _K.LANDED_COST})
"""Movements of quantity 0, which change what a receipt cost."""

POOLED: Final = frozenset(
    {_K.PRODUCTION_CONSUME, _K.PRODUCTION_OUTPUT, _K.PRODUCTION_BY_PRODUCT, _K.REPACK_OUT, _K.REPACK_IN}
)
"""Movements that give their cost to a pool, or take it from there."""


class CostRule(StrEnum):
    """What an output takes of the cost of its pool: minor units in total, basis points of the pool, or all that is left."""

    FIXED = "FIXED"
    SHARE = "SHARE"
    REST = "REST"


class DocumentKind(StrEnum):
    """Which document made a movement."""

    PURCHASE = "PURCHASE"
    PURCHASE_RETURN = "PURCHASE_RETURN"
    LANDED_COST = "LANDED_COST"
    PRODUCTION = "PRODUCTION"
    SALE = "SALE"
    SALE_RETURN = "SALE_RETURN"
    STOCK_DOCUMENT = "STOCK_DOCUMENT"


class StockDocumentKind(StrEnum):
    """What a document about stock alone does; it has no partner and no price."""

    OPENING = "OPENING"
    RECEIPT = "RECEIPT"
    ISSUE = "ISSUE"
    TRANSFER = "TRANSFER"
    COUNT = "COUNT"
    ADJUSTMENT = "ADJUSTMENT"
    REPACK = "REPACK"


class StockCause(StrEnum):
    """Why there is more or less than the books say."""

    DAMAGE = "DAMAGE"
    SPILLAGE = "SPILLAGE"
    EXPIRY = "EXPIRY"
    THEFT = "THEFT"
    LOSS = "LOSS"
    FOUND = "FOUND"
    SAMPLE = "SAMPLE"
    CORRECTION = "CORRECTION"
    OTHER = "OTHER"


class StockLevel(StrEnum):
    """How much of an item is in a warehouse: enough, at or under the reorder level, or nothing."""

    OK = "OK"
    LOW = "LOW"
    OUT = "OUT"


class AlertKind(StrEnum):
    """What an alert warns of."""

    LOW_STOCK = "LOW_STOCK"
    OUT_OF_STOCK = "OUT_OF_STOCK"
    WAREHOUSE_CAPACITY = "WAREHOUSE_CAPACITY"


class AlertState(StrEnum):
    """OPEN until somebody has taken note of it (ACKNOWLEDGED), and until its cause is gone (RESOLVED)."""

    OPEN = "OPEN"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    RESOLVED = "RESOLVED"


ALERT_TRANSITIONS: Final[Mapping[AlertState, frozenset[AlertState]]] = {
    AlertState.OPEN: frozenset({AlertState.ACKNOWLEDGED, AlertState.RESOLVED}),
    AlertState.ACKNOWLEDGED: frozenset({AlertState.RESOLVED}),
    AlertState.RESOLVED: frozenset(),
}


class AlertPriority(StrEnum):
    """How soon somebody should look."""

    CRITICAL = "CRITICAL"
    HIGH = "HIGH"
    MEDIUM = "MEDIUM"
    LOW = "LOW"


class PurchaseStatus(StrEnum):
    """DRAFT is an order. Whether a purchase with returns is billed is said by its bill, not by its status."""

    DRAFT = "DRAFT"
    RECEIVED = "RECEIVED"
    BILLED = "BILLED"
    PART_RETURNED = "PART_RETURNED"
    RETURNED = "RETURNED"
    CANCELLED = "CANCELLED"


_P = PurchaseStatus

PURCHASE_TRANSITIONS: Final[Mapping[PurchaseStatus, frozenset[PurchaseStatus]]] = {
    _P.DRAFT: frozenset({_P.RECEIVED, _P.BILLED, _P.CANCELLED}),
    _P.RECEIVED: frozenset({_P.BILLED, _P.PART_RETURNED, _P.RETURNED, _P.CANCELLED}),
    # A bill that is taken back leaves the goods received. A return that is cancelled brings the purchase back to where it
    # was before; one with returns is not cancelled.
    _P.BILLED: frozenset({_P.RECEIVED, _P.PART_RETURNED, _P.RETURNED, _P.CANCELLED}),
    _P.PART_RETURNED: frozenset({_P.RECEIVED, _P.BILLED, _P.RETURNED}),
    _P.RETURNED: frozenset({_P.RECEIVED, _P.BILLED, _P.PART_RETURNED}),
    _P.CANCELLED: frozenset(),
}

PURCHASE_BEGINS: Final = frozenset({_P.DRAFT, _P.RECEIVED, _P.BILLED})
"""How a new purchase may begin: as an order, or with goods that are here."""


class PurchaseChange(StrEnum):
    """What happened to a purchase, for those who follow it."""

    ORDERED = "ORDERED"
    EDITED = "EDITED"
    RECEIVED = "RECEIVED"
    BILLED = "BILLED"
    BILL_CANCELLED = "BILL_CANCELLED"
    PAID = "PAID"
    REFUNDED = "REFUNDED"
    PAYMENT_REVERSED = "PAYMENT_REVERSED"
    LANDED_COST_ADDED = "LANDED_COST_ADDED"
    LANDED_COST_CANCELLED = "LANDED_COST_CANCELLED"
    RETURNED = "RETURNED"
    RETURN_CANCELLED = "RETURN_CANCELLED"
    CANCELLED = "CANCELLED"


class SaleStatus(StrEnum):
    """CONFIRMED holds back the goods. PAID is delivered and paid in full; with returns the amounts say what is paid."""

    DRAFT = "DRAFT"
    CONFIRMED = "CONFIRMED"
    DELIVERED = "DELIVERED"
    PAID = "PAID"
    PART_RETURNED = "PART_RETURNED"
    RETURNED = "RETURNED"
    CANCELLED = "CANCELLED"


_S = SaleStatus

SALE_TRANSITIONS: Final[Mapping[SaleStatus, frozenset[SaleStatus]]] = {
    _S.DRAFT: frozenset({_S.CONFIRMED, _S.DELIVERED, _S.PAID, _S.CANCELLED}),
    _S.CONFIRMED: frozenset({_S.DELIVERED, _S.PAID, _S.CANCELLED}),
    _S.DELIVERED: frozenset({_S.PAID, _S.PART_RETURNED, _S.RETURNED, _S.CANCELLED}),
    _S.PAID: frozenset({_S.DELIVERED, _S.PART_RETURNED, _S.RETURNED, _S.CANCELLED}),
    # A return that is cancelled brings the sale back to where it was before; one with returns is not cancelled.
    _S.PART_RETURNED: frozenset({_S.DELIVERED, _S.PAID, _S.RETURNED}),
    _S.RETURNED: frozenset({_S.DELIVERED, _S.PAID, _S.PART_RETURNED}),
    _S.CANCELLED: frozenset(),
}

SALE_BEGINS: Final = frozenset({_S.DRAFT, _S.CONFIRMED, _S.DELIVERED, _S.PAID})
"""How a new sale may begin: as an offer, an order, or over the counter."""


AT_THE_CUSTOMER: Final = frozenset({_S.DELIVERED, _S.PAID, _S.PART_RETURNED, _S.RETURNED})
"""The goods went out, and the sale is in the books."""


class SaleChange(StrEnum):
    """What happened to a sale, for those who follow it."""

    DRAFTED = "DRAFTED"
    EDITED = "EDITED"
    CONFIRMED = "CONFIRMED"
    DELIVERED = "DELIVERED"
    PAID = "PAID"
    PAYMENT_REVERSED = "PAYMENT_REVERSED"
    REFUNDED = "REFUNDED"
    RETURNED = "RETURNED"
    RETURN_CANCELLED = "RETURN_CANCELLED"
    INVOICED = "INVOICED"
    OFFERED_FOR_FINANCE = "OFFERED_FOR_FINANCE"
    FINANCED = "FINANCED"
    CANCELLED = "CANCELLED"


class ProductionStatus(StrEnum):
    """PLANNED takes nothing yet; IN_PROGRESS has its inputs; COMPLETED has brought in what was milled."""

    PLANNED = "PLANNED"
    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"
    CANCELLED = "CANCELLED"


_W = ProductionStatus

PRODUCTION_TRANSITIONS: Final[Mapping[ProductionStatus, frozenset[ProductionStatus]]] = {
    _W.PLANNED: frozenset({_W.IN_PROGRESS, _W.COMPLETED, _W.CANCELLED}),
    _W.IN_PROGRESS: frozenset({_W.COMPLETED, _W.CANCELLED}),
    _W.COMPLETED: frozenset({_W.CANCELLED}),
    _W.CANCELLED: frozenset(),
}

PRODUCTION_BEGINS: Final = frozenset({_W.PLANNED, _W.IN_PROGRESS, _W.COMPLETED})
"""How a new production may begin."""


class ProductionChange(StrEnum):
    """What happened to a production, for those who follow it."""

    PLANNED = "PLANNED"
    EDITED = "EDITED"
    STARTED = "STARTED"
    MATERIALS_CONSUMED = "MATERIALS_CONSUMED"
    COMPLETED = "COMPLETED"
    REVALUED = "REVALUED"
    CANCELLED = "CANCELLED"


class LineRole(StrEnum):
    """What an item is in a production or a repack. A bill of materials says its output itself, and has no line for it."""

    INPUT = "INPUT"
    OUTPUT = "OUTPUT"
    BY_PRODUCT = "BY_PRODUCT"


class PostedStatus(StrEnum):
    """A document that takes effect as it is made: returns, landed costs, documents about stock alone."""

    POSTED = "POSTED"
    CANCELLED = "CANCELLED"


POSTED_TRANSITIONS: Final[Mapping[PostedStatus, frozenset[PostedStatus]]] = {
    PostedStatus.POSTED: frozenset({PostedStatus.CANCELLED}),
    PostedStatus.CANCELLED: frozenset(),
}


class AllocateBy(StrEnum):
    """How a landed cost is shared among the lines of a purchase."""

    VALUE = "VALUE"
    QUANTITY = "QUANTITY"


class FinanceStatus(StrEnum):
    """What became of a sale that was offered for finance. ENDED: withdrawn, or its time ran out with nobody funding it."""

    OFFERED = "OFFERED"
    REFUSED = "REFUSED"
    LISTED = "LISTED"
    FUNDED = "FUNDED"
    DEFAULTED = "DEFAULTED"
    SETTLED = "SETTLED"
    ENDED = "ENDED"


WITH_INVESTORS: Final = frozenset(
    {FinanceStatus.OFFERED, FinanceStatus.LISTED, FinanceStatus.FUNDED, FinanceStatus.DEFAULTED}
)
"""The customer owes the investors, or may soon: until that is over, the sale takes no money and no goods back."""


class PaymentKind(StrEnum):
    """Money from a customer for a sale, back to a customer, to a supplier for a purchase, or back from a supplier.

    SALE_FINANCED came by no method: the invoice of the sale, which investors had financed, was repaid.
    """

    SALE_RECEIPT = "SALE_RECEIPT"
    SALE_REFUND = "SALE_REFUND"
    SALE_FINANCED = "SALE_FINANCED"
    SUPPLIER_PAYMENT = "SUPPLIER_PAYMENT"
    SUPPLIER_REFUND = "SUPPLIER_REFUND"


class PaymentMethod(StrEnum):
    """How money came or went: the till, the bank, mobile money, a wallet here."""

    CASH = "CASH"
    BANK = "BANK"
    MPESA = "MPESA"
    WALLET = "WALLET"


class ProceedsKind(StrEnum):
    """What happened to money of the mill that is in a seller's wallet because investors financed a sale: it came in
    (RECEIVED), the mill took it from there (COLLECTED), or a supplier was paid with it (SPENT)."""

    RECEIVED = "RECEIVED"
    COLLECTED = "COLLECTED"
    SPENT = "SPENT"


class PartnerKind(StrEnum):
    """Whom the mill buys from or sells to."""

    SUPPLIER = "SUPPLIER"
    CUSTOMER = "CUSTOMER"


class RecordChange(StrEnum):
    """What happened to an item, a warehouse, a partner or a bill of materials."""

    CREATED = "CREATED"
    EDITED = "EDITED"
    DEACTIVATED = "DEACTIVATED"
    REACTIVATED = "REACTIVATED"
