"""What the mill announces: facts in the past tense, each with the state that it led to.

Facts about stock, documents and alerts go to the staff who may read the mill and see the branch; a document is of the
branch of its warehouse. A customer who is a registered user hears of the own orders alone. Items, partners and bills of
materials are the whole mill's, and so are the facts about them. It is harmless to hear one of them twice, for all carry
figures as they stand afterwards.
"""

from domain.milling.events.alerts import AlertAcknowledged, AlertFigures, AlertRaised, AlertResolved
from domain.milling.events.documents import (
    ProceedsChanged,
    ProductionChanged,
    ProductionFigures,
    ProductionLineFigures,
    PurchaseChanged,
    PurchaseFigures,
    PurchaseLineFigures,
    ReturnFigures,
    SaleChanged,
    SaleFigures,
    SaleLineFigures,
    SaleOffered,
)
from domain.milling.events.orders import OrderChanged, OrderFigures, OrderLineFigures
from domain.milling.events.records import (
    BomChanged,
    BomFigures,
    ItemChanged,
    ItemFigures,
    PartnerChanged,
    PartnerFigures,
    ShelfLevel,
    WarehouseChanged,
    WarehouseFigures,
)
from domain.milling.events.stock import (
    BinFigures,
    DocumentFigures,
    MovementFigures,
    PostingFigures,
    PostingsChanged,
    StockMoved,
    StockReserved,
    StockRevalued,
)
from domain.milling.events.topics import (
    EVERY_MILLER,
    MILL,
    bin_topic,
    item_topic,
    mill_topic,
    order_topic,
    orders_topic,
    production_topic,
    purchase_topic,
    sale_topic,
    warehouse_topic,
)

__all__ = [
    "EVERY_MILLER",
    "MILL",
    "AlertAcknowledged",
    "AlertFigures",
    "AlertRaised",
    "AlertResolved",
    "BinFigures",
    "BomChanged",
    "BomFigures",
    "DocumentFigures",
    "ItemChanged",
    "ItemFigures",
    "MovementFigures",
    "OrderChanged",
    "OrderFigures",
    "OrderLineFigures",
    "PartnerChanged",
    "PartnerFigures",
    "PostingFigures",
    "PostingsChanged",
    "ProceedsChanged",
    "ProductionChanged",
    "ProductionFigures",
    "ProductionLineFigures",
    "PurchaseChanged",
    "PurchaseFigures",
    "PurchaseLineFigures",
    "ReturnFigures",
    "SaleChanged",
    "SaleFigures",
    "SaleLineFigures",
    "SaleOffered",
    "ShelfLevel",
    "StockMoved",
    "StockReserved",
    "StockRevalued",
    "WarehouseChanged",
    "WarehouseFigures",
    "bin_topic",
    "item_topic",
    "mill_topic",
    "order_topic",
    "orders_topic",
    "production_topic",
    "purchase_topic",
    "sale_topic",
    "warehouse_topic",
]
