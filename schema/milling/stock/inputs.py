"""What clients send about stock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

from domain.kit.money import Money
from domain.milling.queries import stock as queries
from domain.milling.queries.stock_documents import DocumentFilter
from domain.milling.service.counting import CountLine
from domain.milling.service.repacking import RepackOutput
from domain.milling.service.stock_lines import StockLine
from domain.milling.states import ItemCategory, PostedStatus, StockCause, StockDocumentKind, StockLevel
from schema.kit import ID, MoneyInput, attribute, idempotency_key, input_type, read_id, read_optional_id
from schema.milling import enums  # noqa: F401  describes the enums that are used here

_ITEM = "The item."
_UNIT = "A unit of the item, such as `tonne`; its base unit when left out."
_NOTE = "What there is to say about the line, in up to 300 characters."
_VALUE = "What all of it is worth. Either this or `unitCost`."
_UNIT_COST = "What one unit is worth. Either this or `value`."
_REASON = "What there is to say about it, in up to 500 characters."
_REFERENCE = "A number or name that people know it by, such as that of a delivery note, in up to 60 characters."
_LINES = "The lines, 1 to 200."


def _moment() -> Any:
    return attribute(
        "When it took effect; now when left out. An earlier moment needs the permission MILL_BACKDATE, and all that "
        "followed is told anew.",
        default=None,
    )


class _Line(Protocol):
    item_id: ID
    quantity: Decimal
    unit: str | None
    note: str


def _said(line: _Line, *path: str, value: MoneyInput | None, unit_cost: MoneyInput | None) -> dict[str, Any]:
    return {
        "item_id": read_id("Item", line.item_id, *path, "itemId"),
        "quantity": line.quantity,
        "unit": line.unit,
        "note": line.note,
        "value": _amount(value, *path, "value"),
        "unit_cost": _amount(unit_cost, *path, "unitCost"),
    }


def _amount(said: MoneyInput | None, *path: str) -> Money | None:
    return None if said is None else said.parse(*path)


@input_type("How much of an item, and what it is worth.")
class ValuedStockLineInput:
    item_id: ID = attribute(_ITEM)
    quantity: Decimal = attribute("How much: above 0, with at most 3 decimals.")
    unit: str | None = attribute(_UNIT, default=None)
    value: MoneyInput | None = attribute(f"{_VALUE} Without either it comes in at the rate of what is there.", default=None)
    unit_cost: MoneyInput | None = attribute(_UNIT_COST, default=None)
    note: str = attribute(_NOTE, default="")

    def parse(self, *path: str) -> StockLine:
        return StockLine(**_said(self, *path, value=self.value, unit_cost=self.unit_cost))


@input_type("How much of an item.")
class StockLineInput:
    item_id: ID = attribute(_ITEM)
    quantity: Decimal = attribute("How much: above 0, with at most 3 decimals.")
    unit: str | None = attribute(_UNIT, default=None)
    note: str = attribute(_NOTE, default="")

    def parse(self, *path: str) -> StockLine:
        return StockLine(**_said(self, *path, value=None, unit_cost=None))


@input_type("By how much the books are wrong about an item.")
class StockAdjustmentLineInput:
    item_id: ID = attribute(_ITEM)
    quantity: Decimal = attribute("How much more there is, or below 0 how much less; with at most 3 decimals.")
    unit: str | None = attribute(_UNIT, default=None)
    value: MoneyInput | None = attribute(f"{_VALUE} Only where there is more; else the current rate counts.", default=None)
    unit_cost: MoneyInput | None = attribute(_UNIT_COST, default=None)
    note: str = attribute(_NOTE, default="")

    def parse(self, *path: str) -> StockLine:
        return StockLine(**_said(self, *path, value=self.value, unit_cost=self.unit_cost))


@input_type("What was found of an item.")
class StockCountLineInput:
    item_id: ID = attribute("The item, which is in one line only.")
    quantity: Decimal = attribute("How much was found: from 0 on, with at most 3 decimals.")
    unit: str | None = attribute(_UNIT, default=None)
    expected: Decimal | None = attribute(
        "What the list said that was counted by, in the same unit: refused with COUNT_OUTDATED when the books say "
        "something else by now. Left out by whoever counts without a list.",
        default=None,
    )
    value: MoneyInput | None = attribute(
        "What all that was found is worth, where that is more than the books say; else the current rate counts.",
        default=None,
    )
    unit_cost: MoneyInput | None = attribute("What one unit of it is worth. Either this or `value`.", default=None)
    note: str = attribute(_NOTE, default="")

    def parse(self, *path: str) -> CountLine:
        return CountLine(**_said(self, *path, value=self.value, unit_cost=self.unit_cost), expected=self.expected)


@input_type("What a repack makes. Exactly one output says neither `value` nor `sharePercent`: it takes all that is left.")
class RepackOutputInput:
    item_id: ID = attribute("The item, which is none of those that go in.")
    quantity: Decimal = attribute("How much of it is made: above 0, with at most 3 decimals.")
    unit: str | None = attribute(_UNIT, default=None)
    value: MoneyInput | None = attribute("How much of the cost it takes.", default=None)
    share_percent: Decimal | None = attribute(
        "How much of the cost it takes, in percent with at most 2 decimals.", default=None
    )
    note: str = attribute(_NOTE, default="")

    def parse(self, *path: str) -> RepackOutput:
        return RepackOutput(**_said(self, *path, value=self.value, unit_cost=None), share_percent=self.share_percent)


class _Paper:
    """What inputs of documents in one warehouse have in common."""

    warehouse_id: ID
    reason: str
    reference: str

    def paper(self) -> dict[str, Any]:
        return {
            "warehouse_id": read_id("Warehouse", self.warehouse_id, "input", "warehouseId"),
            "reason": self.reason,
            "reference": self.reference,
        }


class _Parsing(Protocol):
    def parse(self, *path: str) -> Any: ...


def parsed(lines: Sequence[_Parsing], name: str = "lines") -> list[Any]:
    """The lines as the domain takes them."""
    return [each.parse("input", name, str(place)) for place, each in enumerate(lines)]


@input_type("Goods that came in without a purchase.")
class ReceiveStockInput(_Paper):
    warehouse_id: ID = attribute("Where to.")
    lines: list[ValuedStockLineInput] = attribute(_LINES)
    received_at: datetime | None = _moment()
    reason: str = attribute(_REASON, default="")
    reference: str = attribute(_REFERENCE, default="")
    idempotency_key: str | None = idempotency_key()


@input_type("What was there when the books began.")
class OpenStockInput(_Paper):
    warehouse_id: ID = attribute("Where it was.")
    lines: list[ValuedStockLineInput] = attribute(f"{_LINES}. Each item once, and each with its value.")
    opened_at: datetime | None = _moment()
    reason: str = attribute(_REASON, default="")
    reference: str = attribute(_REFERENCE, default="")
    idempotency_key: str | None = idempotency_key()


@input_type("Goods that were used up or given away.")
class IssueStockInput(_Paper):
    warehouse_id: ID = attribute("Where from.")
    lines: list[StockLineInput] = attribute(_LINES)
    issued_at: datetime | None = _moment()
    reason: str = attribute(_REASON, default="")
    reference: str = attribute(_REFERENCE, default="")
    idempotency_key: str | None = idempotency_key()


@input_type("Goods that go from one warehouse to another.")
class TransferStockInput:
    from_warehouse_id: ID = attribute("Where from.")
    to_warehouse_id: ID = attribute("Where to; the viewer has to see both.")
    lines: list[StockLineInput] = attribute(_LINES)
    transferred_at: datetime | None = _moment()
    reason: str = attribute(_REASON, default="")
    reference: str = attribute(_REFERENCE, default="")
    idempotency_key: str | None = idempotency_key()


@input_type("What was found in a warehouse.")
class CountStockInput(_Paper):
    warehouse_id: ID = attribute("Where.")
    lines: list[StockCountLineInput] = attribute(f"{_LINES}. Items that are in none stay as they are.")
    counted_at: datetime | None = _moment()
    reason: str = attribute(_REASON, default="")
    reference: str = attribute(_REFERENCE, default="")
    idempotency_key: str | None = idempotency_key()


@input_type("By how much the books are wrong, and why.")
class AdjustStockInput(_Paper):
    warehouse_id: ID = attribute("Where.")
    cause: StockCause = attribute("Why.")
    lines: list[StockAdjustmentLineInput] = attribute(_LINES)
    adjusted_at: datetime | None = _moment()
    reason: str = attribute(f"{_REASON} Needed when the cause is OTHER.", default="")
    reference: str = attribute(_REFERENCE, default="")
    idempotency_key: str | None = idempotency_key()


@input_type("Goods that are made into others.")
class RepackStockInput(_Paper):
    warehouse_id: ID = attribute("Where.")
    inputs: list[StockLineInput] = attribute("What goes in, 1 to 200 lines.")
    outputs: list[RepackOutputInput] = attribute("What is made of it, 1 to 200 lines.")
    added_cost: MoneyInput | None = attribute("What the work adds to the cost.", default=None)
    repacked_at: datetime | None = _moment()
    reason: str = attribute(_REASON, default="")
    reference: str = attribute(_REFERENCE, default="")
    idempotency_key: str | None = idempotency_key()


@input_type("A document about stock to be taken back, as if it had never been.")
class CancelStockDocumentInput:
    stock_document_id: ID = attribute("The document.")
    reason: str = attribute("Why, in 1 to 500 characters.")
    idempotency_key: str | None = idempotency_key()


@input_type("Which levels of stock; those that fit all that is said.")
class StockLevelFilter:
    item_id: ID | None = attribute("Only of this item.", default=None)
    warehouse_id: ID | None = attribute("Only in this warehouse, which the viewer may see.", default=None)
    categories: list[ItemCategory] | None = attribute("Only of items of one of these categories.", default=None)
    statuses: list[StockLevel] | None = attribute("Only those that are so.", default=None)
    search: str | None = attribute("A part of an item's name, or the beginning of its code.", default=None)

    def parse(self) -> queries.LevelFilter:
        return queries.LevelFilter(
            item_id=read_optional_id("Item", self.item_id, "filter", "itemId"),
            warehouse_id=read_optional_id("Warehouse", self.warehouse_id, "filter", "warehouseId"),
            categories=self.categories or (),
            statuses=self.statuses or (),
            search=self.search,
        )


@input_type("Which documents about stock; those that fit all that is said.")
class StockDocumentFilter:
    kinds: list[StockDocumentKind] | None = attribute("Only of one of these kinds.", default=None)
    statuses: list[PostedStatus] | None = attribute("Only those that stand so.", default=None)
    warehouse_id: ID | None = attribute("Only about this warehouse; of transfers, at either end.", default=None)
    item_id: ID | None = attribute("Only those with a line about this item.", default=None)
    since: datetime | None = attribute("Only those that took effect at this moment or later.", name="from", default=None)
    until: datetime | None = attribute("Only those that took effect before this moment.", name="to", default=None)
    search: str | None = attribute("A number, or the beginning of a reference.", default=None)

    def parse(self) -> DocumentFilter:
        return DocumentFilter(
            kinds=self.kinds or (),
            statuses=self.statuses or (),
            warehouse_id=read_optional_id("Warehouse", self.warehouse_id, "filter", "warehouseId"),
            item_id=read_optional_id("Item", self.item_id, "filter", "itemId"),
            since=self.since,
            until=self.until,
            search=self.search,
        )
