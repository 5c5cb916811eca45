"""The tables of the mill. Sums, signs and arrows are guarded in the database as well; see the migrations."""

from domain.milling.models.alerts import StockAlert
from domain.milling.models.catalogue import Bom, BomLine, Item, ItemUnit
from domain.milling.models.documents import StockDocument, StockDocumentLine
from domain.milling.models.partners import Customer, Supplier
from domain.milling.models.places import Warehouse
from domain.milling.models.proceeds import Proceeds
from domain.milling.models.production import Production, ProductionLine
from domain.milling.models.purchases import (
    LandedCost,
    LandedCostShare,
    Purchase,
    PurchaseLine,
    PurchaseReturn,
    PurchaseReturnLine,
)
from domain.milling.models.sales import Payment, Sale, SaleLine, SaleReturn, SaleReturnLine
from domain.milling.models.stock import StockBin, StockCancellation, StockMovement, StockPool, StockPosting, StockReservation

__all__ = [
    "Bom",
    "BomLine",
    "Customer",
    "Item",
    "ItemUnit",
    "LandedCost",
    "LandedCostShare",
    "Payment",
    "Proceeds",
    "Production",
    "ProductionLine",
    "Purchase",
    "PurchaseLine",
    "PurchaseReturn",
    "PurchaseReturnLine",
    "Sale",
    "SaleLine",
    "SaleReturn",
    "SaleReturnLine",
    "StockAlert",
    "StockBin",
    "StockCancellation",
    "StockDocument",
    "StockDocumentLine",
    "StockMovement",
    "StockPool",
    "StockPosting",
    "StockReservation",
    "Supplier",
    "Warehouse",
]
