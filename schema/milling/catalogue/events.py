"""What feeds tell of items, warehouses, partners and alerts."""

from __future__ import annotations

from domain.milling.states import RecordChange
from schema.kit import LiveEvent, attribute, event_type
from schema.milling.catalogue.types import Item, StockAlert, Warehouse


@event_type("An item was made or changed.")
class ItemChanged(LiveEvent):
    item: Item = attribute("The item as it was then.")
    change: RecordChange = attribute("What happened.")


@event_type("A warehouse was opened, changed or closed.")
class WarehouseChanged(LiveEvent):
    warehouse: Warehouse = attribute("The warehouse as it was then.")
    change: RecordChange = attribute("What happened.")


@event_type("A level was crossed: an item is low or out somewhere, or a warehouse is nearly full.")
class StockAlertRaised(LiveEvent):
    alert: StockAlert = attribute("The alert as it was then.")


@event_type("Somebody has taken note of an alert.")
class StockAlertAcknowledged(LiveEvent):
    alert: StockAlert = attribute("The alert as it was then.")


@event_type("The cause of an alert is gone.")
class StockAlertResolved(LiveEvent):
    alert: StockAlert = attribute("The alert as it was then.")
