"""Refusals about quantities and stock."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from domain.kit.errors import Conflict, DomainError, InvalidInput
from domain.milling.errors.words import plain


class ItemInactive(DomainError):
    """The item is not used any more."""

    code = "ITEM_INACTIVE"
    field = ("input", "itemId")


class WarehouseClosed(DomainError):
    """The warehouse is closed: nothing comes in or goes out."""

    code = "WAREHOUSE_CLOSED"
    field = ("input", "warehouseId")


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
    """Less of the item can be had than was asked for.

    For a moment in the past that is the least there was at any time since, for all that followed has to hold.
    """

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
            f"{plain(requested)} of {item} is wanted, and {plain(available)} can be had in {warehouse}{then}", field=field
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
            f"{warehouse} holds {plain(used)} of {plain(capacity)} kg, and {plain(requested)} kg more do not fit in",
            field=field,
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


class CostExceedsPool(DomainError):
    """The by-products would take more cost than there is."""

    code = "COST_EXCEEDS_POOL"


class AlertOver(Conflict):
    """The alert is over: its cause is gone."""

    code = "ALERT_OVER"
    field = ("input", "alertId")


class OpeningKnown(Conflict):
    """What was there of this item when the books began is in the books already."""

    code = "OPENING_KNOWN"


class CountOutdated(Conflict):
    """Stock has moved since the list was made that was counted by."""

    code = "COUNT_OUTDATED"
