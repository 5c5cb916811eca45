"""What the words of milling mean."""

from __future__ import annotations

from domain.milling.states import (
    AlertKind,
    AlertState,
    AllocateBy,
    CostRule,
    DocumentKind,
    FinanceStatus,
    ItemCategory,
    LineRole,
    MovementKind,
    PartnerKind,
    PaymentKind,
    PaymentMethod,
    PostedStatus,
    ProductionChange,
    ProductionStatus,
    PurchaseChange,
    PurchaseStatus,
    RecordChange,
    SaleChange,
    SaleStatus,
    StockCause,
    StockDocumentKind,
    StockLevel,
    ValuationMethod,
)
from schema.kit import enum_type

enum_type(
    ItemCategory,
    "What an item is to the mill.",
    {
        "RAW_MATERIAL": "Bought to be milled, such as wheat and maize.",
        "FINISHED": "Milled to be sold, such as flour.",
        "BY_PRODUCT": "Left over from milling, such as bran.",
        "PACKAGING": "What the goods are packed into, such as bags.",
    },
)
enum_type(
    ValuationMethod,
    "At which cost goods go out.",
    {
        "FIFO": "Of the oldest receipt that is left.",
        "MOVING_AVERAGE": "The average of all that is there.",
    },
)
enum_type(
    MovementKind,
    "What a stock movement was.",
    {
        "OPENING": "What was there when the books began.",
        "RECEIPT": "Goods that came in without a purchase.",
        "ISSUE": "Goods that were used up or given away.",
        "PURCHASE_RECEIPT": "Goods that were bought.",
        "PURCHASE_RETURN": "Goods that went back to the supplier.",
        "BILL_DIFFERENCE": "Value alone: the bill says another price than the receipt did.",
        "LANDED_COST": "Value alone: freight, duty and the like make a receipt dearer.",
        "SALE_DELIVERY": "Goods that were sold.",
        "SALE_RETURN": "Goods that a customer brought back.",
        "TRANSFER_OUT": "Goods that left for another warehouse.",
        "TRANSFER_IN": "Goods that came from another warehouse, at the value at which they left.",
        "PRODUCTION_CONSUME": "Goods that a production took.",
        "PRODUCTION_OUTPUT": "What a production made.",
        "PRODUCTION_BY_PRODUCT": "What a production left over.",
        "REPACK_OUT": "Goods that were repacked.",
        "REPACK_IN": "What they were repacked into.",
        "ADJUSTMENT": "More or less than the books say, stated as a difference.",
        "COUNT": "So much was found; the difference follows from it.",
    },
    name="StockMovementKind",
)
enum_type(
    CostRule,
    "What an output takes of the cost of its production.",
    {
        "FIXED": "An amount.",
        "SHARE": "A share of the whole cost.",
        "REST": "All that the others leave.",
    },
)
enum_type(
    DocumentKind,
    "Which document made a movement.",
    {
        "PURCHASE": "A purchase.",
        "PURCHASE_RETURN": "A return to a supplier.",
        "LANDED_COST": "A cost that was added to a purchase.",
        "PRODUCTION": "A production.",
        "SALE": "A sale.",
        "SALE_RETURN": "A return from a customer.",
        "STOCK_DOCUMENT": "A document about stock alone.",
    },
    name="MillDocumentKind",
)
enum_type(
    StockDocumentKind,
    "What a document about stock alone does.",
    {
        "OPENING": "Brings in what was there when the books began.",
        "RECEIPT": "Brings in goods without a purchase.",
        "ISSUE": "Takes out what was used up or given away.",
        "TRANSFER": "Moves goods from one warehouse to another.",
        "COUNT": "Says what was found.",
        "ADJUSTMENT": "Says by how much the books are wrong.",
        "REPACK": "Turns goods into others.",
    },
)
enum_type(
    StockCause,
    "Why there is more or less than the books say.",
    {
        "DAMAGE": "It was damaged.",
        "SPILLAGE": "It was spilt, or the wind took it.",
        "EXPIRY": "It went off, or its date has passed.",
        "THEFT": "It was stolen.",
        "LOSS": "It is gone, and nobody knows how.",
        "FOUND": "It was found.",
        "SAMPLE": "It was taken as a sample, or for the laboratory.",
        "CORRECTION": "Something was written down wrong before.",
        "OTHER": "Something else, which the reason says.",
    },
    name="StockAdjustmentCause",
)
enum_type(
    StockLevel,
    "How much of an item is in a warehouse.",
    {
        "OK": "Enough.",
        "LOW": "At or under the reorder level.",
        "OUT": "Nothing.",
    },
    name="StockStatus",
)
enum_type(
    AlertKind,
    "What an alert warns of.",
    {
        "LOW_STOCK": "An item is at or under its reorder level in a warehouse.",
        "OUT_OF_STOCK": "Nothing of an item is left in a warehouse.",
        "WAREHOUSE_CAPACITY": "A warehouse is nearly full.",
    },
    name="StockAlertKind",
)
enum_type(
    AlertState,
    "Where an alert stands.",
    {
        "OPEN": "Nobody has taken note of it yet.",
        "ACKNOWLEDGED": "Somebody has taken note of it; its cause is still there.",
        "RESOLVED": "Its cause is gone.",
    },
    name="StockAlertState",
)
enum_type(
    PurchaseStatus,
    "Where a purchase stands.",
    {
        "DRAFT": "Ordered; nothing has come.",
        "RECEIVED": "The goods are in the warehouse.",
        "BILLED": "The supplier's bill is in the books.",
        "PART_RETURNED": "Some of it went back.",
        "RETURNED": "All of it went back.",
        "CANCELLED": "Called off, or taken back as if it had never been.",
    },
)
enum_type(
    PurchaseChange,
    "What happened to a purchase.",
    {
        "ORDERED": "It was ordered.",
        "EDITED": "The order was changed.",
        "RECEIVED": "The goods came.",
        "BILLED": "The supplier's bill came into the books.",
        "BILL_CANCELLED": "The bill was taken back; the goods stay.",
        "PAID": "The supplier was paid, in whole or in part.",
        "REFUNDED": "The supplier paid back what was paid too much.",
        "PAYMENT_REVERSED": "A payment was taken back.",
        "LANDED_COST_ADDED": "Freight, duty or the like was added to what it cost.",
        "LANDED_COST_CANCELLED": "Such a cost was taken off it again.",
        "RETURNED": "Goods went back to the supplier.",
        "RETURN_CANCELLED": "A return was taken back.",
        "CANCELLED": "It was called off, or taken back.",
    },
)
enum_type(
    SaleStatus,
    "Where a sale stands.",
    {
        "DRAFT": "An offer.",
        "CONFIRMED": "An order; the goods are held back for it.",
        "DELIVERED": "The goods are with the customer.",
        "PAID": "Delivered and paid in full.",
        "PART_RETURNED": "Some of it came back.",
        "RETURNED": "All of it came back.",
        "CANCELLED": "Called off, or taken back as if it had never been.",
    },
)
enum_type(
    SaleChange,
    "What happened to a sale.",
    {
        "DRAFTED": "It was offered.",
        "EDITED": "The offer was changed.",
        "CONFIRMED": "It was ordered; the goods are held back.",
        "DELIVERED": "The goods went out.",
        "PAID": "Money came in for it.",
        "PAYMENT_REVERSED": "A payment was taken back.",
        "REFUNDED": "Money went back to the customer.",
        "RETURNED": "Goods came back.",
        "RETURN_CANCELLED": "A return was taken back.",
        "INVOICED": "It has an invoice.",
        "OFFERED_FOR_FINANCE": "Its invoice is offered for finance.",
        "FINANCED": "Something became of its invoice with investors; its finance status says what.",
        "CANCELLED": "It was called off, or taken back.",
    },
)
enum_type(
    ProductionStatus,
    "Where a production stands.",
    {
        "PLANNED": "Nothing is taken yet.",
        "IN_PROGRESS": "Its materials are taken.",
        "COMPLETED": "What was milled is in the warehouse.",
        "CANCELLED": "Called off, or taken back as if it had never been.",
    },
)
enum_type(
    ProductionChange,
    "What happened to a production.",
    {
        "PLANNED": "It was planned.",
        "EDITED": "The plan was changed.",
        "STARTED": "Its materials were taken.",
        "MATERIALS_CONSUMED": "More materials were taken.",
        "COMPLETED": "What was milled came into the warehouse.",
        "REVALUED": "A document of an earlier moment changed what it cost.",
        "CANCELLED": "It was called off, or taken back.",
    },
)
enum_type(
    LineRole,
    "What an item is in a production or a repack.",
    {
        "INPUT": "It goes in.",
        "OUTPUT": "It is what is made.",
        "BY_PRODUCT": "It comes out beside what is made.",
    },
    name="ProductionLineRole",
)
enum_type(
    PostedStatus,
    "Where a document stands that takes effect as it is made.",
    {"POSTED": "It is in stock and in the books.", "CANCELLED": "It was taken back as if it had never been."},
    name="PostedDocumentStatus",
)
enum_type(
    AllocateBy,
    "How a landed cost is shared among the lines of a purchase.",
    {"VALUE": "In proportion to what each cost.", "QUANTITY": "In proportion to how much came of each."},
    name="LandedCostBasis",
)
enum_type(
    FinanceStatus,
    "What became of a sale that was offered for finance.",
    {
        "OFFERED": "The offer is on its way to the market.",
        "REFUSED": "The market did not take it; the note says why.",
        "LISTED": "Its invoice is on the market.",
        "FUNDED": "Investors have paid for it; the customer owes them.",
        "DEFAULTED": "The customer has not paid them in time.",
        "SETTLED": "The customer has paid them.",
        "ENDED": "Its invoice was withdrawn, or nobody funded it in time.",
    },
    name="SaleFinanceStatus",
)
enum_type(
    PaymentKind,
    "Whom money of the mill came from, or went to.",
    {
        "SALE_RECEIPT": "From a customer, for a sale.",
        "SALE_REFUND": "Back to a customer.",
        "SALE_FINANCED": "From a customer to the investors who had financed the sale's invoice.",
        "SUPPLIER_PAYMENT": "To a supplier, for a purchase.",
        "SUPPLIER_REFUND": "Back from a supplier.",
    },
    name="MillPaymentKind",
)
enum_type(
    PaymentMethod,
    "How money of the mill came or went.",
    {"CASH": "By the till.", "BANK": "By the bank.", "MPESA": "By mobile money.", "WALLET": "By a wallet of this house."},
    name="MillPaymentMethod",
)
enum_type(
    PartnerKind,
    "Whom the mill deals with.",
    {"SUPPLIER": "Somebody it buys from.", "CUSTOMER": "Somebody it sells to."},
    name="MillPartnerKind",
)
enum_type(
    RecordChange,
    "What happened to an item, a warehouse, a partner or a bill of materials.",
    {
        "CREATED": "It was made.",
        "EDITED": "It was changed.",
        "DEACTIVATED": "It is not used any more.",
        "REACTIVATED": "It is used again.",
    },
    name="MillRecordChange",
)
